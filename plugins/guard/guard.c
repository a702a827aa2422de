/* Budgets of failed logins with growing delays, and limits of sessions: the plugin's tables. */
/* SPDX-License-Identifier: MIT */

#include "policy.h"
#include "state.h"

#include <pop4/pop4.h>

/* What is counted of a session. One from an allowed address has none. */
typedef struct {
    guint64 address;
    guint64 account;
    gboolean has_account; /* counted as a session of it, too */
} Visit;

static void
leave_account(Visit *visit)
{
    if (visit->has_account)
        ledger_leave(state_get_accounts(), visit->account);
    visit->has_account = FALSE;
}

/* The session's end, however it came about. */
static void
visit_free(gpointer data)
{
    Visit *visit = data;

    leave_account(visit);
    ledger_leave(state_get_addresses(), visit->address);
    g_free(visit);
}

/* A flood is told once a minute at the level of the rest of a session's life: @is_news. */
static void
tell(const Pop4Session *session, LedgerMatter matter, gboolean is_news, guint count,
     const char *user)
{
    static const char *const actions[] = {
        [LEDGER_DELAYED] = "delayed",
        [LEDGER_REFUSED] = "refused",
        [LEDGER_LIMITED] = "limit",
    };
    g_autofree char *count_text = g_strdup_printf("%u", count);

    pop4_log(session, is_news ? POP4_LOG_INFO : POP4_LOG_DEBUG, "guard", "action",
             actions[matter], matter == LEDGER_DELAYED ? "seconds" : "most", count_text, "user",
             user, NULL);
}

static void
tell_of_address(const Pop4Session *session, guint64 address, LedgerMatter matter, guint count,
                const char *user)
{
    gboolean is_news = ledger_tell(state_get_addresses(), address, matter, state_clock());

    tell(session, matter, is_news, count, user);
}

static gboolean
check_address(Pop4Session *session, const Policy *policy, guint64 address, GError **error)
{
    const GuardSettings *settings = policy->settings;
    guint32 now = state_clock();
    guint failures =
        ledger_get_failures(state_get_addresses(), address, &policy->address_terms, now);

    if (policy_is_spent(failures, settings->address_failures)) {
        tell_of_address(session, address, LEDGER_REFUSED, (guint)settings->address_failures,
                        NULL);
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "Too many failed logins from your address, try again later");
        return FALSE;
    }
    if (!ledger_enter(state_get_addresses(), address, (guint)settings->address_sessions,
                      &policy->address_terms, now)) {
        tell_of_address(session, address, LEDGER_LIMITED, (guint)settings->address_sessions,
                        NULL);
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "Too many sessions from your address, try again later");
        return FALSE;
    }
    return TRUE;
}

static gboolean
guard_connected(Pop4Session *session, GError **error)
{
    const Policy *policy = pop4_session_get_instance(session, "guard");
    const GuardSettings *settings = policy->settings;
    const char *peer = pop4_session_get_peer(session);
    Address group;

    /* What has no address comes from this machine. */
    if (!address_parse_group(peer, &group) || pop4_networks_contain(policy->allow, peer))
        return TRUE;

    guint64 key = state_make_address_key(&group);
    if (!check_address(session, policy, key, error))
        return FALSE;
    Visit *visit = g_new0(Visit, 1);
    visit->address = key;
    pop4_session_set_data(session, "guard", visit, visit_free);
    pop4_session_limit_login(session, (guint)settings->login_seconds, settings->login_octets,
                             (guint)settings->login_commands);
    return TRUE;
}

/* Counts the session before the maildrop is open, so that no two can take the last place. */
static gboolean
guard_logging_in(Pop4Session *session, const Pop4Identity *identity, GError **error)
{
    const Policy *policy = pop4_session_get_instance(session, "guard");
    guint limit = (guint)policy->settings->account_sessions;
    guint32 now = state_clock();
    const char *login = pop4_identity_get_login(identity);
    Visit *visit = pop4_session_get_data(session, "guard");

    if (visit == NULL)
        return TRUE;
    leave_account(visit);
    visit->account = state_make_account_key(login);
    visit->has_account =
        ledger_enter(state_get_accounts(), visit->account, limit, &policy->account_terms, now);
    if (visit->has_account)
        return TRUE;
    tell(session, LEDGER_LIMITED,
         ledger_tell(state_get_accounts(), visit->account, LEDGER_LIMITED, now), limit, login);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "Too many sessions of this account, try again later");
    return FALSE;
}

