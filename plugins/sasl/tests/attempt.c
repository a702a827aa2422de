/* Passwords and exchanges against a database of saslpasswd2 and a saslauthd. */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"
#include "library.h"

#include <glib/gstdio.h>
#include <pop4/error.h>
#include <pthread.h>
#include <string.h>

#define GOOD (-1) /* no Pop4Error */
#define UTF8_PASSWORD "p\xc3\xa4ssw\xc3\xb6rt \xe2\x82\xac"

static char *database, *other_database;

static Backend *
start(const SaslSettings *settings, GError **error)
{
    g_autoptr(Backend) backend = backend_new(settings, error);

    if (backend == NULL || !library_init(settings->options, error) ||
        !attempt_rehearse(backend, error))
        return NULL;
    return g_steal_pointer(&backend);
}

/* The Pop4Error that checking ends with, or GOOD. */
static int
check(const Backend *backend, const char *user, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Attempt) attempt = attempt_new(backend, NULL, NULL, &error);

    g_assert_no_error(error);
    if (attempt_check(attempt, user, password, &error))
        return GOOD;
    g_assert_true(error->domain == POP4_ERROR);
    return error->code;
}

static void
test_passwords(void)
{
    char *long_text = g_strnfill(5000, 'x');
    const struct {
        const char *user, *password;
        int result;
    } rows[] = {
        {"tim", "se cret", GOOD},
        {"tim@example.org", "se cret", GOOD},
        {"uta", UTF8_PASSWORD, GOOD},
        {"tim", "se cre", POP4_ERROR_AUTH},
        {"tim", "", POP4_ERROR_AUTH},
        {"uta", "passwort", POP4_ERROR_AUTH},
        {"nobody", "se cret", POP4_ERROR_AUTH},
        {"tim@other.example", "se cret", POP4_ERROR_AUTH},
        {"", "se cret", POP4_ERROR_AUTH},
        {"  ", "se cret", POP4_ERROR_AUTH},
        {"@", "se cret", POP4_ERROR_AUTH},
        {"\xff\xfe", "\xff", POP4_ERROR_AUTH},
        {"tim", long_text, POP4_ERROR_AUTH},
        {long_text, "se cret", POP4_ERROR_AUTH},
    };
    g_autoptr(SaslSettings) settings = fixture_settings_new(database);
    g_autoptr(Backend) backend = start(settings, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        int result = check(backend, rows[i].user, rows[i].password);
        if (result != rows[i].result)
            g_error("row %u: %d", i, result);
    }
    g_autofree char *log = fixture_take_log();
    g_assert_null(strstr(log, "cret"));
    g_assert_null(strstr(log, "password-check-failed"));
    g_free(long_text);
}

/* Plays "|"-separated answers, "-" standing for no initial response, "=" for one of no octets
 * and "^" for a NUL; the challenges go to @challenges. */
static int
play(const Backend *backend, const char *mechanism, const char *script, GString *challenges)
{
    g_autoptr(Attempt) attempt = attempt_new(backend, NULL, mechanism, NULL);
    g_auto(GStrv) answers = g_strsplit(script, "|", -1);
    g_autoptr(GError) error = NULL;

    g_string_truncate(challenges, 0);
    for (char **answer = answers; *answer != NULL; answer++) {
        Octets octets = {*answer, strlen(*answer)}, challenge;
        if (g_str_equal(*answer, "-"))
            octets = (Octets){0};
        if (g_str_equal(*answer, "="))
            octets.length = 0;
        for (gsize i = 0; i < octets.length; i++)
            octets.data[i] = octets.data[i] == '^' ? '\0' : octets.data[i];
        AttemptResult result = attempt_step(attempt, &octets, &challenge, &error);
        if (result == ATTEMPT_DONE) {
            g_assert_cmpstr(attempt_get_login(attempt), ==, "tim@example.org");
            return GOOD;
        }
        if (result == ATTEMPT_FAILED)
            return error->code;
        g_string_append_len(challenges, challenge.data, (gssize)challenge.length);
        g_string_append_c(challenges, '|');
    }
    g_error("%s %s: no end", mechanism, script);
}

