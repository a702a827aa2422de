/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "tree.h"

#include "drop-struct.h"
#include "folder.h"
#include "layout.h"
#include "state.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail(GError **error, const char *text)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, text);
    return FALSE;
}

static gboolean
fail_to_write(GError **error)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The folder cannot be written: %s",
                g_strerror(errno));
    return FALSE;
}

static void
tree_folder_free(gpointer data)
{
    TreeFolder *folder = data;

    g_free(folder->name);
    g_free(folder->directory);
    g_free(folder);
}

static void
add_folder(GPtrArray *folders, const char *name, const char *directory)
{
    TreeFolder *folder = g_new(TreeFolder, 1);

    *folder = (TreeFolder){g_strdup(name), g_strdup(directory)};
    g_ptr_array_add(folders, folder);
}

/* "/" before all other characters, so that children follow their parent. */
static int
compare_folders(gconstpointer a, gconstpointer b)
{
    const char *one = (*(const TreeFolder *const *)a)->name;
    const char *other = (*(const TreeFolder *const *)b)->name;

    while (*one != '\0' && *one == *other) {
        one++;
        other++;
    }
    if (*one == '/' || *other == '/')
        return *one == '/' ? (*other == '\0' ? 1 : -1) : (*one == '\0' ? -1 : 1);
    return (guchar)*one - (guchar)*other;
}

static gboolean
is_at_or_below(const char *name, const char *parent)
{
    gsize length = strlen(parent);

    return length == 0 || (strncmp(name, parent, length) == 0 &&
                           (name[length] == '\0' || name[length] == '/'));
}

GPtrArray *
tree_find_all(const char *maildir, const char *parent, GError **error)
{
    g_autoptr(GPtrArray) directories = layout_list(maildir, error);

    if (directories == NULL)
        return NULL;
    GPtrArray *folders = g_ptr_array_new_with_free_func(tree_folder_free);
    for (guint i = 0; i < directories->len; i++) {
        const char *directory = g_ptr_array_index(directories, i);
        g_autofree char *name = layout_get_folder(directory);
        if (name != NULL && is_at_or_below(name, parent) && strcmp(name, "INBOX") != 0)
            add_folder(folders, name, directory);
    }
    g_ptr_array_sort(folders, compare_folders);
    if (parent[0] == '\0' || strcmp(parent, "INBOX") == 0) {
        add_folder(folders, "INBOX", "");
        g_ptr_array_insert(folders, 0, g_ptr_array_steal_index(folders, folders->len - 1));
    }
    return folders;
}

static void
count_up(Pop4Folder *status, const Listing *listing)
{
    status->messages = listing_count(listing);
    for (guint i = 0; i < status->messages; i++) {
        status->octets += listing_get(listing, i)->octets;
        if ((name_get_flags(listing_get_name(listing, i)) & POP4_FLAG_SEEN) == 0)
            status->unseen++;
    }
}

static gboolean
tell(const char *maildir, const TreeFolder *folder, Pop4FolderFunc each, gpointer state,
     GError **error)
{
    g_autofree char *path = layout_get_path(maildir, folder->directory);
    Pop4Folder status = {.name = folder->name};
    g_autoptr(Listing) listing = state_load(path, error);

    if (listing == NULL)
        return FALSE;
    count_up(&status, listing);
    each(&status, state);
    return TRUE;
}

gboolean
tree_list(gpointer data, const char *parent, Pop4FolderFunc each, gpointer state,
          GError **error)
{
    Drop *drop = data;
    gboolean done = TRUE;
    g_autoptr(GPtrArray) folders = tree_find_all(drop->maildir, parent, error);

    if (folders == NULL)
        return FALSE;
    if (parent[0] != '\0') {
        g_autofree char *directory = layout_find(drop->maildir, parent, error);
        if (directory == NULL)
            return FALSE;
        /* Those below it are asked for. */
        if (folders->len > 0 &&
            strcmp(((TreeFolder *)g_ptr_array_index(folders, 0))->name, parent) == 0)
            g_ptr_array_remove_index(folders, 0);
    }
    if (!drop_hold(drop, error))
        return FALSE;
    for (guint i = 0; i < folders->len && done; i++)
        done = tell(drop->maildir, g_ptr_array_index(folders, i), each, state, error);
    drop_release(drop);
    return done;
}

