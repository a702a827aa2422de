/* A message from its first octet to the reply that tells what became of it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "quota.h"
#include "relay.h"
#include "senders.h"

#include <pop4/reply.h>
#include <pop4/session.h>

/* Of one use of the plugin. */
typedef struct {
    Relay *relay;
    SenderRules senders;
    gboolean from_any;
    QuotaLimits limits;
    guint max_recipients;
    guint send_seconds;
    guint data_seconds;
    guint64 max_size;
    char *spool_folder;
} SubmissionRules;

/* Once, before any other; main thread. */
void submission_init(void);

/**
 * submission_begin:
 * @rules: outlives the session
 *
 * Has the client send a message. Session thread.
 *
 * Returns: FALSE with an error when none could be sent now
 */
gboolean submission_begin(Pop4Session *session, const SubmissionRules *rules, GError **error);
