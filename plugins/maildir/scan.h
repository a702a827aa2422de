/* Lists the messages of a Maildir, from its index where that still holds. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/**
 * scan_maildir:
 * @maildir: its path; the caller holds the maildrop's lock
 * @error: %POP4_ERROR_TEMPORARY when the folders cannot be read
 *
 * Moves what lies in new/ to cur/ and lists cur/. A message that cannot be read is left out,
 * and logged; so is the second of two with the same unique name.
 *
 * Returns: (transfer full) (nullable)
 */
Listing *scan_maildir(const char *maildir, GError **error);

/* (transfer full) (nullable): NULL with errno; unique part -> name of every file in cur/ now.
 */
GHashTable *scan_names(const char *maildir);
