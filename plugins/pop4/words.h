/* The argument of a POP4 command taken apart. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Where the rest of an argument begins. */
typedef struct {
    const char *rest;
} Words;

void words_init(Words *words, const char *argument);

/* Whether nothing is left. */
gboolean words_end(const Words *words);

/* (transfer full) (nullable): the next atom; NULL with %POP4_ERROR_SYNTAX. */
char *words_take_atom(Words *words, const char *what, GError **error);

/* An atom of digits, the first of them not 0; FALSE with %POP4_ERROR_SYNTAX. */
gboolean words_take_number(Words *words, const char *what, guint *number_out, GError **error);

/**
 * words_take_folder:
 *
 * An atom or a quoted string that is a folder's name: UTF-8 in NFC, up to 16 components of 1 to
 * 100 characters with "/" between them, no control characters, no "." or "..".
 *
 * Returns: (transfer full) (nullable): NULL with %POP4_ERROR_SYNTAX, or %POP4_ERROR_FAILED for
 *     what is written well and still no name
 */
char *words_take_folder(Words *words, GError **error);

/* A single component. */
char *words_take_component(Words *words, GError **error);

/* FALSE with %POP4_ERROR_SYNTAX when something is left. */
gboolean words_finish(const Words *words, GError **error);
