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
POP4_API void pop4_identity_free(Pop4Identity *identity);

POP4_API const char *pop4_identity_get_login(const Pop4Identity *identity);

/* The part before the last "@", or the whole login without one. */
POP4_API const char *pop4_identity_get_local_part(const Pop4Identity *identity);

/* The part behind the last "@", or "" without one. */
POP4_API const char *pop4_identity_get_domain(const Pop4Identity *identity);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Identity, pop4_identity_free)

G_END_DECLS
