/* A path with the parts of a login put in: %u the whole, %n the local part, %d the domain. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/identity.h>

/* Absolute, and no other %x than %u, %n, %d and %%. */
gboolean path_template_check(const char *template, GError **error);

/**
 * path_template_expand:
 *
 * A login whose parts could lead anywhere else than one folder down is refused with
 * %POP4_ERROR_PERMANENT: "/", "." and "..", a leading dot, control octets, nothing at all.
 *
 * Returns: (transfer full) (nullable)
 */
char *path_template_expand(const char *template, const Pop4Identity *identity, GError **error);
