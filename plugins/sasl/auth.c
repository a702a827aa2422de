/* SPDX-License-Identifier: MIT */

#include "auth.h"

#include "attempt.h"
#include "mechanisms.h"

#include <pop4/pop4.h>

static gboolean proceed(Pop4Session *session, Attempt *attempt, const Octets *answer,
                        GError **error);

static const char *const *
configured(const Pop4Session *session)
{
    return backend_get_mechanisms(pop4_session_get_instance(session, "sasl"),
                                  pop4_session_get_listener(session));
}

gboolean
auth_render(const Pop4Session *session, GString *line)
{
    gsize length = line->len;

    for (const char *const *name = configured(session); *name != NULL; name++) {
        if (mechanism_is_possible(*name, session))
            g_string_append_printf(line, " %s", *name);
    }
    return line->len > length;
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
log_in(Pop4Session *session, Attempt *attempt, GError **error)
{
    Pop4Identity *identity = attempt_identify(attempt, error);

    if (identity == NULL || !pop4_session_login(session, identity, error))
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
    /* As the client gave it, like PASS: guards count what fails by the name. */
    const char *name = attempt_get_name(attempt);
    pop4_session_login_failed(session, attempt_get_mechanism(attempt), name != NULL ? name : "",
                              reason);
    g_propagate_error(error, reason);
    return FALSE;
}

typedef struct {
    const Pop4Session *session;
    const char *const *next;
} Listing;

static gboolean
next_mechanism(GString *line, gpointer state)
{
    Listing *listing = state;

    for (; *listing->next != NULL; listing->next++) {
        if (mechanism_is_possible(*listing->next, listing->session)) {
            g_string_assign(line, *listing->next++);
            return TRUE;
        }
    }
    return FALSE;
}

/* Without an argument, as servers answered before CAPA told it. */
static gboolean
list_mechanisms(Pop4Session *session)
{
    Listing *listing = g_new(Listing, 1);

    *listing = (Listing){session, configured(session)};
    pop4_reply_lines(session, "mechanisms follow", next_mechanism, listing, g_free);
    return TRUE;
}

/* The name as libsasl2 knows it. */
static const char *
find_mechanism(const Pop4Session *session, const char *wanted, GError **error)
{
    for (const char *const *name = configured(session); *name != NULL; name++) {
        if (g_ascii_strcasecmp(*name, wanted) != 0)
            continue;
        if (mechanism_is_possible(*name, session))
            return *name;
        g_set_error_literal(
            error, POP4_ERROR, POP4_ERROR_PERMANENT,
            mechanism_is_plain(*name) ? "Passwords are not taken in clear: begin TLS first"
            : pop4_session_has_tls(session) ? "This mechanism needs a certificate of the client"
                                            : "This mechanism needs TLS");
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
