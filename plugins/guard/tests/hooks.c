/* The hooks: who waits, who is refused, and who never is. */
/* SPDX-License-Identifier: MIT */

#include "fake-session.h"
#include "policy.h"

extern const Pop4Plugin pop4_plugin_guard;
#define GUARD (&pop4_plugin_guard)

/* The state is the process's, so each test has addresses and accounts of its own. */
static GuardSettings
usual_settings(char **allow)
{
    return (GuardSettings){
        .free_failures = 3,
        .max_delay_seconds = 16,
        .forgive_seconds = 86400,
        .address_failures = 30,
        .account_failures = 30,
        .address_sessions = 50,
        .account_sessions = 10,
        .login_octets = 262144,
        .login_commands = 50,
        .max_entries = 65536,
        .allow = allow,
    };
}

static gpointer
start(const GuardSettings *settings)
{
    g_autoptr(GError) error = NULL;
    gpointer instance = NULL;

    g_assert_true(GUARD->start(settings, &instance, &error));
    g_assert_no_error(error);
    return instance;
}

static Pop4Session *
connect_from(gpointer instance, const char *peer)
{
    g_autoptr(GError) error = NULL;
    Pop4Session *session = fake_session_new(GUARD, instance, peer, &error);

    g_assert_no_error(error);
    return session;
}

