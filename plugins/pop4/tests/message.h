/* Messages in files, and what is expected of their parts. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "mime.h"

#define FACTS_NONE "7bit text/plain - - -"
#define MIXED "Content-Type: multipart/mixed; boundary=out\n\n"
#define ALTERNATIVE "Content-Type: Multipart/Alternative;\n boundary=\"in ner\"\n\n"
#define HTML "Content-Type: TEXT/HTML; Charset=utf-8\nContent-Transfer-Encoding: 8BIT\n\n"
#define PDF \
    "Content-Type: application/pdf; name=old.pdf\nContent-Transfer-Encoding: base64\n" \
    "Content-Disposition: attachment;\n filename*0*=utf-8''%c3%a4%20;\n" \
    " filename*1=\"b.pdf\"\n\n"

/* The facts are those of a line of a list: encoding type charset disposition filename. */
typedef struct {
    const char *path, *facts, *header, *body;
} MessagePart;

typedef struct {
    const char *sentence, *text;
    MessagePart parts[16]; /* up to a NULL path */
} MessageRow;

/* A file of these octets, without a name. */
int message_file(const char *text, gsize length);

/* (transfer full) */
char *message_cut(int fd, guint64 offset, guint64 length);

/* Its parts are those of the row, with line ends of LF or CRLF; both times as many octets. */
void message_assert(const MessageRow *row, gboolean crlf);
void message_assert_all(const MessageRow *rows, guint count);

/* The tree comes back from its octets. */
void message_assert_round_trip(const MimeTree *tree, guint64 length);
