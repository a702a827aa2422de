/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "delivery.h"

#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/log.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Mail may go on arriving while new/ is emptied. */
#define ROUNDS 8

/* Whether it lies in new/ no more. */
static gboolean
move_to_cur(const char *maildir, int new, const char *name)
{
    gboolean has_info = strchr(name, ':') != NULL;
    g_autofree char *target = g_strconcat(maildir, "/cur/", name, has_info ? "" : ":2,", NULL);

    if (renameat2(new, name, AT_FDCWD, target, RENAME_NOREPLACE) == 0)
        return TRUE;
    /* A file system without the flag; the maildrop's lock keeps others of our kind away, and
     * unique names keep the rest. */
    if (errno == EINVAL && faccessat(AT_FDCWD, target, F_OK, AT_SYMLINK_NOFOLLOW) < 0 &&
        renameat(new, name, AT_FDCWD, target) == 0)
        return TRUE;
    if (errno == ENOENT)
        return TRUE;
    pop4_log(NULL, POP4_LOG_WARNING, "message-not-moved", "maildir", maildir, "name", name,
             "reason", g_strerror(errno), NULL);
    return FALSE;
}

/* One look through new/. @found_out: how much there was; @moved_out: how much of it moved. */
static gboolean
empty_new(const char *maildir, guint *found_out, guint *moved_out, GError **error)
{
    DIR *dir = folder_open(maildir, "/new");
    const struct dirent *item;

    *found_out = *moved_out = 0;
    if (dir == NULL)
        return folder_fail(error);
    errno = 0;
    while ((item = readdir(dir)) != NULL) {
        if (item->d_name[0] != '.') {
            ++*found_out;
            *moved_out += move_to_cur(maildir, dirfd(dir), item->d_name);
        }
        errno = 0;
    }
    gboolean read = errno == 0 || folder_fail(error);
    closedir(dir);
    return read;
}

gboolean
delivery_take(const char *maildir, gint64 *mtime_out, GError **error)
{
    for (int round = 0; round < ROUNDS; round++) {
        guint found, moved;
        if (!folder_get_mtime(maildir, "/new", mtime_out, error) ||
            !empty_new(maildir, &found, &moved, error))
            return FALSE;
        if (found == 0)
            return TRUE;
        if (moved == 0)
            break; /* what cannot be moved stays for another session */
    }
    *mtime_out = FOLDER_NEVER;
    return TRUE;
}
