/* Who has logged in: what an authenticator answers and a store opens a maildrop for. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/**
 * pop4_identity_new:
 * @login: the whole login, "local@domain" or "local"
 *
 * Immutable. Any thread.
 *
 * Returns: (transfer full): free it with pop4_identity_free()
 */
POP4_API Pop4Identity *pop4_identity_new(const char *login);
/**
 * pop4_identity_new_for_master:
 * @login: whose maildrop
 * @master: who has logged in for it (authzid and authcid, RFC 4422 section 2)
 *
 * Returns: (transfer full)
 */
POP4_API Pop4Identity *pop4_identity_new_for_master(const char *login, const char *master);
/**
 * pop4_identity_new_for_owner:
 * @login: who has logged in
 * @owner: the login whose maildrop that opens: several logins can share one, each with its view
 *     of it (pop4_maildrop_restrict())
 *
 * Since ABI 1.2.
 *
 * Returns: (transfer full)
 */
POP4_API Pop4Identity *pop4_identity_new_for_owner(const char *login, const char *owner);
POP4_API void pop4_identity_free(Pop4Identity *identity);

POP4_API const char *pop4_identity_get_login(const Pop4Identity *identity);

/* (nullable): NULL for those who have logged in for themselves. */
POP4_API const char *pop4_identity_get_master(const Pop4Identity *identity);

/* (nullable): NULL where none was named: the maildrop is the login's own. A store never sees another one: it is
 * given the identity of the owner. */
POP4_API const char *pop4_identity_get_owner(const Pop4Identity *identity);

/* The part before the last "@", or the whole login without one. */
POP4_API const char *pop4_identity_get_local_part(const Pop4Identity *identity);

/* The part behind the last "@", or "" without one. */
POP4_API const char *pop4_identity_get_domain(const Pop4Identity *identity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Identity, pop4_identity_free)

G_END_DECLS
