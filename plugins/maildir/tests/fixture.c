/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

char *
maildir_path(const char *maildir, const char *folder, const char *name)
{
    return g_build_filename(maildir, folder, name, NULL);
}

char *
maildir_new(void)
{
    static const char *const folders[] = {"tmp", "new", "cur"};
    char *maildir = g_dir_make_tmp("maildir-XXXXXX", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = maildir_path(maildir, folders[i], NULL);
        g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    }
    return maildir;
}

static int
remove_item(const char *path, const struct stat *status, int type, struct FTW *where)
{
    return remove(path);
}

void
maildir_free(char *maildir)
{
    nftw(maildir, remove_item, 16, FTW_DEPTH | FTW_PHYS);
    g_free(maildir);
}

void
maildir_deliver(const char *maildir, const char *folder, const char *name, const char *text)
{
    g_autofree char *temporary = maildir_path(maildir, "tmp", name);
    g_autofree char *path = maildir_path(maildir, folder, name);
    GError *error = NULL;

    g_file_set_contents_full(temporary, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    g_assert_no_error(error);
    g_assert_cmpint(g_rename(temporary, path), ==, 0);
}

void
maildir_rename(const char *maildir, const char *name, const char *to)
{
    g_autofree char *path = maildir_path(maildir, "cur", name);
    g_autofree char *target = maildir_path(maildir, "cur", to);

    g_assert_cmpint(g_rename(path, target), ==, 0);
}

void
maildir_remove(const char *maildir, const char *name)
{
    g_autofree char *path = maildir_path(maildir, "cur", name);

    g_assert_cmpint(g_unlink(path), ==, 0);
}

void
maildir_age(const char *maildir)
{
    static const char *const folders[] = {"new", "cur"};
    const struct timespec times[] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};

    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = maildir_path(maildir, folders[i], NULL);
        g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
    }
}

Drop *
maildir_open(const char *maildir)
{
    g_autoptr(GError) error = NULL;
    Drop *drop = drop_open(maildir, 0, &error);

    g_assert_no_error(error);
    g_assert_nonnull(drop);
    return drop;
}

void
maildir_limit_files(guint64 octets)
{
    struct rlimit limit;

    signal(SIGXFSZ, SIG_IGN);
    g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &limit), ==, 0);
    limit.rlim_cur = MIN((rlim_t)octets, limit.rlim_max);
    g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &limit), ==, 0);
}

char *
maildir_list(Drop *drop)
{
    GString *text = g_string_new(NULL);

    for (guint number = 1; number <= drop_count(drop); number++)
        g_string_append_printf(text, "%" G_GUINT64_FORMAT " %s;", drop_size(drop, number),
                               drop_uid(drop, number));
    return g_string_free(text, FALSE);
}

char *
maildir_wire(const char *text)
{
    GString *wire = g_string_new(NULL);

    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\n' && (c == text || c[-1] != '\r'))
            g_string_append_c(wire, '\r');
        g_string_append_c(wire, *c);
    }
    if (text[0] != '\0' && text[strlen(text) - 1] != '\n')
        g_string_append(wire, "\r\n");
    return g_string_free(wire, FALSE);
}