/* Names that libsasl2 would refuse, and lose memory over: leak checkers see it. */
static void
test_odd_names(void)
{
    static const gsize lengths[] = {490, 511, 512, 513, 1000, 1020, 1023, 1024, 1025, 30000};
    static const char *const blank[] = {" ", "\t", "   ", " \v\f "};
    g_autoptr(SaslSettings) settings = fixture_settings_new(database);
    g_autoptr(GString) challenges = g_string_new(NULL);
    g_autoptr(Backend) backend = start(settings, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(blank); i++) {
        g_autofree char *plain = g_strdup_printf("^%s^x", blank[i]);
        g_autofree char *login = g_strdup_printf("%s|x", blank[i]);
        g_assert_cmpint(play(backend, "PLAIN", plain, challenges), ==, POP4_ERROR_AUTH);
        g_assert_cmpint(play(backend, "LOGIN", login, challenges), ==, POP4_ERROR_AUTH);
    }
    g_assert_cmpint(play(backend, "LOGIN", "tim^x|se cret", challenges), ==, POP4_ERROR_AUTH);

    g_free(settings->realm);
    settings->realm = g_strnfill(255, 'r');
    for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *name = g_strnfill(lengths[i], 'n');
        g_autofree char *plain = g_strdup_printf("^%s^x", name);
        g_autofree char *other = g_strdup_printf("%s^tim^se cret", name);
        g_autofree char *login = g_strdup_printf("%s|x", name);
        g_assert_cmpint(check(backend, name, "x"), ==, POP4_ERROR_AUTH);
        g_assert_cmpint(play(backend, "PLAIN", plain, challenges), ==, POP4_ERROR_AUTH);
        g_assert_cmpint(play(backend, "PLAIN", other, challenges), ==, POP4_ERROR_AUTH);
        /* The mechanism LOGIN has a limit of its own. */
        g_assert_cmpint(play(backend, "LOGIN", login, challenges), ==,
                        lengths[i] > 1024 ? POP4_ERROR_FAILED : POP4_ERROR_AUTH);
    }
}

static void
test_login_names(void)
{
    static const char *const names[][2] = {
        {"tim", "tim@example.org"},
        {"tim@example.org", "tim@example.org"},
    };
    g_autoptr(SaslSettings) settings = fixture_settings_new(database);
    g_autoptr(Backend) backend = start(settings, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(Attempt) attempt = attempt_new(backend, NULL, NULL, NULL);
        g_assert_null(attempt_get_login(attempt));
        g_assert_true(attempt_check(attempt, names[i][0], "se cret", NULL));
        g_assert_cmpstr(attempt_get_login(attempt), ==, names[i][1]);
    }
}

static void
test_exchanges(void)
{
    static const struct {
        const char *mechanism, *script, *challenges;
        int result;
    } rows[] = {
        {"PLAIN", "^tim^se cret", "", GOOD},
        {"PLAIN", "-|^tim^se cret", "|", GOOD},
        {"PLAIN", "tim^tim^se cret", "", GOOD},
        {"PLAIN", "tim@example.org^tim^se cret", "", GOOD},
        {"PLAIN", "tom^tim^se cret", "", POP4_ERROR_AUTH},
        {"PLAIN", "^tim^wrong", "", POP4_ERROR_AUTH},
        {"PLAIN", "^tim^", "", POP4_ERROR_AUTH},
        {"PLAIN", "^nobody^se cret", "", POP4_ERROR_AUTH},
        {"PLAIN", "^^se cret", "", POP4_ERROR_AUTH},
        {"PLAIN", "=", "", POP4_ERROR_FAILED},
        {"PLAIN", "-|=", "|", POP4_ERROR_FAILED},
        {"PLAIN", "tim", "", POP4_ERROR_FAILED},
        {"PLAIN", "tim^se cret", "", POP4_ERROR_FAILED},
        {"PLAIN", "^tim^se cret^x", "", POP4_ERROR_FAILED},
        {"LOGIN", "-|tim|se cret", "Username:|Password:|", GOOD},
        {"LOGIN", "tim|se cret", "Password:|", GOOD},
        {"LOGIN", "=|tim|se cret", "Username:|Password:|", GOOD},
        {"LOGIN", "-|tim|wrong", "Username:|Password:|", POP4_ERROR_AUTH},
        {"LOGIN", "-|nobody|x", "Username:|Password:|", POP4_ERROR_AUTH},
        {"LOGIN", "-|tim|=", "Username:|Password:|", POP4_ERROR_AUTH},
    };
    g_autoptr(SaslSettings) settings = fixture_settings_new(database);
    g_autoptr(Backend) backend = start(settings, NULL);
    g_autoptr(GString) challenges = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        int result = play(backend, rows[i].mechanism, rows[i].script, challenges);
        if (result != rows[i].result || !g_str_equal(challenges->str, rows[i].challenges))
            g_error("row %u: %d \"%s\"", i, result, challenges->str);
    }
    g_autofree char *log = fixture_take_log();
    g_assert_null(strstr(log, "cret"));
    g_assert_null(strstr(log, "password-check-failed"));
}

