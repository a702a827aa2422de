/* Calls a hook of every plugin in a session's set that has it, in their order. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

/* The first four end at the first error. */
gboolean hooks_connected(Pop4Session *session, GError **error);
gboolean hooks_logging_in(Pop4Session *session, const Pop4Identity *identity, GError **error);
gboolean hooks_opened(Pop4Session *session, const Pop4Identity *identity,
                      Pop4Maildrop *maildrop, GError **error);
gboolean hooks_command(Pop4Session *session, const Pop4Command *command, GError **error);
void hooks_command_done(Pop4Session *session, const Pop4Command *command, const GError *error);
void hooks_greeting(Pop4Session *session, GString *line);
void hooks_secured(Pop4Session *session);
void hooks_logged_in(Pop4Session *session);
void hooks_login_failed(Pop4Session *session, const char *user, const GError *error);
void hooks_retrieved(Pop4Session *session, guint number, guint64 octets);
void hooks_submitted(Pop4Session *session, const Pop4Submission *submission);
void hooks_closed(Pop4Session *session);
