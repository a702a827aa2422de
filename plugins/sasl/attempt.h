/* An attempt to log in, as libsasl2 sees it: a password to check, or an exchange of AUTH. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "backend.h"
#include "octets.h"

#include <pop4/account.h>
#include <pop4/identity.h>

typedef struct Attempt Attempt;

/* All on the session's thread, in a command that may block. An error is %POP4_ERROR_AUTH for
 * wrong credentials, %POP4_ERROR_TEMPORARY when they cannot be checked now,
 * %POP4_ERROR_FAILED when the client does not follow the mechanism. */

/**
 * attempt_new:
 * @backend: outlives the attempt
 * @session: (nullable): for the log
 * @mechanism: (nullable): one of those of @backend; NULL for attempt_check()
 */
Attempt *attempt_new(const Backend *backend, const Pop4Session *session, const char *mechanism,
                     GError **error);
Attempt *attempt_ref(Attempt *attempt);
void attempt_unref(Attempt *attempt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Attempt, attempt_unref)

typedef enum {
    ATTEMPT_FAILED,    /* with an error */
    ATTEMPT_CHALLENGE, /* send the challenge, take a further step with the answer */
    ATTEMPT_DONE,      /* the client is who it says */
} AttemptResult;

/**
 * attempt_step:
 * @answer: the client's octets; at first the initial response, with %NULL data for none
 * @challenge_out: (out): borrowed from @attempt until the next step; not a secret
 */
AttemptResult attempt_step(Attempt *attempt, const Octets *answer, Octets *challenge_out,
                           GError **error);

/* TRUE when they are right. */
gboolean attempt_check(Attempt *attempt, const char *user, const char *password,
                       GError **error);

/* (nullable): as given to attempt_new(). */
const char *attempt_get_mechanism(const Attempt *attempt);

/* (nullable): the login in its full form, for the log; a proven one only after success. */
const char *attempt_get_login(const Attempt *attempt);

/* (nullable): what the client calls itself. */
const char *attempt_get_name(const Attempt *attempt);
const Backend *attempt_get_backend(const Attempt *attempt);
gboolean attempt_is_rehearsal(const Attempt *attempt);

/* (transfer full) (nullable): as pop4_session_find_account(); whose it is, is remembered. */
Pop4Account *attempt_find_account(Attempt *attempt, const char *name, GError **error);

/* After success: (transfer full) (nullable): who has logged in, and for whom. */
Pop4Identity *attempt_identify(Attempt *attempt, GError **error);

/* Main thread. Whether a login can work: the mechanisms are installed, the database is one. */
gboolean attempt_rehearse(const Backend *backend, GError **error);
