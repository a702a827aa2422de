/* A multi-line reply from memory. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"

#include <string.h>

typedef struct {
    GString *lines;
    gsize done;
} Text;

static gboolean
next_line(GString *line, gpointer state)
{
    Text *text = state;

    if (text->done == text->lines->len)
        return FALSE;
    const char *start = text->lines->str + text->done;
    gsize length = strcspn(start, "\n");
    g_string_append_len(line, start, (gssize)length);
    text->done += length + 1;
    return TRUE;
}

static void
text_free(gpointer data)
{
    Text *text = data;

    g_string_free(text->lines, TRUE);
    g_free(text);
}

void
reply_text(Pop4Session *session, const char *text, GString *lines)
{
    Text *state = g_new0(Text, 1);

    state->lines = lines;
    pop4_reply_lines(session, text, next_line, state, text_free);
}
