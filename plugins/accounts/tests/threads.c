/* Many lookups and logins at once while the file is replaced; with "-m perf" what one costs. */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"

#include <pthread.h>
#include <string.h>

#define THREADS 8
#define ROUNDS 400
#define REPLACEMENTS 100

static gpointer instance;
static gint running;

/* Everybody is there in every state of the file, with one of two passwords. */
static char *
make_file(const char *key, guint accounts)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < accounts; i++)
        g_string_append_printf(text, "user%u %s\n", i, key);
    return g_string_free(text, FALSE);
}

static void
look_up(const char *user)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Account) account =
        pop4_plugin_accounts.directory->lookup(instance, user, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(pop4_account_get_login(account), ==, user);
    const char *key = pop4_account_get_key(account, "SCRAM-SHA-256");
    g_assert_true(g_strcmp0(key, KEY_256) == 0 ||
                  g_strcmp0(pop4_account_get_key(account, "SCRAM-SHA-1"), KEY_1) == 0);
}

static void *
look_up_and_log_in(void *data)
{
    guint seed = GPOINTER_TO_UINT(data);

    for (guint i = 0; i < ROUNDS; i++) {
        g_autofree char *user = g_strdup_printf("user%u", (seed + i) % 50);
        look_up(user);
        if (i % 40 == 0) {
            /* All the same, since the proof is what they share. */
            g_autofree char *login = fixture_log_in(instance, "user7", "pencil");
            g_assert_cmpstr(login, ==, "user7");
            g_assert_null(fixture_log_in(instance, "user7", "stylo"));
            g_assert_null(fixture_log_in(instance, "nobody", "pencil"));
        }
    }
    g_atomic_int_add(&running, -1);
    return NULL;
}

static void
test_replaced(void)
{
    g_autofree char *path = fixture_path("threads");
    g_autofree char *one = make_file(KEY_256, 50);
    g_autofree char *other = make_file(KEY_1, 50);
    g_autoptr(GError) error = NULL;
    pthread_t threads[THREADS];
    guint replacements = 0;

    fixture_write(path, one, 0600);
    instance = fixture_start(path, NULL, &error);
    g_assert_no_error(error);
    running = THREADS;
    for (guint i = 0; i < THREADS; i++)
        g_assert_cmpint(
            pthread_create(&threads[i], NULL, look_up_and_log_in, GUINT_TO_POINTER(i)), ==, 0);
    while (g_atomic_int_get(&running) > 0 || replacements < REPLACEMENTS) {
        /* every third is refused, and changes nothing */
        const char *const texts[] = {other, one, "user0\n"};
        fixture_write(path, texts[replacements++ % 3], 0600);
        look_up("user0");
    }
    for (guint i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    /* The last state counts. */
    fixture_write(path, "last " KEY_1 "\n", 0600);
    look_up("last");
    pop4_plugin_accounts.stop(instance);
    fixture_expect_log("accounts-read count=50\n*accounts-read count=1\n");
}

static void
measure(const char *what, guint times, void (*run)(void))
{
    g_test_timer_start();
    for (guint i = 0; i < times; i++)
        run();
    double cost = g_test_timer_elapsed() / times * 1e6;
    g_test_minimized_result(cost, "%s: %.2f us", what, cost);
}

static void
do_lookup(void)
{
    look_up("user77777");
}

static void
do_right(void)
{
    g_autofree char *login = fixture_log_in(instance, "user77777", "pencil");

    g_assert_nonnull(login);
}

static void
do_wrong(void)
{
    g_assert_null(fixture_log_in(instance, "user77777", "stylo"));
}

static void
do_unknown(void)
{
    g_assert_null(fixture_log_in(instance, "nobody", "stylo"));
}

static void
test_cost(void)
{
    g_autofree char *path = fixture_path("cost");
    g_autofree char *text = make_file(KEY_256, 100000);
    g_autoptr(GError) error = NULL;

    fixture_write(path, text, 0600);
    instance = fixture_start(path, NULL, &error);
    g_assert_no_error(error);
    measure("right password, the first time", 1, do_right);
    measure("right password, again", 100000, do_right);
    measure("lookup", 100000, do_lookup);
    measure("wrong password", 1000, do_wrong);
    measure("unknown user", 1000, do_unknown);
    fixture_write(path, text, 0600);
    measure("lookup that reads 100,000 accounts", 1, do_lookup);
    pop4_plugin_accounts.stop(instance);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accounts/threads/replaced", test_replaced);
    if (g_test_perf())
        g_test_add_func("/accounts/threads/cost", test_cost);
    int status = g_test_run();
    fixture_remove_folder();
    return status;
}
