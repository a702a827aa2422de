/* SPDX-License-Identifier: MIT */

#include "attempt-struct.h"
#include "binding.h"
#include "library.h"
#include "mechanisms.h"

#include <ctype.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <pop4/server.h>
#include <pop4/session.h>
#include <pop4/tls.h>
#include <sasl/prop.h>
#include <string.h>

/* Octets of a login name as the client gives it. */
#define NAME_MAX_OCTETS 512

#define NOBODY "\x7f"

static int
get_option(void *context, const char *plugin, const char *option, const char **result,
           unsigned *length)
{
    const Attempt *attempt = context;
    const char *value = g_str_equal(option, "pwcheck_method")
                            ? attempt->method
                            : backend_find_option(attempt->backend, option);

    if (value == NULL)
        return SASL_FAIL;
    *result = value;
    if (length != NULL)
        *length = (unsigned)strlen(value);
    return SASL_OK;
}

static int
log_message(void *context, int level, const char *message)
{
    Attempt *attempt = context;

    if (level == SASL_LOG_NONE || level > SASL_LOG_DEBUG)
        return SASL_OK; /* traces can hold passwords */
    g_free(attempt->message);
    attempt->message = g_strdup(message);
    pop4_log(attempt->session, POP4_LOG_DEBUG, "sasl", "text", message, NULL);
    return SASL_OK;
}

static gboolean
is_name(const char *name, unsigned length)
{
    unsigned spaces = 0;

    if (length > NAME_MAX_OCTETS || memchr(name, '\0', length) != NULL)
        return FALSE;
    while (spaces < length && isspace((guchar)name[spaces]))
        spaces++;
    return spaces < length;
}

static void
replace(char **text, const char *name, unsigned length)
{
    g_free(*text);
    *text = g_strndup(name, length);
}

static void
note_name(Attempt *attempt, const char *name, unsigned length, unsigned flags)
{
    /* libsasl2 comes again with what it has made of the name. */
    if ((flags & SASL_CU_AUTHID) && attempt->name == NULL)
        replace(&attempt->name, name, length);
    if (flags & SASL_CU_AUTHZID)
        replace(&attempt->acts_for, name, length);
}

/* Where libsasl2 refuses a name itself, it loses memory: its copy of one that is longer than
 * 1024 octets, the password of LOGIN behind a blank one. Anybody could have it lose 48 KiB a
 * line; so it is given a name that nobody has. */
static int
take_name(sasl_conn_t *connection, void *context, const char *name, unsigned length,
          unsigned flags, const char *realm, char *out, unsigned max, unsigned *out_length)
{
    if (!is_name(name, length)) {
        name = NOBODY;
        length = strlen(NOBODY);
    }
    note_name(context, name, length, flags);
    if (length >= max)
        return SASL_BUFOVER;
    memcpy(out, name, length);
    *out_length = length;
    return SASL_OK;
}

static gboolean
connect_to_library(Attempt *attempt)
{
    /* max_ssf = 0: no security layers; TLS is there for that. */
    const sasl_security_properties_t security = {.security_flags = SASL_SEC_NOANONYMOUS};

    return sasl_server_new(LIBRARY_SERVICE, pop4_server_get_hostname(),
                           backend_get_realm(attempt->backend), NULL, NULL, attempt->callbacks,
                           0, &attempt->connection) == SASL_OK &&
           sasl_setprop(attempt->connection, SASL_SEC_PROPS, &security) == SASL_OK;
}

