/* Whole files: of the mailbox's own, which anybody may cut short or replace. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* (transfer full) (nullable): a regular file of 1 to @max octets. Read, not mapped: a file that
 * somebody cuts short must not end the server. */
gpointer file_read(const char *path, gsize max, gsize *length_out);

/* A fresh file that nobody else uses: only the holder of the folder's lock comes here, and what
 * lies there from a crash, or was put there, goes. -1 with errno. */
int file_create(const char *path);

/* FALSE with errno. */
gboolean file_write(int fd, const void *octets, gsize length);
