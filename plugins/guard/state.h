/* What all sessions of the process share, whatever settings they have: the two ledgers. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "address.h"
#include "ledger.h"

/* Before the others, once or more. Main thread. */
void state_init(void);

/* All that follow: any thread. */
Ledger *state_get_addresses(void);
Ledger *state_get_accounts(void);

/* Keyed by chance: nobody outside can tell which keys fall together. */
guint64 state_make_address_key(const Address *group);

/* The same for upper and lower case, and whatever blanks stand around the name, which logins
 * may have; the name itself is not kept. */
guint64 state_make_account_key(const char *name);

/* Seconds of a clock that never goes back. */
guint32 state_clock(void);
