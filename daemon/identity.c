/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <pop4/identity.h>
#include <string.h>

struct Pop4Identity {
    const char *domain; /* points into login, or to "" */
    char *local_part;
    char *master; /* (nullable) */
    char *owner;  /* (nullable) */
    char login[];
};

Pop4Identity *
pop4_identity_new(const char *login)
{
    g_return_val_if_fail(login != NULL, NULL);

    gsize length = strlen(login);
    Pop4Identity *identity = g_malloc0(sizeof *identity + length + 1);
    memcpy(identity->login, login, length + 1);

    const char *at = strrchr(identity->login, '@');
    identity->domain = at != NULL ? at + 1 : identity->login + length;
    identity->local_part =
        g_strndup(login, at != NULL ? (gsize)(at - identity->login) : length);
    return identity;
}

Pop4Identity *
pop4_identity_new_for_master(const char *login, const char *master)
{
    Pop4Identity *identity = pop4_identity_new(login);

    identity->master = g_strdup(master);
    return identity;
}

Pop4Identity *
pop4_identity_new_for_owner(const char *login, const char *owner)
{
    Pop4Identity *identity = pop4_identity_new(login);

    identity->owner = g_strdup(owner);
    return identity;
}

void
pop4_identity_free(Pop4Identity *identity)
{
    if (identity == NULL)
        return;
    g_free(identity->local_part);
    g_free(identity->master);
    g_free(identity->owner);
    g_free(identity);
}

const char *
pop4_identity_get_login(const Pop4Identity *identity)
{
    return identity->login;
}

const char *
pop4_identity_get_master(const Pop4Identity *identity)
{
    return identity->master;
}

const char *
pop4_identity_get_owner(const Pop4Identity *identity)
{
    return identity->owner;
}

const char *
pop4_identity_get_local_part(const Pop4Identity *identity)
{
    return identity->local_part;
}

const char *
pop4_identity_get_domain(const Pop4Identity *identity)
{
    return identity->domain;
}
