/* Checks a password that a mechanism has brought, before libsasl2 does. */
/* SPDX-License-Identifier: MIT */

#include "attempt-struct.h"

#include <pop4/error.h>
#include <pop4/session.h>

const char *
password_last_method(const Backend *backend)
{
    const char *const *method = backend_get_methods(backend);

    while (method[0] != NULL && method[1] != NULL)
        method++;
    return *method != NULL ? *method : BACKEND_DIRECTORY;
}

static int
note(Attempt *attempt, gboolean good, const GError *error)
{
    if (good)
        return SASL_OK;
    if (!g_error_matches(error, POP4_ERROR, POP4_ERROR_AUTH))
        attempt->verdict = VERDICT_IN_DOUBT;
    return SASL_NOVERIFY;
}

/* By the plugins that check passwords, this one's other methods included; they know the login's
 * one form, and remember themselves what they have checked. */
static int
check_by_directory(Attempt *attempt, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Identity) identity =
        pop4_session_check_password(attempt->session, attempt->name, password, &error);

    if (identity == NULL) {
        if (attempt->verdict == VERDICT_NONE)
            attempt->verdict = VERDICT_REFUSED;
        return note(attempt, FALSE, error);
    }
    g_free(attempt->login);
    attempt->login = g_strdup(pop4_identity_get_login(identity));
    g_clear_pointer(&attempt->proven, pop4_identity_free);
    attempt->proven = g_steal_pointer(&identity);
    attempt->has_key = FALSE;
    return SASL_OK;
}

static int
check_by(Attempt *attempt, const char *method, const char *user, const char *password)
{
    g_autoptr(GError) error = NULL;

    g_autoptr(Attempt) other = attempt_open(attempt->backend, attempt->session, method, &error);
    gboolean good = other != NULL && attempt_check(other, user, password, &error);
    return note(attempt, good, error);
}

/* The place of the cache. @user is in its full form. */
static gboolean
is_remembered(Attempt *attempt, const char *user, const char *password, unsigned length)
{
    Cache *cache = backend_get_cache(attempt->backend);

    if (cache == NULL)
        return FALSE;
    cache_make_key(cache, user, password, length, attempt->key);
    if (cache_has(cache, attempt->key, g_get_monotonic_time()))
        return TRUE;
    attempt->has_key = TRUE;
    return FALSE;
}

/* libsasl2 asks here before it goes by the attempt's method, for PLAIN and LOGIN as well. Given
 * several methods itself, it would tell the result of the last alone: "no such user" where the
 * first was out of order. */
int
password_check_first(sasl_conn_t *connection, void *context, const char *user,
                     const char *password, unsigned length, struct propctx *properties)
{
    Attempt *attempt = context;
    const char *const *method = backend_get_methods(attempt->backend);

    if (is_remembered(attempt, user, password, length))
        return SASL_OK;
    if (g_str_equal(attempt->method, BACKEND_DIRECTORY))
        return check_by_directory(attempt, password);
    for (; method[1] != NULL; method++) { /* the last is libsasl2's */
        if (check_by(attempt, *method, user, password) == SASL_OK)
            return SASL_OK;
    }
    return SASL_NOVERIFY;
}
