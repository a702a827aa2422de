/* Text in header fields: encoded words (RFC 2047), and text made fit to show. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Appends @text with its encoded words decoded. */
void mime_words_decode(const char *text, GString *out);

/* Makes UTF-8 of @text, blanks of its control characters, none of them at both ends, and cuts
 * it to @limit octets. */
void mime_words_clean(GString *text, gsize limit);
