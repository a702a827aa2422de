/* A command: one verb, the states it is legal in, and the function that runs it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/* RFC 1939, sections 4 and 5. The UPDATE state is what pop4_session_finish() does. */
typedef enum {
    POP4_STATE_AUTHORIZATION = 1 << 0,
    POP4_STATE_TRANSACTION = 1 << 1,
} Pop4State;

#define POP4_STATE_ANY (POP4_STATE_AUTHORIZATION | POP4_STATE_TRANSACTION)

/**
 * Pop4CommandFlags:
 * @POP4_COMMAND_BLOCKS: the handler may wait for a disk or a directory; another thread waits
 * for sessions meanwhile. The flag also covers the handler's continuation lines.
 * @POP4_COMMAND_SECRET_ARGS: arguments and continuation lines never reach a log, and the memory
 *     they were read into is wiped.
 * @POP4_COMMAND_RAW_ARGUMENT: everything after the one space behind the verb is a single
 * argument, spaces included (PASS, RFC 1939 section 7).
 */
typedef enum {
    POP4_COMMAND_BLOCKS = 1 << 0,
    POP4_COMMAND_SECRET_ARGS = 1 << 1,
    POP4_COMMAND_RAW_ARGUMENT = 1 << 2,
} Pop4CommandFlags;

/* Octets of a command line, CRLF included, unless its row says more (RFC 2449 asks for 255). */
#define POP4_LINE_MAX 512

/* No command line and no continuation line can be longer than this, whatever a row says. */
#define POP4_LINE_LIMIT 65536

/**
 * Pop4CommandFunc:
 * @session: the session that sent the command
 * @args: its arguments, already counted against the row; gone when the function returns
 * @error: return location for an error
 *
 * Send exactly one reply with pop4_reply_*() and return %TRUE, suspend the session and return
 * %TRUE, or set @error and return %FALSE without replying. Session thread: nothing else touches
 * @session meanwhile.
 */
typedef gboolean (*Pop4CommandFunc)(Pop4Session *session, const Pop4Args *args, GError **error);

typedef struct {
    const char
        *verb; /* upper case; "XTND XMIT" for a verb and its subverb; NULL ends a table */
    Pop4CommandFunc run;
    guint states; /* Pop4State, or-ed */
    guint8 min_args;
    guint8 max_args;
    guint flags;         /* Pop4CommandFlags, or-ed */
    guint max_line;      /* octets with CRLF; 0 = POP4_LINE_MAX */
    const char *summary; /* one line for `pop4d --describe` */
} Pop4Command;

/* Session thread. Strings are borrowed from @args. */
POP4_API guint pop4_args_count(const Pop4Args *args);
POP4_API const char *pop4_args_get(const Pop4Args *args, guint index);

/**
 * pop4_args_get_uint:
 * @value_out: (out): a decimal number from 0 to 2^32-1, left alone on failure
 *
 * Larger numbers are answered as %G_MAXUINT, since clients send huge counts and mean "all".
 *
 * Returns: %FALSE with %POP4_ERROR_SYNTAX when the argument is no number
 */
POP4_API gboolean pop4_args_get_uint(const Pop4Args *args, guint index, guint *value_out,
                                     GError **error);

G_END_DECLS
