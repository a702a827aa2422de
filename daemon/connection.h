/* A connected socket: the one place that reads from and writes to the network. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef enum {
    IO_DONE,    /* some octets went through */
    IO_BLOCKED, /* try again when the socket is ready */
    IO_ENDED,   /* the peer has closed, or the connection is broken */
} IoResult;

typedef struct {
    int fd;
} Connection;

/* All of them take and give octets; none blocks, none raises SIGPIPE. */
IoResult connection_read(Connection *connection, void *octets, gsize size, gsize *done_out);

/* @more: further octets follow at once, wait for them with a short packet. */
IoResult connection_write(Connection *connection, const void *octets, gsize size, gboolean more,
                          gsize *done_out);

/* IO_ENDED also when the file has become shorter than @size. */
IoResult connection_send_file(Connection *connection, int fd, guint64 offset, gsize size,
                              gsize *done_out);
