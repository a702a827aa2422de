/* Maildirs that we may not read, or not change. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pop4/error.h>
#include <unistd.h>

#define NOBODY 65534

static gboolean
give_up_rights(void)
{
    if (setegid(NOBODY) < 0)
        return FALSE;
    if (seteuid(NOBODY) == 0)
        return TRUE;
    g_assert_cmpint(setegid(0), ==, 0);
    return FALSE;
}

static gboolean
as_nobody(gboolean (*check)(const char *maildir), const char *maildir)
{
    g_assert_true(give_up_rights());
    gboolean holds = check(maildir);
    g_assert_cmpint(seteuid(0), ==, 0);
    g_assert_cmpint(setegid(0), ==, 0);
    return holds;
}

static gboolean
may_enter(const char *maildir)
{
    return faccessat(AT_FDCWD, maildir, X_OK, AT_EACCESS) == 0;
}

/* Not every root can give up its rights: one that is faked has none, one of a container may
 * lack the other user, and that one may not get to where the tests have their files. */
static gboolean
rights_count(const char *maildir)
{
    if (geteuid() != 0 || !give_up_rights())
        return FALSE;
    g_assert_cmpint(seteuid(0), ==, 0);
    g_assert_cmpint(setegid(0), ==, 0);
    gboolean kept_out = !as_nobody(may_enter, maildir);
    g_assert_cmpint(g_chmod(maildir, 0755), ==, 0);
    gboolean let_in = as_nobody(may_enter, maildir);
    g_assert_cmpint(g_chmod(maildir, 0700), ==, 0);
    return kept_out && let_in;
}

static gboolean
is_refused_for_now(const char *maildir)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Drop) drop = drop_open(maildir, 0, &error);

    return drop == NULL && g_error_matches(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
}

static gboolean
lists_and_cannot_remove(const char *maildir)
{
    static const guint numbers[] = {1, 2};
    g_autoptr(GError) error = NULL;
    g_autoptr(Drop) drop = drop_open(maildir, 0, &error);

    return drop != NULL && drop_count(drop) == 2 && !drop_remove(drop, numbers, 2, &error) &&
           g_error_matches(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
}

/* A maildrop that we may not open is not one in use; one that we may not change is served. */
static void
test_rights(void)
{
    char *maildir = maildir_new();
    g_autofree char *cur = maildir_path(maildir, "cur", NULL);
    g_autofree char *new = maildir_path(maildir, "new", NULL);
    g_autofree char *lock = maildir_path(maildir, "pop4d.lock", NULL);
    g_autofree char *secret = maildir_path(cur, "3.c:2,", NULL);
    g_autofree char *first = maildir_path(cur, "1.a:2,", NULL);
    g_autofree char *second = maildir_path(cur, "2.b:2,", NULL);

    if (!rights_count(maildir)) {
        g_test_skip("no rights that could be given up");
        maildir_free(maildir);
        return;
    }
    maildir_deliver(maildir, "cur", "1.a:2,", "one\n");
    maildir_deliver(maildir, "cur", "2.b:2,", "two\n");
    maildir_deliver(maildir, "cur", "3.c:2,", "not to be read\n");
    g_assert_true(as_nobody(is_refused_for_now, maildir));
    g_assert_cmpint(g_chmod(maildir, 0755), ==, 0);
    g_assert_true(g_file_set_contents(lock, "", 0, NULL));
    g_assert_cmpint(g_chmod(lock, 0600), ==, 0);
    g_assert_true(as_nobody(is_refused_for_now, maildir));
    g_assert_cmpint(g_chmod(lock, 0666), ==, 0);
    g_assert_true(as_nobody(is_refused_for_now, maildir)); /* cur/ and new/ are closed */
    g_assert_cmpint(g_chmod(cur, 0755), ==, 0);
    g_assert_cmpint(g_chmod(new, 0755), ==, 0);
    g_assert_cmpint(g_chmod(first, 0644), ==, 0);
    g_assert_cmpint(g_chmod(second, 0644), ==, 0);
    g_assert_true(as_nobody(lists_and_cannot_remove, maildir));
    g_assert_true(g_file_test(first, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(secret, G_FILE_TEST_EXISTS));
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/folder/rights", test_rights);
    return g_test_run();
}
