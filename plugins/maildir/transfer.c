/* Messages that go to another folder, or get a copy there. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "drop-struct.h"
#include "folder.h"
#include "layout.h"
#include "unique.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

/* (transfer full) (nullable): the Maildir of a folder that is there. */
static char *
find_target(const Drop *drop, const char *to, GError **error)
{
    const char *root = drop->root->maildir;
    g_autofree char *directory = layout_find(root, to, error);

    return directory != NULL ? layout_get_path(root, directory) : NULL;
}

/* From errno. */
static gboolean
fail(guint number, GError **error)
{
    if (errno == ENOENT)
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "Message %u or the folder is gone",
                    number);
    else if (errno == EXDEV)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "The folders lie on different file systems");
    else if (errno == EEXIST)
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED,
                    "Message %u is in that folder already", number);
    else
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                    "Message %u cannot be moved or copied: %s", number, g_strerror(errno));
    return FALSE;
}

static gboolean
sync_target(const char *target, GError **error)
{
    if (folder_sync(target, "/cur"))
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The folder cannot be written: %s",
                g_strerror(errno));
    return FALSE;
}

typedef gboolean (*Transfer)(Drop *drop, guint number, const char *target, char **path_out);

static gboolean
move_message(Drop *drop, guint number, const char *target, char **path_out)
{
    g_autofree char *path = drop_get_path(drop, number);
    const char *name = drop_get_name(drop, number);

    g_free(*path_out);
    *path_out =
        g_strconcat(target, "/cur/", name, strchr(name, ':') != NULL ? "" : ":2,", NULL);
    return renameat2(AT_FDCWD, path, AT_FDCWD, *path_out, RENAME_NOREPLACE) == 0;
}

static gboolean
copy_octets(int from, int to)
{
    gssize done;

    do
        done = sendfile(to, from, NULL, 1 << 30);
    while (done > 0 || (done < 0 && errno == EINTR));
    return done == 0;
}

/* Where no second name can be had for the file. */
static gboolean
copy_file(const char *path, const char *temporary, const char *copy)
{
    int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int to = from >= 0 ? open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;
    gboolean done = to >= 0 && copy_octets(from, to) && fsync(to) == 0;
    int saved = errno;

    if (from >= 0)
        close(from);
    if (to >= 0)
        close(to);
    errno = saved;
    if (done && renameat2(AT_FDCWD, temporary, AT_FDCWD, copy, RENAME_NOREPLACE) == 0)
        return TRUE;
    saved = errno;
    if (to >= 0)
        unlink(temporary);
    errno = saved;
    return FALSE;
}

static gboolean
copy_message(Drop *drop, guint number, const char *target, char **path_out)
{
    g_autofree char *path = drop_get_path(drop, number);
    const char *name = drop_get_name(drop, number);
    g_autofree char *unique = unique_new();
    g_autofree char *temporary = g_strconcat(target, "/tmp/", unique, NULL);

    g_free(*path_out);
    *path_out = g_strconcat(target, "/cur/", unique, name + name_unique_length(name),
                            strchr(name, ':') != NULL ? "" : ":2,", NULL);
    if (link(path, *path_out) == 0)
        return TRUE;
    if (errno != EXDEV && errno != EPERM && errno != EMLINK && errno != EOPNOTSUPP)
        return FALSE;
    return copy_file(path, temporary, *path_out);
}

/* The message may have another name by now. */
static gboolean
try_twice(Transfer transfer, Drop *drop, guint number, const char *target, char **path_out)
{
    if (transfer(drop, number, target, path_out))
        return TRUE;
    if (errno != ENOENT)
        return FALSE;
    drop_look_for_renamed(drop);
    return transfer(drop, number, target, path_out);
}

static gboolean
move_all(Drop *drop, const guint *numbers, guint count, const char *target, guint *done_out,
         GError **error)
{
    g_autoptr(GArray) changes = changes_new();
    g_autofree char *path = NULL;
    gboolean done = TRUE;

    for (*done_out = 0; *done_out < count; ++*done_out) {
        guint number = numbers[*done_out];
        if (!try_twice(move_message, drop, number, target, &path)) {
            done = fail(number, error);
            break;
        }
        changes_add(changes, CHANGE_GONE, view_get_name(drop->view, number), NULL);
    }
    drop_record(drop, changes);
    if (*done_out == 0)
        return done;
    /* First the new name, then that the old one is gone. */
    gboolean synced = sync_target(target, done ? error : NULL) &&
                      sync_target(drop->maildir, done ? error : NULL);
    return done && synced;
}

gboolean
drop_move(gpointer data, const guint *numbers, guint count, const char *to, guint *done_out,
          GError **error)
{
    Drop *drop = data;
    g_autofree char *target = find_target(drop, to, error);

    *done_out = 0;
    if (target == NULL || !drop_hold(drop, error))
        return FALSE;
    gboolean done =
        drop_catch_up(drop, error) && move_all(drop, numbers, count, target, done_out, error);
    drop_release(drop);
    return done;
}

gboolean
drop_copy(gpointer data, const guint *numbers, guint count, const char *to, GError **error)
{
    Drop *drop = data;
    g_autofree char *target = find_target(drop, to, error);
    g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
    gboolean done = TRUE;

    if (target == NULL)
        return FALSE;
    for (guint i = 0; i < count && done; i++) {
        g_autofree char *path = NULL;
        done =
            try_twice(copy_message, drop, numbers[i], target, &path) || fail(numbers[i], error);
        if (done)
            g_ptr_array_add(made, g_steal_pointer(&path));
    }
    if (done && sync_target(target, error))
        return TRUE;
    for (guint i = 0; i < made->len; i++)
        unlink(g_ptr_array_index(made, i));
    return FALSE;
}
