/* SPDX-License-Identifier: MIT */

#include "reply-reader.h"

#include <string.h>

#include "load-error.h"

void
reply_reader_start(ReplyReader *reader, gboolean multiline)
{
    reader->state = REPLY_STATUS;
    reader->multiline = multiline;
    reader->status_length = 0;
    reader->last = '\0';
    reader->octets = 0;
    reader->lines = 0;
}

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, LOAD_ERROR, LOAD_ERROR_REPLY, what);
    return FALSE;
}

static gboolean
check_status(ReplyReader *reader, GError **error)
{
    const char *status = reader->status;
    guint length = reader->status_length;

    if (length < 2 || status[length - 2] != '\r')
        return fail(error, "the status line does not end with CRLF");

    reader->status_length = length - 2;
    reader->status[reader->status_length] = '\0';
    if (strncmp(status, "+OK", 3) == 0 && (status[3] == '\0' || status[3] == ' '))
        return TRUE;

    g_set_error(error, LOAD_ERROR, LOAD_ERROR_REPLY, "%s", status);
    return FALSE;
}

static gboolean
feed_status(ReplyReader *reader, const char *data, gsize length, gsize *used_out,
            GError **error)
{
    const char *end = memchr(data, '\n', length);
    gsize taken = end != NULL ? (gsize)(end - data) + 1 : length;

    if (reader->status_length + taken > REPLY_STATUS_MAX)
        return fail(error, "the status line is longer than 512 octets");

    memcpy(reader->status + reader->status_length, data, taken);
    reader->status_length += taken;
    *used_out = taken;
    if (end == NULL)
        return TRUE;

    reader->state = reader->multiline ? REPLY_LINE_START : REPLY_DONE;
    return check_status(reader, error);
}

static gboolean
feed_line(ReplyReader *reader, const char *data, gsize length, gsize *used_out, GError **error)
{
    const char *end = memchr(data, '\n', length);
    gsize taken = end != NULL ? (gsize)(end - data) + 1 : length;

    *used_out = taken;
    reader->octets += taken;
    if (end != NULL) {
        if ((end > data ? end[-1] : reader->last) != '\r')
            return fail(error, "a line ends without CR");
        reader->lines++;
        reader->state = REPLY_LINE_START;
    }
    reader->last = data[taken - 1];
    return TRUE;
}

/* A line that begins with a dot is the last one, or its dot is one that was stuffed. */
static gboolean
feed_dot(ReplyReader *reader, char byte, gsize *used_out, GError **error)
{
    *used_out = 1;
    if (reader->state == REPLY_LINE_DOT_CR) {
        reader->state = REPLY_DONE;
        return byte == '\n' || fail(error, "\".\" and CR without LF");
    }
    if (byte == '\r') {
        reader->state = REPLY_LINE_DOT_CR;
        return TRUE;
    }

    *used_out = 0;
    reader->state = REPLY_LINE;
    return byte == '.' || fail(error, "a line begins with a dot that was not stuffed");
}

static gboolean
feed_some(ReplyReader *reader, const char *data, gsize length, gsize *used_out, GError **error)
{
    switch (reader->state) {
    case REPLY_STATUS:
        return feed_status(reader, data, length, used_out, error);
    case REPLY_LINE_START:
        reader->last = '\0';
        reader->state = data[0] == '.' ? REPLY_LINE_DOT : REPLY_LINE;
        *used_out = data[0] == '.' ? 1 : 0;
        return TRUE;
    case REPLY_LINE_DOT:
    case REPLY_LINE_DOT_CR:
        return feed_dot(reader, data[0], used_out, error);
    case REPLY_LINE:
        return feed_line(reader, data, length, used_out, error);
    case REPLY_DONE:
        break;
    }
    g_assert_not_reached();
}

gboolean
reply_reader_feed(ReplyReader *reader, const char *data, gsize length, gsize *used_out,
                  GError **error)
{
    gsize used = 0;

    while (used < length && reader->state != REPLY_DONE) {
        gsize step = 0;

        if (!feed_some(reader, data + used, length - used, &step, error))
            return FALSE;
        used += step;
    }
    *used_out = used;
    return TRUE;
}

guint64
reply_reader_get_number(const ReplyReader *reader)
{
    if (reader->status_length < 5)
        return 0;
    return g_ascii_strtoull(reader->status + 4, NULL, 10);
}
