/* The folders of a maildrop: what Pop4Folders asks of all of them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "drop.h"

#include <pop4/folders.h>

gboolean tree_list(gpointer drop, const char *parent, Pop4FolderFunc each, gpointer state,
                   GError **error);
gpointer tree_open(gpointer drop, const char *name, GError **error);
gboolean tree_create(gpointer drop, const char *name, GError **error);
gboolean tree_remove(gpointer drop, const char *name, GError **error);
gboolean tree_rename(gpointer drop, const char *name, const char *to, GError **error);

typedef struct {
    char *name;      /* owned */
    char *directory; /* owned */
} TreeFolder;

/* (transfer full) (nullable) (element-type TreeFolder): the folder @parent and all below ("" =
 * every one), INBOX first, then by name. */
GPtrArray *tree_find_all(const char *maildir, const char *parent, GError **error);

/* Completes what tree_rename() has not come to do. The drop is held. */
void tree_recover(const char *maildir);
