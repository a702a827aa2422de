/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "line-reader.h"

#include <string.h>

static LineResult
more(LineReader *reader, Buffer *input, gsize limit)
{
    gsize length = buffer_length(input);

    if (!reader->skipping && length < limit) {
        reader->searched = length;
        return LINE_NONE;
    }
    /* What is dropped may have been a password. */
    explicit_bzero(buffer_head(input), length);
    buffer_take(input, length);
    reader->searched = 0;
    if (reader->skipping)
        return LINE_NONE;
    reader->skipping = TRUE;
    return LINE_TOO_LONG;
}

LineResult
line_reader_next(LineReader *reader, Buffer *input, gsize limit, char **line_out,
                 gsize *length_out)
{
    for (;;) {
        char *head = buffer_head(input);
        gsize length = buffer_length(input);
        gsize searched = MIN(reader->searched, length);
        char *end = length > searched ? memchr(head + searched, '\n', length - searched) : NULL;
        if (end == NULL)
            return more(reader, input, limit);

        gsize taken = (gsize)(end - head) + 1;
        reader->searched = 0;
        buffer_take(input, taken);
        if (reader->skipping || taken > limit)
            explicit_bzero(head, taken);
        if (reader->skipping) {
            reader->skipping = FALSE;
            continue;
        }
        if (taken > limit)
            return LINE_TOO_LONG;

        gsize content = taken - 1;
        if (content > 0 && head[content - 1] == '\r')
            content--;
        if (memchr(head, '\0', content) != NULL) {
            explicit_bzero(head, taken);
            return LINE_HAS_NUL;
        }
        head[content] = '\0';
        *line_out = head;
        *length_out = content;
        return LINE_READY;
    }
}
