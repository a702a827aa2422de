/* A message that a client has sent through its session, and what became of it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/**
 * Pop4SubmissionResult:
 * @POP4_SUBMISSION_SENT: a mail server has taken it for every recipient
 * @POP4_SUBMISSION_REFUSED: nobody gets it, and nobody would another time
 * @POP4_SUBMISSION_FAILED: nobody gets it; another time it may go
 * @POP4_SUBMISSION_UNKNOWN: the mail server had all of it and has not said
 */
typedef enum {
    POP4_SUBMISSION_SENT,
    POP4_SUBMISSION_REFUSED,
    POP4_SUBMISSION_FAILED,
    POP4_SUBMISSION_UNKNOWN,
} Pop4SubmissionResult;

/* Never the content. */
typedef struct {
    Pop4SubmissionResult result;
    const char *sender;   /* (nullable): of the envelope; NULL when it came to none */
    guint recipients;     /* how many */
    guint64 octets;       /* as the client sent them, dots unstuffed */
    const char *reply;    /* (nullable): the mail server's last words, or why there are none */
    const char *queue_id; /* (nullable): as far as the reply tells it */
} Pop4Submission;

/* "sent", "refused", "failed" or "unknown". Any thread. */
POP4_API const char *pop4_submission_result_name(Pop4SubmissionResult result);

/**
 * pop4_session_submitted:
 * @submission: gone when the function returns
 *
 * Counts a submission and tells the submitted hooks. Session thread.
 */
POP4_API void pop4_session_submitted(Pop4Session *session, const Pop4Submission *submission);

G_END_DECLS
