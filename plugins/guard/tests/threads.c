/* Many threads at one small ledger; with "-m perf" what a call costs. */
/* SPDX-License-Identifier: MIT */

#include "ledger.h"

#include <pthread.h>

#define THREADS 8
#define TIMES 20000
#define KEYS 200
#define LIMIT 5

static const LedgerTerms terms = {.entries = 100, .failures = 60, .forgive_seconds = 2};
static Ledger *ledger;
static gint inside[KEYS]; /* sessions of each, as the threads know them */

static void
visit(guint key, guint32 now)
{
    if (!ledger_enter(ledger, key, LIMIT, &terms, now))
        return;
    g_assert_cmpint(g_atomic_int_add(&inside[key], 1), <, LIMIT);
    g_assert_cmpuint(ledger_fail(ledger, key, &terms, now), >, 0);
    ledger_tell(ledger, key, LEDGER_DELAYED, now);
    g_atomic_int_add(&inside[key], -1);
    ledger_leave(ledger, key);
}

static void *
hammer(void *data)
{
    guint seed = GPOINTER_TO_UINT(data);

    for (guint i = 0; i < TIMES; i++) {
        guint key = (seed * 7919 + i * 31) % KEYS;
        guint32 now = 1000 + i / 100;
        switch (i % 4) {
        case 0:
            ledger_fail(ledger, KEYS + i, &terms, now);
            break;
        case 1:
            g_assert_cmpuint(ledger_get_failures(ledger, key, &terms, now), <=, 60);
            break;
        case 2:
            ledger_forgive(ledger, key);
            break;
        case 3:
            visit(key, now);
            break;
        }
    }
    return NULL;
}

static void
run(void *(*work)(void *))
{
    pthread_t threads[THREADS];

    for (guint i = 0; i < THREADS; i++)
        g_assert_cmpint(pthread_create(&threads[i], NULL, work, GUINT_TO_POINTER(i)), ==, 0);
    for (guint i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static void
test_hammer(void)
{
    ledger = ledger_new();
    run(hammer);
    /* All sessions are gone, and nobody was lost or counted twice. */
    g_assert_cmpuint(ledger_count(ledger), <=, 100);
    for (guint key = 0; key < KEYS; key++) {
        ledger_forgive(ledger, key);
        for (guint i = 0; i < LIMIT; i++)
            g_assert_true(ledger_enter(ledger, key, LIMIT, &terms, 9999));
        g_assert_false(ledger_enter(ledger, key, LIMIT, &terms, 9999));
    }
    g_clear_pointer(&ledger, ledger_free);
}

static void *
flood(void *data)
{
    const LedgerTerms full = {.entries = 65536, .failures = 60, .forgive_seconds = 60};
    guint64 key = GPOINTER_TO_UINT(data) + 1;

    for (guint i = 0; i < 50 * TIMES; i++)
        ledger_fail(ledger, (key += 0x9e3779b97f4a7c15u), &full, 1000);
    return NULL;
}

static void
test_cost(void)
{
    ledger = ledger_new();
    flood(GUINT_TO_POINTER(99));
    g_test_timer_start();
    flood(GUINT_TO_POINTER(100));
    double alone = g_test_timer_elapsed() / (50.0 * TIMES) * 1e9;
    g_test_minimized_result(alone, "a failure of somebody new, one thread: %.0f ns", alone);
    g_test_timer_start();
    run(flood);
    double together = g_test_timer_elapsed() / (50.0 * TIMES * THREADS) * 1e9;
    g_test_minimized_result(together, "the same, %d threads: %.0f ns", THREADS, together);
    g_clear_pointer(&ledger, ledger_free);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/threads/hammer", test_hammer);
    if (g_test_perf())
        g_test_add_func("/guard/threads/cost", test_cost);
    return g_test_run();
}
