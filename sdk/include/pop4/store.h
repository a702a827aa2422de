/* A mail store: the table a plugin gives that keeps messages. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/body.h>
#include <pop4/identity.h>
#include <pop4/types.h>

G_BEGIN_DECLS

/*
 * A store opens maildrops, each a pointer of its own kind. While one is open its messages keep
 * their numbers, from 1 to count, whatever others do to the mail meanwhile. The core checks
 * numbers and keeps the marks of DELE: a store is asked for what exists, and told what to
 * remove. Calls on one maildrop never overlap. All run on the session's thread: open(),
 * open_body() and remove() in commands that may block, the others from memory.
 */
typedef struct {
    /**
     * open:
     * @instance: what the plugin's start() gave
     * @identity: whose maildrop
     * @error: %POP4_ERROR_IN_USE when another session holds it, %POP4_ERROR_TEMPORARY when it
     *     cannot be read now, %POP4_ERROR_PERMANENT when an operator must look
     *
     * Opens the maildrop and locks it against other sessions (RFC 1939, section 4).
     *
     * Returns: (transfer full) (nullable): released by close()
     */
    gpointer (*open)(gpointer instance, const Pop4Identity *identity, GError **error);

    guint (*count)(gpointer maildrop);

    /* The octets that a client will get: line ends as CRLF, stuffed dots not counted. */
    guint64 (*size)(gpointer maildrop, guint number);

    /* 1 to 70 characters from 0x21 to 0x7E, never used for another message (RFC 1939, section
     * 7). Borrowed until the next call on the maildrop. */
    const char *(*uid)(gpointer maildrop, guint number);

    /* (transfer full) (nullable): must give size() octets, or fail with %POP4_ERROR_TEMPORARY.
     */
    Pop4Body *(*open_body)(gpointer maildrop, guint number, GError **error);

    /**
     * remove:
     * @numbers: the messages to remove for good, ascending
     * @count: how many, at least 1
     *
     * Returns when the removal is on disk. Tries every message even when one fails.
     *
     * Returns: %FALSE with an error when some are still there
     */
    gboolean (*remove)(gpointer maildrop, const guint *numbers, guint count, GError **error);

    /* Unlocks and frees. Removes nothing. */
    void (*close)(gpointer maildrop);
} Pop4Store;

G_END_DECLS