static void
expect_refusal(gpointer instance, const char *peer, const char *text)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(fake_session_new(GUARD, instance, peer, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_cmpstr(error->message, ==, text);
}

#define TOO_MANY_FAILURES "Too many failed logins from your address, try again later"
#define TOO_MANY_SESSIONS "Too many sessions from your address, try again later"

/* The delay of a failed login. */
static guint
fail_with(Pop4Session *session, const char *user, int code)
{
    g_autoptr(GError) error = g_error_new_literal(POP4_ERROR, code, "refused");

    session->delay = 0;
    GUARD->hooks->login_failed(session, user, error);
    return session->delay;
}

static guint
fail(Pop4Session *session, const char *user)
{
    return fail_with(session, user, POP4_ERROR_AUTH);
}

static gboolean
log_in(Pop4Session *session, const char *login, GError **error)
{
    g_autoptr(Pop4Identity) identity = pop4_identity_new(login);

    if (!GUARD->hooks->logging_in(session, identity, error))
        return FALSE;
    session->identity = g_steal_pointer(&identity);
    GUARD->hooks->logged_in(session);
    return TRUE;
}

static void
test_delays(void)
{
    static const struct {
        const char *sentence;
        guint64 free_failures, max_delay;
        guint expected[9];
    } rows[] = {
        {"three are free, then it doubles", 3, 16, {0, 0, 0, 1, 2, 4, 8, 16, 16}},
        {"none is free", 0, 16, {1, 2, 4, 8, 16, 16, 16, 16, 16}},
        {"the longest is no power of two", 1, 10, {0, 1, 2, 4, 8, 10, 10, 10, 10}},
        {"the longest of all", 0, 60, {1, 2, 4, 8, 16, 32, 60, 60, 60}},
        {"no delays", 3, 0, {0}},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        GuardSettings settings = usual_settings((char *[]){NULL});
        g_autofree char *peer = g_strdup_printf("192.0.2.%u", i);
        settings.free_failures = rows[i].free_failures;
        settings.max_delay_seconds = rows[i].max_delay;
        gpointer instance = start(&settings);
        Pop4Session *session = connect_from(instance, peer);
        g_test_message("%s", rows[i].sentence);
        for (guint j = 0; j < G_N_ELEMENTS(rows[i].expected); j++)
            g_assert_cmpuint(fail(session, ""), ==, rows[i].expected[j]);
        g_assert_false(session->closing);
        fake_session_free(session);
        GUARD->stop(instance);
    }
}

/* No number of failures makes the shift run over. */
static void
test_longest_delay(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    g_autoptr(Policy) policy = policy_new(&settings, NULL);

    g_assert_cmpuint(policy_get_delay(policy, 40), ==, 16);
    g_assert_cmpuint(policy_get_delay(policy, 68), ==, 16);
    g_assert_cmpuint(policy_get_delay(policy, G_MAXUINT), ==, 16);
}

static void
test_what_counts(void)
{
    static const int others[] = {POP4_ERROR_FAILED, POP4_ERROR_SYNTAX, POP4_ERROR_IN_USE,
                                 POP4_ERROR_TEMPORARY, POP4_ERROR_PERMANENT};
    GuardSettings settings = usual_settings((char *[]){NULL});
    gpointer instance = start(&settings);
    Pop4Session *session = connect_from(instance, "192.0.2.20");

    for (guint i = 0; i < 40; i++)
        g_assert_cmpuint(fail_with(session, "counts", others[i % G_N_ELEMENTS(others)]), ==, 0);
    g_assert_false(session->closing);
    g_assert_cmpuint(fail(session, "counts"), ==, 0);
    fake_session_free(session);
    GUARD->stop(instance);
}

static void
test_address_budget(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    gpointer instance = start(&settings);
    Pop4Session *session = connect_from(instance, "192.0.2.30");

    for (guint i = 1; i < 30; i++) {
        g_autofree char *user = g_strdup_printf("budget%u", i);
        fail(session, user);
        g_assert_false(session->closing);
    }
    fake_session_free(connect_from(instance, "192.0.2.30"));
    fail(session, "budget30");
    g_assert_true(session->closing);
    g_assert_cmpuint(session->delay, ==, 16);
    g_free(fake_session_take_log());
    expect_refusal(instance, "192.0.2.30", TOO_MANY_FAILURES);
    expect_refusal(instance, "192.0.2.30", TOO_MANY_FAILURES);
    g_autofree char *text = fake_session_take_log();
    g_assert_cmpstr(text, ==,
                    "info guard action=refused most=30\ndebug guard action=refused most=30\n");
    fake_session_free(connect_from(instance, "192.0.2.31"));
    fake_session_free(session);
    expect_refusal(instance, "192.0.2.30", TOO_MANY_FAILURES);

    /* Other settings find the same failures, and judge them by their own. */
    GuardSettings other = settings;
    other.address_failures = 0;
    gpointer lenient = start(&other);
    fake_session_free(connect_from(lenient, "192.0.2.30"));
    GUARD->stop(lenient);
    GUARD->stop(instance);
}

/* Strangers guess at an account from many addresses; its owner notices nothing. */
static void
test_account_budget(void)
{
    static const char *const spellings[] = {"owner", "Owner", " owner", "\towner \v"};
    GuardSettings settings = usual_settings((char *[]){NULL});
    gpointer instance = start(&settings);
    g_autoptr(GError) error = NULL;

    for (guint i = 1; i <= 100; i++) {
        g_autofree char *peer = g_strdup_printf("198.51.100.%u", i);
        Pop4Session *stranger = connect_from(instance, peer);
        guint delay = fail(stranger, spellings[i % G_N_ELEMENTS(spellings)]);
        g_assert_cmpuint(delay, ==, i <= 3 ? 0 : i >= 8 ? 16 : 1 << (i - 4));
        g_assert_cmpint(stranger->closing, ==, i >= 30);
        fake_session_free(stranger);
    }
    Pop4Session *owner = connect_from(instance, "192.0.2.40");
    g_assert_true(log_in(owner, "owner", &error));
    g_assert_no_error(error);
    g_assert_cmpuint(owner->delay, ==, 0);
    g_assert_false(owner->closing);
    fake_session_free(owner);
    /* The success has forgiven the account nothing. */
    Pop4Session *stranger = connect_from(instance, "198.51.100.200");
    g_assert_cmpuint(fail(stranger, "owner"), ==, 16);
    g_assert_true(stranger->closing);
    fake_session_free(stranger);
    GUARD->stop(instance);
}

static void
test_forgiven(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    gpointer instance = start(&settings);
    g_autoptr(GError) error = NULL;
    Pop4Session *session = connect_from(instance, "192.0.2.50");

    for (guint i = 0; i < 5; i++)
        fail(session, "");
    g_assert_true(log_in(session, "clumsy", &error));
    fake_session_free(session);
    session = connect_from(instance, "192.0.2.50");
    for (guint i = 0; i < 3; i++)
        g_assert_cmpuint(fail(session, ""), ==, 0);
    g_assert_cmpuint(fail(session, ""), ==, 1);
    fake_session_free(session);
    GUARD->stop(instance);
}

static void
test_address_sessions(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    Pop4Session *sessions[3];

    settings.address_sessions = G_N_ELEMENTS(sessions);
    gpointer instance = start(&settings);
    for (guint i = 0; i < G_N_ELEMENTS(sessions); i++)
        sessions[i] = connect_from(instance, i == 0 ? "2001:db8:1::1" : "2001:db8:1::2");
    expect_refusal(instance, "2001:db8:1::3", TOO_MANY_SESSIONS);
    fake_session_free(connect_from(instance, "2001:db8:1:1::1"));
    fake_session_free(sessions[1]);
    sessions[1] = connect_from(instance, "2001:db8:1::3");
    expect_refusal(instance, "2001:db8:1::4", TOO_MANY_SESSIONS);
    for (guint i = 0; i < G_N_ELEMENTS(sessions); i++)
        fake_session_free(sessions[i]);
    fake_session_free(connect_from(instance, "2001:db8:1::1"));
    GUARD->stop(instance);
}

static void
test_account_sessions(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    Pop4Session *sessions[3];
    g_autoptr(GError) error = NULL;

    settings.account_sessions = 2;
    gpointer instance = start(&settings);
    for (guint i = 0; i < 3; i++)
        sessions[i] = connect_from(instance, "192.0.2.60");
    g_assert_true(log_in(sessions[0], "busy", &error));
    g_assert_true(log_in(sessions[1], "busy", &error));
    g_assert_false(log_in(sessions[2], "busy", &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_clear_error(&error);
    g_assert_true(log_in(sessions[2], "idle", &error));
    fake_session_free(sessions[0]);
    sessions[0] = connect_from(instance, "192.0.2.60");
    g_assert_true(log_in(sessions[0], "busy", &error));
    for (guint i = 0; i < 3; i++)
        fake_session_free(sessions[i]);
    GUARD->stop(instance);
}

/* A login that fails behind the hook, as at a maildrop in use, gives its place back, once. */
static void
test_failed_behind(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    g_autoptr(GError) error = NULL;

    settings.account_sessions = 1;
    gpointer instance = start(&settings);
    g_autoptr(Pop4Identity) identity = pop4_identity_new("behind");
    Pop4Session *first = connect_from(instance, "192.0.2.70");
    Pop4Session *second = connect_from(instance, "192.0.2.70");

    g_assert_true(GUARD->hooks->logging_in(first, identity, &error));
    fail_with(first, "behind", POP4_ERROR_IN_USE);
    g_assert_true(GUARD->hooks->logging_in(second, identity, &error));
    g_assert_false(GUARD->hooks->logging_in(first, identity, NULL));
    /* One that is not told of the failure counts once all the same. */
    g_assert_true(GUARD->hooks->logging_in(second, identity, &error));
    g_assert_no_error(error);
    fake_session_free(first);
    fake_session_free(second);
    first = connect_from(instance, "192.0.2.70");
    g_assert_true(log_in(first, "behind", &error));
    fake_session_free(first);
    GUARD->stop(instance);
}

static void
test_allowed(void)
{
    GuardSettings settings = usual_settings((char *[]){"192.0.2.80", "2001:db8:80::/48", NULL});

    settings.address_sessions = settings.account_sessions = 1;
    gpointer instance = start(&settings);
    const char *const peers[] = {"192.0.2.80", "2001:db8:80:1::1", ""};
    for (guint i = 0; i < G_N_ELEMENTS(peers); i++) {
        g_autoptr(Pop4Session) first = connect_from(instance, peers[i]);
        g_autoptr(Pop4Session) second = connect_from(instance, peers[i]);
        g_autoptr(GError) error = NULL;
        g_assert_false(first->limited);
        for (guint j = 0; j < 40; j++)
            g_assert_cmpuint(fail(first, "allowed"), ==, 0);
        g_assert_false(first->closing);
        g_assert_true(log_in(first, "allowed", &error));
        g_assert_true(log_in(second, "allowed", &error));
        g_assert_no_error(error);
    }
    GUARD->stop(instance);
}

static void
test_limits(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});

    settings.login_seconds = 7;
    gpointer instance = start(&settings);
    g_autoptr(Pop4Session) session = connect_from(instance, "192.0.2.90");
    g_assert_true(session->limited);
    g_assert_cmpuint(session->limit_seconds, ==, 7);
    g_assert_cmpuint(session->limit_octets, ==, 262144);
    g_assert_cmpuint(session->limit_commands, ==, 50);
    GUARD->stop(instance);
}

static void
test_log(void)
{
    GuardSettings settings = usual_settings((char *[]){NULL});
    gpointer instance = start(&settings);
    g_autoptr(Pop4Session) session = connect_from(instance, "192.0.2.100");

    g_free(fake_session_take_log());
    for (guint i = 0; i < 5; i++)
        fail(session, "logged");
    g_autofree char *text = fake_session_take_log();
    g_assert_cmpstr(text, ==,
                    "info guard action=delayed seconds=1 user=logged\n"
                    "debug guard action=delayed seconds=2 user=logged\n");
    GUARD->stop(instance);
}

static void
test_bad_settings(void)
{
    GuardSettings settings = usual_settings((char *[]){"::1", "10.0.0.0/40", NULL});
    g_autoptr(GError) error = NULL;
    gpointer instance;

    g_assert_false(GUARD->start(&settings, &instance, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    g_assert_cmpstr(
        error->message, ==,
        "allow: \"10.0.0.0/40\" is neither an address nor a network such as 192.0.2.0/24");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/hooks/delays", test_delays);
    g_test_add_func("/guard/hooks/longest-delay", test_longest_delay);
    g_test_add_func("/guard/hooks/what-counts", test_what_counts);
    g_test_add_func("/guard/hooks/address-budget", test_address_budget);
    g_test_add_func("/guard/hooks/account-budget", test_account_budget);
    g_test_add_func("/guard/hooks/forgiven", test_forgiven);
    g_test_add_func("/guard/hooks/address-sessions", test_address_sessions);
    g_test_add_func("/guard/hooks/account-sessions", test_account_sessions);
    g_test_add_func("/guard/hooks/failed-behind", test_failed_behind);
    g_test_add_func("/guard/hooks/allowed", test_allowed);
    g_test_add_func("/guard/hooks/limits", test_limits);
    g_test_add_func("/guard/hooks/log", test_log);
    g_test_add_func("/guard/hooks/bad-settings", test_bad_settings);
    return g_test_run();
}
