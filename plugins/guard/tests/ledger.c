/* The ledger: what is forgiven when, who is forgotten first, and what a million cost. */
/* SPDX-License-Identifier: MIT */

#include "ledger.h"

#include <malloc.h>
#include <string.h>

#define MILLION 1000000

static const LedgerTerms usual = {.entries = 65536, .failures = 60, .forgive_seconds = 60};

/* Octets of the heap in use; 0 where another allocator stands in for it. */
static gsize
heap(void)
{
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
}

static void
test_decay(void)
{
    static const struct {
        const char *sentence;
        guint32 failures[8]; /* when; 0 ends */
        guint32 now;
        guint expected;
    } rows[] = {
        {"nobody has failures at first", {0}, 1000, 0},
        {"each counts", {1000, 1000, 1001}, 1001, 3},
        {"one is forgiven each minute", {1000, 1000, 1000}, 1060, 2},
        {"not a second before", {1000, 1000, 1000}, 1059, 3},
        {"the next a minute later", {1000, 1000, 1000}, 1120, 1},
        {"until none is left", {1000, 1000, 1000}, 1180, 0},
        {"and never fewer", {1000, 1000, 1000}, 999999, 0},
        {"a minute begins with the first failure", {1000, 1059}, 1060, 1},
        {"a further one does not put it off", {1000, 1030, 1050}, 1120, 1},
        {"after all are forgiven it begins anew", {1000, 1150}, 1209, 1},
        {"for a minute", {1000, 1150}, 1210, 0},
        {"a clock that is a little behind forgives nobody", {1000, 999}, 998, 2},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Ledger) ledger = ledger_new();
        g_test_message("%s", rows[i].sentence);
        for (const guint32 *when = rows[i].failures; *when != 0; when++)
            ledger_fail(ledger, 1, &usual, *when);
        g_assert_cmpuint(ledger_get_failures(ledger, 1, &usual, rows[i].now), ==,
                         rows[i].expected);
    }
}

static void
test_failures(void)
{
    g_autoptr(Ledger) ledger = ledger_new();

    for (guint i = 1; i <= 60; i++)
        g_assert_cmpuint(ledger_fail(ledger, 1, &usual, 1000), ==, i);
    /* An attack of any length is forgiven within the hour. */
    for (guint i = 0; i < 1000; i++)
        g_assert_cmpuint(ledger_fail(ledger, 1, &usual, 1000), ==, 60);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &usual, 1000 + 59 * 60), ==, 1);
    /* It is nothing to others, also to those of the same bucket. */
    g_assert_cmpuint(ledger_fail(ledger, 2, &usual, 1000), ==, 1);
    g_assert_cmpuint(ledger_fail(ledger, 1 + 65536, &usual, 1000), ==, 1);
    ledger_forgive(ledger, 1);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &usual, 1000), ==, 0);
    g_assert_cmpuint(ledger_get_failures(ledger, 1 + 65536, &usual, 1000), ==, 1);
}

static void
test_terms(void)
{
    const LedgerTerms hasty = {.entries = 65536, .failures = 60, .forgive_seconds = 1};
    g_autoptr(Ledger) ledger = ledger_new();

    for (guint i = 0; i < 10; i++)
        ledger_fail(ledger, 1, &usual, 1000);
    /* Settings that change find the same failures. */
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &hasty, 1004), ==, 6);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &usual, 1063), ==, 6);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &usual, 1064), ==, 5);
}

static void
test_sessions(void)
{
    g_autoptr(Ledger) ledger = ledger_new();

    g_assert_true(ledger_enter(ledger, 1, 2, &usual, 1000));
    g_assert_true(ledger_enter(ledger, 1, 2, &usual, 1000));
    g_assert_false(ledger_enter(ledger, 1, 2, &usual, 1000));
    g_assert_true(ledger_enter(ledger, 2, 2, &usual, 1000));
    g_assert_true(ledger_enter(ledger, 1, 3, &usual, 1000));
    g_assert_true(ledger_enter(ledger, 1, 0, &usual, 1000));
    for (guint i = 0; i < 3; i++)
        ledger_leave(ledger, 1);
    g_assert_true(ledger_enter(ledger, 1, 2, &usual, 1000));
    g_assert_false(ledger_enter(ledger, 1, 2, &usual, 1000));
    ledger_leave(ledger, 1);
    ledger_leave(ledger, 1);
    ledger_leave(ledger, 2);
    /* Who has failed at nothing and is gone needs no entry. */
    g_assert_cmpuint(ledger_count(ledger), ==, 0);
    ledger_enter(ledger, 1, 2, &usual, 1000);
    ledger_fail(ledger, 1, &usual, 1000);
    ledger_leave(ledger, 1);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &usual, 1000), ==, 1);
    ledger_enter(ledger, 1, 2, &usual, 1000);
    ledger_forgive(ledger, 1);
    ledger_leave(ledger, 1);
    g_assert_cmpuint(ledger_count(ledger), ==, 0);
}

