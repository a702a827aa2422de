/* Failures a handler can report. The core turns each into one "-ERR" line. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

#define POP4_ERROR pop4_error_quark()

/**
 * Pop4Error:
 * @POP4_ERROR_FAILED: refused, no response code
 * @POP4_ERROR_SYNTAX: wrong number or form of arguments, no response code; counts as a bad
 * command
 * @POP4_ERROR_AUTH: bad credentials, `[AUTH]` (RFC 3206)
 * @POP4_ERROR_IN_USE: maildrop locked elsewhere, `[IN-USE]` (RFC 2449)
 * @POP4_ERROR_TEMPORARY: worth retrying, `[SYS/TEMP]` (RFC 3206)
 * @POP4_ERROR_PERMANENT: needs an operator, `[SYS/PERM]` (RFC 3206)
 * @POP4_ERROR_RESET: what the client has kept is of no use any more, `[X-SYNC-RESET]`. Since
 * ABI 1.3.
 *
 * The message of such an error is told to the client: no paths, no names of others. An error of
 * any other domain is told as `[SYS/TEMP] Internal error` and its message goes to the log.
 */
typedef enum {
    POP4_ERROR_FAILED,
    POP4_ERROR_SYNTAX,
    POP4_ERROR_AUTH,
    POP4_ERROR_IN_USE,
    POP4_ERROR_TEMPORARY,
    POP4_ERROR_PERMANENT,
    POP4_ERROR_RESET,
} Pop4Error;

POP4_API GQuark pop4_error_quark(void);

G_END_DECLS
