/* Locks, removals and folders that go away. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pop4/error.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
assert_in_use(const char *maildir)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(drop_open(maildir, 0, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_IN_USE);
}

static void
test_lock(void)
{
    char *maildir = maildir_new();
    g_autoptr(Drop) drop = maildir_open(maildir);

    assert_in_use(maildir);
    assert_in_use(maildir); /* a refused session takes nothing away */
    drop_close(g_steal_pointer(&drop));
    drop = maildir_open(maildir);
    assert_in_use(maildir);
    drop_close(g_steal_pointer(&drop));
    maildir_free(maildir);
}

/* Another server: opens the drop, says so, and holds it until it is killed. */
static pid_t
hold_in_child(const char *maildir)
{
    int ends[2];
    char octet;

    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        Drop *drop = drop_open(maildir, 0, NULL);
        if (drop == NULL || write(ends[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    close(ends[1]);
    g_assert_cmpint(read(ends[0], &octet, 1), ==, 1);
    close(ends[0]);
    return child;
}

static void
test_lock_of_another(void)
{
    char *maildir = maildir_new();
    pid_t child = hold_in_child(maildir);
    int status;

    assert_in_use(maildir);
    g_assert_cmpint(kill(child, SIGKILL), ==, 0);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
    drop_close(maildir_open(maildir)); /* a crash leaves no lock */
    maildir_free(maildir);
}

static void
test_lock_file(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, "pop4d.lock", NULL);
    g_autofree char *victim = maildir_path(maildir, "victim", NULL);
    g_autoptr(GError) error = NULL;

    /* Not followed: it would make or lock a file of somebody's choice. */
    g_assert_cmpint(symlink(victim, path), ==, 0);
    g_assert_null(drop_open(maildir, 0, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_false(g_file_test(victim, G_FILE_TEST_EXISTS));
    g_assert_null(strstr(error->message, maildir));
    maildir_free(maildir);
}

static void
assert_gone(const char *maildir, const char *name, gboolean gone)
{
    g_autofree char *path = maildir_path(maildir, "cur", name);

    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS) != gone);
}

static void
test_remove(void)
{
    char *maildir = maildir_new();
    static const guint numbers[] = {1, 2, 3};
    g_autoptr(GError) error = NULL;

    maildir_deliver(maildir, "new", "1.a", "one\n");
    maildir_deliver(maildir, "new", "2.b", "two\n");
    maildir_deliver(maildir, "new", "3.c", "three\n");
    maildir_deliver(maildir, "new", "4.d", "four\n");
    g_autoptr(Drop) drop = maildir_open(maildir);
    maildir_rename(maildir, "2.b:2,", "2.b,S=4:2,FS"); /* an IMAP server sets flags */
    maildir_remove(maildir, "3.c:2,");                 /* and somebody else removes one */
    g_assert_true(drop_remove(drop, numbers, G_N_ELEMENTS(numbers), &error));
    g_assert_no_error(error);
    assert_gone(maildir, "1.a:2,", TRUE);
    assert_gone(maildir, "2.b,S=4:2,FS", TRUE);
    assert_gone(maildir, "4.d:2,", FALSE);
    drop_close(g_steal_pointer(&drop));
    drop = maildir_open(maildir);
    g_assert_cmpuint(drop_count(drop), ==, 1);
    g_assert_cmpstr(drop_uid(drop, 1), ==, "4.d");
    drop_close(g_steal_pointer(&drop));
    maildir_free(maildir);
}

/* A name that is no file any more: the others are removed, and the client is told. */
static void
test_remove_fails(void)
{
    char *maildir = maildir_new();
    static const guint numbers[] = {1, 2, 3};
    g_autofree char *folder = maildir_path(maildir, "cur", "2.b:2,");
    g_autofree char *inside = maildir_path(folder, "inside", NULL);
    g_autoptr(GError) error = NULL;

    maildir_deliver(maildir, "new", "1.a", "one\n");
    maildir_deliver(maildir, "new", "2.b", "two\n");
    maildir_deliver(maildir, "new", "3.c", "three\n");
    g_autoptr(Drop) drop = maildir_open(maildir);
    maildir_remove(maildir, "2.b:2,");
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(inside, "", 0, NULL));
    g_assert_false(drop_remove(drop, numbers, G_N_ELEMENTS(numbers), &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_cmpstr(error->message, ==, "some deleted messages not removed");
    assert_gone(maildir, "1.a:2,", TRUE);
    assert_gone(maildir, "3.c:2,", TRUE);
    assert_gone(maildir, "2.b:2,", FALSE);
    drop_close(g_steal_pointer(&drop));
    maildir_free(maildir);
}

/* Set by a test: what happens just before a file is removed. */
static void (*before_unlink)(const char *path);

/* In place of the library's, so that another program can be at work at just that moment. */
int
unlink(const char *path)
{
    if (before_unlink != NULL)
        before_unlink(path);
    return unlinkat(AT_FDCWD, path, 0);
}

/* An IMAP server changes the flags of the third message whenever we are about to remove it. */
static void
rename_third(const char *path)
{
    g_autofree char *cur = g_path_get_dirname(path);
    g_autofree char *maildir = g_path_get_dirname(cur);

    if (g_str_has_suffix(path, "/3.c:2,"))
        maildir_rename(maildir, "3.c:2,", "3.c:2,S");
    else if (g_str_has_suffix(path, "/3.c:2,S"))
        maildir_rename(maildir, "3.c:2,S", "3.c:2,FS");
    else if (g_str_has_suffix(path, "/3.c:2,FS"))
        before_unlink = NULL;
}

/* A message that somebody renames after we looked for renamed ones is not gone. */
static void
test_remove_renamed_late(void)
{
    char *maildir = maildir_new();
    static const guint numbers[] = {1, 2, 3};
    g_autoptr(GError) error = NULL;

    maildir_deliver(maildir, "new", "1.a", "one\n");
    maildir_deliver(maildir, "new", "2.b", "two\n");
    maildir_deliver(maildir, "new", "3.c", "three\n");
    g_autoptr(Drop) drop = maildir_open(maildir);
    maildir_rename(maildir, "2.b:2,", "2.b:2,S");
    before_unlink = rename_third;
    g_assert_true(drop_remove(drop, numbers, G_N_ELEMENTS(numbers), &error));
    g_assert_null(before_unlink);
    g_assert_no_error(error);
    assert_gone(maildir, "3.c:2,FS", TRUE);
    drop_close(g_steal_pointer(&drop));
    maildir_free(maildir);
}

/* The index is a cache: without one the mail is served all the same. */
static void
test_no_index(void)
{
    char *maildir = maildir_new();
    g_autofree char *index = maildir_path(maildir, "pop4d.index", NULL);
    g_autofree char *temporary = maildir_path(maildir, "pop4d.index.tmp", NULL);

    maildir_deliver(maildir, "new", "1.a", "one\n");
    g_assert_cmpint(g_mkdir(index, 0700), ==, 0);
    for (guint round = 0; round < 2; round++) {
        g_autoptr(Drop) drop = maildir_open(maildir);
        g_autofree char *list = maildir_list(drop);
        g_assert_cmpstr(list, ==, "5 1.a;");
        g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
    }
    g_assert_cmpint(g_mkdir(temporary, 0700), ==, 0);
    g_autoptr(Drop) drop = maildir_open(maildir);
    g_assert_cmpuint(drop_count(drop), ==, 1);
    drop_close(g_steal_pointer(&drop));
    maildir_free(maildir);
}

/* Not one octet can be written to any file, and the mail is served. */
static void
test_no_room(void)
{
    char *maildir = maildir_new();
    g_autoptr(GError) error = NULL;

    maildir_deliver(maildir, "new", "1.a", "one\n");
    maildir_limit_files(0);
    g_autoptr(Drop) drop = drop_open(maildir, 0, &error);
    g_autoptr(Pop4Body) body = drop != NULL ? drop_open_body(drop, 1, &error) : NULL;
    maildir_limit_files(G_MAXUINT64);
    g_assert_no_error(error);
    g_autofree char *list = maildir_list(drop);
    g_assert_cmpstr(list, ==, "5 1.a;");
    g_assert_nonnull(body);
    drop_close(g_steal_pointer(&drop));
    drop_close(maildir_open(maildir));
    maildir_free(maildir);
}

static void
test_folder_goes_away(void)
{
    static const guint numbers[] = {1};
    char *maildir = maildir_new();
    g_autofree char *elsewhere = g_strconcat(maildir, ".old", NULL);
    g_autoptr(GError) error = NULL;

    maildir_deliver(maildir, "new", "1.a", "one\n");
    g_autoptr(Drop) drop = maildir_open(maildir);
    g_assert_cmpint(g_rename(maildir, elsewhere), ==, 0);
    g_assert_cmpuint(drop_count(drop), ==, 1);
    g_assert_cmpuint(drop_size(drop, 1), ==, 5);
    g_assert_cmpstr(drop_uid(drop, 1), ==, "1.a");
    g_assert_null(drop_open_body(drop, 1, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_cmpstr(error->message, ==, "Another program has removed or renamed the message");
    g_clear_error(&error);
    g_assert_false(drop_remove(drop, numbers, 1, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    drop_close(g_steal_pointer(&drop));
    g_assert_null(drop_open(maildir, 0, NULL));
    g_assert_cmpint(g_rename(elsewhere, maildir), ==, 0);
    drop_close(maildir_open(maildir));
    maildir_free(maildir);
}

/* A part of the Maildir is missing: nobody is told that the mail is gone. */
static void
test_no_cur(void)
{
    static const char *const folders[] = {"cur", "new"};

    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        char *maildir = maildir_new();
        g_autofree char *folder = maildir_path(maildir, folders[i], NULL);
        g_autoptr(GError) error = NULL;
        g_assert_cmpint(g_rmdir(folder), ==, 0);
        g_assert_null(drop_open(maildir, 0, &error));
        g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
        maildir_free(maildir);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/lock/one session", test_lock);
    g_test_add_func("/maildir/lock/another server, killed", test_lock_of_another);
    g_test_add_func("/maildir/lock/a symbolic link", test_lock_file);
    g_test_add_func("/maildir/remove/renamed and gone", test_remove);
    g_test_add_func("/maildir/remove/renamed late", test_remove_renamed_late);
    g_test_add_func("/maildir/remove/one fails", test_remove_fails);
    g_test_add_func("/maildir/index/cannot be written", test_no_index);
    g_test_add_func("/maildir/index/no room on disk", test_no_room);
    g_test_add_func("/maildir/folder/goes away", test_folder_goes_away);
    g_test_add_func("/maildir/folder/a part is missing", test_no_cur);
    return g_test_run();
}
