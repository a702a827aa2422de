/* Addresses as they are counted. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* An IPv6 address, or an IPv4 one as ::ffff:a.b.c.d (RFC 4291, section 2.5.5.2). */
typedef struct {
    guint8 octets[16];
} Address;

/* What one client can choose from is one: an IPv4 address, or the /64 of an IPv6 one. FALSE
 * when
 * @text is no address. */
gboolean address_parse_group(const char *text, Address *group_out);
