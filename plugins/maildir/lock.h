/* The locks of a maildrop: one for a session, one for a change. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/**
 * lock_take:
 * @shared: whether other sessions may be there that share it, too
 * @error: %POP4_ERROR_IN_USE when others are there that must not, %POP4_ERROR_TEMPORARY
 *     otherwise; errno tells a missing Maildir, ENOENT
 *
 * Returns: (transfer full): a descriptor; to close it gives the lock back. -1 with @error
 */
int lock_take(const char *maildir, gboolean shared, GError **error);

/* For as long as a change takes: among sessions that share a maildrop. Waits. */
gboolean lock_hold(int fd, GError **error);
void lock_release(int fd);
