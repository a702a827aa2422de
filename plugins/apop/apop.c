/* APOP (RFC 1939, section 7): a digest of the greeting's stamp and the secret. */
/* SPDX-License-Identifier: MIT */

#include "stamp.h"

#include <pop4/pop4.h>
#include <string.h>

static void
apop_greeting(Pop4Session *session, GString *line)
{
    if (!pop4_session_has_directory(session))
        return;
    char *stamp = stamp_new(pop4_server_get_hostname(), pop4_session_get_id(session));
    pop4_session_set_data(session, "apop", stamp, g_free);
    if (stamp != NULL)
        g_string_append_printf(line, " %s", stamp);
}

static void
apop_logged_in(Pop4Session *session)
{
    pop4_session_set_data(session, "apop", NULL, NULL);
}

/* An unknown name, and one whose account keeps no secret, take the same way to the same end. */
static Pop4Account *
find(const Pop4Session *session, const char *name, const char *stamp, const char *digest,
     GError **error)
{
    g_autoptr(GError) reason = NULL;
    g_autoptr(Pop4Account) account = pop4_session_find_account(session, name, &reason);

    if (account == NULL && !g_error_matches(reason, POP4_ERROR, POP4_ERROR_AUTH)) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return NULL;
    }
    const char *secret = account != NULL ? pop4_account_get_secret(account) : NULL;
    gboolean good = stamp_check(stamp, secret != NULL ? secret : "", digest);
    if (good && secret != NULL)
        return g_steal_pointer(&account);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
    return NULL;
}

static gboolean
log_in(Pop4Session *session, const char *name, const char *stamp, const char *digest,
       GError **error)
{
    g_autoptr(Pop4Account) account = find(session, name, stamp, digest, error);

    return account != NULL &&
           pop4_session_login(session, pop4_identity_new(pop4_account_get_login(account)),
                              error);
}

static gboolean
apop_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const char *stamp = pop4_session_get_data(session, "apop");
    const char *name = pop4_args_get(args, 0);
    GError *reason = NULL;

    if (stamp == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "APOP is not possible here");
        return FALSE;
    }
    if (!log_in(session, name, stamp, pop4_args_get(args, 1), &reason)) {
        pop4_session_login_failed(session, "APOP", name, reason);
        g_propagate_error(error, reason);
        return FALSE;
    }
    pop4_reply_ok(session, "logged in");
    return TRUE;
}

static const Pop4Command apop_commands[] = {
    {
        .verb = "APOP",
        .run = apop_run,
        .states = POP4_STATE_AUTHORIZATION,
        .min_args = 2,
        .max_args = 2,
        .flags = POP4_COMMAND_BLOCKS | POP4_COMMAND_SECRET_ARGS,
        .summary = "Log in by a digest of the greeting and the secret (RFC 1939)",
    },
    {.verb = NULL},
};

static const Pop4Hooks apop_hooks = {.greeting = apop_greeting, .logged_in = apop_logged_in};

POP4_PLUGIN(apop) = {
    POP4_PLUGIN_ABI,
    .name = "apop",
    .summary = "APOP, for accounts that keep a secret",
    .commands = apop_commands,
    .hooks = &apop_hooks,
};
