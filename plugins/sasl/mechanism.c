/* SPDX-License-Identifier: MIT */

#include "mechanism.h"

#include "cache.h"

#include <errno.h>
#include <pop4/error.h>
#include <pop4/log.h>
#include <pop4/server.h>
#include <pthread.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <string.h>
#include <unistd.h>

#define SERVICE "pop" /* RFC 5034, section 4 */
#define CACHE_ENTRIES 10000

/* libsasl2 has callbacks of several types under one. */
#define CALLBACK(function) ((int (*)(void))(void (*)(void))(function))

struct SaslInstance {
    const SaslSettings *settings;
    char *mechanism_list, *check_methods; /* as libsasl2 wants them */
    Cache *cache;                         /* (nullable) */
};

struct SaslAttempt {
    SaslInstance *instance;
    sasl_conn_t *connection;
    sasl_callback_t callbacks[4];
    guint8 key[CACHE_KEY_SIZE]; /* of what is being checked */
    gboolean has_key;
    char *user;
};

static void *
mutex_new(void)
{
    pthread_mutex_t *mutex = g_new(pthread_mutex_t, 1);

    pthread_mutex_init(mutex, NULL);
    return mutex;
}

static int
mutex_lock(void *mutex)
{
    pthread_mutex_lock(mutex);
    return SASL_OK;
}

static int
mutex_unlock(void *mutex)
{
    pthread_mutex_unlock(mutex);
    return SASL_OK;
}

static void
mutex_free(void *mutex)
{
    pthread_mutex_destroy(mutex);
    g_free(mutex);
}

static int
log_message(void *context, int level, const char *message)
{
    Pop4LogLevel own = POP4_LOG_DEBUG;

    if (level == SASL_LOG_NONE || level > SASL_LOG_DEBUG)
        return SASL_OK; /* traces can hold passwords */
    if (level == SASL_LOG_ERR || level == SASL_LOG_WARN)
        own = POP4_LOG_WARNING;
    pop4_log(NULL, own, "sasl", "text", message, NULL);
    return SASL_OK;
}

/* Every option is an instance's: at first there is none to ask. */
static int
no_option(void *context, const char *plugin, const char *option, const char **result,
          unsigned *len)
{
    return SASL_FAIL;
}

static gboolean
init_library(GError **error)
{
    static const sasl_callback_t callbacks[] = {
        {SASL_CB_LOG, CALLBACK(log_message), NULL},
        {SASL_CB_GETOPT, CALLBACK(no_option), NULL},
        {SASL_CB_LIST_END, NULL, NULL},
    };
    static gboolean done; /* main thread; the library stays until the process ends */

    if (done)
        return TRUE;
    sasl_set_mutex(mutex_new, mutex_lock, mutex_unlock, mutex_free);
    int result = sasl_server_init(callbacks, "pop4d");
    if (result != SASL_OK) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "libsasl2: %s",
                    sasl_errstring(result, NULL, NULL));
        return FALSE;
    }
    done = TRUE;
    return TRUE;
}

static const char *
find_option(const SaslInstance *instance, const char *option)
{
    const char *own = g_hash_table_lookup(instance->settings->options, option);

    if (own != NULL)
        return own;
    if (g_str_equal(option, "mech_list"))
        return instance->mechanism_list;
    if (g_str_equal(option, "pwcheck_method"))
        return instance->check_methods;
    if (g_str_equal(option, "auxprop_plugin"))
        return "sasldb";
    if (g_str_equal(option, "sasldb_path"))
        return instance->settings->sasldb;
    return NULL;
}

static int
get_option(void *context, const char *plugin, const char *option, const char **result,
           unsigned *len)
{
    const SaslAttempt *attempt = context;
    const char *value = find_option(attempt->instance, option);

    if (value == NULL)
        return SASL_FAIL;
    *result = value;
    if (len != NULL)
        *len = (unsigned)strlen(value);
    return SASL_OK;
}

/* libsasl2 asks here before it asks its own methods, for PLAIN and LOGIN as well: the place of
 * the cache. @user is in its full form. */
static int
check_cached(sasl_conn_t *connection, void *context, const char *user, const char *password,
             unsigned length, struct propctx *properties)
{
    SaslAttempt *attempt = context;
    Cache *cache = attempt->instance->cache;

    g_free(attempt->user);
    attempt->user = g_strdup(user);
    if (cache == NULL)
        return SASL_NOVERIFY;
    cache_make_key(cache, user, password, length, attempt->key);
    attempt->has_key = !cache_has(cache, attempt->key, g_get_monotonic_time());
    return attempt->has_key ? SASL_NOVERIFY : SASL_OK;
}

static gboolean
uses_sasldb(const SaslInstance *instance)
{
    const char *const *methods = (const char *const *)instance->settings->password_check;
    const char *plugin = find_option(instance, "auxprop_plugin");

    return g_strv_contains(methods, "auxprop") && strstr(plugin, "sasldb") != NULL;
}

/* libsasl2 takes a database that it cannot read for one without users. */
static gboolean
check_database(const SaslInstance *instance, GError **error)
{
    const char *path = instance->settings->sasldb;

    if (!uses_sasldb(instance))
        return TRUE;
    if (path == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, "sasldb must be set");
        return FALSE;
    }
    if (access(path, R_OK) == 0)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "sasldb %s: %s", path,
                g_strerror(errno));
    return FALSE;
}

