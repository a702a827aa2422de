/* One message on its way into a sendmail program. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "outcome.h"
#include "parcel.h"
#include "target.h"

typedef struct Sendmail Sendmail;

/* (transfer full) (nullable): the program runs; NULL with %POP4_ERROR_TEMPORARY. */
Sendmail *sendmail_new(const Target *target, Parcel *parcel, GError **error);

/* Ends the program, if it still runs. */
void sendmail_free(Sendmail *sendmail);

/* Readable when the program has ended. */
int sendmail_get_fd(const Sendmail *sendmail);

/* FALSE while the program runs. */
gboolean sendmail_finish(Sendmail *sendmail, Outcome *outcome);
