/* XTND XLST, as qpopper has it: one header field of each message. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>
#include <string.h>

/* Octets of a header that are looked at. */
#define HEADER_MAX 262144

typedef struct {
    Pop4Maildrop *maildrop;
    char *name; /* what the line begins with */
    guint number, last;
    char *header; /* (nullable): of the message that is being told */
    const char *rest, *end;
} LegacyListing;

static void
listing_free(gpointer data)
{
    LegacyListing *listing = data;

    g_free(listing->name);
    g_free(listing->header);
    g_free(listing);
}

/* The line at @text without its end; *@next_out is where the next one begins. */
static gsize
measure_line(const char *text, const char *end, const char **next_out)
{
    const char *lf = memchr(text, '\n', (gsize)(end - text));
    gsize length = (gsize)((lf != NULL ? lf : end) - text);

    *next_out = lf != NULL ? lf + 1 : end;
    return lf != NULL && length > 0 && text[length - 1] == '\r' ? length - 1 : length;
}

/* Goes to the first line of the header that begins with the name. */
static gboolean
find_field(LegacyListing *listing)
{
    gsize length = strlen(listing->name);
    const char *next;

    for (; listing->rest < listing->end; listing->rest = next) {
        if (measure_line(listing->rest, listing->end, &next) >= length &&
            g_ascii_strncasecmp(listing->rest, listing->name, length) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
open_header(LegacyListing *listing)
{
    gsize length;

    listing->rest = listing->end = NULL;
    g_free(listing->header);
    listing->header = pop4_maildrop_read_header(listing->maildrop, listing->number, HEADER_MAX,
                                                &length, NULL);
    if (listing->header == NULL)
        return FALSE;
    listing->rest = listing->header;
    listing->end = listing->header + length;
    return find_field(listing);
}

static void
append_line(LegacyListing *listing, GString *line)
{
    const char *next;
    gsize length = measure_line(listing->rest, listing->end, &next);

    g_string_append_len(line, listing->rest, (gssize)length);
    listing->rest = next;
}

static gboolean
next_line(GString *line, gpointer state)
{
    LegacyListing *listing = state;

    if (listing->rest < listing->end && (*listing->rest == ' ' || *listing->rest == '\t')) {
        append_line(listing, line);
        return TRUE;
    }
    while (listing->number < listing->last) {
        listing->number++;
        if (pop4_maildrop_is_marked(listing->maildrop, listing->number) ||
            !open_header(listing))
            continue;
        g_string_append_printf(line, "%u ", listing->number);
        append_line(listing, line);
        return TRUE;
    }
    return FALSE;
}

static gboolean
choose(const Pop4Args *args, LegacyListing *listing, GError **error)
{
    guint count = pop4_maildrop_get_count(listing->maildrop), number;

    listing->last = count;
    if (pop4_args_count(args) < 2)
        return TRUE;
    if (!pop4_args_get_uint(args, 1, &number, error))
        return FALSE;
    if (number < 1 || number > count) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "Message %s does not exist.",
                    pop4_args_get(args, 1));
        return FALSE;
    }
    listing->number = number - 1;
    listing->last = number;
    return TRUE;
}

static gboolean
xlst_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    LegacyListing *listing = g_new0(LegacyListing, 1);

    listing->maildrop = pop4_session_get_maildrop(session);
    if (!choose(args, listing, error)) {
        listing_free(listing);
        return FALSE;
    }
    listing->name = g_strdup(pop4_args_get(args, 0));
    pop4_reply_lines_from_disk(session, "xlst command accepted; headers coming.", next_line,
                               listing, listing_free);
    return TRUE;
}

static const Pop4Command legacy_commands[] = {
    {
        .verb = "XTND XLST",
        .run = xlst_run,
        .states = POP4_STATE_TRANSACTION,
        .min_args = 1,
        .max_args = 2,
        .summary = "Tell a header field of each message, or of one",
    },
    {.verb = NULL},
};

static const Pop4Capability legacy_capabilities[] = {
    {.name = "X-XTND XLST", .states = POP4_STATE_ANY},
    {.name = NULL},
};

POP4_PLUGIN(legacy) = {
    POP4_PLUGIN_ABI,
    .name = "legacy",
    .summary = "Commands of qpopper that its clients still send",
    .commands = legacy_commands,
    .capabilities = legacy_capabilities,
};
