/* How reading from or writing to the network went. */
/* SPDX-License-Identifier: MIT */

#pragma once

typedef enum {
    IO_DONE,    /* some octets went through */
    IO_BLOCKED, /* try again when the socket is ready */
    IO_ENDED,   /* the peer has closed, or the connection is broken */
} IoResult;
