/* Runs a session on a worker: reads, dispatches and sends until it would have to wait. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

/* @fd: (transfer full): takes in a client that has just connected, on the accepting worker. */
void conversation_begin(Server *server, Worker *worker, const ListenerSettings *listener,
                        int fd, const char *peer);
