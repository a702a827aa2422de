/* What an exchange carries: base64 on the wire, secret in memory. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct {
    char *data; /* (nullable): a NUL stands behind them; NULL for none at all, not even empty */
    gsize length;
} Octets;

/* FALSE, with @octets_out left alone, for what is no base64 (RFC 4648, section 4): padded, no
 * other octet in between. */
gboolean octets_decode(const char *text, Octets *octets_out);

/* Wipes and frees them. */
void octets_clear(Octets *octets);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Octets, octets_clear)
