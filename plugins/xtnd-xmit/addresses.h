/* Addresses in header fields (RFC 5322, section 3.4), as a mail server may be told them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Once, before the others; main thread. */
void addresses_init(void);

/**
 * addresses_parse:
 * @list: an unfolded address-list: mailboxes and groups, comments, encoded words
 * @addresses: (element-type utf8): appended to, also before a failure
 * @error: %POP4_ERROR_PERMANENT, showing what cannot be understood
 *
 * Nothing in @list is passed over: each element is one mailbox, and its address is what stands
 * there. Any thread.
 */
gboolean addresses_parse(const char *list, GPtrArray *addresses, GError **error);

/* Whether @address can stand in a command of SMTP as it is: local part, "@", domain, no octet
 * that means something else there (RFC 5321, section 4.1.2; RFC 6531). */
gboolean address_is_sound(const char *address);

/* Upper and lower case of ASCII alike. */
gboolean address_equal(const char *one, const char *other);
