/* UIDL (RFC 1939, section 7): the names by which messages stay known between sessions. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

typedef struct {
    const Pop4Maildrop *maildrop;
    guint number;
} UidlListing;

static gboolean
next_line(GString *line, gpointer state)
{
    UidlListing *listing = state;

    while (++listing->number <= pop4_maildrop_get_count(listing->maildrop)) {
        if (pop4_maildrop_is_marked(listing->maildrop, listing->number))
            continue;
        g_string_append_printf(line, "%u %s", listing->number,
                               pop4_maildrop_get_uid(listing->maildrop, listing->number));
        return TRUE;
    }
    return FALSE;
}

static gboolean
uidl_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    guint number;

    if (pop4_args_count(args) == 0) {
        UidlListing *listing = g_new0(UidlListing, 1);
        listing->maildrop = maildrop;
        pop4_reply_lines(session, "unique-id listing follows", next_line, listing, g_free);
        return TRUE;
    }
    if (!pop4_args_get_uint(args, 0, &number, error) ||
        !pop4_maildrop_check(maildrop, number, error))
        return FALSE;

    pop4_reply_ok(session, "%u %s", number, pop4_maildrop_get_uid(maildrop, number));
    return TRUE;
}

static const Pop4Command uidl_commands[] = {
    {
        .verb = "UIDL",
        .run = uidl_run,
        .states = POP4_STATE_TRANSACTION,
        .max_args = 1,
        .summary = "Tell the unique-id of each message, or of one",
    },
    {.verb = NULL},
};

static const Pop4Capability uidl_capabilities[] = {
    {.name = "UIDL", .states = POP4_STATE_ANY},
    {.name = NULL},
};

POP4_PLUGIN(uidl) = {
    POP4_PLUGIN_ABI,
    .name = "uidl",
    .summary = "The UIDL command of RFC 1939",
    .commands = uidl_commands,
    .capabilities = uidl_capabilities,
};
