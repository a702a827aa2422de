/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "setting-table.h"

#include <string.h>

#define MEMBER(type, settings, row) (*(type *)(gpointer)((char *)(settings) + (row)->offset))

static const struct {
    gsize size;
    const char *name;
} types[] = {
    [POP4_SETTING_STRING] = {sizeof(char *), "text"},
    [POP4_SETTING_UINT] = {sizeof(guint64), "number"},
    [POP4_SETTING_BOOL] = {sizeof(gboolean), "yes or no"},
    [POP4_SETTING_CHOICE] = {sizeof(guint), "choice"},
    [POP4_SETTING_LIST] = {sizeof(char **), "list"},
    [POP4_SETTING_MAP] = {sizeof(GHashTable *), "map"},
};

static gboolean
parse_uint(const Pop4Setting *row, const char *text, guint64 *value_out, char **fault_out)
{
    if (g_ascii_string_to_unsigned(text, 10, row->min, row->max, value_out, NULL))
        return TRUE;
    *fault_out = g_strdup_printf("must be a number from %" G_GUINT64_FORMAT
                                 " to %" G_GUINT64_FORMAT ", not \"%s\"",
                                 row->min, row->max, text);
    return FALSE;
}

static gboolean
parse_bool(const char *text, gboolean *value_out, char **fault_out)
{
    if (g_str_equal(text, "yes") || g_str_equal(text, "true"))
        *value_out = TRUE;
    else if (g_str_equal(text, "no") || g_str_equal(text, "false"))
        *value_out = FALSE;
    else
        *fault_out = g_strdup_printf("must be yes or no, not \"%s\"", text);
    return *fault_out == NULL;
}

static gboolean
parse_choice(const Pop4Setting *row, const char *text, guint *value_out, char **fault_out)
{
    g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);

    for (guint i = 0; choices[i] != NULL; i++) {
        if (g_str_equal(choices[i], text)) {
            *value_out = i;
            return TRUE;
        }
    }
    *fault_out = g_strdup_printf("must be one of %s, not \"%s\"", row->choices, text);
    return FALSE;
}

/* @text: (transfer full): as it stands in the file, or the default. NULL fault means success.
 */
static char *
set_scalar(const Pop4Setting *row, char *text, gpointer settings)
{
    g_autofree char *value = text;
    char *fault = NULL;

    switch (row->type) {
    case POP4_SETTING_STRING:
        g_free(MEMBER(char *, settings, row));
        MEMBER(char *, settings, row) = g_steal_pointer(&value);
        break;
    case POP4_SETTING_UINT:
        parse_uint(row, value, &MEMBER(guint64, settings, row), &fault);
        break;
    case POP4_SETTING_BOOL:
        parse_bool(value, &MEMBER(gboolean, settings, row), &fault);
        break;
    case POP4_SETTING_CHOICE:
        parse_choice(row, value, &MEMBER(guint, settings, row), &fault);
        break;
    case POP4_SETTING_LIST:
    case POP4_SETTING_MAP:
        g_assert_not_reached();
    }
    return fault;
}

static void
fill_list(const Pop4Setting *row, const SettingFile *file, const char *group, gpointer settings,
          Faults *faults)
{
    g_autoptr(GError) error = NULL;
    char **list = setting_file_get_list(file, group, row->key, &error);

    if (error != NULL)
        setting_file_fault(file, faults, group, row->key, "%s", error->message);
    else if (list == NULL && (row->flags & POP4_SETTING_REQUIRED))
        setting_file_fault(file, faults, group, row->key, "must be set");
    if (list == NULL)
        list = g_strsplit(row->initial != NULL ? row->initial : "", ";", -1);
    MEMBER(char **, settings, row) = list;
}

