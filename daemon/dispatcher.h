/* Takes one line of a client to the one function that answers it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

/* Octets that the line at the head of the session's input may have. */
gsize dispatcher_line_limit(const Pop4Session *session);

/* @line: a command or what a handler has asked for; modified, and wiped if it is a secret. */
void dispatcher_run(Pop4Session *session, char *line, gsize length);

/* Takes data from the input for the handler that asked; FALSE when more is needed. */
gboolean dispatcher_receive(Pop4Session *session);

/* Answers for data that has come whole, or for a suspension that is over. */
void dispatcher_finish_receive(Pop4Session *session);
void dispatcher_finish_suspension(Pop4Session *session);

/* "-ERR" for a line that is no line. */
void dispatcher_refuse(Pop4Session *session, const char *reason);
