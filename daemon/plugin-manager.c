/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "plugin-manager.h"

#include "args.h"
#include "exports.h"
#include "setting-table.h"

#include <pop4/error.h>
#include <string.h>

static char *
module_path(const char *dir, const char *name)
{
    g_autofree char *file = g_strconcat(name, "." G_MODULE_SUFFIX, NULL);

    return g_build_filename(dir, file, NULL);
}

static gboolean
is_name(const char *name)
{
    return name[0] != '\0' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_")] == '\0';
}

gboolean
plugin_exists(const char *dir, const char *name)
{
    g_autofree char *path = module_path(dir, name);

    return is_name(name) && g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean
check_abi(const Pop4Plugin *plugin, const char *name, GError **error)
{
    if (plugin->abi_major == POP4_ABI_MAJOR && plugin->abi_minor <= POP4_ABI_MINOR)
        return TRUE;

    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                "plugin %s was built for pop4 ABI %u.%u, this is %u.%u", name,
                plugin->abi_major, plugin->abi_minor, POP4_ABI_MAJOR, POP4_ABI_MINOR);
    return FALSE;
}

/* (transfer full): a copy of @size octets at the head of a table, the rest of @whole zero. */
static gpointer
copy_head(gconstpointer table, gsize size, gsize whole)
{
    gpointer copy = g_malloc0(whole);

    memcpy(copy, table, size);
    return copy;
}

/* How long the tables of a plugin are, by its ABI's minor number. */
typedef struct {
    gsize plugin, hooks;
} TableEnds;

static const TableEnds table_ends[] = {
    {G_STRUCT_OFFSET(Pop4Plugin, directory), G_STRUCT_OFFSET(Pop4Hooks, greeting)},
    {G_STRUCT_OFFSET(Pop4Plugin, folders), G_STRUCT_OFFSET(Pop4Hooks, submitted)},
    {G_STRUCT_OFFSET(Pop4Plugin, folders), sizeof(Pop4Hooks)},
};
G_STATIC_ASSERT(G_N_ELEMENTS(table_ends) == POP4_ABI_MINOR);

/* A plugin of an older ABI ends where its tables ended then: as ours they are zero from there.
 * Main thread. */
static const Pop4Plugin *
widen(const Pop4Plugin *plugin)
{
    static GHashTable *widened;

    if (plugin->abi_minor >= POP4_ABI_MINOR)
        return plugin;
    if (widened == NULL)
        widened = g_hash_table_new(NULL, NULL);
    Pop4Plugin *copy = g_hash_table_lookup(widened, plugin);
    if (copy == NULL) {
        const TableEnds *ends = &table_ends[plugin->abi_minor];
        copy = copy_head(plugin, ends->plugin, sizeof *copy);
        if (copy->hooks != NULL)
            copy->hooks = copy_head(copy->hooks, ends->hooks, sizeof *copy->hooks);
        g_hash_table_insert(widened, (gpointer)plugin, copy);
    }
    return copy;
}

static const char *
check_command(const Pop4Command *command)
{
    if (command->run == NULL)
        return "a command without a handler";
    if (command->verb[0] == '\0' || command->verb[0] == ' ')
        return "an empty verb";
    if (command->verb[strcspn(command->verb, "abcdefghijklmnopqrstuvwxyz\t\r\n")] != '\0')
        return "a verb that is not upper case";
    if (command->min_args > command->max_args || command->max_args > ARGS_MAX)
        return "a command with impossible argument counts";
    if (command->states == 0 || command->max_line > POP4_LINE_LIMIT)
        return "a command without states, or with too long a line";
    return NULL;
}

static const char *
check_store(const Pop4Store *store)
{
    gboolean whole =
        store == NULL || (store->open && store->count && store->size && store->uid &&
                          store->open_body && store->remove && store->close);

    return whole ? NULL : "a store that is not whole";
}

static const char *
check_folders(const Pop4Plugin *plugin)
{
    const Pop4Folders *table = plugin->abi_minor >= 3 ? plugin->folders : NULL;

    if (table == NULL)
        return NULL;
    if (plugin->store == NULL)
        return "folders without a store";
    gboolean whole = table->list && table->open && table->create && table->remove &&
                     table->rename && table->refresh && table->flags && table->set_flags &&
                     table->move && table->copy && table->append && table->append_write &&
                     table->append_finish && table->append_free && table->sync &&
                     table->sync_all && !table->watch == !table->unwatch;
    return whole ? NULL : "a table of folders that is not whole";
}

static const char *
check_tables(const Pop4Plugin *plugin, const char *name)
{
    if (g_strcmp0(plugin->name, name) != 0)
        return "another name than its file";
    for (const Pop4Command *row = plugin->commands; row != NULL && row->verb != NULL; row++) {
        const char *fault = check_command(row);
        if (fault != NULL)
            return fault;
    }
    if (plugin->authenticator != NULL && plugin->authenticator->check_password == NULL)
        return "an authenticator that is not whole";
    if (plugin->abi_minor >= 1 && plugin->directory != NULL &&
        plugin->directory->lookup == NULL)
        return "a directory that is not whole";
    const char *fault = check_store(plugin->store);
    if (fault == NULL)
        fault = check_folders(plugin);
    return fault != NULL ? fault : setting_table_check(plugin->settings, plugin->settings_size);
}

static gboolean
check(const Pop4Plugin *plugin, const char *name, GError **error)
{
    if (!check_abi(plugin, name, error))
        return FALSE;

    const char *fault = check_tables(plugin, name);
    if (fault != NULL)
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "plugin %s has %s", name, fault);
    return fault == NULL;
}

const Pop4Plugin *
plugin_load(const char *dir, const char *name, GError **error)
{
    g_autofree char *path = module_path(dir, name);
    g_autofree char *symbol = g_strconcat("pop4_plugin_", name, NULL);
    gpointer plugin;

    g_assert(exports[0] != NULL);
    if (!plugin_exists(dir, name)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "there is no plugin %s in %s",
                    name, dir);
        return NULL;
    }
    GModule *module = g_module_open(path, G_MODULE_BIND_LOCAL);
    if (module == NULL) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "plugin %s cannot be loaded: %s",
                    name, g_module_error());
        return NULL;
    }
    if (!g_module_symbol(module, g_strdelimit(symbol, "-", '_'), &plugin)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s is no plugin: it has no %s",
                    path, symbol);
        g_module_close(module);
        return NULL;
    }
    if (!check(plugin, name, error)) {
        g_module_close(module);
        return NULL;
    }
    g_module_make_resident(module);
    return widen(plugin);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **
plugin_names(const char *dir)
{
    g_autoptr(GDir) files = g_dir_open(dir, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const char *file;

    while (files != NULL && (file = g_dir_read_name(files)) != NULL) {
        if (g_str_has_suffix(file, "." G_MODULE_SUFFIX))
            g_ptr_array_add(names, g_strndup(file, strlen(file) - strlen("." G_MODULE_SUFFIX)));
    }
    g_ptr_array_sort(names, compare_names);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}
