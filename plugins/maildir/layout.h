/* Where folders lie: "A/B" is the directory ".A.B" of the Maildir, as Maildir++ has it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* (transfer full) (nullable): the directory's name for a folder, "" for the INBOX; NULL with
 * %POP4_ERROR_FAILED when no directory can have that name. */
char *layout_get_directory(const char *folder, GError **error);

/* (transfer full) (nullable): the folder's name, in NFC; NULL when it is none that can be
 * served. */
char *layout_get_folder(const char *directory);

/**
 * layout_find:
 * @error: %POP4_ERROR_FAILED when there is no such folder
 *
 * Returns: (transfer full) (nullable): the directory's name; not always that of
 *     layout_get_directory(), since others may write a name that is not in NFC
 */
char *layout_find(const char *maildir, const char *folder, GError **error);

/* (transfer full) (nullable) (element-type utf8): the directories of folders, the INBOX's
 * not; in no order. */
GPtrArray *layout_list(const char *maildir, GError **error);

/* (transfer full): the path of a folder's Maildir. */
char *layout_get_path(const char *maildir, const char *directory);
