/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "buffer.h"

#include <string.h>

#define SMALLEST 256

char *
buffer_reserve(Buffer *buffer, gsize size)
{
    if (buffer->capacity - buffer->end >= size)
        return buffer->data + buffer->end;

    gsize length = buffer_length(buffer);
    if (buffer->start > 0) {
        memmove(buffer->data, buffer_head(buffer), length);
        buffer->start = 0;
        buffer->end = length;
    }
    if (buffer->capacity - length < size) {
        buffer->capacity = MAX(buffer->capacity * 2, MAX(length + size, SMALLEST));
        buffer->data = g_realloc(buffer->data, buffer->capacity);
    }
    return buffer->data + buffer->end;
}

void
buffer_added(Buffer *buffer, gsize size)
{
    g_assert(buffer->capacity - buffer->end >= size);

    buffer->end += size;
}

void
buffer_append(Buffer *buffer, const void *octets, gsize size)
{
    if (size == 0)
        return;
    memcpy(buffer_reserve(buffer, size), octets, size);
    buffer->end += size;
}

void
buffer_take(Buffer *buffer, gsize size)
{
    g_assert(size <= buffer_length(buffer));

    buffer->start += size;
    if (buffer->start == buffer->end)
        buffer->start = buffer->end = 0;
}

void
buffer_wipe(Buffer *buffer)
{
    if (buffer->data != NULL)
        explicit_bzero(buffer->data, buffer->capacity);
    g_free(buffer->data);
    *buffer = (Buffer){0};
}

void
buffer_move(Buffer *to, Buffer *from)
{
    if (buffer_length(from) > 0)
        buffer_append(to, buffer_head(from), buffer_length(from));
    buffer_wipe(from);
}
