/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "drop.h"

#include "index.h"
#include "measure.h"
#include "name.h"
#include "scan.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_NAME "/pop4d.lock"

/* Others may go on renaming what is to be removed. */
#define REMOVE_ROUNDS 8

struct Drop {
    Listing *listing;
    GHashTable *renamed; /* (nullable): unique part -> present name, read when one was missed */
    int lock;
    char uid[NAME_UID_SIZE];
    char maildir[];
};

static gboolean
make_folder(const char *maildir, const char *folder, GError **error)
{
    g_autofree char *path = g_strconcat(maildir, folder, NULL);

    if (g_mkdir_with_parents(path, 0700) == 0)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The mailbox cannot be made: %s",
                g_strerror(errno));
    return FALSE;
}

static gboolean
make_folders(const char *maildir, GError **error)
{
    return make_folder(maildir, "/tmp", error) && make_folder(maildir, "/new", error) &&
           make_folder(maildir, "/cur", error);
}

static gboolean
is_missing(const char *maildir, const char *folder)
{
    g_autofree char *path = g_strconcat(maildir, folder, NULL);

    return access(path, F_OK) < 0 && errno == ENOENT;
}

/* Whether a folder is missing and nothing is hidden by an empty one: mail that the index knows
 * is not gone because somebody has moved cur/ away. */
static gboolean
may_make_folders(const char *maildir)
{
    if (!is_missing(maildir, "/cur"))
        return is_missing(maildir, "/new");
    g_autoptr(Listing) known = index_read(maildir);
    return known == NULL || listing_count(known) == 0;
}

static gboolean
fail_to_lock(GError **error)
{
    if (errno == EAGAIN || errno == EACCES)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_IN_USE,
                            "The maildrop is in use by another session");
    else
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                    "The maildrop cannot be locked: %s", g_strerror(errno));
    return FALSE;
}

static gboolean
fail_to_open(GError **error)
{
    if (errno == ENOENT)
        /* The first delivery will make it, so the client is to come back. */
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "The mailbox does not exist yet");
    else
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                    "The maildrop cannot be locked: %s", g_strerror(errno));
    return FALSE;
}

static int
open_lock_file(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, LOCK_NAME, NULL);

    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* An open-file-description lock: it excludes other sessions of this process and other servers
 * on the file system alike, and a crash leaves nothing behind. The file itself stays: to remove
 * it would let two sessions hold locks on two files of one name. */
static gboolean
take_lock(Drop *drop, gboolean create, GError **error)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    drop->lock = open_lock_file(drop->maildir);
    if (drop->lock < 0 && errno == ENOENT && create) {
        if (!make_folder(drop->maildir, "", error))
            return FALSE;
        drop->lock = open_lock_file(drop->maildir);
    }
    if (drop->lock < 0)
        return fail_to_open(error);
    return fcntl(drop->lock, F_OFD_SETLK, &lock) == 0 || fail_to_lock(error);
}

/* Only a scan that fails looks for missing folders: a login of every day is not to pay for the
 * first one. */
static Listing *
scan_or_make(const char *maildir, gboolean create, GError **error)
{
    g_autoptr(GError) failure = NULL;
    Listing *listing = scan_maildir(maildir, &failure);

    if (listing == NULL && create && may_make_folders(maildir))
        return make_folders(maildir, error) ? scan_maildir(maildir, error) : NULL;
    if (listing == NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return listing;
}

Drop *
drop_open(const char *maildir, gboolean create, GError **error)
{
    gsize size = strlen(maildir) + 1;
    Drop *drop = g_malloc0(sizeof *drop + size);

    memcpy(drop->maildir, maildir, size);
    drop->lock = -1;
    if (take_lock(drop, create, error))
        drop->listing = scan_or_make(maildir, create, error);
    if (drop->listing != NULL)
        return drop;
    drop_close(drop);
    return NULL;
}

void
drop_close(gpointer data)
{
    Drop *drop = data;

    g_clear_pointer(&drop->listing, listing_free);
    g_clear_pointer(&drop->renamed, g_hash_table_unref);
    if (drop->lock >= 0)
        close(drop->lock);
    g_free(drop);
}

guint
drop_count(gpointer drop)
{
    return listing_count(((Drop *)drop)->listing);
}

guint64
drop_size(gpointer drop, guint number)
{
    return listing_get(((Drop *)drop)->listing, number - 1)->octets;
}

const char *
drop_uid(gpointer data, guint number)
{
    Drop *drop = data;

    name_get_uid(listing_get_name(drop->listing, number - 1), drop->uid);
    return drop->uid;
}

/* The name by which message @number is known, as far as that is known by now. */
static const char *
current_name(const Drop *drop, guint number)
{
    const char *listed = listing_get_name(drop->listing, number - 1);
    g_autofree char *unique = g_strndup(listed, name_unique_length(listed));
    const char *name =
        drop->renamed != NULL ? g_hash_table_lookup(drop->renamed, unique) : NULL;

    return name != NULL ? name : listed;
}

static char *
current_path(const Drop *drop, guint number)
{
    return g_strconcat(drop->maildir, "/cur/", current_name(drop, number), NULL);
}

/* An IMAP server beside us gives a message another name when its flags change. */
static void
look_for_renamed(Drop *drop)
{
    g_clear_pointer(&drop->renamed, g_hash_table_unref);
    drop->renamed = scan_names(drop->maildir);
}

static int
open_message(Drop *drop, guint number)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    g_autofree char *path = current_path(drop, number);
    int fd = open(path, flags);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    look_for_renamed(drop);
    g_autofree char *renamed = current_path(drop, number);
    return open(renamed, flags);
}

