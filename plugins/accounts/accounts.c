/* Accounts in one text file: who may log in, and what login mechanisms check against. */
/* SPDX-License-Identifier: MIT */

#include "password.h"
#include "watch.h"

#include <pop4/pop4.h>
#include <string.h>

typedef struct {
    char *file;
    char *domain; /* (nullable) */
} AccountsSettings;

typedef struct {
    Watch *watch;
    ScramMac *mac;
    char *domain; /* (nullable) */
} Accounts;

static void
accounts_free(Accounts *accounts)
{
    g_clear_pointer(&accounts->watch, watch_free);
    g_clear_pointer(&accounts->mac, scram_mac_free);
    g_free(accounts->domain);
    g_free(accounts);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Accounts, accounts_free)

/* (nullable): the name as it is goes first. */
static Entry *
find(const Accounts *accounts, const Table *table, const char *user)
{
    Entry *entry = table_find(table, user);

    if (entry != NULL || accounts->domain == NULL || strchr(user, '@') != NULL)
        return entry;
    g_autofree char *login = g_strconcat(user, "@", accounts->domain, NULL);
    return table_find(table, login);
}

static Pop4Identity *
accounts_check_password(gpointer instance, const Pop4Session *session, const char *user,
                        const char *password, GError **error)
{
    const Accounts *accounts = instance;
    g_autoptr(Table) table = watch_get_table(accounts->watch);
    Entry *entry = find(accounts, table, user);

    if (!password_check(table, entry, accounts->mac, user, password, error))
        return NULL;
    return pop4_identity_new(entry->login);
}

static Pop4Account *
accounts_lookup(gpointer instance, const char *user, GError **error)
{
    const Accounts *accounts = instance;
    g_autoptr(Table) table = watch_get_table(accounts->watch);
    const Entry *entry = find(accounts, table, user);

    if (entry == NULL) {
        key_refuse(error);
        return NULL;
    }
    Pop4Account *account = pop4_account_new(entry->login);
    for (guint i = 0; i < SCRAM_HASHES; i++) {
        if (entry->keys[i] != NULL)
            pop4_account_add_key(account, entry->keys[i]);
    }
    if (entry->secret != NULL)
        pop4_account_set_secret(account, entry->secret);
    return account;
}

static gboolean
accounts_start(gconstpointer data, gpointer *instance_out, GError **error)
{
    const AccountsSettings *settings = data;
    g_autoptr(Accounts) accounts = g_new0(Accounts, 1);

    if (settings->domain != NULL && settings->domain[0] != '\0')
        accounts->domain = g_strdup(settings->domain);
    accounts->mac = scram_mac_new();
    if (accounts->mac == NULL)
        return key_give_up(error);
    accounts->watch = watch_new(settings->file, error);
    if (accounts->watch == NULL)
        return FALSE;
    *instance_out = g_steal_pointer(&accounts);
    return TRUE;
}

static void
accounts_stop(gpointer instance)
{
    accounts_free(instance);
}

#define OFFSET(member) G_STRUCT_OFFSET(AccountsSettings, member)

static const Pop4Setting accounts_settings[] = {
    {.key = "file",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(file),
     .flags = POP4_SETTING_REQUIRED,
     .help = "The file of accounts; pop4d --hash-password makes its lines"},
    {.key = "domain",
     .type = POP4_SETTING_STRING,
     .offset = OFFSET(domain),
     .help = "The domain of a login without one, where there is no account of the bare name"},
    {.key = NULL},
};

static const Pop4Authenticator accounts_authenticator = {
    .check_password = accounts_check_password,
};

static const Pop4Directory accounts_directory = {
    .lookup = accounts_lookup,
    .make_entry = entry_make,
};

POP4_PLUGIN(accounts) = {
    POP4_PLUGIN_ABI,
    .name = "accounts",
    .summary = "Accounts in a text file",
    .settings = accounts_settings,
    .settings_size = sizeof(AccountsSettings),
    .authenticator = &accounts_authenticator,
    .directory = &accounts_directory,
    .start = accounts_start,
    .stop = accounts_stop,
};
