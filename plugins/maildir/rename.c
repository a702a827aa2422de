/* Renaming a folder with all that is below as one step. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "drop-struct.h"
#include "folder.h"
#include "layout.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What is to be renamed, "OLD NEW" a line; a whole one is carried out to its end, by whoever
 * finds it. Directories' names have no spaces that a line could be confused by: "/" divides. */
#define PLAN_NAME "/pop4d.rename"

static gboolean
fail_to_write(GError **error)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The folder cannot be renamed: %s",
                g_strerror(errno));
    return FALSE;
}

/* Whether there is nothing left to be done. */
static gboolean
rename_one(const char *maildir, const char *from, const char *to)
{
    g_autofree char *old = g_strconcat(maildir, "/", from, NULL);
    g_autofree char *new = g_strconcat(maildir, "/", to, NULL);

    if (renameat2(AT_FDCWD, old, AT_FDCWD, new, RENAME_NOREPLACE) == 0 || errno == ENOENT)
        return TRUE;                  /* or it was done before */
    gboolean never = errno == EEXIST; /* somebody has made that folder meanwhile */
    pop4_log(NULL, POP4_LOG_ERROR, "folder-not-renamed", "maildir", maildir, "directory", from,
             "reason", g_strerror(errno), NULL);
    return never;
}

static gboolean
is_directory_name(const char *name)
{
    return name[0] == '.' && name[1] != '\0' && name[1] != '.' && strchr(name, '/') == NULL;
}

static gboolean
carry_out(const char *maildir, const char *plan)
{
    g_auto(GStrv) lines = g_strsplit(plan, "\n", -1);
    gboolean done = TRUE;

    for (guint i = 0; lines[i] != NULL; i++) {
        char *divider = strchr(lines[i], '/');
        if (divider == NULL)
            continue;
        *divider = '\0';
        if (is_directory_name(lines[i]) && is_directory_name(divider + 1))
            done = rename_one(maildir, lines[i], divider + 1) && done;
    }
    return done;
}

void
tree_recover(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, PLAN_NAME, NULL);
    g_autofree char *plan = NULL;

    if (access(path, F_OK) < 0 || !g_file_get_contents(path, &plan, NULL, NULL))
        return;
    if (carry_out(maildir, plan) && folder_sync(maildir, ""))
        unlink(path);
}

/* What is left of an earlier plan comes first: another one would take its place. */
static gboolean
is_free(const char *maildir, GError **error)
{
    g_autofree char *path = g_strconcat(maildir, PLAN_NAME, NULL);

    tree_recover(maildir);
    if (access(path, F_OK) < 0)
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "An earlier renaming of folders has not come to its end");
    return FALSE;
}

/* The plan lies on disk, whole, or not at all. */
static gboolean
write_plan(const char *maildir, const GString *plan)
{
    g_autofree char *path = g_strconcat(maildir, PLAN_NAME, NULL);

    return g_file_set_contents_full(
               path, plan->str, (gssize)plan->len,
               G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL) &&
           folder_sync(maildir, "");
}

/* Adds what becomes of one folder. */
static gboolean
plan_one(const char *maildir, const TreeFolder *folder, const char *name, const char *to,
         GString *plan, GError **error)
{
    g_autofree char *target = g_strconcat(to, folder->name + strlen(name), NULL);
    g_autofree char *directory = layout_get_directory(target, error);
    g_autofree char *there = directory != NULL ? layout_find(maildir, target, NULL) : NULL;

    if (directory == NULL)
        return FALSE;
    if (there != NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "There is such a folder already");
        return FALSE;
    }
    g_string_append_printf(plan, "%s/%s\n", folder->directory, directory);
    return TRUE;
}

static gboolean
rename_all(const char *maildir, const char *name, const char *to, GError **error)
{
    g_autofree char *directory = layout_find(maildir, name, error);
    g_autoptr(GPtrArray) folders =
        directory != NULL ? tree_find_all(maildir, name, error) : NULL;
    g_autoptr(GString) plan = g_string_new(NULL);

    if (folders == NULL)
        return FALSE;
    for (guint i = 0; i < folders->len; i++) {
        if (!plan_one(maildir, g_ptr_array_index(folders, i), name, to, plan, error))
            return FALSE;
    }
    if (!write_plan(maildir, plan))
        return fail_to_write(error);
    tree_recover(maildir);
    g_autofree char *now = layout_find(maildir, to, NULL);
    return now != NULL || fail_to_write(error);
}

/* The folder that is to be above the new name. */
static gboolean
check_parent(const char *maildir, const char *to, GError **error)
{
    const char *end = strrchr(to, '/');

    if (end == NULL)
        return TRUE;
    g_autofree char *parent = g_strndup(to, (gsize)(end - to));
    g_autofree char *directory = layout_find(maildir, parent, error);
    if (directory == NULL || directory[0] != '\0')
        return directory != NULL;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                        "There are no folders below the INBOX");
    return FALSE;
}

gboolean
tree_rename(gpointer data, const char *name, const char *to, GError **error)
{
    Drop *drop = data;

    if (!check_parent(drop->maildir, to, error) || !drop_hold(drop, error))
        return FALSE;
    gboolean done = is_free(drop->maildir, error) && rename_all(drop->maildir, name, to, error);
    drop_release(drop);
    return done;
}