Attempt *
attempt_open(const Backend *backend, const Pop4Session *session, const char *only_method,
             GError **error)
{
    g_autoptr(Attempt) attempt = g_new0(Attempt, 1);
    sasl_callback_t *callback = attempt->callbacks;

    g_ref_count_init(&attempt->references);
    attempt->backend = backend;
    attempt->session = session;
    attempt->method = only_method != NULL ? only_method : password_last_method(backend);
    *callback++ = (sasl_callback_t){SASL_CB_GETOPT, LIBRARY_CALLBACK(get_option), attempt};
    *callback++ = (sasl_callback_t){SASL_CB_LOG, LIBRARY_CALLBACK(log_message), attempt};
    *callback++ = (sasl_callback_t){SASL_CB_CANON_USER, LIBRARY_CALLBACK(take_name), attempt};
    *callback++ =
        (sasl_callback_t){SASL_CB_PROXY_POLICY, LIBRARY_CALLBACK(identify_allow), attempt};
    if (only_method == NULL)
        *callback++ = (sasl_callback_t){SASL_CB_SERVER_USERDB_CHECKPASS,
                                        LIBRARY_CALLBACK(password_check_first), attempt};
    *callback = (sasl_callback_t){SASL_CB_LIST_END, NULL, NULL};
    if (connect_to_library(attempt))
        return g_steal_pointer(&attempt);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "Logging in is not possible now");
    return NULL;
}

Attempt *
attempt_new(const Backend *backend, const Pop4Session *session, const char *mechanism,
            GError **error)
{
    g_autoptr(Attempt) attempt = attempt_open(backend, session, NULL, error);

    if (attempt == NULL)
        return NULL;
    attempt->mechanism = mechanism;
    if (mechanism != NULL && backend_asks_directory(backend))
        attempt->method = BACKEND_DIRECTORY;
    if (g_strcmp0(mechanism, "EXTERNAL") == 0 && session != NULL)
        attempt->external = mechanism_certificate_login(session);
    if (attempt->external != NULL)
        sasl_setprop(attempt->connection, SASL_AUTH_EXTERNAL, attempt->external);
    return g_steal_pointer(&attempt);
}

Attempt *
attempt_ref(Attempt *attempt)
{
    g_ref_count_inc(&attempt->references);
    return attempt;
}

void
attempt_unref(Attempt *attempt)
{
    if (!g_ref_count_dec(&attempt->references))
        return;
    if (attempt->connection != NULL) {
        /* libsasl2 keeps a right password there, and frees it as it stands. */
        prop_erase(sasl_auxprop_getctx(attempt->connection), SASL_AUX_PASSWORD);
        sasl_dispose(&attempt->connection);
    }
    explicit_bzero(attempt->key, sizeof attempt->key);
    g_clear_pointer(&attempt->binding_octets, g_bytes_unref);
    g_free(attempt->message);
    g_free(attempt->name);
    g_free(attempt->acts_for);
    g_free(attempt->login);
    g_clear_pointer(&attempt->proven, pop4_identity_free);
    g_free(attempt->external);
    g_free(attempt);
}

/* What a client can bring about with a name or a password of its own choice. */
static gboolean
is_refusal(int result)
{
    switch (result) {
    case SASL_BADAUTH:
    case SASL_NOUSER:
    case SASL_NOAUTHZ:
    case SASL_NOVERIFY:
    case SASL_DISABLED:
    case SASL_EXPIRED:
        return TRUE;
    default:
        return FALSE;
    }
}

static void
complain(const Attempt *attempt, const char *reason)
{
    if (reason == NULL)
        reason =
            attempt->message != NULL ? attempt->message : sasl_errdetail(attempt->connection);
    pop4_log(attempt->session, POP4_LOG_WARNING, "password-check-failed", "method",
             attempt->method, "reason", reason, NULL);
}

/* Unknown user and wrong password look the same; what is not the client's fault must not look
 * like either, or it would forget a good password. */
static void
set_error(const Attempt *attempt, int result, GError **error)
{
    g_autoptr(GError) fault = NULL;

    if (result == SASL_BADPROT || result == SASL_BADPARAM) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "The answer does not fit the mechanism");
        return;
    }
    if (attempt->verdict == VERDICT_NONE && !is_refusal(result)) {
        complain(attempt, NULL);
    } else if (!backend_check_database(attempt->backend, &fault)) {
        complain(attempt, fault->message);
    } else if (attempt->verdict != VERDICT_IN_DOUBT) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
        return;
    }
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "Passwords cannot be checked now, try again later");
}

