/* Takes dot-terminated data apart, in whatever pieces it comes (RFC 1939, section 3). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Where in the text the reader is. */
typedef enum {
    DOT_IN_LINE,
    DOT_AFTER_CR,
    DOT_AT_LINE_START, /* behind CRLF, or at the very beginning */
    DOT_AFTER_DOT,     /* a line has begun with a dot, which is held back */
    DOT_AFTER_DOT_CR,
} DotState;

typedef struct {
    DotState state;
} DotReader;

typedef void (*DotTakeFunc)(gpointer data, const char *octets, gsize length);

void dot_reader_init(DotReader *reader);

/**
 * dot_reader_feed:
 * @take: gets the octets of the data in order; line ends stay as they came
 * @whole_out: (out): CRLF "." CRLF has come
 *
 * Only that sequence ends the data: behind a bare LF a dot is a dot, so that nobody can hide a
 * second command in a message. A doubled dot at the start of a line becomes one; a single dot
 * before other octets stays, since some clients forget to double it.
 *
 * Returns: octets used; all of them unless the data is whole
 */
gsize dot_reader_feed(DotReader *reader, const char *octets, gsize length, DotTakeFunc take,
                      gpointer data, gboolean *whole_out);
