/* A message that a client stores. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "drop-struct.h"
#include "folder.h"
#include "layout.h"
#include "unique.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Data comes line by line; so many octets are written at once. */
#define BLOCK 65536

typedef struct {
    GString *block; /* not written yet */
    char *maildir;
    char *unique;
    char *temporary; /* its path in tmp/ until it is delivered */
    guint flags;
    guint64 octets;
    int fd;
} Append;

static gboolean
fail(GError **error)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The message cannot be stored: %s",
                g_strerror(errno));
    return FALSE;
}

void
append_free(gpointer data)
{
    Append *append = data;

    if (append->fd >= 0) {
        close(append->fd);
        unlink(append->temporary);
    }
    g_string_free(append->block, TRUE);
    g_free(append->maildir);
    g_free(append->unique);
    g_free(append->temporary);
    g_free(append);
}

gpointer
append_new(gpointer data, const char *to, guint flags, GError **error)
{
    const Drop *drop = data;
    g_autofree char *directory = layout_find(drop->maildir, to, error);

    if (directory == NULL)
        return NULL;
    Append *append = g_new0(Append, 1);
    append->block = g_string_new(NULL);
    append->maildir = layout_get_path(drop->maildir, directory);
    append->unique = unique_new();
    append->temporary = g_strconcat(append->maildir, "/tmp/", append->unique, NULL);
    append->flags = flags;
    append->fd = open(append->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (append->fd >= 0)
        return append;
    fail(error);
    append_free(append);
    return NULL;
}

static gboolean
flush(Append *append)
{
    const char *octets = append->block->str;
    gsize length = append->block->len;

    while (length > 0) {
        gssize part = write(append->fd, octets, length);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return FALSE;
        octets += part;
        length -= (gsize)part;
    }
    g_string_truncate(append->block, 0);
    return TRUE;
}

gboolean
append_write(gpointer data, const char *octets, gsize length, GError **error)
{
    Append *append = data;

    append->octets += length;
    g_string_append_len(append->block, octets, (gssize)length);
    return append->block->len < BLOCK || flush(append) || fail(error);
}

char *
append_finish(gpointer data, GError **error)
{
    Append *append = data;
    g_autofree char *name =
        g_strdup_printf("%s,S=%" G_GUINT64_FORMAT ":2,", append->unique, append->octets);
    g_autofree char *flagged = name_set_flags(name, append->flags);
    g_autofree char *path = g_strconcat(append->maildir, "/cur/", flagged, NULL);

    if (!flush(append) || fsync(append->fd) < 0 ||
        renameat2(AT_FDCWD, append->temporary, AT_FDCWD, path, RENAME_NOREPLACE) < 0) {
        fail(error);
        return NULL;
    }
    close(append->fd);
    append->fd = -1;
    if (folder_sync(append->maildir, "/cur"))
        return g_strdup(append->unique);
    fail(error);
    unlink(path);
    return NULL;
}
