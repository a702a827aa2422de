/* How many octets a message has on the wire, and whether it lies on disk as it is sent. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct {
    guint64 octets; /* with CRLF line ends, the last one included */
    gboolean wire_ready;
} Measure;

/* Reads the whole file from its start. FALSE with errno. */
gboolean measure_file(int fd, Measure *measure_out);

/* Takes @virtual_size, of which others say that it counts LF as CRLF, and adds the last line
 * end that they do not count. @disk_size: of the file. FALSE with errno. */
gboolean measure_believe(int fd, guint64 disk_size, guint64 virtual_size, Measure *measure_out);
