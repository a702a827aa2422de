/* The index file of a Maildir: a listing that a later session can take over. Only a cache. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/* (transfer full) (nullable): NULL when there is none that is whole. */
Listing *index_read(const char *maildir);

/**
 * index_write:
 * @stamp: when the folders were as listed; kept as unsure when that is too short ago
 *
 * Replaces the file in one step. A crash can leave an old or a broken one, and either is
 * noticed, so it costs no fsync.
 *
 * Returns: FALSE with errno
 */
gboolean index_write(const char *maildir, Listing *listing, ListingStamp stamp);
void index_remove(const char *maildir);
