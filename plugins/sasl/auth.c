/* SPDX-License-Identifier: MIT */

#include "auth.h"

#include "attempt.h"

#include <pop4/pop4.h>

static gboolean proceed(Pop4Session *session, Attempt *attempt, const Octets *answer,
                        GError **error);

static const char *const *
configured(const Pop4Session *session)
{
    return backend_get_mechanisms(pop4_session_get_instance(session, "sasl"));
}

/* All that there are send the password itself. After login the list stays as it was. */
static gboolean
is_offered(const Pop4Session *session)
{
    return pop4_session_get_state(session) == POP4_STATE_TRANSACTION ||
           pop4_session_accepts_password(session);
}

gboolean
auth_render(const Pop4Session *session, GString *line)
{
    const char *const *name = configured(session);

    if (*name == NULL || !is_offered(session))
        return FALSE;
    for (; *name != NULL; name++)
        g_string_append_printf(line, " %s", *name);
    return TRUE;
}

static gboolean
decode(const char *text, Octets *octets_out, GError **error)
{
    if (octets_decode(text, octets_out))
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "This is not base64");
    return FALSE;
}

static gboolean
answer_challenge(Pop4Session *session, const char *line, gsize length, gpointer state,
                 GError **error)
{
    g_auto(Octets) answer = {0};

    if (g_str_equal(line, "*")) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "Authentication cancelled");
        return FALSE;
    }
    return decode(line, &answer, error) && proceed(session, state, &answer, error);
}

static void
unref_attempt(gpointer attempt)
{
    attempt_unref(attempt);
}

static void
send_challenge(Pop4Session *session, Attempt *attempt, const Octets *challenge)
{
    g_autofree char *text = g_base64_encode((const guchar *)challenge->data, challenge->length);

    pop4_reply_continue(session, text, POP4_LINE_LIMIT, answer_challenge, attempt_ref(attempt),
                        unref_attempt);
}

static gboolean
log_in(Pop4Session *session, const Attempt *attempt, GError **error)
{
    if (!pop4_session_login(session, pop4_identity_new(attempt_get_login(attempt)), error))
        return FALSE;
    pop4_reply_ok(session, "logged in");
    return TRUE;
}

static gboolean
proceed(Pop4Session *session, Attempt *attempt, const Octets *answer, GError **error)
{
    GError *reason = NULL;
    Octets challenge;

    switch (attempt_step(attempt, answer, &challenge, &reason)) {
    case ATTEMPT_CHALLENGE:
        send_challenge(session, attempt, &challenge);
        return TRUE;
    case ATTEMPT_DONE:
        if (log_in(session, attempt, &reason))
            return TRUE;
        break;
    case ATTEMPT_FAILED:
        break;
    }
    const char *login = attempt_get_login(attempt);
    pop4_session_login_failed(session, attempt_get_mechanism(attempt),
                              login != NULL ? login : "", reason);
    g_propagate_error(error, reason);
    return FALSE;
}

static gboolean
next_mechanism(GString *line, gpointer state)
{
    const char *const **next = state;

    if (**next == NULL)
        return FALSE;
    g_string_assign(line, *(*next)++);
    return TRUE;
}

/* Without an argument, as servers answered before CAPA told it. */
static gboolean
list_mechanisms(Pop4Session *session)
{
    static const char *const none[] = {NULL};
    const char *const **next = g_new(const char *const *, 1);

    *next = is_offered(session) ? configured(session) : none;
    pop4_reply_lines(session, "mechanisms follow", next_mechanism, next, g_free);
    return TRUE;
}

/* The name as libsasl2 knows it. */
static const char *
find_mechanism(const Pop4Session *session, const char *wanted, GError **error)
{
    for (const char *const *name = configured(session); *name != NULL; name++) {
        if (g_ascii_strcasecmp(*name, wanted) != 0)
            continue;
        if (is_offered(session))
            return *name;
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "Logging in by password is not possible here");
        return NULL;
    }
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "Unknown mechanism");
    return NULL;
}

gboolean
auth_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_auto(Octets) response = {0};

    if (pop4_args_count(args) == 0)
        return list_mechanisms(session);

    const char *mechanism = find_mechanism(session, pop4_args_get(args, 0), error);
    if (mechanism == NULL)
        return FALSE;
    if (pop4_args_count(args) > 1) {
        const char *text = pop4_args_get(args, 1);
        /* "=" is an initial response of no octets. */
        if (!decode(g_str_equal(text, "=") ? "" : text, &response, error))
            return FALSE;
    }
    g_autoptr(Attempt) attempt =
        attempt_new(pop4_session_get_instance(session, "sasl"), session, mechanism, error);
    return attempt != NULL && proceed(session, attempt, &response, error);
}
