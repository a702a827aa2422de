/* New mail that is left in new/: an IMAP server beside us is to find it there. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/* More than that are taken to cur/, lest each look reads them all. */
#define ARRIVALS_MAX 256

/**
 * arrivals_compare:
 * @maildir: its path; the caller holds the folder's lock
 * @known: (element-type utf8 ListingEntry): what lay in new/, by name
 * @mtime_out: the time of new/ from before the look; %FOLDER_NEVER when something could not be
 *     read that may be readable the next time
 * @changes: gets what has come, and what lies there no more as gone
 * @found_out: how many there are
 * @error: %POP4_ERROR_TEMPORARY when new/ cannot be read
 */
gboolean arrivals_compare(const char *maildir, GHashTable *known, gint64 *mtime_out,
                          GArray *changes, guint *found_out, GError **error);
