/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "scan.h"

#include "examine.h"
#include "folder.h"
#include "name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pop4/log.h>
#include <string.h>
#include <unistd.h>

/* Folders that go on changing while they are read are read again. */
#define READINGS 4

typedef struct {
    const char *maildir;
    int cur;           /* a descriptor of cur/ */
    GHashTable *known; /* (nullable): unique part -> entry of the old listing */
    ListingBuilder *builder;
    gboolean left_out; /* a message that may be readable the next time */
} Scan;

static GHashTable *
index_by_name(const Listing *listing)
{
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < listing_count(listing); i++) {
        const char *name = listing_get_name(listing, i);
        g_hash_table_insert(known, g_strndup(name, name_unique_length(name)),
                            (gpointer)listing_get(listing, i));
    }
    return known;
}

static gboolean
add_message(Scan *scan, const char *name, guint64 inode, GError **error)
{
    g_autofree char *unique = g_strndup(name, name_unique_length(name));
    const ListingEntry *old =
        scan->known != NULL ? g_hash_table_lookup(scan->known, unique) : NULL;
    ListingEntry entry = {.inode = inode};

    if (old != NULL && old->inode == inode) {
        entry = *old;
        entry.flags &= ~LISTING_IN_NEW;
        listing_builder_add(scan->builder, name, &entry);
        return TRUE;
    }
    if (examine_message(scan->cur, name, &entry)) {
        listing_builder_add(scan->builder, name, &entry);
        return TRUE;
    }
    if (examine_is_our_want(errno))
        return folder_fail(error);
    if (errno == ENOENT) /* gone meanwhile */
        return TRUE;
    scan->left_out = TRUE;
    pop4_log(NULL, POP4_LOG_WARNING, "message-left-out", "maildir", scan->maildir, "name", name,
             "reason", errno != 0 ? g_strerror(errno) : "not a regular file", NULL);
    return TRUE;
}

typedef struct {
    guint64 inode;
    char name[];
} Found;

static gboolean
exists(const Scan *scan, const char *name)
{
    return faccessat(scan->cur, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* Whether @name takes the place of @other, which has the same unique part: of a message that
 * was renamed while the folder was read, what exists; of two files, always the same one. */
static gboolean
is_better(const Scan *scan, const char *name, const char *other)
{
    if (!exists(scan, other))
        return TRUE;
    if (!exists(scan, name))
        return FALSE;

    gboolean better = strcmp(name, other) < 0;
    pop4_log(NULL, POP4_LOG_WARNING, "message-left-out", "maildir", scan->maildir, "name",
             better ? other : name, "reason", "another one has the same unique name", NULL);
    return better;
}

static void
note_found(const Scan *scan, GHashTable *found, const struct dirent *item)
{
    g_autofree char *unique = g_strndup(item->d_name, name_unique_length(item->d_name));
    const Found *other = g_hash_table_lookup(found, unique);

    if (other != NULL && !is_better(scan, item->d_name, other->name))
        return;
    gsize size = strlen(item->d_name) + 1;
    Found *added = g_malloc(sizeof *added + size);
    added->inode = item->d_ino;
    memcpy(added->name, item->d_name, size);
    g_hash_table_replace(found, g_steal_pointer(&unique), added);
}

static gboolean
read_cur(Scan *scan, DIR *dir, GError **error)
{
    g_autoptr(GHashTable) found =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const struct dirent *item;
    GHashTableIter iter;
    gpointer value;

    errno = 0;
    while ((item = readdir(dir)) != NULL) {
        if (item->d_name[0] != '.')
            note_found(scan, found, item);
        errno = 0;
    }
    if (errno != 0)
        return folder_fail(error);

    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Found *message = value;
        if (!add_message(scan, message->name, message->inode, error))
            return FALSE;
    }
    return TRUE;
}

/* (transfer full) (nullable) */
static Listing *
list_cur(const char *maildir, const Listing *old, gboolean *left_out, GError **error)
{
    Scan scan = {.maildir = maildir};
    DIR *dir = folder_open(maildir, "/cur");

    if (dir == NULL) {
        folder_fail(error);
        return NULL;
    }
    g_autoptr(GHashTable) known = old != NULL ? index_by_name(old) : NULL;
    scan.cur = dirfd(dir);
    scan.known = known;
    scan.builder = listing_builder_new();
    gboolean done = read_cur(&scan, dir, error);
    closedir(dir);
    *left_out = scan.left_out;
    g_autoptr(Listing) listing = listing_builder_finish(scan.builder);
    return done ? g_steal_pointer(&listing) : NULL;
}

/* A message that is renamed while the folder is read can be seen under neither name: then the
 * folder has another time afterwards, and is read once more. */
Listing *
scan_cur(const char *maildir, const Listing *old, gint64 *mtime_out, GError **error)
{
    g_autoptr(Listing) listing = NULL;
    gboolean left_out = FALSE;
    gint64 after = 0;

    for (int reading = 0; reading < READINGS; reading++) {
        g_clear_pointer(&listing, listing_free);
        if (!folder_get_mtime(maildir, "/cur", mtime_out, error))
            return NULL;
        listing = list_cur(maildir, old, &left_out, error);
        if (listing == NULL || !folder_get_mtime(maildir, "/cur", &after, error))
            return NULL;
        if (after == *mtime_out)
            break;
    }
    if (left_out || after != *mtime_out)
        *mtime_out = FOLDER_NEVER; /* look again the next time */
    return g_steal_pointer(&listing);
}

GHashTable *
scan_names(const char *maildir)
{
    DIR *dir = folder_open(maildir, "/cur");
    const struct dirent *item;

    if (dir == NULL)
        return NULL;
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    errno = 0;
    while ((item = readdir(dir)) != NULL) {
        g_hash_table_replace(names, g_strndup(item->d_name, name_unique_length(item->d_name)),
                             g_strdup(item->d_name));
        errno = 0;
    }
    if (errno != 0)
        g_clear_pointer(&names, g_hash_table_unref);
    closedir(dir);
    return names;
}
