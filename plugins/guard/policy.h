/* One use of the plugin: its settings, and what follows from them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "ledger.h"

#include <pop4/network.h>

/* The settings of [plugin guard]; 0 is no limit. */
typedef struct {
    guint64 free_failures;
    guint64 max_delay_seconds;
    guint64 forgive_seconds;
    guint64 address_failures;
    guint64 account_failures;
    guint64 address_sessions;
    guint64 account_sessions;
    guint64 login_seconds;
    guint64 login_octets;
    guint64 login_commands;
    guint64 max_entries;
    char **allow;
} GuardSettings;

/* Immutable. */
typedef struct {
    const GuardSettings *settings;
    Pop4Networks *allow;
    LedgerTerms address_terms;
    LedgerTerms account_terms;
} Policy;

/* @settings outlives the policy. */
Policy *policy_new(const GuardSettings *settings, GError **error);
void policy_free(Policy *policy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Policy, policy_free)

/* Seconds that the reply of the @failures-th failure waits. */
guint policy_get_delay(const Policy *policy, guint failures);

/* Whether @failures are all that @limit allows. */
gboolean policy_is_spent(guint failures, guint64 limit);
