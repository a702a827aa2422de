/* Where the rest of a long reply comes from, as the socket takes it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "buffer.h"

typedef enum {
    SOURCE_MORE,
    SOURCE_DONE,
    SOURCE_BROKEN, /* what is announced cannot be sent: the connection must end */
} SourceResult;

typedef struct Source Source;

/* The base of a source; its owner is the output queue. */
struct Source {
    gboolean reads_disk; /* filling or sending it may block */

    /* A range of a file that goes out as it is, before fill() is asked. */
    int fd;
    guint64 offset, left;

    /* Adds some octets, at least one unless it is done. */
    SourceResult (*fill)(Source *source, Buffer *output);
    void (*free)(Source *source);
};

/* About what one fill adds at most. */
#define SOURCE_BLOCK 32768
