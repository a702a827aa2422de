/* The file as the system has it: who may touch it, and whether it is another than before. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Differs when the file does. All zero: there is none. */
typedef struct {
    guint64 device, inode, size;
    gint64 modified, changed; /* nanoseconds */
} FileState;

FileState file_stat(const char *path);
gboolean file_state_equal(const FileState *a, const FileState *b);

/**
 * file_open:
 * @state_out: (out): also when it is refused
 * @error: %G_FILE_ERROR when it cannot be opened now, which may pass without a change of the
 *     file; %POP4_ERROR when it is not as it should be
 *
 * Returns: a descriptor; the caller closes it. While it is open no other file can have the same
 *     inode. -1 with @error.
 */
int file_open(const char *path, FileState *state_out, GError **error);

/* (transfer full): the @state->size octets and a NUL; the caller wipes them. Errors as above.
 */
char *file_read(int fd, const FileState *state, const char *path, GError **error);
