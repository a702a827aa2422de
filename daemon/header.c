/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "header.h"

#include "body.h"

#include <string.h>

/* Most headers are shorter. */
#define BLOCK 4096

/* Where the first empty line begins; -1 when there is none from @from on, which begins a line.
 * The next search goes on at *@next_out. */
static gssize
find_end(const GString *text, gsize from, gsize *next_out)
{
    const char *lf;

    while ((lf = memchr(text->str + from, '\n', text->len - from)) != NULL) {
        const char *line = text->str + from;
        if (lf == line || (lf == line + 1 && line[0] == '\r'))
            return (gssize)from;
        from = (gsize)(lf - text->str) + 1;
    }
    *next_out = from;
    return -1;
}

static gboolean
read_lines(const Pop4Body *body, guint64 limit, GString *text)
{
    gsize line = 0;

    while (text->len < limit) {
        char block[BLOCK];
        gsize length = (gsize)MIN(limit - text->len, sizeof block);
        const char *octets = body_read(body, text->len, block, &length);
        if (octets == NULL)
            return FALSE;
        g_string_append_len(text, octets, (gssize)length);
        gssize end = find_end(text, line, &line);
        if (end >= 0) {
            g_string_truncate(text, (gsize)end);
            return TRUE;
        }
    }
    return TRUE;
}

char *
header_read(const Pop4Body *body, gsize limit, gsize *length_out)
{
    GString *text = g_string_sized_new(BLOCK);

    if (!read_lines(body, MIN((guint64)limit, pop4_body_get_length(body)), text)) {
        g_string_free(text, TRUE);
        return NULL;
    }
    if (length_out != NULL)
        *length_out = text->len;
    return g_string_free(text, FALSE);
}
