/* What sessions can do: commands, capabilities, hooks and settings of all plugins that are on.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "command-table.h"
#include "settings.h"
#include "tls-context.h"

/* One use of a plugin: its settings and what its start() gave for them. Shared between sets for
 * as long as the settings stay the same. */
typedef struct {
    gint references; /* atomic */
    const Pop4Plugin *plugin;
    gpointer settings;
    char *settings_text;
    gpointer instance;
} Extension;

/* Immutable once built. Sessions pin one; the last to let go of it frees it, on its thread. */
typedef struct {
    gint references; /* atomic */
    guint64 revision;
    CommandTable *commands;
    GPtrArray *extensions;   /* Extension, in the order of the plugins */
    const Extension *store;  /* (nullable) */
    const Pop4Hooks **hooks; /* NULL-terminated */
    TlsContext *tls;         /* (nullable) */
    /* Of [server], in seconds or counts: what a change needs no restart for. */
    guint idle_timeout, login_timeout, write_timeout;
    guint max_bad_commands;
} ExtensionSet;

typedef enum {
    PLUGINS_ALL,     /* a plugin that cannot be used is a fault: --check and reload */
    PLUGINS_WORKING, /* it is left out and logged: at the start the rest runs */
} PluginPolicy;

/**
 * extension_set_build:
 * @before: (nullable): the present set, whose extensions are taken over where nothing changed
 * @tls: (nullable): (transfer none)
 *
 * Main thread. Nothing is published: sessions see the set when the server does so.
 *
 * Returns: (transfer full) (nullable): NULL when there are @faults, earlier ones included
 */
ExtensionSet *extension_set_build(const Settings *settings, const ExtensionSet *before,
                                  TlsContext *tls, PluginPolicy policy, Faults *faults);
ExtensionSet *extension_set_ref(ExtensionSet *set);
void extension_set_unref(ExtensionSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ExtensionSet, extension_set_unref)

/* (nullable) */
const Extension *extension_set_find(const ExtensionSet *set, const char *plugin);
