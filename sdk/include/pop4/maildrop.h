/* The open maildrop of a session, as commands see it: numbered messages and marks of DELE. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/body.h>
#include <pop4/types.h>

G_BEGIN_DECLS

/* All on the session's thread. Numbers run from 1 to the count and never shift in a session. */

/* How many messages there were at login, marked ones included. */
POP4_API guint pop4_maildrop_get_count(const Pop4Maildrop *maildrop);

/* Messages that are not marked, and the octets of those. */
POP4_API guint pop4_maildrop_get_unmarked(const Pop4Maildrop *maildrop, guint64 *octets_out);

/**
 * pop4_maildrop_check:
 * @number: a message number as a client gave it
 *
 * Returns: %FALSE with %POP4_ERROR_FAILED when there is no such message, or it is marked
 */
POP4_API gboolean pop4_maildrop_check(const Pop4Maildrop *maildrop, guint number,
                                      GError **error);

POP4_API gboolean pop4_maildrop_is_marked(const Pop4Maildrop *maildrop, guint number);

/* The octets that RETR sends, stuffed dots and the closing line not counted. */
POP4_API guint64 pop4_maildrop_get_size(const Pop4Maildrop *maildrop, guint number);

/* The unique-id, borrowed until the next call on the maildrop. */
POP4_API const char *pop4_maildrop_get_uid(const Pop4Maildrop *maildrop, guint number);

/* Marks a message for removal by pop4_session_finish(); fails as pop4_maildrop_check() does. */
POP4_API gboolean pop4_maildrop_mark(Pop4Maildrop *maildrop, guint number, GError **error);
POP4_API void pop4_maildrop_unmark_all(Pop4Maildrop *maildrop);

/**
 * pop4_maildrop_restrict:
 * @numbers: the messages that remain, ascending
 * @count: how many, may be 0
 *
 * From the opened hook alone. The messages that remain are numbered anew from 1, for the
 * session and for hooks that come later; the others are not touched, whatever the client asks
 * for. Since ABI 1.2.
 */
POP4_API void pop4_maildrop_restrict(Pop4Maildrop *maildrop, const guint *numbers, guint count);

/* (transfer full) (nullable): the message; fails as pop4_maildrop_check() does or as the store
 * says. */
POP4_API Pop4Body *pop4_maildrop_open_body(Pop4Maildrop *maildrop, guint number,
                                           GError **error);

/**
 * pop4_maildrop_read_header:
 * @limit: octets to read at most; a longer header is cut there, if need be within a line
 * @length_out: (out) (optional): the octets, among which there can be NULs
 *
 * The lines before the first empty one, with their ends as the store has them, CRLF or LF. May
 * block: for a command that says so, the opened hook, and what pop4_reply_lines_from_disk()
 * calls. Since ABI 1.2.
 *
 * Returns: (transfer full) (nullable): with a NUL behind it; fails as pop4_maildrop_open_body()
 *     does, and with %POP4_ERROR_TEMPORARY when the message cannot be read
 */
POP4_API char *pop4_maildrop_read_header(Pop4Maildrop *maildrop, guint number, gsize limit,
                                         gsize *length_out, GError **error);

G_END_DECLS
