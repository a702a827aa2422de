/* A histogram of durations that is never more than 2 % off, for percentiles. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#define LATENCY_STEPS 64 /* to each doubling */
#define LATENCY_DOUBLINGS 40

typedef struct {
    guint64 counts[LATENCY_DOUBLINGS * LATENCY_STEPS];
    guint64 total;
} Latency;

/* Nanoseconds of the monotonic clock. */
guint64 latency_now(void);

void latency_record(Latency *latency, guint64 nanoseconds);
void latency_add(Latency *sum, const Latency *latency);

/* In nanoseconds; 0 when nothing was recorded. */
double latency_percentile(const Latency *latency, double percent);
