/* The lines of a file one after the other, and how many octets any stretch of them is on the
 * wire. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* A place in the file. */
typedef struct {
    guint64 offset;
    guint64 bare;         /* line ends before it that are LF alone */
    gboolean at_line_end; /* a LF, or nothing, is before it */
} MimeMark;

/* A line, or a piece of one that is longer than a block. */
typedef struct {
    const char *text; /* valid until the next one */
    gsize length;     /* without the line end, CRLF or LF */
    gboolean is_start;
    MimeMark start, text_end, end;
} MimeLine;

typedef struct MimeLines MimeLines;

MimeLines *mime_lines_new(int fd, guint64 length);
void mime_lines_free(MimeLines *lines);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeLines, mime_lines_free)

/* FALSE at the end, and with %POP4_ERROR_TEMPORARY when the file cannot be read. */
gboolean mime_lines_next(MimeLines *lines, MimeLine *line_out, GError **error);

/* Reads all of @length octets, or fails likewise. */
gboolean mime_lines_read(int fd, guint64 offset, char *buffer, gsize length, GError **error);

/* With CRLF line ends, the last one included, though the file may lack it. */
guint64 mime_lines_wire(const MimeMark *from, const MimeMark *to);
