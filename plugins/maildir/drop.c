/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "drop-struct.h"
#include "index.h"
#include "lock.h"
#include "measure.h"
#include "notes.h"
#include "scan.h"
#include "state.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Only a scan that fails looks for missing folders: a login of every day is not to pay for the
 * first one. */
static Listing *
scan_or_make(const char *maildir, gboolean create, GError **error)
{
    g_autoptr(GError) failure = NULL;
    Listing *listing = state_load(maildir, &failure);

    if (listing == NULL && create && may_make_folders(maildir))
        return make_folders(maildir, error) ? state_load(maildir, error) : NULL;
    if (listing == NULL)
        g_propagate_error(error, g_steal_pointer(&failure));
    return listing;
}

Drop *
drop_new(Drop *root, const char *maildir)
{
    gsize size = strlen(maildir) + 1;
    Drop *drop = g_malloc0(sizeof *drop + size);

    memcpy(drop->maildir, maildir, size);
    drop->root = root != NULL ? root : drop;
    drop->lock = -1;
    return drop;
}

static gboolean
lock_drop(Drop *drop, gboolean create, GError **error)
{
    g_autoptr(GError) failure = NULL;

    drop->lock = lock_take(drop->maildir, drop->shared, &failure);
    if (drop->lock < 0 && create && is_missing(drop->maildir, "")) {
        g_clear_error(&failure);
        if (!make_folder(drop->maildir, "", error))
            return FALSE;
        drop->lock = lock_take(drop->maildir, drop->shared, &failure);
    }
    if (drop->lock >= 0)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&failure));
    return FALSE;
}

gboolean
drop_hold(Drop *drop, GError **error)
{
    return !drop->root->shared || lock_hold(drop->root->lock, error);
}

void
drop_release(Drop *drop)
{
    if (drop->root->shared)
        lock_release(drop->root->lock);
}

Drop *
drop_open_folder(Drop *root, const char *maildir, GError **error)
{
    Listing *listing = state_load(maildir, error);
    if (listing == NULL)
        return NULL;

    Drop *drop = drop_new(root, maildir);
    drop->view = view_new(listing);
    return drop;
}

Drop *
drop_open(const char *maildir, guint flags, GError **error)
{
    g_autoptr(Drop) drop = drop_new(NULL, maildir);
    gboolean create = (flags & DROP_CREATE) != 0;

    drop->shared = (flags & DROP_SHARED) != 0;
    if (!lock_drop(drop, create, error) || !drop_hold(drop, error))
        return NULL;
    tree_recover(maildir);
    Listing *listing = scan_or_make(maildir, create, error);
    drop_release(drop);
    if (listing == NULL)
        return NULL;
    drop->view = view_new(listing);
    return g_steal_pointer(&drop);
}

void
drop_close(gpointer data)
{
    Drop *drop = data;

    g_clear_pointer(&drop->view, view_free);
    g_clear_pointer(&drop->renamed, g_hash_table_unref);
    g_clear_pointer(&drop->gone, g_array_unref);
    if (drop->lock >= 0)
        close(drop->lock);
    g_free(drop);
}

guint
drop_count(gpointer drop)
{
    return view_count(((Drop *)drop)->view);
}

guint64
drop_size(gpointer drop, guint number)
{
    return view_get(((Drop *)drop)->view, number)->octets;
}

const char *
drop_uid(gpointer data, guint number)
{
    Drop *drop = data;

    name_get_uid(view_get_name(drop->view, number), drop->uid);
    return drop->uid;
}

/* (nullable): what it is called in cur/ since a name was missed. */
static const char *
find_renamed(const Drop *drop, guint number)
{
    const char *listed = view_get_name(drop->view, number);
    g_autofree char *unique = g_strndup(listed, name_unique_length(listed));

    return drop->renamed != NULL ? g_hash_table_lookup(drop->renamed, unique) : NULL;
}

const char *
drop_get_name(const Drop *drop, guint number)
{
    const char *renamed = find_renamed(drop, number);

    return renamed != NULL ? renamed : view_get_name(drop->view, number);
}

char *
drop_get_path(const Drop *drop, guint number)
{
    gboolean in_new = (view_get(drop->view, number)->flags & LISTING_IN_NEW) != 0 &&
                      find_renamed(drop, number) == NULL;

    return g_strconcat(drop->maildir, in_new ? "/new/" : "/cur/", drop_get_name(drop, number),
                       NULL);
}

void
drop_look_for_renamed(Drop *drop)
{
    g_clear_pointer(&drop->renamed, g_hash_table_unref);
    drop->renamed = scan_names(drop->maildir);
}

static int
open_message(Drop *drop, guint number)
{
    int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    g_autofree char *path = drop_get_path(drop, number);
    int fd = open(path, flags);

    if (fd >= 0 || errno != ENOENT)
        return fd;
    drop_look_for_renamed(drop);
    g_autofree char *renamed = drop_get_path(drop, number);
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
    const ListingEntry *entry = view_get(drop->view, number);
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

static NoteKey
note_key(Drop *drop, guint number, const char *name)
{
    return (NoteKey){name, drop_uid(drop, number), view_get(drop->view, number)->mtime};
}

GBytes *
drop_get_note(gpointer data, guint number, const char *name)
{
    Drop *drop = data;
    NoteKey key = note_key(drop, number, name);

    return notes_find(drop->maildir, &key);
}

void
drop_set_note(gpointer data, guint number, const char *name, GBytes *note)
{
    Drop *drop = data;
    NoteKey key = note_key(drop, number, name);

    if (!drop_hold(drop, NULL))
        return;
    notes_add(drop->maildir, &key, note);
    drop_release(drop);
}
