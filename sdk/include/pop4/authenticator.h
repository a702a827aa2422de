/* Checks passwords: the table a plugin gives that knows who may log in. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

typedef struct {
    /**
     * check_password:
     * @instance: what the plugin's start() gave
     * @session: the session that asks
     * @user: the name as the client sent it
     * @password: never to be logged; the core wipes it
     * @error: %POP4_ERROR_AUTH for a wrong name or password, %POP4_ERROR_TEMPORARY when it
     *     cannot be told now: a client forgets its password on the first, so never mix them
     *
     * Session thread, of a command that may block.
     *
     * Returns: (transfer full) (nullable): who that is
     */
    Pop4Identity *(*check_password)(gpointer instance, const Pop4Session *session,
                                    const char *user, const char *password, GError **error);
} Pop4Authenticator;

G_END_DECLS
