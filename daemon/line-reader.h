/* Takes lines out of what a client sent, whatever pieces it came in. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "buffer.h"

typedef struct {
    gsize searched;    /* octets at the head of the buffer that hold no line end */
    gboolean skipping; /* the rest of an over-long line */
} LineReader;

typedef enum {
    LINE_NONE, /* more input is needed */
    LINE_READY,
    LINE_TOO_LONG, /* told once; what follows up to the line end is dropped */
    LINE_HAS_NUL,
} LineResult;

/**
 * line_reader_next:
 * @input: the line is taken from its head
 * @limit: octets of a line with its end
 * @line_out: (out): NUL-terminated, without CRLF or LF; borrowed until @input changes
 *
 * RFC 1939, section 3; a bare LF ends a line as well, since clients send it.
 */
LineResult line_reader_next(LineReader *reader, Buffer *input, gsize limit, char **line_out,
                            gsize *length_out);
