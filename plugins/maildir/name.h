/* What the file name of a message in a Maildir tells: "UNIQUE[,S=n][,W=n]:2,FLAGS". */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* The longest legal unique-id (RFC 1939, section 7), and its NUL. */
#define NAME_UID_SIZE 71

/* Octets of the name before ":": what stays when flags change. */
gsize name_base_length(const char *name);

/* Octets before the first "," of that: what no program beside us changes. */
gsize name_unique_length(const char *name);

/* The number behind ",S=" (which = 'S') or ",W=" in the base; FALSE without one. */
gboolean name_get_field(const char *name, char which, guint64 *value_out);

/* The letters behind ":2," that stand for flags of POP4, as Pop4Flags; others are skipped. */
guint name_get_flags(const char *name);

/* (transfer full): the name with those flags; letters for others stay, all in ASCII order. */
char *name_set_flags(const char *name, guint flags);

/* The order of arrival: by the time at the head of the name, then by its octets. */
int name_compare(const char *a, const char *b);

/* The unique part where it is a legal unique-id, else its SHA-256. */
void name_get_uid(const char *name, char uid[NAME_UID_SIZE]);