gpointer
tree_open(gpointer data, const char *name, GError **error)
{
    Drop *root = data;
    g_autofree char *directory = layout_find(root->maildir, name, error);

    if (directory == NULL)
        return NULL;
    g_autofree char *path = layout_get_path(root->maildir, directory);
    if (!drop_hold(root, error))
        return NULL;
    Drop *drop = drop_open_folder(root, path, error);
    drop_release(root);
    return drop;
}

static gboolean
make_directory(const char *parent, const char *name)
{
    g_autofree char *path = g_strconcat(parent, name, NULL);

    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* cur/ comes last: what has one is a folder. */
static gboolean
make_folder(const char *maildir, const char *directory, GError **error)
{
    g_autofree char *path = layout_get_path(maildir, directory);
    g_autofree char *marker = g_strconcat(path, "/maildirfolder", NULL);

    if (make_directory(path, "") && make_directory(path, "/tmp") &&
        make_directory(path, "/new") && g_file_set_contents(marker, "", 0, NULL) &&
        make_directory(path, "/cur") && folder_sync(path, "") && folder_sync(maildir, ""))
        return TRUE;
    return fail_to_write(error);
}

static gboolean
exists(const char *maildir, const char *name)
{
    g_autofree char *directory = layout_find(maildir, name, NULL);

    return directory != NULL;
}

static gboolean
make_missing(const char *maildir, const char *name, GError **error)
{
    g_autofree char *directory = layout_get_directory(name, error);

    if (directory == NULL)
        return FALSE;
    for (const char *end = strchr(name, '/'); end != NULL; end = strchr(end + 1, '/')) {
        g_autofree char *parent = g_strndup(name, (gsize)(end - name));
        g_autofree char *its_directory = layout_get_directory(parent, error);
        if (its_directory == NULL ||
            (!exists(maildir, parent) && !make_folder(maildir, its_directory, error)))
            return FALSE;
    }
    return make_folder(maildir, directory, error);
}

gboolean
tree_create(gpointer data, const char *name, GError **error)
{
    Drop *drop = data;

    if (is_at_or_below(name, "INBOX") && name[strlen("INBOX")] == '/')
        return fail(error, "There are no folders below the INBOX");
    if (!drop_hold(drop, error))
        return FALSE;
    gboolean done = exists(drop->maildir, name) ? fail(error, "There is such a folder already")
                                                : make_missing(drop->maildir, name, error);
    drop_release(drop);
    return done;
}

/* Removes all files of a directory and itself; directories in it stay, and it with them. */
static gboolean
remove_directory(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        unlink(file);
    }
    return rmdir(path) == 0;
}

/* Mail that arrives meanwhile keeps a folder from being removed: rmdir() takes empty ones. */
static gboolean
remove_folder(const char *maildir, const char *path, GError **error)
{
    g_autofree char *cur = g_strconcat(path, "/cur", NULL);
    g_autofree char *new = g_strconcat(path, "/new", NULL);
    g_autofree char *tmp = g_strconcat(path, "/tmp", NULL);

    if (rmdir(tmp) < 0 && errno != ENOENT)
        return errno == ENOTEMPTY ? fail(error, "Mail is being delivered to the folder")
                                  : fail_to_write(error);
    if (rmdir(new) < 0 || rmdir(cur) < 0) {
        gboolean is_full = errno == ENOTEMPTY;
        if (!make_directory(path, "/new") || !make_directory(path, "/tmp"))
            return fail_to_write(error);
        return is_full ? fail(error, "The folder is not empty") : fail_to_write(error);
    }
    if (!remove_directory(path))
        pop4_log(NULL, POP4_LOG_WARNING, "folder-not-removed", "path", path, "reason",
                 g_strerror(errno), NULL);
    return folder_sync(maildir, "") || fail_to_write(error);
}

gboolean
tree_remove(gpointer data, const char *name, GError **error)
{
    Drop *drop = data;
    g_autofree char *directory = layout_find(drop->maildir, name, error);
    g_autoptr(GPtrArray) below =
        directory != NULL ? tree_find_all(drop->maildir, name, error) : NULL;

    if (below == NULL)
        return FALSE;
    if (below->len > 1)
        return fail(error, "There are folders below that folder");
    if (!drop_hold(drop, error))
        return FALSE;
    g_autofree char *path = layout_get_path(drop->maildir, directory);
    gboolean done = remove_folder(drop->maildir, path, error);
    drop_release(drop);
    return done;
}