/* Whether the octets that will be sent are as many as were announced. */
static gboolean
is_as_listed(const ListingEntry *entry, int fd, const struct stat *status, guint *flags_out)
{
    gint64 mtime =
        status->st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status->st_mtim.tv_nsec;
    Measure found;

    *flags_out = entry->flags & LISTING_WIRE_READY ? POP4_BODY_WIRE_READY : 0;
    if (!S_ISREG(status->st_mode) || (guint64)status->st_size != entry->disk_size)
        return FALSE;
    if (mtime == entry->mtime)
        return TRUE;
    /* Written anew or only touched: the octets tell. */
    if (!measure_file(fd, &found) || found.octets != entry->octets)
        return FALSE;
    *flags_out = found.wire_ready ? POP4_BODY_WIRE_READY : 0;
    return TRUE;
}

Pop4Body *
drop_open_body(gpointer data, guint number, GError **error)
{
    Drop *drop = data;
    const ListingEntry *entry = listing_get(drop->listing, number - 1);
    struct stat status;
    guint flags;

    int fd = open_message(drop, number);
    if (fd < 0 || fstat(fd, &status) < 0) {
        if (errno == ENOENT)
            g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                                "Another program has removed or renamed the message");
        else
            g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "The message cannot be read: %s", g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    if (!is_as_listed(entry, fd, &status, &flags)) {
        close(fd);
        index_remove(drop->maildir);
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "The message has changed, log in again");
        return NULL;
    }
    return pop4_body_new_for_fd(fd, 0, entry->disk_size, flags);
}

typedef enum {
    REMOVED,
    MISSING, /* no file has the name by which we know it */
    KEPT,
} Removal;

/* A file that has come to bear the name's unique part need not be the message that was listed.
 */
static gboolean
is_another(const Drop *drop, guint number, const char *path)
{
    const ListingEntry *entry = listing_get(drop->listing, number - 1);
    struct stat status;

    if (current_name(drop, number) == listing_get_name(drop->listing, number - 1) ||
        lstat(path, &status) < 0)
        return FALSE;
    return status.st_ino != entry->inode && (guint64)status.st_size != entry->disk_size;
}

static Removal
remove_message(const Drop *drop, guint number)
{
    g_autofree char *path = current_path(drop, number);

    if (is_another(drop, number, path))
        return REMOVED; /* ours is gone */
    if (unlink(path) == 0)
        return REMOVED;
    if (errno == ENOENT)
        return MISSING;
    pop4_log(NULL, POP4_LOG_ERROR, "message-not-removed", "path", path, "reason",
             g_strerror(errno), NULL);
    return KEPT;
}

/* Looks for the missing messages and keeps those that are there: renamed, the others gone.
 * Returns how many. */
static guint
find_missing(Drop *drop, guint *numbers, guint count)
{
    guint found = 0;

    look_for_renamed(drop);
    if (drop->renamed == NULL)
        return count; /* nobody can say */
    for (guint i = 0; i < count; i++) {
        const char *listed = listing_get_name(drop->listing, numbers[i] - 1);
        g_autofree char *unique = g_strndup(listed, name_unique_length(listed));
        if (g_hash_table_contains(drop->renamed, unique))
            numbers[found++] = numbers[i];
    }
    return found;
}

/* Names go on changing behind a look: a message is gone only when a look made after the attempt
 * does not find it. */
static gboolean
remove_all(Drop *drop, const guint *numbers, guint count)
{
    g_autofree guint *left = g_memdup2(numbers, count * sizeof *numbers);
    gboolean done = TRUE;

    for (int round = 0; round < REMOVE_ROUNDS && count > 0; round++) {
        guint missing = 0;
        for (guint i = 0; i < count; i++) {
            Removal removal = remove_message(drop, left[i]);
            if (removal == MISSING)
                left[missing++] = left[i];
            else if (removal == KEPT)
                done = FALSE;
        }
        count = missing > 0 ? find_missing(drop, left, missing) : 0;
    }
    return done && count == 0;
}

static gboolean
sync_cur(const Drop *drop)
{
    g_autofree char *path = g_strconcat(drop->maildir, "/cur", NULL);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean done = fd >= 0 && fsync(fd) == 0;

    if (!done)
        pop4_log(NULL, POP4_LOG_ERROR, "removal-not-synced", "path", path, "reason",
                 g_strerror(errno), NULL);
    if (fd >= 0)
        close(fd);
    return done;
}

gboolean
drop_remove(gpointer data, const guint *numbers, guint count, GError **error)
{
    Drop *drop = data;
    gboolean done = remove_all(drop, numbers, count);

    done = sync_cur(drop) && done;
    if (!done)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "some deleted messages not removed");
    return done;
}