static void
free_secret(gpointer data)
{
    char *text = data;

    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

static GDestroyNotify
how_to_free(const Pop4Setting *row)
{
    return (row->flags & POP4_SETTING_SECRET) ? free_secret : g_free;
}

static void
fill_map(const Pop4Setting *row, const SettingFile *file, const char *group, gpointer settings,
         Faults *faults)
{
    GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, how_to_free(row));
    g_auto(GStrv) keys = setting_file_keys(file, group);

    for (guint i = 0; keys[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        if (!g_str_has_prefix(keys[i], row->key))
            continue;
        char *value = setting_file_get(file, group, keys[i], &error);
        if (value != NULL)
            g_hash_table_insert(map, g_strdup(keys[i] + strlen(row->key)), value);
        else
            setting_file_fault(file, faults, group, keys[i], "%s", error->message);
    }
    MEMBER(GHashTable *, settings, row) = map;
}

static void
fill_scalar(const Pop4Setting *row, const SettingFile *file, const char *group,
            gpointer settings, Faults *faults)
{
    g_autoptr(GError) error = NULL;
    char *text = setting_file_get(file, group, row->key, &error);

    if (error != NULL) {
        setting_file_fault(file, faults, group, row->key, "%s", error->message);
        return;
    }
    if (text == NULL && (row->flags & POP4_SETTING_REQUIRED))
        setting_file_fault(file, faults, group, row->key, "must be set");
    if (text == NULL && row->initial == NULL)
        return;

    g_autofree char *fault =
        set_scalar(row, text != NULL ? text : g_strdup(row->initial), settings);
    if (fault != NULL)
        setting_file_fault(file, faults, group, row->key, "%s", fault);
}

static gboolean
is_known(const Pop4Setting *table, const char *key)
{
    for (const Pop4Setting *row = table; row != NULL && row->key != NULL; row++) {
        if (row->type == POP4_SETTING_MAP
                ? g_str_has_prefix(key, row->key) && key[strlen(row->key)] != '\0'
                : g_str_equal(key, row->key))
            return TRUE;
    }
    return FALSE;
}

void
setting_table_fill(const Pop4Setting *table, const SettingFile *file, const char *group,
                   gpointer settings, Faults *faults)
{
    g_auto(GStrv) keys = setting_file_keys(file, group);

    for (guint i = 0; keys[i] != NULL; i++) {
        if (!is_known(table, keys[i]))
            setting_file_fault(file, faults, group, keys[i], "unknown key");
    }
    for (const Pop4Setting *row = table; row != NULL && row->key != NULL; row++) {
        if (row->type == POP4_SETTING_LIST)
            fill_list(row, file, group, settings, faults);
        else if (row->type == POP4_SETTING_MAP)
            fill_map(row, file, group, settings, faults);
        else
            fill_scalar(row, file, group, settings, faults);
    }
}

void
setting_table_clear(const Pop4Setting *table, gpointer settings)
{
    for (const Pop4Setting *row = table; row != NULL && row->key != NULL; row++) {
        if (row->type == POP4_SETTING_STRING)
            how_to_free(row)(MEMBER(char *, settings, row));
        else if (row->type == POP4_SETTING_LIST)
            g_strfreev(MEMBER(char **, settings, row));
        else if (row->type == POP4_SETTING_MAP)
            g_clear_pointer(&MEMBER(GHashTable *, settings, row), g_hash_table_unref);
    }
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *
print_map(const char *key, GHashTable *map)
{
    GString *text = g_string_new(NULL);
    guint count;
    g_autofree gpointer *names = g_hash_table_get_keys_as_array(map, &count);

    qsort(names, count, sizeof *names, compare_keys);
    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "%s%s = %s\n", key, (const char *)names[i],
                               (const char *)g_hash_table_lookup(map, names[i]));
    return g_string_free(text, FALSE);
}

/* As in a file: "a;b" is two items, "a\\;b" one. */
static char *
print_list(char **items)
{
    GString *text = g_string_new(NULL);

    for (char **item = items; *item != NULL; item++) {
        g_autoptr(GString) escaped = g_string_new(*item);
        g_string_replace(escaped, "\\", "\\\\", 0);
        g_string_replace(escaped, ";", "\\;", 0);
        g_string_append_printf(text, "%s%s", item != items ? ";" : "", escaped->str);
    }
    return g_string_free(text, FALSE);
}

/* (transfer full): the row as one line or, for a map, none or several. */
static char *
print_row(const Pop4Setting *row, gconstpointer settings)
{
    g_autofree char *list = NULL;

    switch (row->type) {
    case POP4_SETTING_MAP:
        return print_map(row->key, MEMBER(GHashTable *, settings, row));
    case POP4_SETTING_LIST:
        list = print_list(MEMBER(char **, settings, row));
        return g_strdup_printf("%s = %s\n", row->key, list);
    case POP4_SETTING_STRING:
        if (MEMBER(char *, settings, row) == NULL)
            return g_strdup("");
        return g_strdup_printf("%s = %s\n", row->key, MEMBER(char *, settings, row));
    case POP4_SETTING_UINT:
        return g_strdup_printf("%s = %" G_GUINT64_FORMAT "\n", row->key,
                               MEMBER(guint64, settings, row));
    case POP4_SETTING_BOOL:
    case POP4_SETTING_CHOICE:
        return g_strdup_printf("%s = %u\n", row->key, MEMBER(guint, settings, row));
    }
    g_assert_not_reached();
}

char *
setting_table_print(const Pop4Setting *table, gconstpointer settings)
{
    GString *text = g_string_new(NULL);

    for (const Pop4Setting *row = table; row != NULL && row->key != NULL; row++) {
        g_autofree char *line = print_row(row, settings);
        g_string_append(text, line);
    }
    return g_string_free(text, FALSE);
}

void
setting_table_diff(const Pop4Setting *table, const char *group, gconstpointer before,
                   gconstpointer after, GString *diff)
{
    for (const Pop4Setting *row = table; row->key != NULL; row++) {
        g_autofree char *old = print_row(row, before);
        g_autofree char *new = print_row(row, after);
        if ((row->flags & POP4_SETTING_RESTART) && !g_str_equal(old, new))
            g_string_append_printf(diff, "[%s] %s ", group, row->key);
    }
}

const char *
setting_table_check(const Pop4Setting *table, gsize settings_size)
{
    for (const Pop4Setting *row = table; row != NULL && row->key != NULL; row++) {
        if (row->type > POP4_SETTING_MAP)
            return "a setting of unknown type";
        if (row->offset + types[row->type].size > settings_size)
            return "a setting outside its struct";
        if (row->type == POP4_SETTING_CHOICE && row->choices == NULL)
            return "a choice without choices";
        if (row->type == POP4_SETTING_MAP && !g_str_has_suffix(row->key, "."))
            return "a map whose key does not end in a dot";
    }
    return NULL;
}

char *
setting_table_describe_type(const Pop4Setting *row)
{
    if (row->type == POP4_SETTING_UINT)
        return g_strdup_printf("number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                               row->min, row->max);
    if (row->type == POP4_SETTING_CHOICE)
        return g_strdup(row->choices);
    return g_strdup(types[row->type].name);
}
