/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "inspect.h"

#include "plugin-manager.h"
#include "setting-table.h"

#include <pop4/command.h>
#include <stdlib.h>

int
inspect_list(const char *plugin_dir)
{
    g_auto(GStrv) names = plugin_names(plugin_dir);
    int status = EXIT_SUCCESS;

    for (guint i = 0; names[i] != NULL; i++) {
        g_autoptr(GError) error = NULL;
        const Pop4Plugin *plugin = plugin_load(plugin_dir, names[i], &error);
        if (plugin != NULL) {
            g_print("%-12s %s\n", plugin->name, plugin->summary != NULL ? plugin->summary : "");
        } else {
            g_printerr("pop4d: %s\n", error->message);
            status = EXIT_FAILURE;
        }
    }
    return status;
}

static const char *
states_text(guint states)
{
    if (states == POP4_STATE_ANY)
        return "before and after login";
    return states == POP4_STATE_AUTHORIZATION ? "before login" : "after login";
}

static void
describe_settings(const Pop4Setting *row)
{
    for (; row != NULL && row->key != NULL; row++) {
        g_autofree char *type = setting_table_describe_type(row);
        g_print("  %s%s (%s", row->key, row->type == POP4_SETTING_MAP ? "NAME" : "", type);
        if (row->initial != NULL)
            g_print(", default %s", row->initial[0] != '\0' ? row->initial : "empty");
        if (row->flags & POP4_SETTING_REQUIRED)
            g_print(", must be set");
        g_print(")\n      %s\n", row->help != NULL ? row->help : "");
    }
}

int
inspect_describe(const char *plugin_dir, const char *name)
{
    g_autoptr(GError) error = NULL;
    const Pop4Plugin *plugin = plugin_load(plugin_dir, name, &error);

    if (plugin == NULL) {
        g_printerr("pop4d: %s\n", error->message);
        return EXIT_FAILURE;
    }
    g_print("%s: %s\n", plugin->name, plugin->summary != NULL ? plugin->summary : "");
    g_print("ABI %u.%u%s%s\n", plugin->abi_major, plugin->abi_minor,
            plugin->store != NULL ? ", a mail store" : "",
            plugin->authenticator != NULL ? ", checks passwords" : "");
    g_print("\nCommands:\n");
    for (const Pop4Command *row = plugin->commands; row != NULL && row->verb != NULL; row++)
        g_print("  %-10s %s (%s)\n", row->verb, row->summary != NULL ? row->summary : "",
                states_text(row->states));
    g_print("\nCapabilities:\n");
    for (const Pop4Capability *row = plugin->capabilities; row != NULL && row->name != NULL;
         row++)
        g_print("  %s (%s)\n", row->name, states_text(row->states));
    g_print("\nSettings of [plugin %s]:\n", plugin->name);
    describe_settings(plugin->settings);
    return EXIT_SUCCESS;
}