/* What a cached password saves is seen when the database is gone. */
static void
test_cached(void)
{
    g_autofree char *path = fixture_path("passing");
    g_autoptr(GString) challenges = g_string_new(NULL);
    g_autoptr(SaslSettings) settings = fixture_settings_new(path);

    fixture_add_account(path, "tim", "se cret");
    settings->cache_seconds = 60;
    g_autoptr(Backend) backend = start(settings, NULL);
    g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
    g_assert_cmpint(check(backend, "tim", "wrong"), ==, POP4_ERROR_AUTH);
    g_unlink(path);
    g_free(fixture_take_log());

    g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
    g_assert_cmpint(check(backend, "tim@example.org", "se cret"), ==, GOOD);
    g_assert_cmpint(play(backend, "PLAIN", "^tim^se cret", challenges), ==, GOOD);
    g_assert_cmpint(play(backend, "LOGIN", "tim|se cret", challenges), ==, GOOD);
    g_assert_cmpint(play(backend, "PLAIN", "tom^tim^se cret", challenges), !=, GOOD);
    g_assert_cmpint(check(backend, "tim", "wrong"), ==, POP4_ERROR_TEMPORARY);
    g_assert_cmpint(check(backend, "tim", ""), ==, POP4_ERROR_TEMPORARY);
    g_assert_cmpint(check(backend, "tom", "se cret"), ==, POP4_ERROR_TEMPORARY);
}

/* Two uses of the plugin at once, as between a reload and the end of the last old session. */
static void
test_two_databases(void)
{
    g_autoptr(SaslSettings) settings = fixture_settings_new(database);
    g_autoptr(SaslSettings) other_settings = fixture_settings_new(other_database);
    g_autoptr(Backend) backend = start(settings, NULL);
    g_autoptr(Backend) other = start(other_settings, NULL);

    for (guint i = 0; i < 3; i++) {
        g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
        g_assert_cmpint(check(other, "tim", "se cret"), ==, POP4_ERROR_AUTH);
        g_assert_cmpint(check(other, "tim", "another"), ==, GOOD);
        g_assert_cmpint(check(backend, "tim", "another"), ==, POP4_ERROR_AUTH);
    }
}

