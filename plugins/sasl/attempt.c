/* SPDX-License-Identifier: MIT */

#include "attempt.h"

#include "library.h"

#include <ctype.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <pop4/server.h>
#include <sasl/prop.h>
#include <sasl/sasl.h>
#include <string.h>

#define SERVICE "pop" /* RFC 5034, section 4 */

/* Octets of a login name as the client gives it. */
#define NAME_MAX_OCTETS 512

#define NOBODY "\x7f"

struct Attempt {
    grefcount references;
    const Backend *backend;
    const Pop4Session *session; /* (nullable) */
    const char *mechanism;      /* (nullable): borrowed from the backend */
    const char *method;         /* the way to check a password */
    gboolean started;
    gboolean in_doubt; /* one of several methods could not tell */
    char *message;     /* (nullable): the last that libsasl2 has logged */
    gboolean has_key;
    guint8 key[CACHE_KEY_SIZE]; /* of the password that is being checked */
    sasl_conn_t *connection;
    sasl_callback_t callbacks[5]; /* libsasl2 keeps a pointer to them */
};

/* @only_method: (nullable): to check a password by this alone, without the cache. */
static Attempt *attempt_open(const Backend *backend, const Pop4Session *session,
                             const char *only_method, GError **error);

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
    if (length >= max)
        return SASL_BUFOVER;
    memcpy(out, name, length);
    *out_length = length;
    return SASL_OK;
}

static const char *
last_method(const Backend *backend)
{
    const char *const *method = backend_get_methods(backend);

    while (method[1] != NULL)
        method++;
    return *method;
}

static int
check_by(Attempt *attempt, const char *method, const char *user, const char *password)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Attempt) other = attempt_open(attempt->backend, attempt->session, method, &error);

    if (other != NULL && attempt_check(other, user, password, &error))
        return SASL_OK;
    if (!g_error_matches(error, POP4_ERROR, POP4_ERROR_AUTH))
        attempt->in_doubt = TRUE;
    return SASL_NOVERIFY;
}

/* libsasl2 asks here before it goes by the attempt's method, for PLAIN and LOGIN as well: the
 * place of the cache. Given several methods itself, it would tell the result of the last alone:
 * "no such user" where the first was out of order. @user is in its full form. */
static int
check_first(sasl_conn_t *connection, void *context, const char *user, const char *password,
            unsigned length, struct propctx *properties)
{
    Attempt *attempt = context;
    Cache *cache = backend_get_cache(attempt->backend);
    const char *const *method = backend_get_methods(attempt->backend);

    if (cache != NULL) {
        cache_make_key(cache, user, password, length, attempt->key);
        if (cache_has(cache, attempt->key, g_get_monotonic_time()))
            return SASL_OK;
        attempt->has_key = TRUE;
    }
    for (; method[1] != NULL; method++) {
        if (check_by(attempt, *method, user, password) == SASL_OK)
            return SASL_OK;
    }
    return SASL_NOVERIFY;
}

static gboolean
connect_to_library(Attempt *attempt)
{
    const sasl_security_properties_t security = {.security_flags = SASL_SEC_NOANONYMOUS};

    return sasl_server_new(SERVICE, pop4_server_get_hostname(),
                           backend_get_realm(attempt->backend), NULL, NULL, attempt->callbacks,
                           0, &attempt->connection) == SASL_OK &&
           sasl_setprop(attempt->connection, SASL_SEC_PROPS, &security) == SASL_OK;
}

static Attempt *
attempt_open(const Backend *backend, const Pop4Session *session, const char *only_method,
             GError **error)
{
    g_autoptr(Attempt) attempt = g_new0(Attempt, 1);
    sasl_callback_t *callback = attempt->callbacks;

    g_ref_count_init(&attempt->references);
    attempt->backend = backend;
    attempt->session = session;
    attempt->method = only_method != NULL ? only_method : last_method(backend);
    *callback++ = (sasl_callback_t){SASL_CB_GETOPT, LIBRARY_CALLBACK(get_option), attempt};
    *callback++ = (sasl_callback_t){SASL_CB_LOG, LIBRARY_CALLBACK(log_message), attempt};
    *callback++ = (sasl_callback_t){SASL_CB_CANON_USER, LIBRARY_CALLBACK(take_name), attempt};
    if (only_method == NULL)
        *callback++ = (sasl_callback_t){SASL_CB_SERVER_USERDB_CHECKPASS,
                                        LIBRARY_CALLBACK(check_first), attempt};
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
    Attempt *attempt = attempt_open(backend, session, NULL, error);

    if (attempt != NULL)
        attempt->mechanism = mechanism;
    return attempt;
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
    g_free(attempt->message);
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
    if (!is_refusal(result)) {
        complain(attempt, NULL);
    } else if (!backend_check_database(attempt->backend, &fault)) {
        complain(attempt, fault->message);
    } else if (!attempt->in_doubt) {
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

AttemptResult
attempt_step(Attempt *attempt, const Octets *answer, Octets *challenge_out, GError **error)
{
    const char *challenge = NULL;
    unsigned length = 0;
    int result;

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
attempt_get_login(const Attempt *attempt)
{
    const void *login = NULL;

    /* Where an exchange lets one act for another, this is the other. */
    if (sasl_getprop(attempt->connection, SASL_USERNAME, &login) != SASL_OK)
        return NULL;
    return login;
}

static gboolean
check_installed(const Attempt *attempt, GError **error)
{
    const char *list = "";

    sasl_listmech(attempt->connection, NULL, NULL, " ", NULL, &list, NULL, NULL);
    g_auto(GStrv) installed = g_strsplit(list, " ", -1);
    for (const char *const *name = backend_get_mechanisms(attempt->backend); *name != NULL;
         name++) {
        if (g_strv_contains((const char *const *)installed, *name))
            continue;
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "the mechanism %s is not installed (Debian: libsasl2-modules)", *name);
        return FALSE;
    }
    return TRUE;
}

gboolean
attempt_rehearse(const Backend *backend, GError **error)
{
    g_autoptr(Attempt) attempt = attempt_open(backend, NULL, "auxprop", error);

    if (attempt == NULL || !check_installed(attempt, error) ||
        !backend_check_database(backend, error))
        return FALSE;
    /* Nobody of that name, but the database is read. */
    if (!backend_uses_database(backend) ||
        sasl_user_exists(attempt->connection, SERVICE, backend_get_realm(backend), "-") !=
            SASL_FAIL)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "libsasl2: %s",
                attempt->message != NULL ? attempt->message
                                         : sasl_errdetail(attempt->connection));
    return FALSE;
}
