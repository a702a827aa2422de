/* What is known of a folder of a Maildir, on disk and in a session, and how it is brought up to
 * date. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/* All with the folder's lock held. */

/**
 * state_load:
 *
 * The messages of the folder as they are now, from its index and its history where those still
 * hold.
 *
 * Returns: (transfer full) (nullable): with %POP4_ERROR_TEMPORARY when the folders cannot be
 *     read
 */
Listing *state_load(const char *maildir, GError **error);

/* What a session knows: the answers that state_update() needs. */
typedef struct {
    /* (transfer full): all messages */
    Listing *(*list)(gpointer view);
    /* (transfer full) (element-type utf8 ListingEntry): those in new/, by name */
    GHashTable *(*list_new)(gpointer view);
    gboolean (*knows)(gpointer view, const char *name);
    gpointer view;
} StateKnown;

/**
 * state_update:
 * @stamp: (inout): when the folders were as known
 * @changes: gets what has happened since
 *
 * Looks at the folders: at none whose time is still as in @stamp, at cur/ only if it has
 * changed itself.
 */
gboolean state_update(const char *maildir, const StateKnown *known, ListingStamp *stamp,
                      GArray *changes, GError **error);

/**
 * state_record:
 * @mark: (inout): the end of the history; incarnation 0 afterwards when that could not be kept
 * @sync: whether it is to be on disk
 */
void state_record(const char *maildir, ListingMark *mark, const GArray *changes,
                  ListingStamp stamp, gboolean sync);
