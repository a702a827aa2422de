/* SPDX-License-Identifier: MIT */

#include "flag-words.h"

#include <pop4/error.h>
#include <pop4/folders.h>

static const struct {
    const char *word;
    guint flag;
} words[] = {
    {"seen", POP4_FLAG_SEEN},           {"answered", POP4_FLAG_ANSWERED},
    {"flagged", POP4_FLAG_FLAGGED},     {"draft", POP4_FLAG_DRAFT},
    {"forwarded", POP4_FLAG_FORWARDED},
};

gboolean
flag_words_parse(const char *word, guint *flag_out, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(word, words[i].word) == 0) {
            *flag_out = words[i].flag;
            return TRUE;
        }
    }
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX,
                        "The flags are seen, answered, flagged, draft and forwarded");
    return FALSE;
}

gboolean
flag_words_append(GString *line, guint flags, const char *before)
{
    gsize length = line->len;

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (flags & words[i].flag)
            g_string_append_printf(line, "%s%s", before, words[i].word);
    }
    return line->len > length;
}
