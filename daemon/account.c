/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <pop4/account.h>
#include <string.h>

struct Pop4Account {
    char *login;
    char *secret; /* (nullable) */
    GPtrArray *keys;
};

static void
wipe(gpointer text)
{
    if (text != NULL)
        explicit_bzero(text, strlen(text));
    g_free(text);
}

Pop4Account *
pop4_account_new(const char *login)
{
    g_return_val_if_fail(login != NULL, NULL);

    Pop4Account *account = g_new0(Pop4Account, 1);
    account->login = g_strdup(login);
    account->keys = g_ptr_array_new_with_free_func(wipe);
    return account;
}

void
pop4_account_free(Pop4Account *account)
{
    if (account == NULL)
        return;
    g_ptr_array_unref(account->keys);
    wipe(account->secret);
    g_free(account->login);
    g_free(account);
}

void
pop4_account_set_secret(Pop4Account *account, const char *secret)
{
    wipe(account->secret);
    account->secret = g_strdup(secret);
}

void
pop4_account_add_key(Pop4Account *account, const char *key)
{
    g_return_if_fail(key != NULL);

    g_ptr_array_add(account->keys, g_strdup(key));
}

const char *
pop4_account_get_login(const Pop4Account *account)
{
    return account->login;
}

const char *
pop4_account_get_secret(const Pop4Account *account)
{
    return account->secret;
}

const char *
pop4_account_get_key(const Pop4Account *account, const char *scheme)
{
    gsize length = strlen(scheme);

    for (guint i = 0; i < account->keys->len; i++) {
        const char *key = g_ptr_array_index(account->keys, i);
        if (strncmp(key, scheme, length) == 0 && key[length] == '$')
            return key;
    }
    return NULL;
}
