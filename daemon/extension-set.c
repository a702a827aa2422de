/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "extension-set.h"

#include "capabilities.h"
#include "plugin-manager.h"
#include "setting-table.h"

#include <pop4/error.h>
#include <pop4/log.h>
#include <string.h>

static Extension *
extension_ref(Extension *extension)
{
    g_atomic_int_inc(&extension->references);
    return extension;
}

static void
extension_unref(gpointer data)
{
    Extension *extension = data;

    if (!g_atomic_int_dec_and_test(&extension->references))
        return;
    if (extension->instance != NULL && extension->plugin->stop != NULL)
        extension->plugin->stop(extension->instance);
    setting_table_clear(extension->plugin->settings, extension->settings);
    g_free(extension->settings);
    if (extension->settings_text != NULL) /* it may hold secrets */
        explicit_bzero(extension->settings_text, strlen(extension->settings_text));
    g_free(extension->settings_text);
    g_free(extension);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Extension, extension_unref)

const Extension *
extension_set_find(const ExtensionSet *set, const char *plugin)
{
    for (guint i = 0; i < set->extensions->len; i++) {
        const Extension *extension = g_ptr_array_index(set->extensions, i);
        if (extension->plugin->name == plugin || g_str_equal(extension->plugin->name, plugin))
            return extension;
    }
    return NULL;
}

ExtensionSet *
extension_set_ref(ExtensionSet *set)
{
    g_atomic_int_inc(&set->references);
    return set;
}

void
extension_set_unref(ExtensionSet *set)
{
    if (!g_atomic_int_dec_and_test(&set->references))
        return;
    g_clear_pointer(&set->commands, command_table_free);
    g_clear_pointer(&set->extensions, g_ptr_array_unref);
    g_clear_pointer(&set->tls, tls_context_unref);
    g_free(set->hooks);
    g_free(set);
}

static Extension *
extension_new(const Pop4Plugin *plugin)
{
    Extension *extension = g_new0(Extension, 1);

    extension->references = 1;
    extension->plugin = plugin;
    extension->settings = g_malloc0(MAX(plugin->settings_size, 1));
    return extension;
}

static Extension *
extension_new_from_file(const Pop4Plugin *plugin, const SettingFile *file, Faults *faults)
{
    Extension *extension = extension_new(plugin);
    g_autofree char *group = g_strconcat("plugin ", plugin->name, NULL);

    setting_table_fill(plugin->settings, file, group, extension->settings, faults);
    extension->settings_text = setting_table_print(plugin->settings, extension->settings);
    return extension;
}

static gboolean
start(Extension *extension, GError **error)
{
    const Pop4Plugin *plugin = extension->plugin;

    if (plugin->start == NULL ||
        plugin->start(extension->settings, &extension->instance, error))
        return TRUE;
    if (error != NULL && *error == NULL)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, "it gave no reason");
    g_prefix_error(error, "plugin %s cannot start: ", plugin->name);
    return FALSE;
}

/* Everything that can refuse @extension, before it is a part of @set. */
static gboolean
admit(ExtensionSet *set, const Extension *extension, GError **error)
{
    if (extension->plugin->store != NULL && set->store != NULL) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "plugin %s: plugin %s is the mail store already", extension->plugin->name,
                    set->store->plugin->name);
        return FALSE;
    }
    if (extension_set_find(set, extension->plugin->name) != NULL) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "plugin %s is named twice",
                    extension->plugin->name);
        return FALSE;
    }
    return command_table_check(set->commands, extension->plugin, error);
}

static void
add(ExtensionSet *set, Extension *extension)
{
    g_ptr_array_add(set->extensions, extension_ref(extension));
    command_table_add(set->commands, extension->plugin);
    if (extension->plugin->store != NULL)
        set->store = extension;
}

/* (transfer full): the extension of @plugin that is in use with the same settings, or @fresh.
 */
static Extension *
take_over(const ExtensionSet *before, Extension *fresh)
{
    const Extension *old =
        before != NULL ? extension_set_find(before, fresh->plugin->name) : NULL;

    if (old == NULL || !g_str_equal(old->settings_text, fresh->settings_text))
        return extension_ref(fresh);
    return extension_ref((Extension *)old);
}

