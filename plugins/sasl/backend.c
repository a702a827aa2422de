/* SPDX-License-Identifier: MIT */

#include "backend.h"

#include "auxprop.h"
#include "mechanisms.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <pop4/server.h>
#include <pop4/session.h>
#include <pop4/tls.h>
#include <string.h>
#include <unistd.h>

#define CACHE_ENTRIES 10000
#define REALM_MAX_OCTETS 255

struct Backend {
    const SaslSettings *settings;
    char **methods;                  /* without BACKEND_DIRECTORY */
    char **mechanisms;               /* on listeners without a list of their own */
    GHashTable *listener_mechanisms; /* of string vectors */
    char **all_mechanisms;
    char *mechanism_list; /* as libsasl2 wants it */
    char *auxprop_plugins;
    gboolean uses_directory, asks_directory, uses_database;
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

/* Names as libsasl2 has them: nothing that could be taken for two. */
static gboolean
check_mechanisms(char **names, GError **error)
{
    for (char **name = names; *name != NULL; name++) {
        gboolean binds = mechanism_binds(*name) && !mechanism_is_scram(*name);
        if (!binds && (*name)[strspn(*name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0')
            continue;
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "mechanisms: \"%s\" is %s", *name,
                    binds ? "not possible: only SCRAM is bound to TLS here" : "no mechanism");
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_settings(const Backend *backend, GError **error)
{
    static const char *const methods[] = {"auxprop", "saslauthd", BACKEND_DIRECTORY, NULL};

    if (!check_words(backend->methods, methods, "password-check", error) ||
        !check_mechanisms(backend->all_mechanisms, error) ||
        !check_options(backend->settings->options, error))
        return FALSE;
    if (backend->methods[0] == NULL && !backend->asks_directory) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "password-check must not be empty");
        return FALSE;
    }
    return check_realm(backend->settings->realm, error);
}

static gboolean
is_auto(char **words)
{
    return g_strv_length(words) == 1 && g_str_equal(words[0], "auto");
}

static void
choose_methods(Backend *backend)
{
    char *usual[] = {(char *)(backend->uses_directory ? BACKEND_DIRECTORY : "auxprop"), NULL};
    char **words = backend->settings->password_check;
    g_autoptr(GPtrArray) methods = g_ptr_array_new();

    for (char **word = is_auto(words) ? usual : words; *word != NULL; word++) {
        if (g_str_equal(*word, BACKEND_DIRECTORY))
            backend->asks_directory = TRUE;
        else
            g_ptr_array_add(methods, g_strdup(*word));
    }
    g_ptr_array_add(methods, NULL);
    backend->methods = (char **)g_ptr_array_free(g_steal_pointer(&methods), FALSE);
}

/* Without keys to check against, only the password itself will do. */
static const char *
default_mechanisms(const Backend *backend)
{
    const char *const *methods = (const char *const *)backend->methods;

    return g_strv_contains(methods, "auxprop") || backend->asks_directory
               ? "SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN"
               : "PLAIN LOGIN";
}

static void
append_new(GPtrArray *all, char **names)
{
    for (char **name = names; *name != NULL; name++) {
        if (!g_ptr_array_find_with_equal_func(all, *name, g_str_equal, NULL))
            g_ptr_array_add(all, g_strdup(*name));
    }
}

/* libsasl2 looks for the name without "-PLUS". */
static void
append_base_names(GPtrArray *all)
{
    for (guint i = all->len; i > 0; i--) {
        const char *name = g_ptr_array_index(all, i - 1);
        if (!mechanism_binds(name))
            continue;
        char *base[] = {g_strndup(name, strlen(name) - strlen("-PLUS")), NULL};
        append_new(all, base);
        g_free(base[0]);
    }
}

/* (transfer full) */
static char **
split_names(const char *text)
{
    g_auto(GStrv) parts = g_strsplit_set(text, "; ", -1);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (char **part = parts; *part != NULL; part++) {
        if (**part != '\0')
            g_ptr_array_add(names, g_strdup(*part));
    }
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

static void
choose_mechanisms(Backend *backend)
{
    const SaslSettings *settings = backend->settings;
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iter;
    gpointer listener, text;

    backend->mechanisms = is_auto(settings->mechanisms)
                              ? g_strsplit(default_mechanisms(backend), " ", -1)
                              : g_strdupv(settings->mechanisms);
    append_new(all, backend->mechanisms);
    g_hash_table_iter_init(&iter, settings->listener_mechanisms);
    while (g_hash_table_iter_next(&iter, &listener, &text)) {
        char **names = split_names(text);
        g_hash_table_insert(backend->listener_mechanisms, listener, names);
        append_new(all, names);
    }
    g_ptr_array_add(all, NULL);
    backend->all_mechanisms = g_strdupv((char **)all->pdata);
    g_ptr_array_remove_index(all, all->len - 1);
    append_base_names(all);
    g_ptr_array_add(all, NULL);
    backend->mechanism_list = g_strjoinv(" ", (char **)all->pdata);
}

static gboolean
uses_auxprop(const Backend *backend)
{
    return g_strv_contains((const char *const *)backend->methods, "auxprop");
}

/* Whether one of the auxprop plugins asked is sasldb. */
static gboolean
needs_database(const Backend *backend)
{
    g_auto(GStrv) names = g_strsplit(backend->auxprop_plugins, " ", -1);

    return uses_auxprop(backend) && g_strv_contains((const char *const *)names, "sasldb");
}

static gboolean
may_ask_directory(const SaslSettings *settings)
{
    return is_auto(settings->password_check) ||
           g_strv_contains((const char *const *)settings->password_check, BACKEND_DIRECTORY);
}

/* Ours comes last: what the others do not know, it gives the semblance of. */
static void
choose_source(Backend *backend)
{
    const char *chosen = g_hash_table_lookup(backend->settings->options, "auxprop_plugin");

    if (chosen == NULL && backend->settings->sasldb != NULL)
        chosen = "sasldb";
    backend->uses_directory = chosen == NULL && may_ask_directory(backend->settings);
    backend->auxprop_plugins =
        chosen != NULL ? g_strconcat(chosen, " " AUXPROP_NAME, NULL) : g_strdup(AUXPROP_NAME);
}

Backend *
backend_new(const SaslSettings *settings, GError **error)
{
    g_autoptr(Backend) backend = g_new0(Backend, 1);

    backend->settings = settings;
    backend->listener_mechanisms =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_strfreev);
    choose_source(backend);
    choose_methods(backend);
    choose_mechanisms(backend);
    if (!check_settings(backend, error))
        return NULL;
    backend->uses_database = needs_database(backend);
    if (settings->sasldb == NULL && uses_auxprop(backend) &&
        (backend->uses_database ||
         !g_hash_table_contains(settings->options, "auxprop_plugin"))) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "sasldb must be set for auxprop");
        return NULL;
    }
    /* The directories' own plugins remember what they have checked. */
    if (settings->cache_seconds > 0 && !backend->uses_directory)
        backend->cache = cache_new(settings->cache_seconds, CACHE_ENTRIES);
    return g_steal_pointer(&backend);
}

void
backend_free(Backend *backend)
{
    g_clear_pointer(&backend->cache, cache_free);
    g_clear_pointer(&backend->listener_mechanisms, g_hash_table_unref);
    g_strfreev(backend->methods);
    g_strfreev(backend->mechanisms);
    g_strfreev(backend->all_mechanisms);
    g_free(backend->mechanism_list);
    g_free(backend->auxprop_plugins);
    g_free(backend);
}

const char *
backend_get_realm(const Backend *backend)
{
    const char *realm = backend->settings->realm;

    return realm != NULL ? realm : pop4_server_get_hostname();
}

const char *const *
backend_get_mechanisms(const Backend *backend, const char *listener)
{
    char **own = g_hash_table_lookup(backend->listener_mechanisms, listener);

    return (const char *const *)(own != NULL ? own : backend->mechanisms);
}

const char *const *
backend_get_all_mechanisms(const Backend *backend)
{
    return (const char *const *)backend->all_mechanisms;
}

gboolean
backend_offers_binding(const Backend *backend, const Pop4Session *session)
{
    const char *const *name =
        backend_get_mechanisms(backend, pop4_session_get_listener(session));

    for (; *name != NULL; name++) {
        if (mechanism_binds(*name) && pop4_session_has_tls(session))
            return TRUE;
    }
    return FALSE;
}

gboolean
backend_is_master(const Backend *backend, const char *login)
{
    return g_strv_contains((const char *const *)backend->settings->masters, login);
}

gboolean
backend_uses_directory(const Backend *backend)
{
    return backend->uses_directory;
}

gboolean
backend_asks_directory(const Backend *backend)
{
    return backend->asks_directory;
}

const char *const *
backend_get_methods(const Backend *backend)
{
    return (const char *const *)backend->methods;
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

    if (g_str_equal(option, "auxprop_plugin"))
        return backend->auxprop_plugins;
    if (value != NULL)
        return value;
    if (g_str_equal(option, "mech_list"))
        return backend->mechanism_list;
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
