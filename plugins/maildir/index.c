/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "index.h"

#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "pop4d.index"
#define TEMPORARY_NAME "pop4d.index.tmp"

/* Larger ones are not ours. */
#define SIZE_MAX_OCTETS (1u << 30)

Listing *
index_read(const char *maildir)
{
    g_autofree char *path = g_strconcat(maildir, "/" FILE_NAME, NULL);
    gsize length = 0;
    gpointer octets = file_read(path, SIZE_MAX_OCTETS, &length);

    return octets != NULL ? listing_parse(octets, length) : NULL;
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

    int fd = file_create(path);
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
    gboolean done = file_write(fd, octets, length);
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

    int fd = file_create(temporary);
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
