/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "capabilities.h"

#include "session.h"

#include <pop4/pop4.h>

typedef struct {
    const Pop4Session *session;
    guint extension;
    const Pop4Capability *next; /* (nullable): in the table of that extension */
} Listing;

/* The next row in any extension's table; NULL behind the last. */
static const Pop4Capability *
next_row(Listing *listing)
{
    const GPtrArray *extensions = listing->session->set->extensions;

    for (;;) {
        if (listing->next != NULL && listing->next->name != NULL)
            return listing->next++;
        if (listing->extension == extensions->len)
            return NULL;
        const Extension *extension = g_ptr_array_index(extensions, listing->extension++);
        listing->next = extension->plugin->capabilities;
    }
}

static gboolean
next_line(GString *line, gpointer state)
{
    Listing *listing = state;
    const Pop4Capability *row;

    while ((row = next_row(listing)) != NULL) {
        if (!(row->states & listing->session->state))
            continue;
        g_string_assign(line, row->name);
        if (row->render == NULL || row->render(listing->session, line))
            return TRUE;
        g_string_truncate(line, 0);
    }
    return FALSE;
}

static gboolean
capa_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Listing *listing = g_new0(Listing, 1);

    listing->session = session;
    pop4_reply_lines(session, "Capability list follows", next_line, listing, g_free);
    return TRUE;
}

/* The version is nobody's business before login. */
static gboolean
render_implementation(const Pop4Session *session, GString *line)
{
    gboolean known = pop4_session_get_state(session) == POP4_STATE_TRANSACTION;

    g_string_append(line, known ? " " PACKAGE "-" PACKAGE_VERSION : " " PACKAGE);
    return TRUE;
}

static const Pop4Command commands[] = {
    {
        .verb = "CAPA",
        .run = capa_run,
        .states = POP4_STATE_ANY,
        .summary = "List what this session can do (RFC 2449)",
    },
    {.verb = NULL},
};

static const Pop4Capability capabilities[] = {
    {.name = "RESP-CODES", .states = POP4_STATE_ANY},
    {.name = "AUTH-RESP-CODE", .states = POP4_STATE_ANY},
    {.name = "PIPELINING", .states = POP4_STATE_ANY},
    {.name = "IMPLEMENTATION", .states = POP4_STATE_ANY, .render = render_implementation},
    {.name = NULL},
};

const Pop4Plugin capabilities_plugin = {
    POP4_PLUGIN_ABI,
    .name = "core",
    .summary = "The list of capabilities",
    .commands = commands,
    .capabilities = capabilities,
};
