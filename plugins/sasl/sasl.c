/* Passwords and the AUTH command (RFC 5034) by libsasl2: the plugin's tables and the exchange.
 */
/* SPDX-License-Identifier: MIT */

#include "mechanism.h"

#include <pop4/pop4.h>
#include <string.h>

/* An exchange of AUTH under way. */
typedef struct {
    SaslAttempt *attempt;
    char *mechanism;
    gboolean done; /* only the client's empty answer to the last challenge is missing */
} Exchange;

static gboolean exchange_answer(Pop4Session *session, const char *line, gsize length,
                                gpointer state, GError **error);

static void
exchange_free(gpointer data)
{
    Exchange *exchange = data;

    g_clear_pointer(&exchange->attempt, sasl_attempt_free);
    g_free(exchange->mechanism);
    g_free(exchange);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Exchange, exchange_free)

/* A failure, told to the hooks and the log once. */
static gboolean
refuse(Pop4Session *session, const Exchange *exchange, GError *reason, GError **error)
{
    pop4_session_login_failed(session, exchange->mechanism,
                              sasl_attempt_get_user(exchange->attempt), reason);
    g_propagate_error(error, reason);
    return FALSE;
}

static gboolean
finish(Pop4Session *session, const Exchange *exchange, GError **error)
{
    GError *reason = NULL;
    Pop4Identity *identity = sasl_attempt_get_identity(exchange->attempt, &reason);

    if (identity == NULL || !pop4_session_login(session, identity, &reason))
        return refuse(session, exchange, reason, error);
    pop4_reply_ok(session, "logged in");
    return TRUE;
}

static void
challenge(Pop4Session *session, Exchange *exchange, const char *octets, gsize length)
{
    g_autofree char *text = g_base64_encode((const guchar *)octets, length);

    pop4_reply_continue(session, text, POP4_LINE_LIMIT, exchange_answer, exchange,
                        exchange_free);
}

/* @mechanism: NULL after the first step. */
static gboolean
step(Pop4Session *session, Exchange *exchange_in, const char *mechanism, const char *answer,
     gsize length, GError **error)
{
    g_autoptr(Exchange) exchange = exchange_in;
    GError *reason = NULL;
    const char *octets;
    gsize octets_length;

    switch (sasl_attempt_step(exchange->attempt, mechanism, answer, length, &octets,
                              &octets_length, &reason)) {
    case SASL_STEP_FAILED:
        return refuse(session, exchange, reason, error);
    case SASL_STEP_DONE:
        if (octets_length == 0)
            return finish(session, exchange, error);
        /* POP has no data with success: it goes as one more challenge (RFC 5034, section 4). */
        exchange->done = TRUE;
        break;
    case SASL_STEP_CONTINUE:
        break;
    }
    challenge(session, g_steal_pointer(&exchange), octets, octets_length);
    return TRUE;
}

/* (transfer full) (nullable): NULL for what is no base64. To be wiped, since it is a secret. */
static char *
decode(const char *text, gsize *length_out, GError **error)
{
    gsize length = strlen(text);
    gsize digits =
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    gsize padding = strspn(text + digits, "=");

    if (length % 4 != 0 || digits + padding != length || padding > 2) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "This is not base64");
        return NULL;
    }
    guchar *octets = g_malloc(length / 4 * 3 + 1);
    gint state = 0;
    guint save = 0;
    *length_out = g_base64_decode_step(text, length, octets, &state, &save);
    octets[*length_out] = '\0';
    return (char *)octets;
}

static void
wipe(char *octets, gsize length)
{
    explicit_bzero(octets, length);
    g_free(octets);
}

/* The state of the continuation is gone when this returns; a further one takes over what it
 * holds. */
static Exchange *
take_over(Exchange *old)
{
    Exchange *exchange = g_new0(Exchange, 1);

    exchange->attempt = g_steal_pointer(&old->attempt);
    exchange->mechanism = g_steal_pointer(&old->mechanism);
    return exchange;
}

static gboolean
exchange_answer(Pop4Session *session, const char *line, gsize line_length, gpointer state,
                GError **error)
{
    Exchange *exchange = state;
    gsize length;

    if (g_str_equal(line, "*")) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "Authentication cancelled");
        return FALSE;
    }
    char *answer = decode(line, &length, error);
    if (answer == NULL)
        return FALSE;
    gboolean good;
    if (exchange->done)
        good = finish(session, exchange, error);
    else
        good = step(session, take_over(exchange), NULL, answer, length, error);
    wipe(answer, length);
    return good;
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
    const char *const **next = g_new(const char *const *, 1);

    *next = sasl_instance_mechanisms(pop4_session_get_instance(session, "sasl"));
    pop4_reply_lines(session, "mechanisms follow", next_mechanism, next, g_free);
    return TRUE;
}

