/* A plugin that cannot start. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static gboolean
no_start_start(gconstpointer settings, gpointer *instance_out, GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        "the moon is in the wrong place");
    return FALSE;
}

POP4_PLUGIN(no_start) = {
    POP4_PLUGIN_ABI,
    .name = "no-start",
    .start = no_start_start,
};
