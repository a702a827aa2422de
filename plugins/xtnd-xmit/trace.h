/* The lines put in front of a message on its way out (RFC 5321, section 4.4; RFC 6409). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "message.h"

#include <pop4/session.h>

/**
 * trace_make:
 * @session: how it came, and by whom
 * @sender: (nullable): to be named in a Sender field
 *
 * Received, then what @message lacks: Date, Message-ID. Session thread.
 *
 * Returns: (transfer full)
 */
GString *trace_make(const Pop4Session *session, const Message *message, const char *sender);
