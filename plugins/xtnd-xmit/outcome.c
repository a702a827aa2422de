/* SPDX-License-Identifier: MIT */

#include "outcome.h"

void
outcome_clear(Outcome *outcome)
{
    g_clear_pointer(&outcome->reason, g_free);
    g_clear_pointer(&outcome->reply, g_free);
    g_clear_pointer(&outcome->queue_id, g_free);
}

void
outcome_set(Outcome *outcome, Pop4SubmissionResult result, char *reason)
{
    outcome->result = result;
    g_free(outcome->reason);
    outcome->reason = reason;
}
