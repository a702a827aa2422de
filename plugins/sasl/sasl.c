/* Passwords and the AUTH command (RFC 5034) by libsasl2: the plugin's tables. */
/* SPDX-License-Identifier: MIT */

#include "attempt.h"
#include "auth.h"
#include "library.h"

#include <pop4/pop4.h>

static Pop4Identity *
sasl_check_password(gpointer instance, const Pop4Session *session, const char *user,
                    const char *password, GError **error)
{
    if (backend_get_methods(instance)[0] == NULL) {
        /* The directories' own plugins are asked by the core. */
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
        return NULL;
    }
    g_autoptr(Attempt) attempt = attempt_new(instance, session, NULL, error);

    if (attempt == NULL || !attempt_check(attempt, user, password, error))
        return NULL;
    return attempt_identify(attempt, error);
}

static gboolean
sasl_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    const SaslSettings *settings = data;
    g_autoptr(Backend) backend = backend_new(settings, error);

    if (backend == NULL || !library_init(settings->options, error) ||
        !attempt_rehearse(backend, error))
        return FALSE;
    *instance_out = g_steal_pointer(&backend);
    return TRUE;
}

static void
sasl_stop(gpointer instance)
{
    backend_free(instance);
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
    {.name = "SASL", .states = POP4_STATE_ANY, .render = auth_render},
    {.name = NULL},
};

static const Pop4Authenticator sasl_authenticator = {.check_password = sasl_check_password};

#define OFFSET(member) G_STRUCT_OFFSET(SaslSettings, member)

static const Pop4Setting sasl_settings[] = {
    {.key = "sasldb",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(sasldb),
     .help =
         "The database that saslpasswd2 writes; without it accounts come from other plugins"},
    {.key = "realm",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(realm),
     .help = "The domain of a login without one; by default the server's hostname"},
    {.key = "mechanisms",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(mechanisms),
     .initial = "auto",
     .help = "What AUTH offers, in this order; auto is SCRAM-SHA-256-PLUS, SCRAM-SHA-256, "
             "PLAIN and LOGIN"},
    {.key = "mechanisms.",
     .type = POP4_SETTING_MAP,
     .offset = OFFSET(listener_mechanisms),
     .help = "What AUTH offers on the listener of that name"},
    {.key = "password-check",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(password_check),
     .initial = "auto",
     .help = "The ways to check a password, in this order: directory (other plugins), auxprop, "
             "saslauthd; auto is auxprop with sasldb, else directory"},
    {.key = "masters",
     .type = POP4_SETTING_LIST,
     .offset = OFFSET(masters),
     .initial = "",
     .help = "The logins that may open the maildrop of any other"},
    {.key = "certificate-login",
     .type = POP4_SETTING_CHOICE,
     .offset = OFFSET(certificate_login),
     .initial = "none",
     .choices = "none|common-name|email",
     .help = "The name in a client's certificate that EXTERNAL logs in"},
    {.key = "certificate.",
     .type = POP4_SETTING_MAP,
     .offset = OFFSET(certificate_logins),
     .help = "The login of that name in a certificate, where it is not the name itself"},
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
