/* The MIME structure of a message file: where each part lies in it, and its text.
 *
 * Any thread, many at once: nothing here is shared, and no charset or type is ever remembered.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#define MIME_PARTS_MAX 1000u
#define MIME_DEPTH_MAX 16u /* numbers in a path */

/* An entity: its header with the empty line that ends it, and right behind that its body. The
 * strings have no control characters, and all but @filename no blanks. */
typedef struct {
    const char *path; /* "0" the whole message, "1", "1.2", as IMAP counts (RFC 9051, 6.4.5) */
    guint64 header_offset, header_length; /* in the file */
    guint64 header_wire; /* octets as sent: each line ends with CRLF, the last one, too */
    guint64 body_offset, body_length;
    guint64 body_wire;
    const char *encoding;    /* lower case; "7bit" if none is given */
    const char *type;        /* lower case, "text/plain" */
    const char *charset;     /* (nullable) */
    const char *disposition; /* (nullable): lower case */
    const char *filename;    /* (nullable): UTF-8 */
} MimePart;

typedef struct MimeTree MimeTree;

/**
 * mime_tree_parse:
 * @fd: a regular file; its position is not used
 * @length: of the message, from the start of @fd
 * @error: %POP4_ERROR_TEMPORARY when the file cannot be read so far
 *
 * Any octets are a message: what is broken is text/plain. Parts that lie deeper than
 * %MIME_DEPTH_MAX are left within the last one above, those behind the first %MIME_PARTS_MAX
 * within the multipart that holds them.
 *
 * Returns: (transfer full) (nullable)
 */
MimeTree *mime_tree_parse(int fd, guint64 length, GError **error);
void mime_tree_free(MimeTree *tree);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeTree, mime_tree_free)

/* Each part stands before those within it: the first is "0". */
guint mime_tree_count(const MimeTree *tree);
const MimePart *mime_tree_get(const MimeTree *tree, guint index);
const MimePart *mime_tree_find(const MimeTree *tree, const char *path); /* (nullable) */

/* For a file of which the next one makes the tree again. */
GBytes *mime_tree_serialise(const MimeTree *tree);

/**
 * mime_tree_deserialise:
 * @file_length: of the message as it is now
 *
 * Returns: (transfer full) (nullable): %NULL when @data is not whole, of another version or
 *     message, or says what no tree can say
 */
MimeTree *mime_tree_deserialise(gconstpointer data, gsize length, guint64 file_length);

/* For tests: gives what looks like a tree a good checksum, so that the checks behind it are
 * reached. */
void mime_tree_mend(gpointer data, gsize length);

/* The body of a text part in UTF-8, decoded piece by piece. */
typedef struct MimeText MimeText;

/**
 * mime_text_new:
 * @fd: of the message; duplicated
 * @part: not needed any more afterwards
 *
 * What is no text in the part's charset is U+FFFD, and so is what is no UTF-8 where the charset
 * is unknown, and a NUL. Line ends stay as they are.
 *
 * Returns: (transfer full) (nullable): %NULL with %POP4_ERROR_TEMPORARY
 */
MimeText *mime_text_new(int fd, const MimePart *part, GError **error);

/**
 * mime_text_read:
 * @length: in: the size of @buffer, at least 1; out: the octets read, 0 at the end. A character
 *     may begin in one buffer and end in the next.
 */
gboolean mime_text_read(MimeText *text, char *buffer, gsize *length, GError **error);
void mime_text_free(MimeText *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeText, mime_text_free)

/**
 * mime_decode_header:
 * @raw_value: the value of a header field as it stands in the message, folded or not
 * @limit: octets that the result has at most
 *
 * Encoded words (RFC 2047) are decoded; line ends, tabs and control characters are blanks; what
 * is no UTF-8 is U+FFFD; no blanks at both ends.
 *
 * Returns: (transfer full): UTF-8
 */
char *mime_decode_header(const char *raw_value, gsize limit);
