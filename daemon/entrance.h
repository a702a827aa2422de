/* The way into a conversation: the PROXY header, the plugins' word, TLS, the greeting. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "session.h"

typedef enum {
    STEP_GO_ON,
    STEP_READ,    /* wait for input */
    STEP_WRITE,   /* wait for room in the socket, or for another turn */
    STEP_SUSPEND, /* wait for a resumption */
    STEP_HOLD,    /* wait for a time to pass */
    STEP_END,
} Step;

/* For a session that is not in STAGE_COMMANDS: STEP_GO_ON once it is. */
Step entrance_run(Pop4Session *session);

/* Behind the reply that announces it. */
void entrance_start_tls(Pop4Session *session);
