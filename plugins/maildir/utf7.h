/* Modified UTF-7, in which IMAP servers write folder names (RFC 3501, section 5.1.3). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* (transfer full): @text must be UTF-8. */
char *utf7_encode(const char *text);

/* (transfer full) (nullable): NULL for what utf7_encode() would not give, so that no two names
 * stand for one folder. */
char *utf7_decode(const char *encoded);
