/* pop4d --hash-password: makes the line of an account out of a password. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/**
 * hash_password:
 * @login: (nullable)
 * @schemes: (nullable): as Pop4Directory.make_entry takes them
 *
 * The password comes from standard input, the line goes to standard output. The first plugin of
 * @plugin_dir that can make it does.
 *
 * Returns: an exit status
 */
int hash_password(const char *plugin_dir, const char *login, const char *const *schemes,
                  gboolean keep_secret);
