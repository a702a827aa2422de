/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "captured-stderr.h"

#include <glib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int real = -1, captured = -1;

void
captured_stderr_begin(void)
{
    g_assert_cmpint(real, ==, -1);
    real = dup(STDERR_FILENO);
    captured = memfd_create("stderr", MFD_CLOEXEC);
    g_assert_cmpint(dup2(captured, STDERR_FILENO), ==, STDERR_FILENO);
}

char *
captured_stderr_end(void)
{
    struct stat status;

    g_assert_cmpint(dup2(real, STDERR_FILENO), ==, STDERR_FILENO);
    g_assert_cmpint(fstat(captured, &status), ==, 0);
    char *text = g_malloc0((gsize)status.st_size + 1);
    g_assert_cmpint(pread(captured, text, (gsize)status.st_size, 0), ==,
                    (gssize)status.st_size);
    close(real);
    close(captured);
    real = captured = -1;
    return text;
}
