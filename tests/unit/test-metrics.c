/* Counters of threads, and the growing block of octets they count. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "metrics.h"

#include "buffer.h"

#include <string.h>

#define THREADS 8
#define ROUNDS 20000

static guint64
sum_of(Metric metric)
{
    guint64 sums[METRIC_COUNT];

    metrics_read(sums);
    return sums[metric];
}

static gpointer
count(gpointer data)
{
    for (guint i = 0; i < ROUNDS; i++) {
        metrics_add(METRIC_COMMANDS, 1);
        metrics_add(METRIC_OCTETS_IN, 7);
    }
    return NULL;
}

/* All threads at once, then as many again in place of those that have ended. */
static void
test_threads(void)
{
    guint64 commands = sum_of(METRIC_COMMANDS);
    guint64 octets = sum_of(METRIC_OCTETS_IN);

    for (guint round = 1; round <= 2; round++) {
        GThread *threads[THREADS];
        for (guint i = 0; i < THREADS; i++)
            threads[i] = g_thread_new("count", count, NULL);
        for (guint64 last = 0, i = 0; i < 100; i++) { /* a sum never falls meanwhile */
            guint64 now = sum_of(METRIC_COMMANDS);
            g_assert_cmpuint(now, >=, last);
            last = now;
        }
        for (guint i = 0; i < THREADS; i++)
            g_thread_join(threads[i]);
        g_assert_cmpuint(sum_of(METRIC_COMMANDS) - commands, ==, round * THREADS * ROUNDS);
        g_assert_cmpuint(sum_of(METRIC_OCTETS_IN) - octets, ==, round * THREADS * ROUNDS * 7);
    }
}

static void
test_names(void)
{
    for (guint i = 0; i < METRIC_COUNT; i++) {
        g_assert_nonnull(metric_names[i]);
        for (guint j = 0; j < i; j++)
            g_assert_cmpstr(metric_names[i], !=, metric_names[j]);
    }
}

static void
assert_holds(const Buffer *buffer, const char *expected)
{
    g_autofree char *text =
        g_strndup(buffer_length(buffer) > 0 ? buffer_head(buffer) : "", buffer_length(buffer));

    g_assert_cmpstr(text, ==, expected);
}

static void
test_buffer(void)
{
    Buffer buffer = {0};
    Buffer other = {0};

    buffer_append(&buffer, "", 0);
    g_assert_cmpuint(buffer_length(&buffer), ==, 0);
    buffer_append(&buffer, "abc", 3);
    buffer_append(&buffer, "def", 3);
    assert_holds(&buffer, "abcdef");
    buffer_take(&buffer, 2);
    assert_holds(&buffer, "cdef");
    memcpy(buffer_reserve(&buffer, 100), "ghi", 3);
    assert_holds(&buffer, "cdef");
    buffer_added(&buffer, 3);
    assert_holds(&buffer, "cdefghi");
    buffer_append(&other, "x", 1);
    buffer_move(&other, &buffer);
    assert_holds(&other, "xcdefghi");
    g_assert_null(buffer.data);
    buffer_move(&other, &buffer);
    assert_holds(&other, "xcdefghi");
    buffer_take(&other, 8);
    g_assert_cmpuint(other.start, ==, 0);
    buffer_wipe(&other);
    buffer_wipe(&other);
    g_assert_null(other.data);
}

/* Against a string, on seeded random pieces. */
static void
test_buffer_random(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1939);
    g_autoptr(GString) expected = g_string_new(NULL);
    Buffer buffer = {0};

    for (guint round = 0; round < 5000; round++) {
        gsize size = (gsize)g_rand_int_range(rand, 0, 400);
        if (g_rand_boolean(rand)) {
            g_autofree char *piece = g_strnfill(size, (char)('a' + round % 26));
            buffer_append(&buffer, piece, size);
            g_string_append_len(expected, piece, (gssize)size);
        } else {
            size = MIN(size, expected->len);
            buffer_take(&buffer, size);
            g_string_erase(expected, 0, (gssize)size);
        }
        g_assert_cmpuint(buffer_length(&buffer), ==, expected->len);
        if (expected->len > 0)
            g_assert_cmpint(memcmp(buffer_head(&buffer), expected->str, expected->len), ==, 0);
    }
    buffer_wipe(&buffer);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/metrics/summed over threads", test_threads);
    g_test_add_func("/metrics/names", test_names);
    g_test_add_func("/buffer/append, take, move", test_buffer);
    g_test_add_func("/buffer/random pieces", test_buffer_random);
    return g_test_run();
}
