/* Being told of changes: by the kernel, by the folders' times, and under two names at once. */
/* SPDX-License-Identifier: MIT */

#include "watch.h"

#include "fixture.h"

#include <unistd.h>

#define PATIENCE_SECONDS 20

static void
count_up(gpointer data)
{
    ++*(guint *)data;
}

static gboolean
give_up(gpointer data)
{
    (void)data;
    g_error("nobody was told");
    return G_SOURCE_REMOVE;
}

static void
wait_until_told(const guint *told, guint count)
{
    guint end = g_timeout_add_seconds(PATIENCE_SECONDS, give_up, NULL);

    while (*told < count)
        g_main_context_iteration(NULL, TRUE);
    g_source_remove(end);
}

static void
assert_counts(guint folders, guint polled)
{
    guint found;

    g_assert_cmpuint(watch_count_folders(&found), ==, folders);
    g_assert_cmpuint(found, ==, polled);
}

static void
test_kernel(void)
{
    char *maildir = maildir_new();
    guint told = 0;
    Watch *one = watch_new(maildir, count_up, &told);
    Watch *other = watch_new(maildir, count_up, &told);

    assert_counts(1, 0);
    maildir_deliver(maildir, "new", "1.a", "text\n");
    wait_until_told(&told, 2);
    maildir_deliver(maildir, "cur", "2.b:2,S", "text\n");
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpuint(told, ==, 2); /* each is told once */
    watch_free(one);
    assert_counts(1, 0);
    watch_free(other);
    assert_counts(0, 0);
    maildir_free(maildir);
}

static void
test_by_time(void)
{
    char *maildir = maildir_new();
    guint told = 0;

    watch_forgo_kernel(TRUE);
    Watch *watch = watch_new(maildir, count_up, &told);
    watch_forgo_kernel(FALSE);
    assert_counts(1, 1);
    maildir_deliver(maildir, "new", "1.a", "text\n");
    wait_until_told(&told, 1);
    watch_free(watch);
    assert_counts(0, 0);
    maildir_free(maildir);
}

/* To the kernel both are one, and it would tell only the later of them. */
static void
test_two_names(void)
{
    char *maildir = maildir_new();
    g_autofree char *alias = g_strconcat(maildir, "-alias", NULL);
    guint told = 0;

    g_assert_cmpint(symlink(maildir, alias), ==, 0);
    Watch *one = watch_new(maildir, count_up, &told);
    Watch *other = watch_new(alias, count_up, &told);
    maildir_deliver(maildir, "new", "1.a", "text\n");
    wait_until_told(&told, 2);
    watch_free(other);
    Watch *again = watch_new(maildir, count_up, &told);
    maildir_deliver(maildir, "new", "2.b", "text\n");
    wait_until_told(&told, 3);
    watch_free(one);
    watch_free(again);
    assert_counts(0, 0);
    g_assert_cmpint(unlink(alias), ==, 0);
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/watch/by the kernel", test_kernel);
    g_test_add_func("/maildir/watch/by time", test_by_time);
    g_test_add_func("/maildir/watch/one folder of two names", test_two_names);
    return g_test_run();
}
