/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "setting-file.h"

#include <string.h>

struct SettingFile {
    char *path;
    GKeyFile *keys;
    GHashTable *lines; /* "group\nkey", or "group" -> line number */
};

static char *
place_name(const char *group, const char *key)
{
    return key != NULL ? g_strconcat(group, "\n", key, NULL) : g_strdup(group);
}

static guint
line_of(const SettingFile *file, const char *group, const char *key)
{
    g_autofree char *exact = place_name(group, key);
    guint line = GPOINTER_TO_UINT(g_hash_table_lookup(file->lines, exact));

    if (line == 0)
        line = GPOINTER_TO_UINT(g_hash_table_lookup(file->lines, group));
    return MAX(line, 1);
}

/* GKeyFile lets the last of two equal keys win without a word. */
static void
note(SettingFile *file, char *place, guint number, const char *what, Faults *faults)
{
    guint before = GPOINTER_TO_UINT(g_hash_table_lookup(file->lines, place));

    if (before != 0)
        faults_add(faults, "%s:%u: %s stands at line %u already", file->path, number, what,
                   before);
    g_hash_table_insert(file->lines, place, GUINT_TO_POINTER(number));
}

static char *
group_name(const char *line)
{
    const char *end = strrchr(line, ']');

    return end != NULL && end[1] == '\0' ? g_strndup(line + 1, (gsize)(end - line) - 1) : NULL;
}

/* GKeyFile keeps no line numbers, so the lines are looked at once more. */
static void
note_line(SettingFile *file, char *line, guint number, char **group, Faults *faults)
{
    g_strstrip(line);
    if (line[0] == '\0' || line[0] == '#')
        return;

    char *equals = strchr(line, '=');
    if (line[0] == '[') {
        g_autofree char *name = group_name(line);
        if (name == NULL) {
            faults_add(faults, "%s:%u: a group is written [name]", file->path, number);
            return;
        }
        g_free(*group);
        *group = g_steal_pointer(&name);
        g_autofree char *what = g_strdup_printf("[%s]", *group);
        note(file, g_strdup(*group), number, what, faults);
    } else if (equals == NULL || equals == line) {
        faults_add(faults, "%s:%u: this is no [group], no key = value and no # comment",
                   file->path, number);
    } else if (*group == NULL) {
        faults_add(faults, "%s:%u: a key needs a [group] above it", file->path, number);
    } else {
        g_autofree char *key = g_strstrip(g_strndup(line, (gsize)(equals - line)));
        g_autofree char *what = g_strdup_printf("[%s] %s:", *group, key);
        note(file, place_name(*group, key), number, what, faults);
    }
}

static void
note_lines(SettingFile *file, const char *text, gsize length, Faults *faults)
{
    g_autofree char *copy = g_strndup(text, length);
    g_auto(GStrv) lines = g_strsplit(copy, "\n", -1);
    g_autofree char *group = NULL;

    for (guint i = 0; lines[i] != NULL; i++)
        note_line(file, lines[i], i + 1, &group, faults);
}

SettingFile *
setting_file_parse(const char *path, const char *text, gsize length, Faults *faults)
{
    g_autoptr(SettingFile) file = g_new0(SettingFile, 1);
    g_autoptr(GError) error = NULL;
    guint before = faults_count(faults);

    file->path = g_strdup(path);
    file->keys = g_key_file_new();
    file->lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    const char *nul = memchr(text, '\0', length);
    if (nul != NULL || !g_utf8_validate_len(text, length, NULL)) {
        faults_add(faults, "%s:1: the file is not UTF-8 text", path);
        return NULL;
    }
    note_lines(file, text, length, faults);
    if (faults_count(faults) > before)
        return NULL;
    if (!g_key_file_load_from_data(file->keys, text, length, G_KEY_FILE_NONE, &error) &&
        length > 0) {
        faults_add(faults, "%s:1: %s", path, error->message);
        return NULL;
    }
    return g_steal_pointer(&file);
}

SettingFile *
setting_file_load(const char *path, Faults *faults)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;

    if (!g_file_get_contents(path, &text, &length, &error)) {
        faults_add(faults, "%s:1: %s", path, error->message);
        return NULL;
    }
    return setting_file_parse(path, text, length, faults);
}

void
setting_file_free(SettingFile *file)
{
    g_clear_pointer(&file->keys, g_key_file_unref);
    g_clear_pointer(&file->lines, g_hash_table_unref);
    g_free(file->path);
    g_free(file);
}

const char *
setting_file_path(const SettingFile *file)
{
    return file->path;
}

char **
setting_file_groups(const SettingFile *file)
{
    return g_key_file_get_groups(file->keys, NULL);
}

char **
setting_file_keys(const SettingFile *file, const char *group)
{
    char **keys = g_key_file_get_keys(file->keys, group, NULL, NULL);

    return keys != NULL ? keys : g_new0(char *, 1);
}

gboolean
setting_file_has_group(const SettingFile *file, const char *group)
{
    return g_key_file_has_group(file->keys, group);
}

static gboolean
has_key(const SettingFile *file, const char *group, const char *key)
{
    return g_key_file_has_group(file->keys, group) &&
           g_key_file_has_key(file->keys, group, key, NULL);
}

char *
setting_file_get(const SettingFile *file, const char *group, const char *key, GError **error)
{
    if (!has_key(file, group, key))
        return NULL;

    /* For a bad escape it gives both, a value and an error. */
    GError *fault = NULL;
    g_autofree char *value = g_key_file_get_string(file->keys, group, key, &fault);
    if (fault == NULL)
        return g_steal_pointer(&value);
    g_propagate_error(error, fault);
    return NULL;
}

char **
setting_file_get_list(const SettingFile *file, const char *group, const char *key,
                      GError **error)
{
    if (!has_key(file, group, key))
        return NULL;

    GError *fault = NULL;
    char **list = g_key_file_get_string_list(file->keys, group, key, NULL, &fault);
    if (fault != NULL) {
        g_strfreev(list);
        g_propagate_error(error, fault);
        return NULL;
    }
    for (char **item = list; item != NULL && *item != NULL; item++)
        g_strstrip(*item);
    return list;
}

void
setting_file_fault(const SettingFile *file, Faults *faults, const char *group, const char *key,
                   const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    faults_add(faults, "%s:%u: [%s]%s%s: %s", file->path, line_of(file, group, key), group,
               key != NULL ? " " : "", key != NULL ? key : "", what);
}
