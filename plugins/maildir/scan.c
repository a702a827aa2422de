/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "scan.h"

#include "delivery.h"
#include "folder.h"
#include "index.h"
#include "measure.h"
#include "name.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/stat.h>
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
measure(int fd, const char *name, const struct stat *status, Measure *measure_out)
{
    guint64 disk_size, virtual_size;

    /* A size in the name is a promise of whoever wrote the file; it is kept only if the part of
     * it that can be checked holds. */
    if (name_get_field(name, 'S', &disk_size) && name_get_field(name, 'W', &virtual_size) &&
        disk_size == (guint64)status->st_size && virtual_size >= disk_size &&
        virtual_size <= 2 * disk_size)
        return measure_believe(fd, disk_size, virtual_size, measure_out);
    return measure_file(fd, measure_out);
}

/* Looks into a message that is not known yet. FALSE with errno, 0 for what is no message. */
static gboolean
examine(const Scan *scan, const char *name, ListingEntry *entry)
{
    struct stat status;
    Measure found;

    /* O_NONBLOCK: a FIFO somebody put there must not hold us. */
    int fd = openat(scan->cur, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return FALSE;
    errno = 0;
    gboolean good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                    measure(fd, name, &status, &found);
    int saved = errno;
    close(fd);
    errno = saved;
    if (!good)
        return FALSE;
    entry->octets = found.octets;
    entry->disk_size = (guint64)status.st_size;
    entry->mtime = folder_nanoseconds(&status.st_mtim);
    entry->flags = found.wire_ready ? LISTING_WIRE_READY : 0;
    return TRUE;
}

/* What is missing to us, not to the message: no mail may seem gone for it. */
static gboolean
is_our_want(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}

static gboolean
add_message(Scan *scan, const char *name, guint64 inode, GError **error)
{
    g_autofree char *unique = g_strndup(name, name_unique_length(name));
    const ListingEntry *old =
        scan->known != NULL ? g_hash_table_lookup(scan->known, unique) : NULL;
    ListingEntry entry = {.inode = inode};

    if (old != NULL && old->inode == inode) {
        listing_builder_add(scan->builder, name, old);
        return TRUE;
    }
    if (examine(scan, name, &entry)) {
        listing_builder_add(scan->builder, name, &entry);
        return TRUE;
    }
    if (is_our_want(errno))
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

static gboolean
is_current(const Listing *listing, const char *maildir)
{
    ListingStamp stamp = listing_get_stamp(listing);
    gint64 cur, new;

    return stamp.cur != 0 && folder_get_mtime(maildir, "/cur", &cur, NULL) &&
           cur == stamp.cur && folder_get_mtime(maildir, "/new", &new, NULL) &&
           new == stamp.new;
}

/* A message that is renamed while the folder is read can be seen under neither name: then the
 * folder has another time afterwards, and is read once more. */
static Listing *
list_settled(const char *maildir, const Listing *old, gint64 *mtime_out, GError **error)
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

/* An index that would be as it was, and unsure again, is not worth a write: that of a folder
 * with a message that is always left out, or of a client that comes every second. */
static void
keep_index(const char *maildir, const Listing *old, Listing *listing, ListingStamp stamp)
{
    if (stamp.cur == FOLDER_NEVER && old != NULL && listing_get_stamp(old).cur == 0 &&
        listing_equal(old, listing))
        return;
    if (!index_write(maildir, listing, stamp))
        pop4_log(NULL, POP4_LOG_WARNING, "index-not-written", "maildir", maildir, "reason",
                 g_strerror(errno), NULL);
}

Listing *
scan_maildir(const char *maildir, GError **error)
{
    g_autoptr(Listing) old = index_read(maildir);
    ListingStamp stamp;

    if (old != NULL && is_current(old, maildir))
        return g_steal_pointer(&old);

    /* What counts is how old the folders' times were when they were taken, however long the
     * reading lasts. */
    gint64 began = index_clock(maildir);
    if (!delivery_take(maildir, &stamp.new, error))
        return NULL;
    Listing *listing = list_settled(maildir, old, &stamp.cur, error);
    if (listing == NULL)
        return NULL;
    if (began - MAX(stamp.cur, stamp.new) < INDEX_SURE_NANOSECONDS)
        stamp.cur = FOLDER_NEVER;
    keep_index(maildir, old, listing, stamp);
    return listing;
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