static void
guard_logged_in(Pop4Session *session)
{
    const Visit *visit = pop4_session_get_data(session, "guard");

    if (visit != NULL)
        ledger_forgive(state_get_addresses(), visit->address);
}

static void
count_failure(Pop4Session *session, const Policy *policy, const Visit *visit, const char *user)
{
    const GuardSettings *settings = policy->settings;
    guint32 now = state_clock();
    guint by_address, by_account = 0;

    by_address =
        ledger_fail(state_get_addresses(), visit->address, &policy->address_terms, now);
    if (user[0] != '\0')
        by_account = ledger_fail(state_get_accounts(), state_make_account_key(user),
                                 &policy->account_terms, now);
    if (policy_is_spent(by_address, settings->address_failures) ||
        policy_is_spent(by_account, settings->account_failures))
        pop4_session_close(session);

    guint delay = policy_get_delay(policy, MAX(by_address, by_account));
    if (delay == 0)
        return;
    pop4_session_delay(session, delay);
    tell_of_address(session, visit->address, LEDGER_DELAYED, delay, user);
}

static void
guard_login_failed(Pop4Session *session, const char *user, const GError *error)
{
    Visit *visit = pop4_session_get_data(session, "guard");

    if (visit == NULL)
        return;
    /* The password may have been right, and the maildrop in use. */
    if (pop4_session_get_identity(session) == NULL)
        leave_account(visit);
    if (g_error_matches(error, POP4_ERROR, POP4_ERROR_AUTH))
        count_failure(session, pop4_session_get_instance(session, "guard"), visit, user);
}

static gboolean
guard_start(gconstpointer settings, gpointer *instance_out, GError **error)
{
    Policy *policy = policy_new(settings, error);

    if (policy == NULL)
        return FALSE;
    state_init();
    *instance_out = policy;
    return TRUE;
}

static void
guard_stop(gpointer instance)
{
    policy_free(instance);
}

static const Pop4Hooks guard_hooks = {
    .connected = guard_connected,
    .logging_in = guard_logging_in,
    .logged_in = guard_logged_in,
    .login_failed = guard_login_failed,
};

#define NUMBER(name, member_name, default_text, least, most, help_text) \
    { \
        .key = name, .type = POP4_SETTING_UINT, \
        .offset = G_STRUCT_OFFSET(GuardSettings, member_name), .initial = default_text, \
        .min = least, .max = most, .help = help_text \
    }

static const Pop4Setting guard_settings[] = {
    NUMBER("free-failures", free_failures, "3", 0, 1000,
           "Failed logins of an address or an account before the first delay"),
    NUMBER("max-delay-seconds", max_delay_seconds, "16", 0, 60,
           "The longest delay of the reply to a failed login; 0 = no delays"),
    NUMBER("forgive-seconds", forgive_seconds, "60", 1, 86400,
           "The time in which one failure is forgiven"),
    NUMBER("address-failures", address_failures, "30", 0, 100000,
           "Failures at which an address is refused; 0 = never"),
    NUMBER("account-failures", account_failures, "30", 0, 100000,
           "Failures at which sessions that fail at an account are closed; 0 = never"),
    NUMBER("address-sessions", address_sessions, "50", 0, 1000000,
           "Sessions of an address at once; 0 = any number"),
    NUMBER("account-sessions", account_sessions, "10", 0, 1000000,
           "Sessions of an account at once; 0 = any number"),
    NUMBER("login-seconds", login_seconds, "0", 0, 86400,
           "From the connection to the login; 0 = as the server has it"),
    NUMBER("login-octets", login_octets, "262144", 0, 1 << 30,
           "Octets that a client may send before it has logged in; 0 = as the server has it"),
    NUMBER("login-commands", login_commands, "50", 0, 1000000,
           "Commands that a client may send before it has logged in; 0 = as the server has it"),
    NUMBER("max-entries", max_entries, "65536", 16, 1048576,
           "Addresses, and as many accounts, that are remembered"),
    {.key = "allow",
     .type = POP4_SETTING_LIST,
     .offset = G_STRUCT_OFFSET(GuardSettings, allow),
     .initial = "127.0.0.0/8;::1",
     .help = "Addresses and networks that nothing of this applies to"},
    {.key = NULL},
};

POP4_PLUGIN(guard) = {
    POP4_PLUGIN_ABI,
    .name = "guard",
    .summary = "Delays for guessed passwords, limits of sessions",
    .hooks = &guard_hooks,
    .settings = guard_settings,
    .settings_size = sizeof(GuardSettings),
    .start = guard_start,
    .stop = guard_stop,
};
