/* Sessions of strangers that wait for a thread to block: the last one is not theirs. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/suspend.h>

/* All of them: any thread. */

/* @suspension: (transfer full): of the session that waits; first come, first served. */
void waiting_room_enter(Pop4Suspension *suspension);

/* Lets so many of them try again, because a thread may be free. */
void waiting_room_admit(guint count);
