/* SPDX-License-Identifier: MIT */

#include "hosts.h"

#include <pop4/error.h>
#include <string.h>

struct Hosts {
    char *domain; /* (nullable): with a dot before it, in lower case */
    GHashTable *by_name;
};

static void
host_free(gpointer data)
{
    Host *host = data;

    for (char **password = host->passwords; password != NULL && *password != NULL; password++)
        explicit_bzero(*password, strlen(*password));
    g_strfreev(host->passwords);
    g_free(host->name);
    g_free(host->login);
    g_free(host);
}

void
hosts_free(Hosts *hosts)
{
    g_clear_pointer(&hosts->by_name, g_hash_table_unref);
    g_free(hosts->domain);
    g_free(hosts);
}

/* (transfer full): in lower case, without the domain. */
static char *
make_name(const Hosts *hosts, const char *text)
{
    char *name = g_ascii_strdown(text, -1);
    gsize length = strlen(name);

    if (hosts->domain != NULL && g_str_has_suffix(name, hosts->domain))
        name[length - strlen(hosts->domain)] = '\0';
    return name;
}

static gboolean
fail(GError **error, const char *key, const char *host, const char *fault)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s.%s: %s", key, host, fault);
    return FALSE;
}

static gboolean
add_host(Hosts *hosts, const char *key, const char *login, GError **error)
{
    g_autofree char *name = make_name(hosts, key);

    if (name[0] == '\0' || strpbrk(name, "@+ ") != NULL)
        return fail(error, "maildrop", key, "this is no name of a host");
    if (login[0] == '\0')
        return fail(error, "maildrop", key, "it names no login");
    if (g_hash_table_contains(hosts->by_name, name))
        return fail(error, "maildrop", key, "the host stands there twice");
    Host *host = g_new0(Host, 1);
    host->name = g_steal_pointer(&name);
    host->login = g_strdup(login);
    g_hash_table_insert(hosts->by_name, host->name, host);
    return TRUE;
}

/* Its login would have a view of the maildrop, and at the same time all of it. */
static gboolean
check_login(const Hosts *hosts, const char *key, const char *login, GError **error)
{
    g_autofree char *user = NULL;

    hosts_find(hosts, login, &user);
    return user == NULL ||
           fail(error, "maildrop", key, "its login is that of a user of a host");
}

static gboolean
add_passwords(Hosts *hosts, const char *key, const char *text, GError **error)
{
    g_autofree char *name = make_name(hosts, key);
    Host *host = g_hash_table_lookup(hosts->by_name, name);

    if (host == NULL)
        return fail(error, "password", key, "the host has no maildrop");
    if (host->passwords != NULL)
        return fail(error, "password", key, "the host stands there twice");
    host->passwords = g_strsplit(text, ";", -1);
    if (host->passwords[0] == NULL || g_strv_contains((const char *const *)host->passwords, ""))
        return fail(error, "password", key, "a password is empty");
    return TRUE;
}

static gboolean
fill(Hosts *hosts, GHashTable *maildrops, GHashTable *passwords, GError **error)
{
    GHashTableIter each;
    gpointer key, value;

    g_hash_table_iter_init(&each, maildrops);
    while (g_hash_table_iter_next(&each, &key, &value)) {
        if (!add_host(hosts, key, value, error))
            return FALSE;
    }
    g_hash_table_iter_init(&each, maildrops);
    while (g_hash_table_iter_next(&each, &key, &value)) {
        if (!check_login(hosts, key, value, error))
            return FALSE;
    }
    g_hash_table_iter_init(&each, passwords);
    while (g_hash_table_iter_next(&each, &key, &value)) {
        if (!add_passwords(hosts, key, value, error))
            return FALSE;
    }
    return TRUE;
}

Hosts *
hosts_new(const char *domain, GHashTable *maildrops, GHashTable *passwords, GError **error)
{
    g_autoptr(Hosts) hosts = g_new0(Hosts, 1);

    hosts->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, host_free);
    if (domain != NULL && domain[0] != '\0') {
        g_autofree char *lower = g_ascii_strdown(domain + (domain[0] == '.'), -1);
        hosts->domain = g_strconcat(".", lower, NULL);
    }
    return fill(hosts, maildrops, passwords, error) ? g_steal_pointer(&hosts) : NULL;
}

const Host *
hosts_find(const Hosts *hosts, const char *login, char **user_out)
{
    const char *mark = strrchr(login, '@');

    if (mark == NULL)
        mark = strrchr(login, '+');
    if (mark == login)
        return NULL;
    g_autofree char *name = make_name(hosts, mark != NULL ? mark + 1 : login);
    const Host *host = g_hash_table_lookup(hosts->by_name, name);
    if (host != NULL && mark != NULL)
        *user_out = g_ascii_strdown(login, mark - login);
    return host;
}

char *
hosts_make_login(const Hosts *hosts, const Host *host, const char *user)
{
    return g_strconcat(user != NULL ? user : "", user != NULL ? "@" : "", host->name,
                       hosts->domain, NULL);
}

static guint
difference(const char *known, const char *given)
{
    gsize known_size = strlen(known) + 1, given_size = strlen(given) + 1;
    guint found = known_size != given_size;

    for (gsize i = 0; i < given_size; i++)
        found |= (guint)(known[i % known_size] ^ given[i]);
    return found;
}

gboolean
host_takes_password(const Host *host, const char *password)
{
    guint right = 0;

    for (char **known = host->passwords; known != NULL && *known != NULL; known++)
        right |= difference(*known, password) == 0;
    return right != 0;
}
