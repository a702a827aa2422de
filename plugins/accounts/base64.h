/* Base64 (RFC 4648, section 4), with its padding and nothing between. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* @text: @length octets; @out: @room octets, may be @text itself. FALSE when that is no base64
 * or does not fit. */
gboolean base64_decode(const char *text, gsize length, gpointer out, gsize room,
                       gsize *size_out);
