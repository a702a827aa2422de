/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <unistd.h>

#define LOCK_NAME "/pop4d.lock"

/* Which octets of the file stand for what. */
#define SESSION_OCTET 0
#define CHANGE_OCTET 1

static gboolean
fail_to_lock(GError **error)
{
    if (errno == EAGAIN || errno == EACCES)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_IN_USE,
                            "The maildrop is in use by another session");
    else
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                    "The maildrop cannot be locked: %s", g_strerror(errno));
    return FALSE;
}

static gboolean
fail_to_open(GError **error)
{
    if (errno == ENOENT)
        /* The first delivery will make it, so the client is to come back. */
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "The mailbox does not exist yet");
    else
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                    "The maildrop cannot be locked: %s", g_strerror(errno));
    return FALSE;
}

/* An open-file-description lock: it excludes other sessions of this process and other servers
 * on the file system alike, and a crash leaves nothing behind. The file itself stays: to remove
 * it would let two sessions hold locks on two files of one name. */
int
lock_take(const char *maildir, gboolean shared, GError **error)
{
    g_autofree char *path = g_strconcat(maildir, LOCK_NAME, NULL);
    struct flock lock = {.l_type = shared ? F_RDLCK : F_WRLCK,
                         .l_whence = SEEK_SET,
                         .l_start = SESSION_OCTET,
                         .l_len = shared ? 1 : 0};

    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        fail_to_open(error);
        return -1;
    }
    if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
        return fd;
    fail_to_lock(error);
    close(fd);
    return -1;
}

static gboolean
set_change_lock(int fd, int command, short type)
{
    struct flock lock = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = CHANGE_OCTET, .l_len = 1};
    int result;

    do
        result = fcntl(fd, command, &lock);
    while (result < 0 && errno == EINTR);
    return result == 0;
}

gboolean
lock_hold(int fd, GError **error)
{
    return set_change_lock(fd, F_OFD_SETLKW, F_WRLCK) || fail_to_lock(error);
}

void
lock_release(int fd)
{
    int saved = errno;

    set_change_lock(fd, F_OFD_SETLK, F_UNLCK);
    errno = saved;
}
