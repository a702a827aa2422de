/* Which groups of commands are on. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

typedef struct {
    guint64 revision;
    gboolean folders, flags, parts, overview, sync;
    gboolean retr_sets_seen;
} Pop4Settings;

typedef enum {
    GROUP_FOLDERS,
    GROUP_FLAGS,
    GROUP_PARTS,
    GROUP_OVERVIEW,
    GROUP_SYNC,
} Group;

/* Whether the session may use it; FALSE as for an unknown command. */
gboolean groups_check(const Pop4Session *session, Group group, GError **error);
gboolean groups_has(const Pop4Session *session, Group group);
