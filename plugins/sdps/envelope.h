/* Who sent a message to whom, as the mail server that delivered it has noted in its header. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @fields: names of header fields, NULL-terminated: the first of them whose topmost occurrence
 * has an address counts. @header need not be text, nor end in a line end. */

/* (transfer full): the bare address; "" for a null sender and for one that is not known. */
char *envelope_get_sender(const char *header, gsize length, const char *const *fields);

/* (transfer full) (nullable): the bare address. */
char *envelope_get_recipient(const char *header, gsize length, const char *const *fields);

/* Whether that is the local part of @address, in upper or lower case, quoted or not. */
gboolean envelope_has_local_part(const char *address, const char *user);

/* Whether fields can have that name. */
gboolean envelope_is_field_name(const char *name);

G_END_DECLS
