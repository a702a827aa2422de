/* A plugin that brings a verb which another one has. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static gboolean
stat_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    pop4_reply_ok(session, "mine");
    return TRUE;
}

static const Pop4Command twice_commands[] = {
    {.verb = "STAT", .run = stat_run, .states = POP4_STATE_TRANSACTION},
    {.verb = NULL},
};

POP4_PLUGIN(twice) = {
    POP4_PLUGIN_ABI,
    .name = "twice",
    .commands = twice_commands,
};
