/* What has changed in a folder since a token, and in all of them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "drop.h"
#include "listing.h"

#include <pop4/folders.h>

/* Those of Pop4Folders. */
char *sync_folder(gpointer folder, const char *token, GArray *gone, Pop4ChangeFunc each,
                  gpointer state, GError **error);
char *sync_all(gpointer drop, const char *token, Pop4ChangeFunc each, gpointer state,
               GError **error);

/**
 * sync_since:
 * @from: (nullable): where the client is; NULL = it knows nothing
 *
 * Tells @each the changes of a folder that has been updated and has a history.
 *
 * Returns: FALSE when @from is no place in the history
 */
gboolean sync_since(Drop *drop, const ListingMark *from, Pop4ChangeFunc each, gpointer state);

/* Updates the folder, and begins a history where there is none. The drop is held. */
gboolean sync_prepare(Drop *drop, GError **error);

/* The history is on disk, so that a token may be given for its end. */
gboolean sync_settle(Drop *drop, GError **error);
