/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static gpointer
read_all(int fd, gsize size)
{
    char *octets = g_try_malloc(size);
    gsize got = 0;

    while (octets != NULL && got < size) {
        gssize part = read(fd, octets + got, size - got);
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0) {
            g_free(octets);
            return NULL;
        }
        got += (gsize)part;
    }
    return octets;
}

gpointer
file_read(const char *path, gsize max, gsize *length_out)
{
    struct stat status;
    gpointer octets = NULL;

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        (guint64)status.st_size <= max)
        octets = read_all(fd, *length_out = (gsize)status.st_size);
    close(fd);
    return octets;
}

int
file_create(const char *path)
{
    if (unlink(path) < 0 && errno != ENOENT)
        return -1;
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

gboolean
file_write(int fd, const void *octets, gsize length)
{
    const char *at = octets;

    while (length > 0) {
        gssize part = write(fd, at, length);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return FALSE;
        at += part;
        length -= (gsize)part;
    }
    return TRUE;
}
