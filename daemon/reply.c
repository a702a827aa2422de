/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "reply.h"

#include "body.h"
#include "metrics.h"

#include <pop4/error.h>
#include <pop4/log.h>
#include <pop4/reply.h>
#include <stdio.h>
#include <string.h>

/* The first line of a reply, CRLF included (RFC 2449, section 4). */
#define FIRST_LINE_MAX 512

/* RFC 2449 and RFC 3206; NULL for none. */
static const char *const response_codes[] = {
    [POP4_ERROR_FAILED] = NULL,          [POP4_ERROR_SYNTAX] = NULL,
    [POP4_ERROR_AUTH] = "AUTH",          [POP4_ERROR_IN_USE] = "IN-USE",
    [POP4_ERROR_TEMPORARY] = "SYS/TEMP", [POP4_ERROR_PERMANENT] = "SYS/PERM",
    [POP4_ERROR_RESET] = "X-SYNC-RESET",
};

typedef struct {
    Source source;
    Pop4LineFunc next;
    gpointer state;
    GDestroyNotify destroy;
    GString *line;
} LinesSource;

/* Without line ends or other control octets, and within one line's length. */
static void
append_text(Buffer *output, const char *text, gsize room)
{
    gsize length = strnlen(text, room);
    char *to = buffer_reserve(output, length);

    for (gsize i = 0; i < length; i++)
        to[i] = g_ascii_iscntrl(text[i]) ? '?' : text[i];
    buffer_added(output, length);
}

static void
append_string(Buffer *output, const char *text)
{
    buffer_append(output, text, strlen(text));
}

/* @code: (nullable) */
static void
append_line(Buffer *output, const char *status, const char *code, const char *text)
{
    gsize before = buffer_length(output);

    append_string(output, status);
    if (code != NULL) {
        append_string(output, "[");
        append_string(output, code);
        append_string(output, "] ");
    }
    append_text(output, text, FIRST_LINE_MAX - 2 - (buffer_length(output) - before));
    append_string(output, "\r\n");
}

static void
append_ok(Pop4Session *session, const char *format, va_list args)
{
    char text[FIRST_LINE_MAX];

    if (session->replies++ > 0)
        g_critical("%s sent more than one reply", session->command->verb);
    vsnprintf(text, sizeof text, format, args);
    append_line(&session->output.octets, "+OK ", NULL, text);
}

static void G_GNUC_PRINTF(2, 3) reply_ok(Pop4Session *session, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_ok(session, format, args);
    va_end(args);
}

void
pop4_reply_ok(Pop4Session *session, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_ok(session, format, args);
    va_end(args);
}

static gboolean
is_own(const GError *error)
{
    return error->domain == POP4_ERROR && error->code >= 0 &&
           (gsize)error->code < G_N_ELEMENTS(response_codes);
}

const char *
reply_code(const GError *error)
{
    /* A foreign error means that the cause is ours, not the client's. */
    return response_codes[is_own(error) ? error->code : POP4_ERROR_TEMPORARY];
}

void
reply_format_error(Buffer *output, const GError *error)
{
    /* The text of a foreign one may hold paths. */
    append_line(output, "-ERR ", reply_code(error),
                is_own(error) ? error->message : "Internal error");
}

void
reply_error(Pop4Session *session, const GError *error)
{
    if (error->domain != POP4_ERROR)
        pop4_log(session, POP4_LOG_ERROR, "internal-error", "verb",
                 session->command != NULL ? session->command->verb : NULL, "text",
                 error->message, NULL);
    session->replies++;
    metrics_add(METRIC_COMMANDS_FAILED, 1);
    reply_format_error(&session->output.octets, error);
}

void
reply_challenge(Pop4Session *session, const char *challenge)
{
    session->replies++;
    /* The space stands there without a challenge, too: clients look for it (RFC 5034). */
    buffer_append(&session->output.octets, "+ ", 2);
    append_text(&session->output.octets, challenge, POP4_LINE_LIMIT);
    buffer_append(&session->output.octets, "\r\n", 2);
}

static void
add_stuffed(Buffer *output, const GString *line)
{
    if (line->str[0] == '.')
        buffer_append(output, ".", 1);
    buffer_append(output, line->str, line->len);
    buffer_append(output, "\r\n", 2);
}

static SourceResult
lines_fill(Source *base, Buffer *output)
{
    LinesSource *source = (LinesSource *)base;

    g_string_truncate(source->line, 0);
    if (source->next(source->line, source->state)) {
        add_stuffed(output, source->line);
        return SOURCE_MORE;
    }
    buffer_append(output, ".\r\n", 3);
    return SOURCE_DONE;
}

static void
lines_free(Source *base)
{
    LinesSource *source = (LinesSource *)base;

    if (source->destroy != NULL)
        source->destroy(source->state);
    g_string_free(source->line, TRUE);
    g_free(source);
}

static LinesSource *
lines_source_new(Pop4LineFunc next, gpointer state, GDestroyNotify destroy)
{
    LinesSource *source = g_new0(LinesSource, 1);

    source->source.fill = lines_fill;
    source->source.free = lines_free;
    source->next = next;
    source->state = state;
    source->destroy = destroy;
    source->line = g_string_sized_new(128);
    return source;
}

void
pop4_reply_lines(Pop4Session *session, const char *text, Pop4LineFunc next, gpointer state,
                 GDestroyNotify destroy)
{
    g_return_if_fail(session->output.source == NULL);

    LinesSource *source = lines_source_new(next, state, destroy);
    reply_ok(session, "%s", text);
    output_set_source(&session->output, &source->source);
}

void
pop4_reply_lines_from_disk(Pop4Session *session, const char *text, Pop4LineFunc next,
                           gpointer state, GDestroyNotify destroy)
{
    g_return_if_fail(session->output.source == NULL);

    pop4_reply_lines(session, text, next, state, destroy);
    session->output.source->reads_disk = TRUE;
}

void
pop4_reply_body(Pop4Session *session, Pop4Body *body, guint lines, const char *format, ...)
{
    va_list args;

    g_return_if_fail(session->output.source == NULL);

    va_start(args, format);
    append_ok(session, format, args);
    va_end(args);
    if (lines == POP4_ALL_LINES) {
        session->retrieving = body_get_number(body);
        session->retrieving_octets = pop4_body_get_length(body);
    }
    output_set_source(&session->output, body_source_new(body, lines));
}
