/* SPDX-License-Identifier: MIT */

#include "auxprop.h"

#include "attempt.h"
#include "library.h"
#include "mechanisms.h"
#include "properties.h"

#include <pop4/error.h>
#include <pop4/session.h>
#include <sasl/sasl.h>
#include <sasl/saslplug.h>
#include <string.h>

#define KEY_PROPERTY "*authPassword"

typedef struct {
    sasl_server_params_t *params;
    const char *mechanism;
    const char *name;
    const Pop4Account *account; /* (nullable) */
} Feeding;

static void
set(const Feeding *feeding, const char *property, const char *value)
{
    feeding->params->utils->prop_set(feeding->params->propctx, property, value,
                                     (int)strlen(value));
}

static void
set_and_wipe(const Feeding *feeding, const char *property, char *value)
{
    set(feeding, property, value);
    explicit_bzero(value, strlen(value));
    g_free(value);
}

/* Only what the mechanism checks against: given a secret, too, SCRAM would go by that, slowly
 * and with another salt each time. */
static void
feed_key(const Feeding *feeding)
{
    g_autofree char *scheme = properties_scheme(feeding->mechanism);
    const char *key =
        feeding->account != NULL ? pop4_account_get_key(feeding->account, scheme) : NULL;

    if (key != NULL) {
        properties_note_key(key);
        set(feeding, KEY_PROPERTY, key);
    } else {
        set_and_wipe(feeding, KEY_PROPERTY, properties_make_key(feeding->name, scheme));
    }
}

static void
feed_secret(const Feeding *feeding)
{
    const char *secret =
        feeding->account != NULL ? pop4_account_get_secret(feeding->account) : NULL;

    if (secret != NULL)
        set(feeding, SASL_AUX_PASSWORD, secret);
    else
        set_and_wipe(feeding, SASL_AUX_PASSWORD, properties_make_secret(feeding->name));
}

static gboolean
has_value(const Feeding *feeding, const char *property)
{
    const char *names[] = {property, NULL};
    struct propval values[2];

    return feeding->params->utils->prop_getnames(feeding->params->propctx, names, values) > 0 &&
           values[0].values != NULL;
}

static int
feed_from_directory(Feeding *feeding, Attempt *attempt)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Account) account = attempt_find_account(attempt, feeding->name, &error);

    if (account == NULL && !g_error_matches(error, POP4_ERROR, POP4_ERROR_AUTH))
        return SASL_FAIL;
    feeding->account = account;
    if (mechanism_is_scram(feeding->mechanism))
        feed_key(feeding);
    else
        feed_secret(feeding);
    return SASL_OK;
}

/* By a callback of the attempt's own; of an option libsasl2 gives its own way to ask. */
static Attempt *
find_attempt(const sasl_server_params_t *params)
{
    sasl_callback_ft unused;
    void *context = NULL;

    if (params->utils->getcallback(params->utils->conn, SASL_CB_PROXY_POLICY, &unused,
                                   &context) != SASL_OK)
        return NULL;
    return context;
}

/* An unknown name gets the semblance of an account, so that the exchange takes its course, and
 * fails at the end as it does for a wrong password. */
static int
look_up(void *context, sasl_server_params_t *params, unsigned flags, const char *user,
        unsigned length)
{
    Attempt *attempt = find_attempt(params);
    Feeding feeding = {.params = params};

    if (attempt == NULL || (flags & SASL_AUXPROP_AUTHZID))
        return SASL_OK;
    feeding.mechanism = attempt_get_mechanism(attempt);
    feeding.name = attempt_get_name(attempt);
    /* A password is checked by those who know how: nothing to be fed. */
    if (feeding.name == NULL)
        return SASL_NOUSER;
    if (backend_uses_directory(attempt_get_backend(attempt))) {
        if (feeding.mechanism == NULL || mechanism_is_plain(feeding.mechanism))
            return SASL_OK;
        return feed_from_directory(&feeding, attempt);
    }
    if (!attempt_is_rehearsal(attempt) && !has_value(&feeding, SASL_AUX_PASSWORD) &&
        !has_value(&feeding, KEY_PROPERTY))
        feed_secret(&feeding);
    return SASL_OK;
}

static int
init(const sasl_utils_t *utils, int max_version, int *version_out, sasl_auxprop_plug_t **out,
     const char *name)
{
    static char own_name[] = AUXPROP_NAME;
    static sasl_auxprop_plug_t plugin = {.auxprop_lookup = look_up, .name = own_name};

    if (max_version < SASL_AUXPROP_PLUG_VERSION)
        return SASL_BADVERS;
    *version_out = SASL_AUXPROP_PLUG_VERSION;
    *out = &plugin;
    return SASL_OK;
}

int
auxprop_add(void)
{
    return sasl_auxprop_add_plugin(AUXPROP_NAME, init);
}
