/* Hands messages on, so many at a time, on threads of its own. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "outcome.h"
#include "parcel.h"
#include "target.h"

typedef struct Relay Relay;

/* On a thread of the relay's. */
typedef void (*RelayDoneFunc)(Outcome *outcome, gpointer data);

/* @target: (transfer full) */
Relay *relay_new(Target *target);

/* What has been handed over goes on. Any thread but the relay's. */
void relay_free(Relay *relay);

/**
 * relay_send:
 * @parcel: (transfer full)
 * @seconds: after which it is given up, time in the queue included
 * @done: called once
 *
 * Any thread.
 */
void relay_send(Relay *relay, Parcel *parcel, guint seconds, RelayDoneFunc done, gpointer data);
