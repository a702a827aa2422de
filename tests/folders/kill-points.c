/* Preloaded into a server: kill -9 in front of the operation on files with a given number.
 * Counted is from when the file KILL_TRIGGER exists; KILL_AT is the number, from 1. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int done;

static void
count(void)
{
    const char *trigger = getenv("KILL_TRIGGER"), *at = getenv("KILL_AT");

    if (trigger == NULL || at == NULL || syscall(SYS_access, trigger, F_OK) != 0)
        return;
    if (atomic_fetch_add(&done, 1) + 1 == atoi(at))
        kill(getpid(), SIGKILL);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* Each of these changes what is on disk, or makes it last. */
#define POINT(type, name, parameters, arguments) \
    type name parameters \
    { \
        count(); \
        return NEXT(name) arguments; \
    }

POINT(int, rename, (const char *from, const char *to), (from, to))
POINT(int, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to))
POINT(int, renameat2, (int a, const char *from, int b, const char *to, unsigned flags),
      (a, from, b, to, flags))
POINT(int, link, (const char *from, const char *to), (from, to))
POINT(int, unlink, (const char *path), (path))
POINT(int, mkdir, (const char *path, mode_t mode), (path, mode))
POINT(int, rmdir, (const char *path), (path))
POINT(int, fsync, (int fd), (fd))
POINT(int, fdatasync, (int fd), (fd))
POINT(int, ftruncate, (int fd, off_t length), (fd, length))
POINT(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
POINT(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))

int
open(const char *path, int flags, ...)
{
    mode_t mode = 0;

    if (flags & O_CREAT) {
        va_list arguments;
        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
        count();
    }
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
