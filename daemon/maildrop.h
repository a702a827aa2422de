/* The daemon's side of <pop4/maildrop.h>: a store's maildrop, with the marks of DELE kept here.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "extension-set.h"
#include "folder-view.h"

#include <pop4/maildrop.h>

typedef struct {
    FolderView view;
    char name[];
} OpenFolder;

/* What commands may ask of it is in maildrop.c; what is about folders, in maildrop-folders.c.
 */
struct Pop4Maildrop {
    const Pop4Store *store;     /* its plugin stays resident */
    const Pop4Folders *folders; /* (nullable): of the same plugin */
    FolderView inbox;
    GPtrArray *others; /* (nullable) (element-type OpenFolder): the selected one, and those
                        * with marks */
    FolderView *selected;
    gboolean settled;
};

/* Opens and locks through the store of @store. (transfer full) (nullable) */
Pop4Maildrop *maildrop_open(const Extension *store, const Pop4Identity *identity,
                            GError **error);

/* From here on its numbers stay. */
void maildrop_settle(Pop4Maildrop *maildrop);

/* Unlocks. Removes nothing. */
void maildrop_close(Pop4Maildrop *maildrop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Maildrop, maildrop_close)

/* Removes the marked messages of every folder for good, also when one of them fails.
 * @removed_out: how many were marked. */
gboolean maildrop_commit(Pop4Maildrop *maildrop, guint *removed_out, GError **error);
