/* Looks accounts up: the table a plugin gives that keeps what login mechanisms check against.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/account.h>

G_BEGIN_DECLS

typedef struct {
    /**
     * lookup:
     * @instance: what the plugin's start() gave
     * @user: the name as the client sent it
     * @error: %POP4_ERROR_AUTH when there is no such account, %POP4_ERROR_TEMPORARY when that
     *     cannot be told now
     *
     * Session thread, of a command that may block.
     *
     * Returns: (transfer full) (nullable): what is known of the account
     */
    Pop4Account *(*lookup)(gpointer instance, const char *user, GError **error);

    /**
     * make_entry:
     * @login: (nullable): whose entry; without one only what follows the login
     * @password: never to be logged
     * @schemes: (nullable): the keys to make, "SCRAM-SHA-256"; NULL-terminated; %NULL = the
     *     directory's own choice
     * @keep_secret: whether the password itself is to stand there, too
     *
     * For `pop4d --hash-password`. Any thread. (nullable)
     *
     * Returns: (transfer full) (nullable): the line to put where the directory reads it
     */
    char *(*make_entry)(const char *login, const char *password, const char *const *schemes,
                        gboolean keep_secret, GError **error);
} Pop4Directory;

G_END_DECLS
