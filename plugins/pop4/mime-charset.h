/* Octets of a charset into UTF-8, piece by piece; what is no text in it becomes U+FFFD. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct MimeCharset MimeCharset;

/* @name: (nullable): as mail names it; without one, or an unknown one: UTF-8. */
MimeCharset *mime_charset_new(const char *name);
void mime_charset_free(MimeCharset *charset);

/* A character may end in the next piece; mime_charset_finish() tells that there is none. */
void mime_charset_convert(MimeCharset *charset, const char *octets, gsize length, GString *out);
void mime_charset_finish(MimeCharset *charset, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeCharset, mime_charset_free)
