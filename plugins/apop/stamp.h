/* The stamp of a greeting, and the digest that answers it (RFC 1939, section 7). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/**
 * stamp_new:
 * @host: a host name
 * @number: of the greeting
 *
 * A msg-id (RFC 5322) that is never made again. Clients look closely: letters, digits and single
 * dots around one "@", nothing else.
 *
 * Returns: (transfer full) (nullable): NULL without randomness
 */
char *stamp_new(const char *host, guint64 number);

/* Whether @digest is that of @stamp and @secret, in hexadecimal of any case; in a time that does
 * not tell how much of it is. */
gboolean stamp_check(const char *stamp, const char *secret, const char *digest);
