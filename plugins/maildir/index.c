/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "pop4d.index"
#define TEMPORARY_NAME "pop4d.index.tmp"

/* Larger ones are not ours. */
#define SIZE_MAX_OCTETS (1u << 30)

/* (transfer full) (nullable) */
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

Listing *
index_read(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, "/" FILE_NAME, NULL);
    struct stat status;
    gpointer octets = NULL;

    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    /* Read, not mapped: a file that somebody cuts short must not end the server. */
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0 &&
        (guint64)status.st_size <= SIZE_MAX_OCTETS)
        octets = read_all(fd, (gsize)status.st_size);
    close(fd);
    return octets != NULL ? listing_parse(octets, (gsize)status.st_size) : NULL;
}

static gboolean
write_all(int fd, const char *octets, gsize length)
{
    while (length > 0) {
        gssize part = write(fd, octets, length);
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return FALSE;
        octets += part;
        length -= (gsize)part;
    }
    return TRUE;
}

/* A fresh file of a name that nobody else uses: only the holder of the maildrop's lock comes
 * here, and what lies there from a crash, or was put there, goes. */
static int
open_temporary(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, "/" TEMPORARY_NAME, NULL);

    if (unlink(path) < 0 && errno != ENOENT)
        return -1;
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* The clock that counts is the file system's: of a file that is written just now. */
static gint64
read_clock(int fd)
{
    struct stat status;

    if (futimens(fd, NULL) < 0 || fstat(fd, &status) < 0)
        return 0;
    return status.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + status.st_mtim.tv_nsec;
}

gint64
index_clock(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, "/" TEMPORARY_NAME, NULL);

    int fd = open_temporary(maildir);
    if (fd < 0)
        return 0;
    gint64 now = read_clock(fd);
    close(fd);
    unlink(path);
    return now;
}

static gint64
judge_one(gint64 now, gint64 time)
{
    return now - time >= INDEX_SURE_NANOSECONDS ? time : 0;
}

ListingStamp
index_judge(ListingStamp stamp, gint64 now)
{
    return (ListingStamp){.cur = judge_one(now, stamp.cur), .new = judge_one(now, stamp.new)};
}

static gboolean
write_to(int fd, Listing *listing, ListingStamp stamp)
{
    gsize length;

    listing_set_stamp(listing, index_judge(stamp, read_clock(fd)));
    gconstpointer octets = listing_serialise(listing, &length);
    gboolean done = write_all(fd, octets, length);
    int saved = errno;
    if (close(fd) < 0)
        return FALSE;
    errno = saved;
    return done;
}

gboolean
index_write(const char *maildir, Listing *listing, ListingStamp stamp)
{
    g_autofree char *path = g_strconcat(maildir, "/" FILE_NAME, NULL);
    g_autofree char *temporary = g_strconcat(maildir, "/" TEMPORARY_NAME, NULL);

    int fd = open_temporary(maildir);
    if (fd < 0)
        return FALSE;
    if (write_to(fd, listing, stamp) && rename(temporary, path) == 0)
        return TRUE;

    int saved = errno;
    unlink(temporary);
    errno = saved;
    return FALSE;
}

void
index_remove(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, "/" FILE_NAME, NULL);

    unlink(path);
}
