/* The history of a folder: what has changed since an index was written, and before. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/*
 * A file of records that grows at its end and is cut at its head. Each record carries the sum
 * of all before it, so that a place in one history can never be taken for a place in another:
 * not in that of a mailbox that was restored, nor in one that lost its end with the power.
 * Whoever has one open holds the folder's lock.
 */
typedef struct History History;

/* The history of the messages of a Maildir. */
#define HISTORY_NAME "/pop4d.history"

/* (transfer full) (nullable): NULL when there is none that is whole. @name: of the file, with a
 * slash before it. */
History *history_open(const char *maildir, const char *name);

/* (transfer full) (nullable): a new one, of an incarnation never used before, in place of any;
 * NULL with errno. */
History *history_begin(const char *maildir, const char *name);
void history_close(History *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_close)

/**
 * history_read:
 * @mark: from where; becomes the place behind the last whole record
 * @changes: (nullable): gets what has changed since, oldest first
 * @stamp: (inout) (nullable): the last one told
 *
 * Returns: FALSE when @mark is no place in this history, or in what is kept of it
 */
gboolean history_read(History *history, ListingMark *mark, GArray *changes,
                      ListingStamp *stamp);

/**
 * history_append:
 * @mark: where history_read() has left off; becomes the new end
 *
 * Writes the changes and the stamp in one go. Cuts the head off a history that has become
 * longer than its bound.
 *
 * Returns: FALSE with errno; the history is as it was then
 */
gboolean history_append(History *history, ListingMark *mark, const GArray *changes,
                        ListingStamp stamp);

/* To the disk. FALSE with errno. */
gboolean history_sync(History *history);

/* The place of the first record that is kept. */
ListingMark history_get_start(const History *history);

void history_remove(const char *maildir, const char *name);
