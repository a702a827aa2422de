/* The AUTH command (RFC 5034). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/command.h>

/* Pop4CommandFunc */
gboolean auth_run(Pop4Session *session, const Pop4Args *args, GError **error);

/* Of the SASL capability: " PLAIN LOGIN" (RFC 2449, section 6.4). */
gboolean auth_render(const Pop4Session *session, GString *line);