static void
remember(Attempt *attempt)
{
    if (attempt->has_key)
        cache_add(backend_get_cache(attempt->backend), attempt->key, g_get_monotonic_time());
    attempt->has_key = FALSE;
}

static gboolean
bind_by_type(Attempt *attempt, GError **error)
{
    attempt->binding_octets =
        pop4_session_get_channel_binding(attempt->session, attempt->binding_type);
    if (attempt->binding_octets == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "This channel binding is not possible here");
        return FALSE;
    }
    gsize length;
    const guchar *octets = g_bytes_get_data(attempt->binding_octets, &length);
    attempt->binding =
        (sasl_channel_binding_t){.name = attempt->binding_type, .len = length, .data = octets};
    return sasl_setprop(attempt->connection, SASL_CHANNEL_BINDING, &attempt->binding) ==
           SASL_OK;
}

/* RFC 5802, section 6: libsasl2 takes a header that does not fit the mechanism's name, and with
 * it a downgrade by somebody in between. */
static gboolean
bind(Attempt *attempt, const Octets *message, GError **error)
{
    gboolean wanted = mechanism_binds(attempt->mechanism);

    switch (binding_parse(message, attempt->binding_type)) {
    case BINDING_NONE:
        if (!wanted)
            return TRUE;
        break;
    case BINDING_MISSED:
        if (!wanted && !backend_offers_binding(attempt->backend, attempt->session))
            return TRUE;
        break;
    case BINDING_USED:
        if (wanted)
            return bind_by_type(attempt, error);
        break;
    case BINDING_INVALID:
        break;
    }
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                        "The channel binding does not fit the mechanism");
    return FALSE;
}

AttemptResult
attempt_step(Attempt *attempt, const Octets *answer, Octets *challenge_out, GError **error)
{
    const char *challenge = NULL;
    unsigned length = 0;
    int result;

    if (!attempt->started && mechanism_is_scram(attempt->mechanism)) {
        /* The first word is the client's; it says what libsasl2 has to be told before. */
        if (answer->data == NULL && !attempt->asks_first) {
            attempt->asks_first = TRUE;
            *challenge_out = (Octets){(char *)"", 0};
            return ATTEMPT_CHALLENGE;
        }
        if (!bind(attempt, answer, error))
            return ATTEMPT_FAILED;
    }
    if (attempt->started)
        result = sasl_server_step(attempt->connection, answer->data, (unsigned)answer->length,
                                  &challenge, &length);
    else
        result = sasl_server_start(attempt->connection, attempt->mechanism, answer->data,
                                   (unsigned)answer->length, &challenge, &length);
    attempt->started = TRUE;

    /* Octets that go with success come as one more challenge: libsasl2 keeps the success back
     * until the client has answered it (RFC 5034, section 4), unless told otherwise. */
    if (result == SASL_CONTINUE) {
        *challenge_out = (Octets){(char *)challenge, length};
        return ATTEMPT_CHALLENGE;
    }
    if (result != SASL_OK) {
        set_error(attempt, result, error);
        return ATTEMPT_FAILED;
    }
    remember(attempt);
    return ATTEMPT_DONE;
}

gboolean
attempt_check(Attempt *attempt, const char *user, const char *password, GError **error)
{
    int result = sasl_checkpass(attempt->connection, user, (unsigned)strlen(user), password,
                                (unsigned)strlen(password));

    if (result != SASL_OK) {
        set_error(attempt, result, error);
        return FALSE;
    }
    remember(attempt);
    return TRUE;
}

const char *
attempt_get_mechanism(const Attempt *attempt)
{
    return attempt->mechanism;
}

const char *
attempt_get_name(const Attempt *attempt)
{
    return attempt->name;
}

const Backend *
attempt_get_backend(const Attempt *attempt)
{
    return attempt->backend;
}

gboolean
attempt_is_rehearsal(const Attempt *attempt)
{
    return attempt->is_rehearsal;
}
