/* One message on its way into a sendmail program. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "outcome.h"
#include "parcel.h"
#include "target.h"

/* Blocks until the program has ended, or is ended at @deadline (microseconds of the monotonic
 * clock). */
void sendmail_send(const Target *target, Parcel *parcel, gint64 deadline, Outcome *outcome);
