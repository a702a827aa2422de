/* POP4: the folder verbs of the proposal of 2003 (revision 0), and what completes it
 * (revision 1). */
/* SPDX-License-Identifier: MIT */

#include "commands.h"

#include <string.h>

/* Octets of a command line with CRLF: folder names are long. */
#define LINE_MAX_OCTETS 1024

#define ROW(name, handler, arguments, text) \
    { \
        .verb = name, .run = handler, .states = POP4_STATE_TRANSACTION, \
        .min_args = (arguments) > 0 ? 1 : 0, .max_args = 1, \
        .flags = POP4_COMMAND_RAW_ARGUMENT | POP4_COMMAND_BLOCKS, .max_line = LINE_MAX_OCTETS, \
        .summary = text \
    }

/* Arguments are quoted strings among others, so that the handlers take them apart. */
static const Pop4Command pop4_commands[] = {
    ROW("LFLD", lfld_run, 0, "List folders, with their messages, octets and unseen ones"),
    ROW("SFLD", sfld_run, 1, "Select a folder"),
    ROW("CFLD", cfld_run, 1, "Create a folder"),
    ROW("DFLD", dfld_run, 1, "Delete an empty folder"),
    ROW("MOVF", movf_run, 1, "Move a folder below another one"),
    ROW("RENF", renf_run, 1, "Rename a folder"),
    ROW("MOVE", move_run, 1, "Move messages to a folder"),
    ROW("COPY", copy_run, 1, "Copy messages to a folder"),
    ROW("STOR", stor_run, 1, "Store a message in a folder"),
    ROW("LFLG", lflg_run, 0, "List the flags of messages"),
    ROW("SFLG", sflg_run, 1, "Set flags of messages"),
    ROW("LPRT", lprt_run, 1, "List the MIME parts of a message"),
    ROW("RPRT", rprt_run, 1, "Retrieve a part of a message, or its text or header"),
    ROW("OVER", over_run, 1, "Tell what a list of messages shows"),
    ROW("SYNC", sync_run, 0, "Tell what has changed since a token"),
    ROW("WAIT", wait_run, 0, "Wait for a change"),
    {.verb = NULL},
};

static gboolean
render_pop4(const Pop4Session *session, GString *line)
{
    static const char *const words[] = {
        [GROUP_FOLDERS] = "FOLDERS",   [GROUP_FLAGS] = "FLAGS", [GROUP_PARTS] = "PARTS",
        [GROUP_OVERVIEW] = "OVERVIEW", [GROUP_SYNC] = "SYNC",
    };
    const Pop4Settings *settings = pop4_session_get_settings(session, "pop4");

    g_string_append_printf(line, " %u", (guint)settings->revision);
    for (Group group = GROUP_FOLDERS; group <= GROUP_SYNC; group++) {
        if (groups_has(session, group))
            g_string_append_printf(line, " %s", words[group]);
    }
    return TRUE;
}

static const Pop4Capability pop4_capabilities[] = {
    {.name = "X-POP4", .states = POP4_STATE_ANY, .render = render_pop4},
    {.name = NULL},
};

static void
pop4_greeting(Pop4Session *session, GString *line)
{
    const Pop4Settings *settings = pop4_session_get_settings(session, "pop4");

    g_string_append_printf(line, " POP4 rev %u", (guint)settings->revision);
}

/* A whole message has gone to a client that asks for the flag. */
static void
pop4_retrieved(Pop4Session *session, guint number, guint64 octets)
{
    const Pop4Settings *settings = pop4_session_get_settings(session, "pop4");
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    g_autoptr(GError) error = NULL;
    guint changed;

    if (!settings->retr_sets_seen || !groups_has(session, GROUP_FLAGS) ||
        !pop4_maildrop_has_folders(maildrop) ||
        (pop4_maildrop_get_flags(maildrop, number) & POP4_FLAG_SEEN) != 0)
        return;
    if (!pop4_maildrop_change_flags(maildrop, &number, 1, POP4_FLAG_SEEN, 0, &changed, &error))
        pop4_log(session, POP4_LOG_WARNING, "seen-not-set", "reason", error->message, NULL);
}

static const Pop4Hooks pop4_hooks = {.greeting = pop4_greeting, .retrieved = pop4_retrieved};

#define SWITCH(name, member, text) \
    { \
        .key = name, .type = POP4_SETTING_BOOL, \
        .offset = G_STRUCT_OFFSET(Pop4Settings, member), .initial = "yes", .help = text \
    }

static const Pop4Setting pop4_settings[] = {
    {.key = "revision",
     .type = POP4_SETTING_UINT,
     .offset = G_STRUCT_OFFSET(Pop4Settings, revision),
     .initial = "1",
     .max = 1,
     .help = "0 = the nine folder verbs of the proposal alone, 1 = everything"},
    SWITCH("folders", folders, "Offer folders: LFLD SFLD CFLD DFLD MOVF RENF MOVE COPY STOR"),
    SWITCH("flags", flags, "Offer flags: LFLG SFLG"),
    SWITCH("parts", parts, "Offer parts of messages: LPRT RPRT"),
    SWITCH("overview", overview, "Offer the overview: OVER"),
    SWITCH("sync", sync, "Offer synchronisation: SYNC WAIT"),
    {.key = "retr-sets-seen",
     .type = POP4_SETTING_BOOL,
     .offset = G_STRUCT_OFFSET(Pop4Settings, retr_sets_seen),
     .initial = "no",
     .help = "Whether RETR gives a message the flag seen"},
    {.key = NULL},
};

POP4_PLUGIN(pop4) = {
    POP4_PLUGIN_ABI,
    .name = "pop4",
    .summary = "POP4: folders, flags, parts, overview, synchronisation",
    .commands = pop4_commands,
    .capabilities = pop4_capabilities,
    .hooks = &pop4_hooks,
    .settings = pop4_settings,
    .settings_size = sizeof(Pop4Settings),
};
