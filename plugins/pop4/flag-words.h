/* The words for flags. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Pop4Flags of one word; FALSE with %POP4_ERROR_SYNTAX. */
gboolean flag_words_parse(const char *word, guint *flag_out, GError **error);

/* Appends the words with @before in front of each. Returns whether there was one. */
gboolean flag_words_append(GString *line, guint flags, const char *before);
