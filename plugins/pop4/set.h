/* Sets of messages: "1,3:5,8:*". */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

/**
 * set_parse:
 * @text: as the client wrote it
 *
 * Returns: (transfer full) (nullable) (element-type guint): the numbers, ascending, each once;
 *     NULL with %POP4_ERROR_SYNTAX, or as pop4_maildrop_check() says when one of them is no
 *     message
 */
GArray *set_parse(const char *text, const Pop4Maildrop *maildrop, GError **error);
