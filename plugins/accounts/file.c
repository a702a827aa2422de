/* SPDX-License-Identifier: MIT */

#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE_MAX_OCTETS (G_GUINT64_CONSTANT(1) << 30)
#define NANOSECONDS G_GINT64_CONSTANT(1000000000)

static FileState
state_of(const struct stat *info)
{
    return (FileState){
        .device = info->st_dev,
        .inode = info->st_ino,
        .size = (guint64)info->st_size,
        .modified = info->st_mtim.tv_sec * NANOSECONDS + info->st_mtim.tv_nsec,
        .changed = info->st_ctim.tv_sec * NANOSECONDS + info->st_ctim.tv_nsec,
    };
}

FileState
file_stat(const char *path)
{
    struct stat info;

    return lstat(path, &info) == 0 ? state_of(&info) : (FileState){0};
}

gboolean
file_state_equal(const FileState *a, const FileState *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->modified == b->modified && a->changed == b->changed;
}

static gboolean
fail_errno(GError **error, const char *path, int number)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number), "%s: %s", path,
                g_strerror(number));
    return FALSE;
}

static gboolean
fail(GError **error, const char *path, const char *what)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s: %s", path, what);
    return FALSE;
}

static gboolean
check(int fd, const char *path, FileState *state_out, GError **error)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return fail_errno(error, path, errno);
    *state_out = state_of(&info);
    if (!S_ISREG(info.st_mode))
        return fail(error, path, "is no regular file");
    if ((info.st_mode & 027) != 0)
        return fail(error, path,
                    "others may read or write it, or its group may write it: "
                    "needs mode 0640 or less");
    if (state_out->size > SIZE_MAX_OCTETS)
        return fail(error, path, "is larger than 1 GiB");
    return TRUE;
}

int
file_open(const char *path, FileState *state_out, GError **error)
{
    *state_out = file_stat(path);
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0 && errno == ELOOP)
        fail(error, path, "is a symbolic link, or leads in circles");
    else if (fd < 0)
        fail_errno(error, path, errno);
    else if (check(fd, path, state_out, error))
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static gboolean
read_all(int fd, char *octets, gsize size, const char *path, GError **error)
{
    for (gsize got = 0; got < size;) {
        gssize more = pread(fd, octets + got, size - got, (off_t)got);
        if (more < 0 && errno != EINTR)
            return fail_errno(error, path, errno);
        if (more == 0)
            return fail(error, path, "was cut while it was read");
        got += more > 0 ? (gsize)more : 0;
    }
    return TRUE;
}

char *
file_read(int fd, const FileState *state, const char *path, GError **error)
{
    char *octets = g_try_malloc(state->size + 1);

    if (octets == NULL) {
        fail_errno(error, path, ENOMEM);
        return NULL;
    }
    octets[state->size] = '\0';
    if (!read_all(fd, octets, state->size, path, error)) {
        explicit_bzero(octets, state->size);
        g_clear_pointer(&octets, g_free);
    }
    return octets;
}
