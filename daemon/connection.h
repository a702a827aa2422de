/* A connected socket, under TLS or not: the one place that reads from and writes to the
 * network.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "io-result.h"

#include <glib.h>

typedef struct {
    int fd;
    struct Tls *tls; /* (nullable): owned */
} Connection;

/* All of them take and give octets; none blocks, none raises SIGPIPE. */
IoResult connection_read(Connection *connection, void *octets, gsize size, gsize *done_out);

/* Octets of the socket itself that stay there to be read. */
IoResult connection_peek(Connection *connection, void *octets, gsize size, gsize *done_out);

/* @more: further octets follow at once, wait for them with a short packet. */
IoResult connection_write(Connection *connection, const void *octets, gsize size, gboolean more,
                          gsize *done_out);

/* Not under TLS. IO_ENDED also when the file has become shorter than @size. */
IoResult connection_send_file(Connection *connection, int fd, guint64 offset, gsize size,
                              gsize *done_out);

/* @unread: what the client has still sent is read away first, since closing with input unread
 * resets the connection, and the client might lose the last replies. */
void connection_close(Connection *connection, gboolean unread);
