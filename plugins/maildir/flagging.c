/* Flags: letters in the names of the files. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "drop-struct.h"
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

guint
drop_flags(gpointer data, guint number)
{
    const Drop *drop = data;

    return name_get_flags(view_get_name(drop->view, number));
}

/* Whether the file has the flags. FALSE with errno. */
static gboolean
rename_message(Drop *drop, guint number, guint add, guint remove, char **name_out)
{
    g_autofree char *path = drop_get_path(drop, number);
    const char *name = drop_get_name(drop, number);
    g_autofree char *flagged = name_set_flags(name, (name_get_flags(name) & ~remove) | add);
    g_autofree char *target = g_strconcat(drop->maildir, "/cur/", flagged, NULL);

    if (strcmp(path, target) == 0
            ? access(path, F_OK) < 0
            : renameat2(AT_FDCWD, path, AT_FDCWD, target, RENAME_NOREPLACE) < 0)
        return FALSE;
    *name_out = g_steal_pointer(&flagged);
    return TRUE;
}

static gboolean
fail(guint number, GError **error)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                "The flags of message %u cannot be kept: %s", number, g_strerror(errno));
    return FALSE;
}

static gboolean
change_one(Drop *drop, guint number, guint add, guint remove, GArray *changes, GError **error)
{
    g_autofree char *name = NULL;
    guint before = drop_flags(drop, number);

    if (!rename_message(drop, number, add, remove, &name)) {
        if (errno != ENOENT)
            return fail(number, error);
        drop_look_for_renamed(drop);
        if (!rename_message(drop, number, add, remove, &name))
            return fail(number, error);
    }
    if (strcmp(name, view_get_name(drop->view, number)) == 0)
        return TRUE;
    ListingEntry entry = *view_get(drop->view, number);
    entry.flags &= ~LISTING_IN_NEW;
    changes_add(changes, name_get_flags(name) != before ? CHANGE_FLAGS : CHANGE_RENAMED, name,
                &entry);
    return TRUE;
}

static guint
count_flagged(const GArray *changes)
{
    guint count = 0;

    for (guint i = 0; i < changes->len; i++)
        count += g_array_index(changes, Change, i).kind == CHANGE_FLAGS;
    return count;
}

static gboolean
change_all(Drop *drop, const guint *numbers, guint count, guint add, guint remove,
           guint *changed_out, GError **error)
{
    g_autoptr(GArray) changes = changes_new();
    gboolean done = TRUE;

    for (guint i = 0; i < count && done; i++)
        done = change_one(drop, numbers[i], add, remove, changes, error);
    drop_record(drop, changes);
    *changed_out = count_flagged(changes);
    if (changes->len > 0 && !folder_sync(drop->maildir, "/cur") && done) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The flags cannot be kept: %s",
                    g_strerror(errno));
        return FALSE;
    }
    return done;
}

gboolean
drop_set_flags(gpointer data, const guint *numbers, guint count, guint add, guint remove,
               guint *changed_out, GError **error)
{
    Drop *drop = data;

    if (!drop_hold(drop, error))
        return FALSE;
    gboolean done = drop_catch_up(drop, error) &&
                    change_all(drop, numbers, count, add, remove, changed_out, error);
    drop_release(drop);
    return done;
}
