/* The daemon's side of <pop4/suspend.h>: sessions that wait for something else than the client.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

typedef enum {
    SUSPENSION_NONE,    /* the session is not suspended */
    SUSPENSION_WAITING, /* nothing has come yet */
    SUSPENSION_RESUMED,
    SUSPENSION_EXPIRED,
} SuspensionState;

/**
 * suspension_park:
 *
 * The session's worker lets go of it. From here on only a resumption, its timeout or a client
 * that has left lets another worker run it.
 *
 * Returns: FALSE when the answer came meanwhile, and the worker is to go on
 */
gboolean suspension_park(Pop4Session *session);
SuspensionState suspension_get_state(Pop4Session *session);

/* Whether the client's next octets end it: see pop4_session_wait(). */
gboolean suspension_ends_by_input(const Pop4Session *session);
void suspension_expire(Pop4Session *session);

/* (transfer full): the session waits on, for another resumption. */
Pop4Suspension *suspension_wait_again(Pop4Session *session);

/* Ends the suspension and has the plugin, or for a timeout the core, answer. */
gboolean suspension_finish(Pop4Session *session, GError **error);

/* Any thread that holds the session list: whether the suspension has lasted too long, the
 * client has left, or the session is doomed. */
void suspension_check(Pop4Session *session, gint now);

/* For a session that ends. */
void suspension_clear(Pop4Session *session);
