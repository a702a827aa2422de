/* What a handler asks a client for beyond its command: a continuation line, or data up to a
 * dot. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

/* Octets that the awaited continuation line may have. */
gsize exchange_line_limit(const Pop4Session *session);

/* Hands @line to the handler that asked for it. */
gboolean exchange_continue(Pop4Session *session, const char *line, gsize length,
                           GError **error);

/* Seconds that the client may be silent while it sends data; 0 = as for commands. */
guint exchange_timeout(const Pop4Session *session);

/**
 * exchange_receive:
 *
 * Takes data from the session's input. At its end the sink answers.
 *
 * Returns: FALSE when more input is needed
 */
gboolean exchange_receive(Pop4Session *session);

/* Runs what is to answer for the data that has come. */
gboolean exchange_finish_receive(Pop4Session *session, GError **error);

void exchange_clear(Pop4Session *session);
