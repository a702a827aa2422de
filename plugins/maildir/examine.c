/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "examine.h"

#include "folder.h"
#include "measure.h"
#include "name.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
measure(int fd, const char *name, const struct stat *status, Measure *measure_out)
{
    guint64 disk_size, virtual_size;

    /* A size in the name is a promise of whoever wrote the file; it is kept only if the part of
     * it that can be checked holds. */
    if (name_get_field(name, 'S', &disk_size) && name_get_field(name, 'W', &virtual_size) &&
        disk_size == (guint64)status->st_size && virtual_size >= disk_size &&
        virtual_size <= 2 * disk_size)
        return measure_believe(fd, disk_size, virtual_size, measure_out);
    return measure_file(fd, measure_out);
}

gboolean
examine_message(int folder, const char *name, ListingEntry *entry)
{
    struct stat status;
    Measure found;

    /* O_NONBLOCK: a FIFO somebody put there must not hold us. */
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return FALSE;
    errno = 0;
    gboolean good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
                    measure(fd, name, &status, &found);
    int saved = errno;
    close(fd);
    errno = saved;
    if (!good)
        return FALSE;
    entry->octets = found.octets;
    entry->disk_size = (guint64)status.st_size;
    entry->mtime = folder_nanoseconds(&status.st_mtim);
    entry->flags = found.wire_ready ? LISTING_WIRE_READY : 0;
    return TRUE;
}

gboolean
examine_is_our_want(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}