static gboolean
auth_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    SaslInstance *instance = pop4_session_get_instance(session, "sasl");
    const char *response = pop4_args_count(args) > 1 ? pop4_args_get(args, 1) : NULL;

    if (pop4_args_count(args) == 0)
        return list_mechanisms(session);
    g_autofree char *mechanism = g_ascii_strup(pop4_args_get(args, 0), -1);
    if (!g_strv_contains(sasl_instance_mechanisms(instance), mechanism)) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "Unknown mechanism");
        return FALSE;
    }

    gsize length = 0;
    char *answer = NULL;
    if (response != NULL) {
        /* "=" is an initial response of no octets. */
        answer = decode(g_str_equal(response, "=") ? "" : response, &length, error);
        if (answer == NULL)
            return FALSE;
    }
    gboolean good = FALSE;
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->attempt = sasl_attempt_new(instance, error);
    exchange->mechanism = g_strdup(mechanism);
    if (exchange->attempt != NULL)
        good = step(session, exchange, mechanism, answer, length, error);
    else
        exchange_free(exchange);
    if (answer != NULL)
        wipe(answer, length);
    return good;
}

static Pop4Identity *
sasl_check_password(gpointer instance, const Pop4Session *session, const char *user,
                    const char *password, GError **error)
{
    g_autoptr(SaslAttempt) attempt = sasl_attempt_new(instance, error);

    if (attempt == NULL || !sasl_attempt_check(attempt, user, password, error))
        return NULL;
    return sasl_attempt_get_identity(attempt, error);
}

static gboolean
sasl_start(gconstpointer settings, gpointer *instance_out, GError **error)
{
    *instance_out = sasl_instance_new(settings, error);
    return *instance_out != NULL;
}

static void
sasl_stop(gpointer instance)
{
    sasl_instance_free(instance);
}

static gboolean
render_sasl(const Pop4Session *session, GString *line)
{
    const char *const *name =
        sasl_instance_mechanisms(pop4_session_get_instance(session, "sasl"));

    if (*name == NULL)
        return FALSE;
    for (; *name != NULL; name++)
        g_string_append_printf(line, " %s", *name);
    return TRUE;
}

static const Pop4Command sasl_commands[] = {
    {.verb = "AUTH",
     .run = auth_run,
     .states = POP4_STATE_AUTHORIZATION,
     .max_args = 2,
     .flags = POP4_COMMAND_BLOCKS | POP4_COMMAND_SECRET_ARGS,
     .max_line = POP4_LINE_LIMIT,
     .summary = "Log in by a SASL mechanism (RFC 5034)"},
    {.verb = NULL},
};

static const Pop4Capability sasl_capabilities[] = {
    {.name = "SASL", .states = POP4_STATE_ANY, .render = render_sasl},
    {.name = NULL},
};

static const Pop4Authenticator sasl_authenticator = {.check_password = sasl_check_password};

#define OFFSET(member) G_STRUCT_OFFSET(SaslSettings, member)

static const Pop4Setting sasl_settings[] = {
    {.key = "sasldb",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(sasldb),
     .help = "The database that saslpasswd2 writes; needed for the check \"auxprop\""},
    {.key = "realm",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(realm),
     .help = "The domain of a login without one; by default the server's hostname"},
    {.key = "mechanisms",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(mechanisms),
     .initial = "PLAIN;LOGIN",
     .help = "What AUTH offers, in this order"},
    {.key = "password-check",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(password_check),
     .initial = "auxprop",
     .help = "libsasl2's ways to check a password, in this order: auxprop, saslauthd"},
    {.key = "cache-seconds",
     .type = POP4_SETTING_UINT,
     .offset = OFFSET(cache_seconds),
     .initial = "60",
     .max = 86400,
     .help = "How long a right password is remembered, and an old one goes on; 0 = not at all"},
    {.key = "option.",
     .type = POP4_SETTING_MAP,
     .offset = OFFSET(options),
     .help = "An option of libsasl2"},
    {.key = NULL},
};

POP4_PLUGIN(sasl) = {
    POP4_PLUGIN_ABI,
    .name = "sasl",
    .summary = "Passwords and AUTH by libsasl2",
    .commands = sasl_commands,
    .capabilities = sasl_capabilities,
    .settings = sasl_settings,
    .settings_size = sizeof(SaslSettings),
    .authenticator = &sasl_authenticator,
    .start = sasl_start,
    .stop = sasl_stop,
};
