/* Messages that clients send: counted, and told to the hooks. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "hooks.h"
#include "metrics.h"

#include <pop4/submission.h>

static const char *const result_names[] = {
    [POP4_SUBMISSION_SENT] = "sent",
    [POP4_SUBMISSION_REFUSED] = "refused",
    [POP4_SUBMISSION_FAILED] = "failed",
    [POP4_SUBMISSION_UNKNOWN] = "unknown",
};

static const Metric result_metrics[] = {
    [POP4_SUBMISSION_SENT] = METRIC_SUBMISSIONS_SENT,
    [POP4_SUBMISSION_REFUSED] = METRIC_SUBMISSIONS_REFUSED,
    [POP4_SUBMISSION_FAILED] = METRIC_SUBMISSIONS_FAILED,
    [POP4_SUBMISSION_UNKNOWN] = METRIC_SUBMISSIONS_UNKNOWN,
};

const char *
pop4_submission_result_name(Pop4SubmissionResult result)
{
    g_return_val_if_fail(result < G_N_ELEMENTS(result_names), NULL);

    return result_names[result];
}

void
pop4_session_submitted(Pop4Session *session, const Pop4Submission *submission)
{
    g_return_if_fail(submission->result < G_N_ELEMENTS(result_metrics));

    metrics_add(result_metrics[submission->result], 1);
    hooks_submitted(session, submission);
}