static void
test_unreadable_database(void)
{
    g_autofree char *path = fixture_path("broken");
    g_autoptr(SaslSettings) settings = fixture_settings_new(path);
    g_autoptr(GError) error = NULL;

    g_assert_null(start(settings, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    g_assert_nonnull(strstr(error->message, path));
    g_clear_error(&error);

    fixture_add_account(path, "tim", "se cret");
    g_autoptr(Backend) backend = start(settings, NULL);
    g_unlink(path);
    g_free(fixture_take_log());
    g_assert_cmpint(check(backend, "tim", "se cret"), ==, POP4_ERROR_TEMPORARY);
    g_autofree char *log = fixture_take_log();
    g_assert_nonnull(strstr(log, "password-check-failed method=auxprop reason=sasldb"));

    fixture_add_account(path, "tim", "se cret");
    g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
}

/* libdb adds words of its own to the standard error. */
static void
test_damaged_database(void)
{
    g_autofree char *path = fixture_path("damaged");
    g_autoptr(SaslSettings) settings = fixture_settings_new(path);
    g_autoptr(GError) error = NULL;

    fixture_add_account(path, "tim", "se cret");
    g_autoptr(Backend) backend = start(settings, NULL);
    g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
    g_assert_true(g_file_set_contents(path, "no database", -1, NULL));
    g_assert_cmpint(check(backend, "tim", "se cret"), ==, POP4_ERROR_TEMPORARY);
    g_assert_cmpint(check(backend, "nobody", "se cret"), ==, POP4_ERROR_TEMPORARY);
    g_assert_null(start(settings, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
}

static void
use_daemon(SaslSettings *settings, const char *path, const char *methods)
{
    g_strfreev(settings->password_check);
    settings->password_check = g_strsplit(methods, " ", -1);
    g_hash_table_replace(settings->options, g_strdup("saslauthd_path"), g_strdup(path));
}

static void
test_saslauthd(void)
{
    g_autofree char *path = fixture_path("mux");
    g_autoptr(SaslSettings) settings = fixture_settings_new(NULL);

    use_daemon(settings, path, "saslauthd");
    g_autoptr(Backend) backend = start(settings, NULL);
    g_assert_nonnull(backend);
    g_assert_cmpint(check(backend, "tim", "secret"), ==, POP4_ERROR_TEMPORARY);
    g_autofree char *log = fixture_take_log();
    g_assert_nonnull(strstr(log, "method=saslauthd reason=cannot connect to saslauthd"));

    G_GNUC_UNUSED g_autoptr(FakeDaemon) daemon = fixture_daemon_new(path);
    g_autoptr(GString) challenges = g_string_new(NULL);
    g_assert_cmpint(check(backend, "tim", "secret"), ==, GOOD);
    g_assert_cmpint(check(backend, "tim@other.example", "secret"), ==, POP4_ERROR_AUTH);
    g_assert_cmpint(check(backend, "tim", "wrong"), ==, POP4_ERROR_AUTH);
    g_assert_cmpint(check(backend, "tim", "hang up"), ==, POP4_ERROR_TEMPORARY);
    g_assert_cmpint(play(backend, "PLAIN", "^tim^secret", challenges), ==, GOOD);
    g_assert_cmpint(play(backend, "LOGIN", "tim|wrong", challenges), ==, POP4_ERROR_AUTH);
}

/* No method that is out of order lets another tell a client that its password is wrong. */
static void
test_both_methods(void)
{
    static const char *const orders[] = {"auxprop saslauthd", "saslauthd auxprop"};
    g_autofree char *path = fixture_path("mux");

    for (guint i = 0; i < G_N_ELEMENTS(orders); i++) {
        g_autoptr(GString) challenges = g_string_new(NULL);
        g_autoptr(SaslSettings) settings = fixture_settings_new(database);
        use_daemon(settings, path, orders[i]);
        g_autoptr(Backend) backend = start(settings, NULL);

        g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
        g_assert_cmpint(check(backend, "tim", "secret"), ==, POP4_ERROR_TEMPORARY);
        g_assert_cmpint(play(backend, "PLAIN", "^tim^secret", challenges), ==,
                        POP4_ERROR_TEMPORARY);

        G_GNUC_UNUSED g_autoptr(FakeDaemon) daemon = fixture_daemon_new(path);
        g_assert_cmpint(check(backend, "tim", "se cret"), ==, GOOD);
        g_assert_cmpint(check(backend, "tim", "secret"), ==, GOOD);
        g_assert_cmpint(check(backend, "tim", "wrong"), ==, POP4_ERROR_AUTH);
        g_assert_cmpint(check(backend, "tim", "hang up"), ==, POP4_ERROR_TEMPORARY);
        g_assert_cmpint(play(backend, "PLAIN", "^tim^secret", challenges), ==, GOOD);
        g_assert_cmpint(play(backend, "LOGIN", "tim|se cret", challenges), ==, GOOD);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    database = fixture_path("sasldb");
    other_database = fixture_path("other");
    fixture_add_account(database, "tim", "se cret");
    fixture_add_account(database, "uta", UTF8_PASSWORD);
    fixture_add_account(other_database, "tim", "another");

    g_test_add_func("/sasl/attempt/passwords", test_passwords);
    g_test_add_func("/sasl/attempt/login-names", test_login_names);
    g_test_add_func("/sasl/attempt/odd-names", test_odd_names);
    g_test_add_func("/sasl/attempt/exchanges", test_exchanges);
    g_test_add_func("/sasl/attempt/cached", test_cached);
    g_test_add_func("/sasl/attempt/two-databases", test_two_databases);
    g_test_add_func("/sasl/attempt/unreadable-database", test_unreadable_database);
    g_test_add_func("/sasl/attempt/damaged-database", test_damaged_database);
    g_test_add_func("/sasl/attempt/saslauthd", test_saslauthd);
    g_test_add_func("/sasl/attempt/both-methods", test_both_methods);
    int status = g_test_run();
    g_free(database);
    g_free(other_database);
    fixture_remove_folder();
    return status;
}
