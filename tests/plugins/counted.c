/* A plugin that counts its uses, so that a test can see when one is stopped. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

typedef struct {
    char *tag;
} CountedSettings;

/* Read by the test through the module's symbols. */
G_MODULE_EXPORT gint counted_started, counted_stopped;

static gboolean
counted_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    const CountedSettings *settings = data;

    *instance_out = g_strdup(settings->tag);
    g_atomic_int_inc(&counted_started);
    return TRUE;
}

static void
counted_stop(gpointer instance)
{
    g_atomic_int_inc(&counted_stopped);
    g_free(instance);
}

static const Pop4Setting counted_settings[] = {
    {.key = "tag",
     .type = POP4_SETTING_STRING,
     .offset = G_STRUCT_OFFSET(CountedSettings, tag),
     .initial = "none",
     .help = "What tells one use from another"},
    {.key = NULL},
};

POP4_PLUGIN(counted) = {
    POP4_PLUGIN_ABI,
    .name = "counted",
    .settings = counted_settings,
    .settings_size = sizeof(CountedSettings),
    .start = counted_start,
    .stop = counted_stop,
};
