/* What became of a message that was handed on. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/submission.h>

typedef struct {
    Pop4SubmissionResult result;
    char *reason;   /* (nullable): for the client, when it was not sent */
    char *reply;    /* (nullable): the mail server's last words */
    char *queue_id; /* (nullable) */
} Outcome;

void outcome_clear(Outcome *outcome);

/* @reason: (transfer full) */
void outcome_set(Outcome *outcome, Pop4SubmissionResult result, char *reason);
