/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <sys/stat.h>
#include <unistd.h>

gint64
folder_nanoseconds(const struct timespec *time)
{
    return time->tv_sec * G_GINT64_CONSTANT(1000000000) + time->tv_nsec;
}

gboolean
folder_fail(GError **error)
{
    /* The text goes to a client: no path. */
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The mailbox cannot be read: %s",
                g_strerror(errno));
    return FALSE;
}

gboolean
folder_get_mtime(const char *maildir, const char *folder, gint64 *mtime_out, GError **error)
{
    g_autofree char *path = g_strconcat(maildir, folder, NULL);
    struct stat status;

    if (stat(path, &status) < 0)
        return folder_fail(error);
    *mtime_out = folder_nanoseconds(&status.st_mtim);
    return TRUE;
}

DIR *
folder_open(const char *maildir, const char *folder)
{
    g_autofree char *path = g_strconcat(maildir, folder, NULL);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

    if (dir == NULL && fd >= 0)
        close(fd);
    return dir;
}

gboolean
folder_sync(const char *maildir, const char *folder)
{
    g_autofree char *path = g_strconcat(maildir, folder, NULL);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return FALSE;
    gboolean done = fsync(fd) == 0;
    int saved = errno;
    close(fd);
    errno = saved;
    return done;
}
