/* What the header of an entity says of its body. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* See MimePart. */
typedef struct {
    char *type;
    char *encoding;
    char *charset;     /* (nullable) */
    char *disposition; /* (nullable) */
    char *filename;    /* (nullable) */
    char *boundary;    /* (nullable): of a multipart, which always has one */
} MimeHead;

/* @default_type: where it names none. A header that is not in order is one of text/plain. */
void mime_head_read(const char *text, gsize length, const char *default_type,
                    MimeHead *head_out);
void mime_head_set_plain(MimeHead *head_out);
void mime_head_clear(MimeHead *head);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MimeHead, mime_head_clear)

/* Whether it has a message as its body, readable as such (RFC 2046, section 5.2.1). */
gboolean mime_head_is_message(const MimeHead *head);

/* Whether it may stand for a type, an encoding, a charset or a disposition. */
gboolean mime_head_is_word(const char *text);
