/* Reads the folder cur/ of a Maildir. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/**
 * scan_cur:
 * @maildir: its path; the caller holds the folder's lock
 * @old: (nullable): an earlier listing, which tells what messages are like that it knows
 * @mtime_out: the time of cur/ that the listing belongs to; %FOLDER_NEVER when it has to be
 * read again the next time
 * @error: %POP4_ERROR_TEMPORARY when the folder cannot be read
 *
 * A message that cannot be read is left out, and logged; so is the second of two with the same
 * unique name.
 *
 * Returns: (transfer full) (nullable)
 */
Listing *scan_cur(const char *maildir, const Listing *old, gint64 *mtime_out, GError **error);

/* (transfer full) (nullable): NULL with errno; unique part -> name of every file in cur/ now.
 */
GHashTable *scan_names(const char *maildir);
