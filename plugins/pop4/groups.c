/* SPDX-License-Identifier: MIT */

#include "groups.h"

#include <pop4/error.h>
#include <pop4/session.h>

gboolean
groups_has(const Pop4Session *session, Group group)
{
    const Pop4Settings *settings = pop4_session_get_settings(session, "pop4");
    const gboolean on[] = {
        [GROUP_FOLDERS] = settings->folders, [GROUP_FLAGS] = settings->flags,
        [GROUP_PARTS] = settings->parts,     [GROUP_OVERVIEW] = settings->overview,
        [GROUP_SYNC] = settings->sync,
    };

    return on[group] && (group == GROUP_FOLDERS || settings->revision > 0);
}

gboolean
groups_check(const Pop4Session *session, Group group, GError **error)
{
    if (groups_has(session, group))
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, "Unknown command");
    return FALSE;
}
