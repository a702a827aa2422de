/* How long a large Maildir takes to open: run with "-m perf"; nothing is asserted of times. */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"

#define MESSAGES 100000

static void
fill(const char *maildir)
{
    for (guint i = 0; i < MESSAGES; i++) {
        g_autofree char *name =
            g_strdup_printf("%u.M%uP1.mail.example.org:2,S", 1700000000 + i, i);
        g_autofree char *path = maildir_path(maildir, "cur", name);
        g_assert_true(g_file_set_contents_full(path, "Subject: a\n\nbody\n", -1,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    }
}

static void
time_open(const char *maildir, const char *what)
{
    g_test_timer_start();
    g_autoptr(Drop) drop = maildir_open(maildir);
    double seconds = g_test_timer_elapsed();

    g_test_minimized_result(seconds, "%s: %.1f ms", what, seconds * 1000);
    g_assert_cmpuint(drop_count(drop), ==, MESSAGES);
    g_assert_cmpuint(drop_size(drop, 1), ==, 20);
}

static void
test_open(void)
{
    if (!g_test_perf()) {
        g_test_skip("run with -m perf");
        return;
    }
    char *maildir = maildir_new();

    fill(maildir);
    time_open(maildir, "100,000 messages, none known");
    time_open(maildir, "all known, index not sure");
    maildir_age(maildir);
    time_open(maildir, "folders look older");
    time_open(maildir, "index sure");
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/scaling/open", test_open);
    return g_test_run();
}
