/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "arrivals.h"

#include "examine.h"
#include "folder.h"

#include <errno.h>
#include <pop4/log.h>
#include <string.h>

typedef struct {
    const char *maildir;
    int folder; /* a descriptor of new/ */
    GHashTable *known;
    GHashTable *seen; /* names */
    GArray *changes;
    gboolean left_out;
} Look;

/* A message that is not known yet. FALSE with errno, for want of ours. */
static gboolean
add(Look *look, const struct dirent *item)
{
    ListingEntry entry = {.inode = item->d_ino};

    if (examine_message(look->folder, item->d_name, &entry)) {
        entry.flags |= LISTING_IN_NEW;
        changes_add(look->changes, CHANGE_ARRIVED, item->d_name, &entry);
        return TRUE;
    }
    if (examine_is_our_want(errno))
        return FALSE;
    if (errno == ENOENT) /* gone meanwhile */
        return TRUE;
    look->left_out = TRUE;
    pop4_log(NULL, POP4_LOG_WARNING, "message-left-out", "maildir", look->maildir, "name",
             item->d_name, "reason", errno != 0 ? g_strerror(errno) : "not a regular file",
             NULL);
    return TRUE;
}

static gboolean
look_at(Look *look, const struct dirent *item)
{
    const ListingEntry *old = g_hash_table_lookup(look->known, item->d_name);

    g_hash_table_add(look->seen, g_strdup(item->d_name));
    return (old != NULL && old->inode == item->d_ino) || add(look, item);
}

static gboolean
read_new(Look *look, DIR *dir)
{
    const struct dirent *item;

    errno = 0;
    while ((item = readdir(dir)) != NULL) {
        if (item->d_name[0] != '.' && !look_at(look, item))
            return FALSE;
        errno = 0;
    }
    return errno == 0;
}

gboolean
arrivals_compare(const char *maildir, GHashTable *known, gint64 *mtime_out, GArray *changes,
                 guint *found_out, GError **error)
{
    Look look = {.maildir = maildir, .known = known, .changes = changes};
    GHashTableIter iter;
    gpointer name;

    if (!folder_get_mtime(maildir, "/new", mtime_out, error))
        return FALSE;
    DIR *dir = folder_open(maildir, "/new");
    if (dir == NULL)
        return folder_fail(error);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    look.folder = dirfd(dir);
    look.seen = seen;
    gboolean read = read_new(&look, dir) || folder_fail(error);
    closedir(dir);
    if (!read)
        return FALSE;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        if (!g_hash_table_contains(seen, name))
            changes_add(changes, CHANGE_GONE, name, NULL);
    }
    if (look.left_out)
        *mtime_out = FOLDER_NEVER;
    *found_out = g_hash_table_size(seen);
    return TRUE;
}
