/* Lists of networks, to ask whether an address is in one of them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/* Immutable. Any thread. */
typedef struct Pop4Networks Pop4Networks;

/**
 * pop4_networks_new:
 * @list: addresses and networks, "192.0.2.7", "192.0.2.0/24", "2001:db8::/32"; NULL-terminated
 * @error: %POP4_ERROR_PERMANENT, naming the entry that is neither
 *
 * Returns: (transfer full) (nullable)
 */
POP4_API Pop4Networks *pop4_networks_new(const char *const *list, GError **error);
POP4_API void pop4_networks_free(Pop4Networks *networks);

/* @address: as pop4_session_get_peer() gives it; anything else is in no network. */
POP4_API gboolean pop4_networks_contain(const Pop4Networks *networks, const char *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Networks, pop4_networks_free)

G_END_DECLS