static void
test_order(void)
{
    const LedgerTerms few = {.entries = 3, .failures = 60, .forgive_seconds = 60};
    g_autoptr(Ledger) ledger = ledger_new();

    for (guint64 key = 1; key <= 3; key++)
        ledger_fail(ledger, key, &few, 1000);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &few, 1001), ==, 1);
    ledger_fail(ledger, 4, &few, 1002);
    g_assert_cmpuint(ledger_count(ledger), ==, 3);
    g_assert_cmpuint(ledger_get_failures(ledger, 2, &few, 1002), ==, 0);
    ledger_fail(ledger, 5, &few, 1002);
    g_assert_cmpuint(ledger_get_failures(ledger, 3, &few, 1002), ==, 0);
    g_assert_cmpuint(ledger_get_failures(ledger, 1, &few, 1002), ==, 1);
    /* Fewer are let by and by: no call does it all. */
    const LedgerTerms one = {.entries = 1, .failures = 60, .forgive_seconds = 60};
    for (guint64 key = 10; key < 100; key++)
        ledger_fail(ledger, key, &usual, 1003);
    for (guint i = 0; i < 30; i++)
        ledger_fail(ledger, 99, &one, 1003);
    g_assert_cmpuint(ledger_count(ledger), ==, 1);
    g_assert_cmpuint(ledger_get_failures(ledger, 99, &one, 1003), ==, 31);
}

/* Those whose failures are forgiven go when others come, long before the room is needed. */
static void
test_forgotten(void)
{
    g_autoptr(Ledger) ledger = ledger_new();

    for (guint64 key = 0; key < 1000; key++)
        ledger_fail(ledger, key, &usual, 1000);
    for (guint64 key = 1000; key < 1500; key++)
        ledger_fail(ledger, key, &usual, 1060);
    g_assert_cmpuint(ledger_count(ledger), ==, 500);
}

static void
test_flood(void)
{
    g_autoptr(Ledger) ledger = ledger_new();
    gsize before = heap();

    for (guint64 key = 0; key < MILLION; key++)
        ledger_fail(ledger, key * 0x9e3779b97f4a7c15u, &usual, 1000 + (guint32)key / 100000);
    g_assert_cmpuint(ledger_count(ledger), ==, 65536);
    g_assert_cmpuint(heap() - before, <=, 65536 * 96);
    g_test_message("%" G_GSIZE_FORMAT " octets for a million", heap() - before);
}

static void
test_live(void)
{
    g_autoptr(Ledger) ledger = ledger_new();
    const LedgerTerms few = {.entries = 100, .failures = 60, .forgive_seconds = 60};
    const guint sessions = 1000;

    for (guint key = 0; key < sessions; key++)
        g_assert_true(ledger_enter(ledger, key, 1, &few, 1000));
    for (guint64 key = sessions; key < 100000; key++)
        ledger_fail(ledger, key, &few, 1000);
    /* More than there is room for: they stay, and the newest other one. */
    g_assert_cmpuint(ledger_count(ledger), ==, sessions + 1);
    for (guint key = 0; key < sessions; key++)
        g_assert_false(ledger_enter(ledger, key, 1, &few, 1000));
    g_assert_cmpuint(ledger_fail(ledger, 99999, &few, 1000), ==, 2);
    for (guint key = 0; key < sessions; key++)
        ledger_leave(ledger, key);
    g_assert_cmpuint(ledger_count(ledger), ==, 1);
}

static void
test_news(void)
{
    g_autoptr(Ledger) ledger = ledger_new();

    g_assert_true(ledger_tell(ledger, 1, LEDGER_REFUSED, 1000));
    ledger_fail(ledger, 1, &usual, 1000);
    g_assert_true(ledger_tell(ledger, 1, LEDGER_REFUSED, 1000));
    g_assert_false(ledger_tell(ledger, 1, LEDGER_REFUSED, 1000));
    g_assert_true(ledger_tell(ledger, 1, LEDGER_DELAYED, 1000));
    g_assert_false(ledger_tell(ledger, 1, LEDGER_REFUSED, 1059));
    g_assert_true(ledger_tell(ledger, 1, LEDGER_REFUSED, 1060));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/ledger/decay", test_decay);
    g_test_add_func("/guard/ledger/failures", test_failures);
    g_test_add_func("/guard/ledger/terms", test_terms);
    g_test_add_func("/guard/ledger/sessions", test_sessions);
    g_test_add_func("/guard/ledger/order", test_order);
    g_test_add_func("/guard/ledger/forgotten", test_forgotten);
    g_test_add_func("/guard/ledger/flood", test_flood);
    g_test_add_func("/guard/ledger/live", test_live);
    g_test_add_func("/guard/ledger/news", test_news);
    return g_test_run();
}
