/* Counters that each thread keeps for itself and a reader sums. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef enum {
    METRIC_CONNECTIONS,
    METRIC_CONNECTIONS_REFUSED,
    METRIC_LOGINS,
    METRIC_LOGINS_FAILED,
    METRIC_COMMANDS,
    METRIC_COMMANDS_FAILED,
    METRIC_MESSAGES_RETRIEVED,
    METRIC_MESSAGES_DELETED,
    METRIC_SUBMISSIONS_SENT,
    METRIC_SUBMISSIONS_REFUSED,
    METRIC_SUBMISSIONS_FAILED,
    METRIC_SUBMISSIONS_UNKNOWN,
    METRIC_OCTETS_IN,
    METRIC_OCTETS_OUT,
    METRIC_TIMEOUTS,
    METRIC_TLS_HANDSHAKES,
    METRIC_TLS_FAILED,
    METRIC_COUNT,
} Metric;

extern const char *const metric_names[METRIC_COUNT];

/* Any thread. No lock: only the calling thread writes its counters. */
void metrics_add(Metric metric, guint64 amount);

/* Any thread; counts of ended threads included. */
void metrics_read(guint64 sums[METRIC_COUNT]);
