/* What a directory knows of one account: the material that login mechanisms check against. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/* Filled by one thread, then read by one at a time. Secrets are wiped when it is freed. */

/**
 * pop4_account_new:
 * @login: the whole login, in the one form that a maildrop is opened for
 *
 * Any thread.
 *
 * Returns: (transfer full)
 */
POP4_API Pop4Account *pop4_account_new(const char *login);
POP4_API void pop4_account_free(Pop4Account *account);

/**
 * pop4_account_set_secret:
 * @secret: (nullable): the password as it is, where a mechanism needs it so: APOP, CRAM-MD5,
 *     DIGEST-MD5
 */
POP4_API void pop4_account_set_secret(Pop4Account *account, const char *secret);

/**
 * pop4_account_add_key:
 * @key: an authPassword value (RFC 5803), "SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY"; it
 *     gives no password back
 */
POP4_API void pop4_account_add_key(Pop4Account *account, const char *key);

POP4_API const char *pop4_account_get_login(const Pop4Account *account);

/* (nullable) */
POP4_API const char *pop4_account_get_secret(const Pop4Account *account);

/* (nullable): the key of the given scheme, "SCRAM-SHA-256". */
POP4_API const char *pop4_account_get_key(const Pop4Account *account, const char *scheme);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Account, pop4_account_free)

G_END_DECLS
