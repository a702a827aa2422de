/* Takes a password from standard input, from a person or a program. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/**
 * password_input_read:
 *
 * The first line without its end; what follows it is not read. A terminal is asked twice, and
 * does not show what is typed. A signal meanwhile ends the process, with the terminal as it
 * was.
 *
 * Returns: (transfer full) (nullable): the caller wipes it
 */
char *password_input_read(GError **error);
