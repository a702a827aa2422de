/* A plugin with one verb and one capability, to be switched on and off. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static gboolean
extra_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "extra");
    return TRUE;
}

static const Pop4Command extra_commands[] = {
    {.verb = "EXTRA", .run = extra_run, .states = POP4_STATE_ANY},
    {.verb = NULL},
};

static const Pop4Capability extra_capabilities[] = {
    {.name = "X-EXTRA", .states = POP4_STATE_ANY},
    {.name = NULL},
};

POP4_PLUGIN(extra) = {
    POP4_PLUGIN_ABI,
    .name = "extra",
    .commands = extra_commands,
    .capabilities = extra_capabilities,
};