/* FALSE with @error when the plugin itself is to blame, not its settings. */
static gboolean
switch_on(ExtensionSet *set, const ExtensionSet *before, const Settings *settings,
          const char *name, Faults *faults, GError **error)
{
    const Pop4Plugin *plugin = plugin_load(settings->server.plugin_dir, name, error);
    if (plugin == NULL)
        return FALSE;

    g_autoptr(Extension) fresh = extension_new_from_file(plugin, settings->file, faults);
    g_autoptr(Extension) extension = take_over(before, fresh);
    if (!admit(set, extension, error))
        return FALSE;
    /* With faults there will be no set: nothing is started for it. */
    if (extension == fresh && faults_count(faults) == 0 && !start(extension, error))
        return FALSE;
    add(set, extension);
    return TRUE;
}

static void
switch_on_all(ExtensionSet *set, const ExtensionSet *before, const Settings *settings,
              PluginPolicy policy, Faults *faults)
{
    for (char **name = settings->server.plugins; *name != NULL; name++) {
        g_autoptr(GError) error = NULL;
        gboolean missing = !plugin_exists(settings->server.plugin_dir, *name);
        if (switch_on(set, before, settings, *name, faults, &error))
            continue;
        if (missing || policy == PLUGINS_ALL)
            setting_file_fault(settings->file, faults, "server", "plugins", "%s",
                               error->message);
        else
            pop4_log(NULL, POP4_LOG_ERROR, "plugin-refused", "plugin", *name, "reason",
                     error->message, NULL);
    }
}

/* A [plugin NAME] group for a plugin that is off is checked like the others. */
static void
check_unused_groups(const Settings *settings, Faults *faults)
{
    g_auto(GStrv) groups = setting_file_groups(settings->file);

    for (guint i = 0; groups[i] != NULL; i++) {
        const char *name = settings_group_name(groups[i], "plugin");
        if (name == NULL ||
            g_strv_contains((const char *const *)settings->server.plugins, name))
            continue;
        g_autoptr(GError) error = NULL;
        const Pop4Plugin *plugin = plugin_load(settings->server.plugin_dir, name, &error);
        if (plugin == NULL)
            setting_file_fault(settings->file, faults, groups[i], NULL, "%s", error->message);
        else
            extension_unref(extension_new_from_file(plugin, settings->file, faults));
    }
}

static void
collect_hooks(ExtensionSet *set)
{
    g_autoptr(GPtrArray) hooks = g_ptr_array_new();

    for (guint i = 0; i < set->extensions->len; i++) {
        const Extension *extension = g_ptr_array_index(set->extensions, i);
        if (extension->plugin->hooks != NULL)
            g_ptr_array_add(hooks, (gpointer)extension->plugin->hooks);
    }
    g_ptr_array_add(hooks, NULL);
    set->hooks = (const Pop4Hooks **)g_ptr_array_free(g_steal_pointer(&hooks), FALSE);
}

static ExtensionSet *
set_new(const Settings *settings, const ExtensionSet *before)
{
    ExtensionSet *set = g_new0(ExtensionSet, 1);

    set->references = 1;
    set->revision = before != NULL ? before->revision + 1 : 1;
    set->commands = command_table_new();
    set->extensions = g_ptr_array_new_with_free_func(extension_unref);
    set->idle_timeout = (guint)settings->server.idle_timeout;
    set->login_timeout = (guint)settings->server.login_timeout;
    set->write_timeout = (guint)settings->server.write_timeout;
    set->max_bad_commands = (guint)settings->server.max_bad_commands;
    g_ptr_array_add(set->extensions, extension_new(&capabilities_plugin));
    command_table_add(set->commands, &capabilities_plugin);
    return set;
}

ExtensionSet *
extension_set_build(const Settings *settings, const ExtensionSet *before, TlsContext *tls,
                    PluginPolicy policy, Faults *faults)
{
    g_autoptr(ExtensionSet) set = set_new(settings, before);

    set->tls = tls != NULL ? tls_context_ref(tls) : NULL;
    switch_on_all(set, before, settings, policy, faults);
    check_unused_groups(settings, faults);
    collect_hooks(set);
    return faults_count(faults) == 0 ? g_steal_pointer(&set) : NULL;
}
