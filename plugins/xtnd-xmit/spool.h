/* The octets of a message on its way in: in memory while they are few, then in an unlinked
 * file. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Written by one thread, then read by one at a time. */
typedef struct Spool Spool;

/**
 * spool_new:
 * @folder: where the file is made; outlives the spool
 * @max: octets it may hold
 *
 * Returns: (transfer full)
 */
Spool *spool_new(const char *folder, guint64 max);
void spool_free(Spool *spool);

/**
 * spool_write:
 * @error: %POP4_ERROR_PERMANENT for a NUL or more than it may hold, %POP4_ERROR_TEMPORARY when
 *     the disk takes no more
 *
 * Bare CRs and bare LFs become CRLF. After a failure the spool holds nothing.
 */
gboolean spool_write(Spool *spool, const char *octets, gsize length, GError **error);

/* Nothing more will come. */
gboolean spool_finish(Spool *spool, GError **error);

/* Of the finished spool: its octets, whether one of them is beyond ASCII, the SHA-256 in hex.
 */
guint64 spool_get_length(const Spool *spool);
gboolean spool_has_8bit(const Spool *spool);
const char *spool_get_digest(const Spool *spool);

/* Exactly @length octets from @offset on; FALSE with %POP4_ERROR_TEMPORARY when the disk fails.
 */
gboolean spool_read(const Spool *spool, guint64 offset, void *octets, gsize length,
                    GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Spool, spool_free)
