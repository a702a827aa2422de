/* The header of a message, read from its body. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/body.h>

/**
 * header_read:
 * @limit: octets to read at most
 * @length_out: (out) (optional)
 *
 * Returns: (transfer full) (nullable): the lines before the first empty one, as they are, and a
 *     NUL; NULL when the body cannot be read
 */
char *header_read(const Pop4Body *body, gsize limit, gsize *length_out);
