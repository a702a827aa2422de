/* SPDX-License-Identifier: MIT */

#include "backend.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <pop4/server.h>
#include <string.h>
#include <unistd.h>

#define CACHE_ENTRIES 10000
#define REALM_MAX_OCTETS 255

struct Backend {
    const SaslSettings *settings;
    char *mechanism_list; /* as libsasl2 wants it */
    gboolean uses_database;
    Cache *cache; /* (nullable) */
};

static gboolean
check_words(char **words, const char *const *known, const char *what, GError **error)
{
    for (char **word = words; *word != NULL; word++) {
        if (g_strv_contains(known, *word))
            continue;
        g_autofree char *list = g_strjoinv(" and ", (char **)known);
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s: \"%s\" is none of %s", what,
                    *word, list);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_options(GHashTable *options, GError **error)
{
    static const struct {
        const char *option, *key;
    } own[] = {
        {"mech_list", "mechanisms"},
        {"pwcheck_method", "password-check"},
        {"sasldb_path", "sasldb"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(own); i++) {
        if (!g_hash_table_contains(options, own[i].option))
            continue;
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "option.%s: use the key %s",
                    own[i].option, own[i].key);
        return FALSE;
    }
    return TRUE;
}

/* Longer than a domain name, it would leave no room for a login name in libsasl2's buffer. */
static gboolean
check_realm(const char *realm, GError **error)
{
    if (realm == NULL || (realm[0] != '\0' && strlen(realm) <= REALM_MAX_OCTETS))
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "realm must have 1 to %d octets",
                REALM_MAX_OCTETS);
    return FALSE;
}

static gboolean
check_settings(const SaslSettings *settings, GError **error)
{
    static const char *const mechanisms[] = {"PLAIN", "LOGIN", NULL};
    static const char *const methods[] = {"auxprop", "saslauthd", NULL};

    if (!check_words(settings->mechanisms, mechanisms, "mechanisms", error) ||
        !check_words(settings->password_check, methods, "password-check", error) ||
        !check_options(settings->options, error))
        return FALSE;
    if (settings->password_check[0] == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "password-check must not be empty");
        return FALSE;
    }
    return check_realm(settings->realm, error);
}

/* Whether one of the auxprop plugins asked is sasldb, which is Debian's default. */
static gboolean
needs_database(const Backend *backend)
{
    const char *plugins = backend_find_option(backend, "auxprop_plugin");
    g_auto(GStrv) names = g_strsplit(plugins, " ", -1);

    return g_strv_contains(backend_get_methods(backend), "auxprop") &&
           g_strv_contains((const char *const *)names, "sasldb");
}

Backend *
backend_new(const SaslSettings *settings, GError **error)
{
    g_autoptr(Backend) backend = g_new0(Backend, 1);

    if (!check_settings(settings, error))
        return NULL;
    backend->settings = settings;
    backend->mechanism_list = g_strjoinv(" ", settings->mechanisms);
    backend->uses_database = needs_database(backend);
    if (backend->uses_database && settings->sasldb == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, "sasldb must be set");
        return NULL;
    }
    if (settings->cache_seconds > 0)
        backend->cache = cache_new(settings->cache_seconds, CACHE_ENTRIES);
    return g_steal_pointer(&backend);
}

void
backend_free(Backend *backend)
{
    g_clear_pointer(&backend->cache, cache_free);
    g_free(backend->mechanism_list);
    g_free(backend);
}

const char *
backend_get_realm(const Backend *backend)
{
    const char *realm = backend->settings->realm;

    return realm != NULL ? realm : pop4_server_get_hostname();
}

const char *const *
backend_get_mechanisms(const Backend *backend)
{
    return (const char *const *)backend->settings->mechanisms;
}

const char *const *
backend_get_methods(const Backend *backend)
{
    return (const char *const *)backend->settings->password_check;
}

Cache *
backend_get_cache(const Backend *backend)
{
    return backend->cache;
}

const char *
backend_find_option(const Backend *backend, const char *option)
{
    const char *value = g_hash_table_lookup(backend->settings->options, option);

    if (value != NULL)
        return value;
    if (g_str_equal(option, "mech_list"))
        return backend->mechanism_list;
    if (g_str_equal(option, "auxprop_plugin"))
        return "sasldb";
    if (g_str_equal(option, "sasldb_path"))
        return backend->settings->sasldb;
    return NULL;
}

gboolean
backend_uses_database(const Backend *backend)
{
    return backend->uses_database;
}

gboolean
backend_check_database(const Backend *backend, GError **error)
{
    if (!backend->uses_database)
        return TRUE;

    const char *path = backend->settings->sasldb;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "sasldb %s: %s", path,
                    g_strerror(errno));
        return FALSE;
    }
    close(fd);
    return TRUE;
}
