/* Loads modules, refuses those built for another ABI, keeps them until exit. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/plugin.h>

/**
 * plugin_load:
 * @dir: where modules lie
 * @name: the plugin's name; its module is `<name>.so`
 * @error: return location for a #POP4_ERROR
 *
 * The module stays resident: sessions hold pointers into its tables. Main thread.
 *
 * Returns: (transfer none): the plugin, or %NULL
 */
const Pop4Plugin *plugin_load(const char *dir, const char *name, GError **error);

/* Whether a module of that name lies in @dir, whatever is in it. */
gboolean plugin_exists(const char *dir, const char *name);

/* (transfer full): names of all modules in @dir, sorted. */
char **plugin_names(const char *dir);
