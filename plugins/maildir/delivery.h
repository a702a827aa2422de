/* New mail: what has been delivered is taken from new/ to cur/. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/**
 * delivery_take:
 * @maildir: its path; the caller holds the maildrop's lock
 * @mtime_out: (out): the time of new/ from before the look that found it empty, so that nothing
 *     can arrive unseen between the two; %FOLDER_NEVER when something has stayed there
 * @error: %POP4_ERROR_TEMPORARY when new/ cannot be read
 */
gboolean delivery_take(const char *maildir, gint64 *mtime_out, GError **error);
