/* The header of a message as fields, each with its place (RFC 5322, section 2.2). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct {
    gsize start, end; /* of the whole field, its last CRLF included */
    gsize value;      /* where its value begins */
    gsize name_length;
} Field;

/**
 * fields_find_end:
 *
 * Returns: where the header of @text ends, before the empty line; -1 when that is not in @text
 */
gssize fields_find_end(const char *text, gsize length);

/**
 * fields_split:
 * @header: lines that end in CRLF; borrowed
 * @error: %POP4_ERROR_PERMANENT, naming the line that is no field: what a mail server would
 * take for something else, nobody can judge
 *
 * Returns: (transfer full) (nullable): of Field, in order
 */
GArray *fields_split(const char *header, gsize length, GError **error);

gboolean field_is(const Field *field, const char *header, const char *name);

/* (transfer full): without its line ends (RFC 5322, section 2.2.3) and outer blanks. */
char *field_get_value(const Field *field, const char *header);
