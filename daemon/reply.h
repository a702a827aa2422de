/* The daemon's side of <pop4/reply.h>: how lines and failures are told to the client. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

/* "-ERR [CODE] text"; an error of a foreign domain is logged and told as an internal one. */
void reply_error(Pop4Session *session, const GError *error);

/* (nullable): the response code that the client gets, "SYS/TEMP". */
const char *reply_code(const GError *error);

/* The same line without a session, for a connection that is turned away. */
void reply_format_error(Buffer *output, const GError *error);

/* "+ challenge". */
void reply_challenge(Pop4Session *session, const char *challenge);
