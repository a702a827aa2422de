/* The table of a file, kept up with it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "table.h"

typedef struct Watch Watch;

/* (transfer full) (nullable): NULL when the file cannot be taken. */
Watch *watch_new(const char *path, GError **error);
void watch_free(Watch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Watch, watch_free)

/**
 * watch_get_table:
 *
 * Looks whether the file has changed, and reads it then; while one does so the others go on
 * with what there was. A file that cannot be taken leaves what there was, and is logged once.
 * Any thread.
 *
 * Returns: (transfer full)
 */
Table *watch_get_table(Watch *watch);
