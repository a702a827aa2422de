/* Many logins at once, over two databases; with "-m perf" what one costs. */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"
#include "library.h"

#include <pop4/error.h>
#include <pthread.h>
#include <string.h>

#define THREADS 8
#define CHECKS 300

static Backend *backends[2];

static gboolean
check(const Backend *backend, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Attempt) attempt = attempt_new(backend, NULL, NULL, &error);

    g_assert_no_error(error);
    if (attempt_check(attempt, "tim", password, &error))
        return TRUE;
    g_assert_error(error, POP4_ERROR, POP4_ERROR_AUTH);
    return FALSE;
}

static gboolean
exchange(const Backend *backend, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Attempt) attempt = attempt_new(backend, NULL, "PLAIN", &error);
    g_autofree char *answer = g_strdup_printf("%ctim%c%s", 1, 1, password);
    Octets octets = {answer, strlen(answer)}, challenge;

    answer[0] = answer[4] = '\0';
    if (attempt_step(attempt, &octets, &challenge, &error) == ATTEMPT_DONE)
        return TRUE;
    g_assert_error(error, POP4_ERROR, POP4_ERROR_AUTH);
    return FALSE;
}

static void *
log_in_and_again(void *data)
{
    guint seed = GPOINTER_TO_UINT(data);

    for (guint i = 0; i < CHECKS; i++) {
        guint database = (seed + i) % 2, password = (seed + i / 2) % 3;
        const char *const passwords[] = {"first", "second", "neither"};
        gboolean good = i % 5 == 0 ? exchange(backends[database], passwords[password])
                                   : check(backends[database], passwords[password]);
        g_assert_cmpint(good, ==, database == password);
    }
    return NULL;
}

static void
start(guint index, SaslSettings *settings, const char *password)
{
    g_autoptr(GError) error = NULL;

    fixture_add_account(settings->sasldb, "tim", password);
    backends[index] = backend_new(settings, &error);
    g_assert_no_error(error);
    library_init(settings->options, &error);
    g_assert_no_error(error);
    attempt_rehearse(backends[index], &error);
    g_assert_no_error(error);
}

static void
run(guint64 cache_seconds)
{
    g_autofree char *path = fixture_path("first");
    g_autofree char *other = fixture_path("second");
    g_autoptr(SaslSettings) first = fixture_settings_new(path);
    g_autoptr(SaslSettings) second = fixture_settings_new(other);
    pthread_t threads[THREADS];

    first->cache_seconds = second->cache_seconds = cache_seconds;
    start(0, first, "first");
    start(1, second, "second");
    for (guint i = 0; i < THREADS; i++)
        g_assert_cmpint(
            pthread_create(&threads[i], NULL, log_in_and_again, GUINT_TO_POINTER(i)), ==, 0);
    for (guint i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    backend_free(backends[0]);
    backend_free(backends[1]);
}

static void
test_uncached(void)
{
    run(0);
}

static void
test_cached(void)
{
    run(60);
}

static void
measure(guint64 cache_seconds, gboolean (*log_in)(const Backend *, const char *),
        const char *what)
{
    g_autofree char *path = fixture_path("first");
    g_autoptr(SaslSettings) settings = fixture_settings_new(path);
    const guint times = 20000;

    settings->cache_seconds = cache_seconds;
    start(0, settings, "first");
    g_test_timer_start();
    for (guint i = 0; i < times; i++)
        g_assert_true(log_in(backends[0], "first"));
    double cost = g_test_timer_elapsed() / times * 1e6;
    g_test_minimized_result(cost, "%s: %.2f us", what, cost);
    backend_free(backends[0]);
}

static void
test_cost(void)
{
    measure(0, check, "password, database");
    measure(60, check, "password, cache");
    measure(0, exchange, "AUTH PLAIN, database");
    measure(60, exchange, "AUTH PLAIN, cache");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sasl/threads/uncached", test_uncached);
    g_test_add_func("/sasl/threads/cached", test_cached);
    if (g_test_perf())
        g_test_add_func("/sasl/threads/cost", test_cost);
    int status = g_test_run();
    fixture_remove_folder();
    return status;
}
