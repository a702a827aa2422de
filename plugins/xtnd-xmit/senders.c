/* SPDX-License-Identifier: MIT */

#include "senders.h"

#include "addresses.h"

#include <pop4/error.h>
#include <pop4/server.h>
#include <string.h>

static gboolean
check_list(const char *login, const char *list, GError **error)
{
    g_auto(GStrv) addresses = g_strsplit(list, ";", -1);

    for (char **address = addresses; *address != NULL; address++) {
        if (!address_is_sound(g_strstrip(*address))) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        "addresses.%s: \"%s\" is no address", login, *address);
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
senders_check(const SenderRules *rules, GError **error)
{
    GHashTableIter iter;
    gpointer login, list;

    for (const char *percent = strchr(rules->template, '%'); percent != NULL;
         percent = strchr(percent + 2, '%')) {
        if (percent[1] == '\0' || strchr("und%", percent[1]) == NULL) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        "address: \"%.2s\" is none of %%u, %%n, %%d and %%%%", percent);
            return FALSE;
        }
    }
    g_hash_table_iter_init(&iter, rules->by_login);
    while (g_hash_table_iter_next(&iter, &login, &list)) {
        if (!check_list(login, list, error))
            return FALSE;
    }
    return TRUE;
}

static char *
expand(const char *template, const char *login, const char *local_part, const char *domain)
{
    g_autoptr(GString) address = g_string_new(NULL);

    for (const char *c = template; *c != '\0'; c++) {
        if (*c != '%') {
            g_string_append_c(address, *c);
            continue;
        }
        c++;
        const char *part = *c == 'u'   ? login
                           : *c == 'n' ? local_part
                           : *c == 'd' ? domain
                                       : "%";
        g_string_append(address, part);
    }
    return g_string_free(g_steal_pointer(&address), FALSE);
}

static char *
make_own(const SenderRules *rules, const Pop4Identity *identity)
{
    const char *local_part = pop4_identity_get_local_part(identity);
    const char *domain = pop4_identity_get_domain(identity);

    if (domain[0] == '\0')
        domain = rules->domain[0] != '\0' ? rules->domain : pop4_server_get_hostname();
    g_autofree char *login = g_strconcat(local_part, "@", domain, NULL);
    return expand(rules->template, login, local_part, domain);
}

char **
senders_of(const SenderRules *rules, const Pop4Identity *identity, GError **error)
{
    const char *list = g_hash_table_lookup(rules->by_login, pop4_identity_get_login(identity));

    if (list != NULL) {
        char **addresses = g_strsplit(list, ";", -1);
        for (char **address = addresses; *address != NULL; address++)
            g_strstrip(*address);
        return addresses;
    }
    g_autofree char *own = make_own(rules, identity);
    if (!address_is_sound(own)) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "there is no address for this login");
        return NULL;
    }
    char **addresses = g_new0(char *, 2);
    addresses[0] = g_steal_pointer(&own);
    return addresses;
}

/* (nullable): that of @own which is @address. */
static const char *
find_own(char *const *own, const char *address)
{
    for (; *own != NULL; own++) {
        if (address_equal(*own, address))
            return *own;
    }
    return NULL;
}

/* (nullable): that of @own which is the first of @addresses. */
static const char *
find_first(char *const *own, const GPtrArray *addresses)
{
    return addresses->len > 0 ? find_own(own, addresses->pdata[0]) : NULL;
}

/* One of several authors must not speak for the others unless he says so in Sender (RFC 5322,
 * section 3.6.2). */
static gboolean
are_all_own(char *const *own, const GPtrArray *addresses)
{
    for (guint i = 0; i < addresses->len; i++) {
        if (find_own(own, addresses->pdata[i]) == NULL)
            return FALSE;
    }
    return TRUE;
}

const char *
senders_choose(char *const *own, const Message *message, gboolean any,
               gboolean *adds_sender_out, GError **error)
{
    const char *sender = find_first(own, message->senders);

    *adds_sender_out = FALSE;
    if (sender == NULL && are_all_own(own, message->authors))
        sender = find_first(own, message->authors);
    if (sender != NULL)
        return sender;
    if (any && message->senders->len == 0) {
        *adds_sender_out = TRUE;
        return own[0];
    }
    const GPtrArray *shown = any ? message->senders : message->authors;
    const char *foreign = shown->pdata[0];
    for (guint i = 0; i < shown->len; i++) {
        if (find_own(own, shown->pdata[i]) == NULL)
            foreign = shown->pdata[i];
    }
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s is not an address of yours",
                foreign);
    return NULL;
}
