/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "layout.h"

#include "folder.h"
#include "utf7.h"

#include <errno.h>
#include <limits.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

static gboolean
fail(GError **error, const char *text)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, text);
    return FALSE;
}

static gboolean
check_folder(const char *folder, GError **error)
{
    if (strchr(folder, '.') != NULL)
        return fail(error, "This mailbox cannot have a folder with a full stop in its name");
    if (!g_utf8_validate(folder, -1, NULL))
        return fail(error, "Folder names are UTF-8");
    return TRUE;
}

char *
layout_get_directory(const char *folder, GError **error)
{
    if (strcmp(folder, "INBOX") == 0)
        return g_strdup("");
    if (!check_folder(folder, error))
        return NULL;
    g_autofree char *encoded = utf7_encode(folder);
    g_strdelimit(encoded, "/", '.');
    if (strlen(encoded) >= NAME_MAX) {
        fail(error, "This mailbox cannot have so long a folder name");
        return NULL;
    }
    return g_strconcat(".", encoded, NULL);
}

/* It will stand on a line of a reply. */
static gboolean
has_controls(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return TRUE;
    }
    return FALSE;
}

/* (transfer full) (nullable) */
static char *
decode_component(const char *component)
{
    g_autofree char *decoded = utf7_decode(component);

    if (decoded == NULL || decoded[0] == '\0' || strchr(decoded, '/') != NULL ||
        has_controls(decoded))
        return NULL;
    return g_utf8_normalize(decoded, -1, G_NORMALIZE_NFC);
}

char *
layout_get_folder(const char *directory)
{
    if (directory[0] != '.')
        return NULL;
    g_auto(GStrv) components = g_strsplit(directory + 1, ".", -1);
    g_autoptr(GString) folder = g_string_new(NULL);

    for (guint i = 0; components[i] != NULL; i++) {
        g_autofree char *decoded = decode_component(components[i]);
        if (decoded == NULL)
            return NULL;
        if (i > 0)
            g_string_append_c(folder, '/');
        g_string_append(folder, decoded);
    }
    return folder->len > 0 ? g_strdup(folder->str) : NULL;
}

static gboolean
is_folder(const char *maildir, const char *directory)
{
    g_autofree char *cur = g_strconcat(maildir, "/", directory, "/cur", NULL);

    return access(cur, F_OK) == 0;
}

GPtrArray *
layout_list(const char *maildir, GError **error)
{
    DIR *dir = folder_open(maildir, "");
    const struct dirent *item;

    if (dir == NULL) {
        folder_fail(error);
        return NULL;
    }
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    errno = 0;
    while ((item = readdir(dir)) != NULL) {
        if (item->d_name[0] == '.' && item->d_name[1] != '\0' && item->d_name[1] != '.' &&
            is_folder(maildir, item->d_name))
            g_ptr_array_add(found, g_strdup(item->d_name));
        errno = 0;
    }
    if (errno != 0) {
        folder_fail(error);
        g_clear_pointer(&found, g_ptr_array_unref);
    }
    closedir(dir);
    return found;
}

/* A directory whose name stands for the folder's in another form. (transfer full) (nullable) */
static char *
find_other_form(const char *maildir, const char *folder)
{
    g_autoptr(GPtrArray) directories = layout_list(maildir, NULL);

    for (guint i = 0; directories != NULL && i < directories->len; i++) {
        const char *directory = g_ptr_array_index(directories, i);
        g_autofree char *name = layout_get_folder(directory);
        if (g_strcmp0(name, folder) == 0)
            return g_strdup(directory);
    }
    return NULL;
}

char *
layout_find(const char *maildir, const char *folder, GError **error)
{
    g_autofree char *directory = layout_get_directory(folder, error);

    if (directory == NULL)
        return NULL;
    if (directory[0] == '\0' || is_folder(maildir, directory))
        return g_steal_pointer(&directory);
    char *other = find_other_form(maildir, folder);
    if (other == NULL)
        fail(error, "There is no such folder");
    return other;
}

char *
layout_get_path(const char *maildir, const char *directory)
{
    return directory[0] == '\0' ? g_strdup(maildir)
                                : g_strconcat(maildir, "/", directory, NULL);
}
