/* Octets in one growing block, taken from the front and added at the end. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct {
    char *data; /* owned */
    gsize start, end, capacity;
} Buffer;

static inline gsize
buffer_length(const Buffer *buffer)
{
    return buffer->end - buffer->start;
}

static inline char *
buffer_head(const Buffer *buffer)
{
    return buffer->data + buffer->start;
}

/* Room for @size more octets behind the present ones; what is written there counts after
 * buffer_added(). */
char *buffer_reserve(Buffer *buffer, gsize size);
void buffer_added(Buffer *buffer, gsize size);
void buffer_append(Buffer *buffer, const void *octets, gsize size);
void buffer_take(Buffer *buffer, gsize size);

/* Overwrites what the buffer held before it is freed, since it may have been a password. */
void buffer_wipe(Buffer *buffer);

/* Moves all of @from behind what @to holds and leaves @from without memory. */
void buffer_move(Buffer *to, Buffer *from);
