/* The cache of right passwords: what hits, what never does, for how long, how many. */
/* SPDX-License-Identifier: MIT */

#include "cache.h"

#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

static gboolean
has(Cache *cache, const char *user, const char *password, gint64 now)
{
    guint8 key[CACHE_KEY_SIZE];

    cache_make_key(cache, user, password, strlen(password), key);
    return cache_has(cache, key, now);
}

static void
add(Cache *cache, const char *user, const char *password, gint64 now)
{
    guint8 key[CACHE_KEY_SIZE];

    cache_make_key(cache, user, password, strlen(password), key);
    cache_add(cache, key, now);
}

static void
test_others(void)
{
    static const struct {
        const char *user, *password;
    } others[] = {
        {"tim", "secret2"}, {"tim", "secre"},  {"tim", ""},    {"tim", "Secret"},
        {"tom", "secret"},  {"ti", "msecret"}, {"", "secret"}, {"timsecret", ""},
    };
    g_autoptr(Cache) cache = cache_new(60, 10);

    add(cache, "tim", "secret", 0);
    g_assert_true(has(cache, "tim", "secret", 0));
    for (guint i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(has(cache, others[i].user, others[i].password, 0));
}

/* A password of AUTH may hold a NUL, and be of any length around the hash's block. */
static void
test_keys(void)
{
    g_autoptr(Cache) cache = cache_new(60, 10);
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    char zeros[200] = {0};

    for (gsize length = 0; length <= sizeof zeros; length++) {
        guint8 key[CACHE_KEY_SIZE];
        cache_make_key(cache, "tim", zeros, length, key);
        g_assert_true(g_hash_table_add(seen, g_bytes_new(key, sizeof key)));
    }
}

/* What one process has learned is of no use to another. */
static void
test_secret(void)
{
    g_autoptr(Cache) one = cache_new(60, 10);
    g_autoptr(Cache) other = cache_new(60, 10);
    guint8 key[CACHE_KEY_SIZE], other_key[CACHE_KEY_SIZE];

    cache_make_key(one, "tim", "secret", 6, key);
    cache_make_key(other, "tim", "secret", 6, other_key);
    g_assert_cmpint(memcmp(key, other_key, sizeof key), !=, 0);
}

static void
test_expiry(void)
{
    g_autoptr(Cache) cache = cache_new(60, 10);

    add(cache, "tim", "secret", 5 * SECOND);
    add(cache, "tom", "sesame", 35 * SECOND);
    /* A login meanwhile does not make it last longer: a changed password shall count. */
    add(cache, "tim", "secret", 40 * SECOND);
    g_assert_true(has(cache, "tim", "secret", 65 * SECOND - 1));
    g_assert_false(has(cache, "tim", "secret", 65 * SECOND));
    g_assert_true(has(cache, "tom", "sesame", 65 * SECOND));
    g_assert_false(has(cache, "tom", "sesame", 95 * SECOND));
    add(cache, "tim", "secret", 100 * SECOND);
    g_assert_true(has(cache, "tim", "secret", 159 * SECOND));
}

static void
test_bound(void)
{
    g_autoptr(Cache) cache = cache_new(60, 3);

    add(cache, "a", "x", 1);
    add(cache, "b", "x", 2);
    add(cache, "c", "x", 3);
    add(cache, "d", "x", 4);
    g_assert_false(has(cache, "a", "x", 4));
    g_assert_true(has(cache, "b", "x", 4));
    g_assert_true(has(cache, "c", "x", 4));
    g_assert_true(has(cache, "d", "x", 4));
    add(cache, "d", "x", 5);
    g_assert_true(has(cache, "b", "x", 5));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sasl/cache/others", test_others);
    g_test_add_func("/sasl/cache/keys", test_keys);
    g_test_add_func("/sasl/cache/secret", test_secret);
    g_test_add_func("/sasl/cache/expiry", test_expiry);
    g_test_add_func("/sasl/cache/bound", test_bound);
    return g_test_run();
}
