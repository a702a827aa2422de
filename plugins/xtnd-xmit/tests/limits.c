/* How much a login may send, and what was sent before. */
/* SPDX-License-Identifier: MIT */

#include "quota.h"
#include "recent.h"

#include <pop4/error.h>

static void
test_quota(void)
{
    const QuotaLimits limits = {
        .messages_per_hour = 2, .recipients_per_day = 10, .parallel = 2};
    Quota *quota = quota_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(quota_begin(quota, "ann", &limits, 3, 1000, &error));
    g_assert_true(quota_begin(quota, "ann", &limits, 3, 1000, &error));
    g_assert_false(quota_begin(quota, "ann", &limits, 1, 1000, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_clear_error(&error);
    g_assert_true(quota_check(quota, "bob", &limits, 1000, &error));

    /* What was not sent is given back, what was is not. */
    quota_end(quota, "ann", 3, TRUE);
    quota_end(quota, "ann", 3, FALSE);
    g_assert_true(quota_begin(quota, "ann", &limits, 1, 1000, &error));
    quota_end(quota, "ann", 1, FALSE);
    g_assert_false(quota_check(quota, "ann", &limits, 1000, NULL));
    g_assert_false(quota_check(quota, "ann", &limits, 1000 + 1799, NULL));
    g_assert_true(quota_check(quota, "ann", &limits, 1000 + 1800, &error));
    g_assert_false(quota_begin(quota, "ann", &limits, 8, 1000 + 1800, NULL));
    g_assert_true(quota_begin(quota, "ann", &limits, 6, 1000 + 1800, &error));
    quota_end(quota, "ann", 6, FALSE);
    quota_free(quota);
}

static void
test_no_limits(void)
{
    const QuotaLimits limits = {0};
    Quota *quota = quota_new();

    for (guint i = 0; i < 1000; i++)
        g_assert_true(quota_begin(quota, "ann", &limits, 100, 5, NULL));
    quota_free(quota);
}

static void
test_many_logins(void)
{
    const QuotaLimits limits = {.messages_per_hour = 1};
    Quota *quota = quota_new();

    for (guint i = 0; i < 5000; i++) {
        g_autofree char *login = g_strdup_printf("user%u", i);
        g_assert_true(quota_begin(quota, login, &limits, 1, i, NULL));
        quota_end(quota, login, 1, FALSE);
        g_assert_false(quota_check(quota, login, &limits, i, NULL));
    }
    quota_free(quota);
}

static void
test_recent(void)
{
    Recent *recent = recent_new();

    g_assert_cmpint(recent_begin(recent, "a", 100), ==, RECENT_NEW);
    g_assert_cmpint(recent_begin(recent, "a", 100), ==, RECENT_RUNNING);
    g_assert_cmpint(recent_begin(recent, "b", 100), ==, RECENT_NEW);
    recent_end(recent, "a", TRUE, 200);
    recent_end(recent, "b", FALSE, 200);
    g_assert_cmpint(recent_begin(recent, "a", 200 + 3600), ==, RECENT_SENT);
    g_assert_cmpint(recent_begin(recent, "b", 200), ==, RECENT_NEW);
    g_assert_cmpint(recent_begin(recent, "a", 201 + 3600), ==, RECENT_NEW);
    recent_free(recent);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/xtnd-xmit/quota/limits", test_quota);
    g_test_add_func("/xtnd-xmit/quota/no limits", test_no_limits);
    g_test_add_func("/xtnd-xmit/quota/many logins", test_many_logins);
    g_test_add_func("/xtnd-xmit/recent", test_recent);
    return g_test_run();
}