static gboolean
check_mechanisms(const SaslSettings *settings, GError **error)
{
    static const char *const supported[] = {"PLAIN", "LOGIN", NULL};
    const char **installed = sasl_global_listmech();

    for (char **name = settings->mechanisms; *name != NULL; name++) {
        const char *fault = NULL;
        if (!g_strv_contains(supported, *name))
            fault = "is none of PLAIN and LOGIN";
        else if (installed == NULL || !g_strv_contains(installed, *name))
            fault = "is not installed (package libsasl2-modules)";
        if (fault != NULL) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "the mechanism %s %s", *name,
                        fault);
            return FALSE;
        }
    }
    return TRUE;
}

SaslInstance *
sasl_instance_new(const SaslSettings *settings, GError **error)
{
    if (!init_library(error) || !check_mechanisms(settings, error))
        return NULL;

    SaslInstance *instance = g_new0(SaslInstance, 1);
    instance->settings = settings;
    instance->mechanism_list = g_strjoinv(" ", settings->mechanisms);
    instance->check_methods = g_strjoinv(" ", settings->password_check);
    if (settings->cache_seconds > 0)
        instance->cache = cache_new(settings->cache_seconds, CACHE_ENTRIES);
    if (check_database(instance, error))
        return instance;
    sasl_instance_free(instance);
    return NULL;
}

void
sasl_instance_free(SaslInstance *instance)
{
    g_free(instance->mechanism_list);
    g_free(instance->check_methods);
    g_clear_pointer(&instance->cache, cache_free);
    g_free(instance);
}

const char *const *
sasl_instance_mechanisms(const SaslInstance *instance)
{
    return (const char *const *)instance->settings->mechanisms;
}

SaslAttempt *
sasl_attempt_new(SaslInstance *instance, GError **error)
{
    g_autoptr(SaslAttempt) attempt = g_new0(SaslAttempt, 1);
    const char *realm = instance->settings->realm;
    const char *hostname = pop4_server_get_hostname();
    sasl_security_properties_t properties = {.security_flags = SASL_SEC_NOANONYMOUS};

    attempt->instance = instance;
    attempt->callbacks[0] = (sasl_callback_t){SASL_CB_GETOPT, CALLBACK(get_option), attempt};
    attempt->callbacks[1] = (sasl_callback_t){SASL_CB_LOG, CALLBACK(log_message), attempt};
    attempt->callbacks[2] =
        (sasl_callback_t){SASL_CB_SERVER_USERDB_CHECKPASS, CALLBACK(check_cached), attempt};
    attempt->callbacks[3] = (sasl_callback_t){SASL_CB_LIST_END, NULL, NULL};
    if (sasl_server_new(SERVICE, hostname, realm != NULL ? realm : hostname, NULL, NULL,
                        attempt->callbacks, 0, &attempt->connection) == SASL_OK &&
        sasl_setprop(attempt->connection, SASL_SEC_PROPS, &properties) == SASL_OK)
        return g_steal_pointer(&attempt);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "Logging in is not possible now");
    return NULL;
}

void
sasl_attempt_free(SaslAttempt *attempt)
{
    if (attempt->connection != NULL)
        sasl_dispose(&attempt->connection);
    explicit_bzero(attempt->key, sizeof attempt->key);
    g_free(attempt->user);
    g_free(attempt);
}

/* Unknown user and wrong password look the same; what is not the client's fault must not look
 * like either, or it would forget a good password. */
static void
set_error(const SaslAttempt *attempt, int result, GError **error)
{
    switch (result) {
    case SASL_BADAUTH:
    case SASL_NOUSER:
    case SASL_NOAUTHZ:
    case SASL_DISABLED:
    case SASL_EXPIRED:
        if (check_database(attempt->instance, NULL)) {
            g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
            return;
        }
        break;
    case SASL_BADPROT:
    case SASL_BADPARAM:
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "The answer does not fit the mechanism");
        return;
    default:
        break;
    }
    pop4_log(NULL, POP4_LOG_WARNING, "sasl-unavailable", "reason",
             sasl_errdetail(attempt->connection), NULL);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "Passwords cannot be checked now, try again later");
}

static void
remember(SaslAttempt *attempt)
{
    if (attempt->has_key)
        cache_add(attempt->instance->cache, attempt->key, g_get_monotonic_time());
    attempt->has_key = FALSE;
}

SaslStep
sasl_attempt_step(SaslAttempt *attempt, const char *mechanism, const char *answer, gsize length,
                  const char **challenge_out, gsize *challenge_length_out, GError **error)
{
    unsigned challenge_length = 0;
    const char *challenge = NULL;
    int result = mechanism != NULL
                     ? sasl_server_start(attempt->connection, mechanism, answer,
                                         (unsigned)length, &challenge, &challenge_length)
                     : sasl_server_step(attempt->connection, answer, (unsigned)length,
                                        &challenge, &challenge_length);

    if (result != SASL_OK && result != SASL_CONTINUE) {
        set_error(attempt, result, error);
        return SASL_STEP_FAILED;
    }
    *challenge_out = challenge;
    *challenge_length_out = challenge_length;
    if (result == SASL_OK)
        remember(attempt);
    return result == SASL_OK ? SASL_STEP_DONE : SASL_STEP_CONTINUE;
}

gboolean
sasl_attempt_check(SaslAttempt *attempt, const char *user, const char *password, GError **error)
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

Pop4Identity *
sasl_attempt_get_identity(SaslAttempt *attempt, GError **error)
{
    const void *login = NULL;

    if (sasl_getprop(attempt->connection, SASL_USERNAME, &login) == SASL_OK && login != NULL)
        return pop4_identity_new(login);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "Logging in is not possible now");
    return NULL;
}

const char *
sasl_attempt_get_user(const SaslAttempt *attempt)
{
    return attempt->user;
}
