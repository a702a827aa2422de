/* The index file of a Maildir: a listing that a later session can take over. Only a cache. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/* (transfer full) (nullable): NULL when there is none that is whole. */
Listing *index_read(const char *maildir);

/* A change this soon before the listing may carry the same time as one behind it. */
#define INDEX_SURE_NANOSECONDS (2 * G_GINT64_CONSTANT(1000000000))

/* Nanoseconds by the clock of the file system that the Maildir is on; 0 when that cannot be
 * told. */
gint64 index_clock(const char *maildir);

/* The stamp of a look that began at @now: 0 for a folder that had changed too short before. */
ListingStamp index_judge(ListingStamp stamp, gint64 now);

/**
 * index_write:
 * @stamp: when the folders were as listed; each kept as 0 when that is too short ago
 *
 * Replaces the file in one step. A crash can leave an old or a broken one, and either is
 * noticed, so it costs no fsync.
 *
 * Returns: FALSE with errno
 */
gboolean index_write(const char *maildir, Listing *listing, ListingStamp stamp);
void index_remove(const char *maildir);
