/* LAST, as RFC 1460 had it: the highest message number this session has retrieved. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static void
last_logged_in(Pop4Session *session)
{
    pop4_session_set_data(session, "last", g_new0(guint, 1), g_free);
}

static void
last_retrieved(Pop4Session *session, guint number, guint64 octets)
{
    guint *highest = pop4_session_get_data(session, "last");

    *highest = MAX(*highest, number);
}

static gboolean
last_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const guint *highest = pop4_session_get_data(session, "last");

    pop4_reply_ok(session, "%u", *highest);
    return TRUE;
}

static const Pop4Command last_commands[] = {
    {
        .verb = "LAST",
        .run = last_run,
        .states = POP4_STATE_TRANSACTION,
        .summary = "Tell the highest message number retrieved so far",
    },
    {.verb = NULL},
};

static const Pop4Capability last_capabilities[] = {
    {.name = "X-LAST", .states = POP4_STATE_ANY},
    {.name = NULL},
};

static const Pop4Hooks last_hooks = {
    .logged_in = last_logged_in,
    .retrieved = last_retrieved,
};

POP4_PLUGIN(last) = {
    POP4_PLUGIN_ABI,
    .name = "last",
    .summary = "The LAST command of RFC 1460",
    .commands = last_commands,
    .capabilities = last_capabilities,
    .hooks = &last_hooks,
};
