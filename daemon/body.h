/* The daemon's side of <pop4/body.h>: a body on its way to the wire. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "buffer.h"
#include "source.h"

#include <pop4/body.h>

/* Where in the text the encoder is: nothing but a few counts, so that blocks may end anywhere.
 */
typedef struct {
    guint lines_left; /* behind the header */
    gboolean limited;
    gboolean in_header;
    gboolean in_line; /* the last octet was no LF */
    gboolean after_cr;
    guint64 line_length;
    gboolean finished; /* the last line asked for is out */
} WireEncoder;

void wire_encoder_init(WireEncoder *encoder, guint lines);

/* RFC 1939, section 3: CRLF line ends and doubled leading dots. */
void wire_encoder_add(WireEncoder *encoder, const char *text, gsize length, Buffer *output);

/* A missing last line end and the closing line. */
void wire_encoder_end(WireEncoder *encoder, Buffer *output);

/* Octets of the body from @from on, which is before its end: at most *@length of them, in
 * @block or where they are. NULL when the file is shorter than it was, or unreadable. */
const char *body_read(const Pop4Body *body, guint64 from, char *block, gsize *length);

/* @body: (transfer full): sent whole, or the header and @lines lines of it. */
Source *body_source_new(Pop4Body *body, guint lines);

/* The message number a maildrop gave the body for, 0 without one. */
void body_set_number(Pop4Body *body, guint number);
guint body_get_number(const Pop4Body *body);
