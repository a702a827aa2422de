/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "hooks.h"

#define CALL_ALL(session, hook, ...) \
    for (const Pop4Hooks **hooks = (session)->set->hooks; *hooks != NULL; hooks++) { \
        if ((*hooks)->hook != NULL) \
            (*hooks)->hook(__VA_ARGS__); \
    }

gboolean
hooks_connected(Pop4Session *session, GError **error)
{
    for (const Pop4Hooks **hooks = session->set->hooks; *hooks != NULL; hooks++) {
        if ((*hooks)->connected != NULL && !(*hooks)->connected(session, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
hooks_logging_in(Pop4Session *session, const Pop4Identity *identity, GError **error)
{
    for (const Pop4Hooks **hooks = session->set->hooks; *hooks != NULL; hooks++) {
        if ((*hooks)->logging_in != NULL && !(*hooks)->logging_in(session, identity, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
hooks_opened(Pop4Session *session, const Pop4Identity *identity, Pop4Maildrop *maildrop,
             GError **error)
{
    for (const Pop4Hooks **hooks = session->set->hooks; *hooks != NULL; hooks++) {
        if ((*hooks)->opened != NULL && !(*hooks)->opened(session, identity, maildrop, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
hooks_command(Pop4Session *session, const Pop4Command *command, GError **error)
{
    for (const Pop4Hooks **hooks = session->set->hooks; *hooks != NULL; hooks++) {
        if ((*hooks)->command != NULL && !(*hooks)->command(session, command, error))
            return FALSE;
    }
    return TRUE;
}

void
hooks_command_done(Pop4Session *session, const Pop4Command *command, const GError *error)
{
    CALL_ALL(session, command_done, session, command, error);
}

void
hooks_greeting(Pop4Session *session, GString *line)
{
    CALL_ALL(session, greeting, session, line);
}

void
hooks_secured(Pop4Session *session)
{
    CALL_ALL(session, secured, session);
}

void
hooks_logged_in(Pop4Session *session)
{
    CALL_ALL(session, logged_in, session);
}

void
hooks_login_failed(Pop4Session *session, const char *user, const GError *error)
{
    CALL_ALL(session, login_failed, session, user, error);
}

void
hooks_retrieved(Pop4Session *session, guint number, guint64 octets)
{
    CALL_ALL(session, retrieved, session, number, octets);
}

void
hooks_submitted(Pop4Session *session, const Pop4Submission *submission)
{
    CALL_ALL(session, submitted, session, submission);
}

void
hooks_closed(Pop4Session *session)
{
    CALL_ALL(session, closed, session);
}
