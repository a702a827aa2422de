/* Maildirs of which all or something is missing, with "create". */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"

#include <glib/gstdio.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

static void
assert_made(const char *maildir, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Drop) drop = drop_open(maildir, DROP_CREATE, &error);

    g_assert_no_error(error);
    g_assert_nonnull(drop);
    g_autofree char *list = maildir_list(drop);
    g_assert_cmpstr(list, ==, expected);
}

/* A crash, a login without "create" or a backup without empty folders: a lock's file does not
 * tell that the folders are there. */
static void
test_create_the_rest(void)
{
    static const char *const left[] = {"tmp", "new", "cur"};

    for (guint i = 0; i <= G_N_ELEMENTS(left); i++) {
        char *maildir = maildir_new();
        g_autofree char *half = maildir_path(maildir, "half", i < 3 ? left[i] : NULL);
        g_autofree char *box = maildir_path(maildir, "half", NULL);
        g_assert_cmpint(g_mkdir_with_parents(half, 0700), ==, 0);
        g_assert_null(drop_open(box, 0, NULL));
        assert_made(box, "");
        maildir_deliver(box, "new", "1.a", "one\n");
        assert_made(box, "5 1.a;");
        maildir_free(maildir);
    }
}

/* Mail that a session has seen and that has vanished since is missed, not made anew. */
static void
test_create_no_cur(void)
{
    char *maildir = maildir_new();
    g_autofree char *cur = maildir_path(maildir, "cur", NULL);
    g_autofree char *new = maildir_path(maildir, "new", NULL);
    g_autofree char *lock = maildir_path(maildir, "pop4d.lock", NULL);
    g_autofree char *away = maildir_path(maildir, "away", NULL);
    g_autoptr(GError) error = NULL;

    maildir_deliver(maildir, "new", "1.a", "one\n");
    assert_made(maildir, "5 1.a;");
    g_assert_cmpint(g_rename(cur, away), ==, 0);
    for (guint round = 0; round < 2; round++) {
        g_assert_null(drop_open(maildir, DROP_CREATE, &error));
        g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
        g_assert_cmpstr(error->message, ==,
                        "The mailbox cannot be read: No such file or directory");
        g_assert_false(g_file_test(cur, G_FILE_TEST_EXISTS));
        g_clear_error(&error);
        g_assert_cmpint(g_unlink(lock), ==, 0); /* as little a sign as its presence */
    }
    g_assert_cmpint(g_rename(away, cur), ==, 0);
    g_assert_cmpint(g_rmdir(new), ==, 0); /* hides nothing */
    assert_made(maildir, "5 1.a;");
    maildir_free(maildir);
}

static void
test_create(void)
{
    char *maildir = maildir_new();
    g_autofree char *missing = maildir_path(maildir, "deep", "box");
    g_autofree char *cur = maildir_path(missing, "cur", NULL);
    g_autoptr(GError) error = NULL;

    g_assert_null(drop_open(missing, 0, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_cmpstr(error->message, ==, "The mailbox does not exist yet");
    g_assert_false(g_file_test(missing, G_FILE_TEST_EXISTS));
    g_clear_error(&error);

    g_autoptr(Drop) drop = drop_open(missing, DROP_CREATE, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(drop_count(drop), ==, 0);
    g_assert_true(g_file_test(cur, G_FILE_TEST_IS_DIR));
    drop_close(g_steal_pointer(&drop));
    maildir_deliver(missing, "tmp", "1.a", "one\n");
    g_autoptr(Drop) again = drop_open(missing, DROP_CREATE, &error);
    g_assert_cmpuint(drop_count(again), ==, 0);
    drop_close(g_steal_pointer(&again));

    g_autofree char *file = maildir_path(maildir, "file", NULL);
    g_autofree char *below = maildir_path(file, "box", NULL);
    g_assert_true(g_file_set_contents(file, "", 0, NULL));
    g_assert_null(drop_open(below, DROP_CREATE, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_null(strstr(error->message, maildir)); /* a client reads it: no path */
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/create/all", test_create);
    g_test_add_func("/maildir/create/the rest", test_create_the_rest);
    g_test_add_func("/maildir/create/no cur", test_create_no_cur);
    return g_test_run();
}
