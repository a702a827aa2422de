/* Sessions whose output waits for a while, with no thread: answers to those who guess. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

/* On the session's thread: whether it has to wait now. */
gboolean hold_is_on(Pop4Session *session);

/* The last that the session's worker does with it; hold_check() brings it to another. */
void hold_park(Pop4Session *session);

/* Any thread that holds the session list: whether the time is over, or the session doomed. */
void hold_check(Pop4Session *session, gint now);
