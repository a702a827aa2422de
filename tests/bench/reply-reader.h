/* Reads one POP3 reply from bytes as they come, and is strict about each of them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#define REPLY_STATUS_MAX 512 /* RFC 2449, section 4 */

typedef enum {
    REPLY_STATUS,
    REPLY_LINE_START,
    REPLY_LINE_DOT,
    REPLY_LINE_DOT_CR,
    REPLY_LINE,
    REPLY_DONE,
} ReplyState;

typedef struct {
    ReplyState state;
    gboolean multiline;
    char status[REPLY_STATUS_MAX + 1]; /* the first line without its CRLF */
    guint status_length;
    char last;      /* the byte before the next one */
    guint64 octets; /* of the lines, without stuffed dots and the last line's dot */
    guint64 lines;
} ReplyReader;

void reply_reader_start(ReplyReader *reader, gboolean multiline);

/* Takes what belongs to the reply and says how much that was; the reply is whole when the
 * state is REPLY_DONE. Fails on -ERR, on a line without CRLF and on a dot that should have
 * been stuffed. */
gboolean reply_reader_feed(ReplyReader *reader, const char *data, gsize length, gsize *used_out,
                           GError **error);

/* The first number of the status line, 0 when there is none. */
guint64 reply_reader_get_number(const ReplyReader *reader);
