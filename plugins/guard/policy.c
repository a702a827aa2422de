/* SPDX-License-Identifier: MIT */

#include "policy.h"

/* Failures by which the longest delay that can be set is reached. */
#define GROWTH 8

/* Failures are counted up to twice the budget: what many sessions of an address do at once
 * counts, and what others did to an account is forgiven in a known time. */
static LedgerTerms
terms(const GuardSettings *settings, guint64 budget)
{
    return (LedgerTerms){
        .entries = (guint)settings->max_entries,
        .failures = (guint)MAX(2 * budget, settings->free_failures + GROWTH),
        .forgive_seconds = (guint)settings->forgive_seconds,
    };
}

Policy *
policy_new(const GuardSettings *settings, GError **error)
{
    g_autoptr(Pop4Networks) allow =
        pop4_networks_new((const char *const *)settings->allow, error);

    if (allow == NULL) {
        g_prefix_error(error, "allow: ");
        return NULL;
    }
    Policy *policy = g_new0(Policy, 1);
    policy->settings = settings;
    policy->allow = g_steal_pointer(&allow);
    policy->address_terms = terms(settings, settings->address_failures);
    policy->account_terms = terms(settings, settings->account_failures);
    return policy;
}

void
policy_free(Policy *policy)
{
    pop4_networks_free(policy->allow);
    g_free(policy);
}

guint
policy_get_delay(const Policy *policy, guint failures)
{
    const GuardSettings *settings = policy->settings;

    if (failures <= settings->free_failures)
        return 0;
    guint64 doublings = MIN(failures - settings->free_failures - 1, 31);
    return (guint)MIN((guint64)1 << doublings, settings->max_delay_seconds);
}

gboolean
policy_is_spent(guint failures, guint64 limit)
{
    return limit != 0 && failures >= limit;
}
