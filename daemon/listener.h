/* A listening socket: accepts clients, turns them away when the server is full. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "settings.h"
#include "worker.h"

typedef struct Listener Listener;
typedef struct Server Server;

/* Binds, or takes the socket that systemd passed under the listener's name. NULL with @error.
 */
Listener *listener_new(Server *server, const ListenerSettings *settings, GError **error);
gboolean listener_start(Listener *listener, WorkerPool *pool, GError **error);

/* Accepts again after a pause for want of descriptors. Main thread, about once a second. */
void listener_poke(Listener *listener, WorkerPool *pool);

/* Accepts no more. */
void listener_stop(Listener *listener, WorkerPool *pool);
void listener_free(Listener *listener);
