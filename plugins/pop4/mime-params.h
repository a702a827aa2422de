/* A field with parameters: "text/plain; charset=utf-8" (RFC 2045, section 5.1; RFC 2231). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct MimeParams MimeParams;

/* @text: a field's value, unfolded. Reads on behind what is not in order. */
MimeParams *mime_params_parse(const char *text);
void mime_params_free(MimeParams *params);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(MimeParams, mime_params_free)

/* What stands before the parameters, in lower case; "" if it is none of one or two tokens. */
const char *mime_params_get_value(const MimeParams *params);

/* (transfer full) (nullable): as it stands there, put together from its sections. */
char *mime_params_dup(const MimeParams *params, const char *name);

/* (transfer full) (nullable): the same in UTF-8, encoded words decoded, too. */
GString *mime_params_dup_text(const MimeParams *params, const char *name);
