/* SPDX-License-Identifier: MIT */

#include "latency.h"

#include <time.h>

guint64
latency_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (guint64)now.tv_sec * 1000000000 + (guint64)now.tv_nsec;
}

/* Values below LATENCY_STEPS have a slot each; above, each doubling is cut into as many. */
static guint
slot_of(guint64 value)
{
    guint doubling, slot;

    if (value < LATENCY_STEPS)
        return (guint)value;

    doubling = g_bit_storage(value) - g_bit_storage(LATENCY_STEPS);
    slot = (doubling + 1) * LATENCY_STEPS + (guint)(value >> doubling) - LATENCY_STEPS;
    return MIN(slot, LATENCY_DOUBLINGS * LATENCY_STEPS - 1);
}

static double
middle_of(guint slot)
{
    guint doubling = slot / LATENCY_STEPS;
    guint step = slot % LATENCY_STEPS;

    if (doubling == 0)
        return step;
    return (LATENCY_STEPS + step + 0.5) * (double)(G_GUINT64_CONSTANT(1) << (doubling - 1));
}

void
latency_record(Latency *latency, guint64 nanoseconds)
{
    latency->counts[slot_of(nanoseconds)]++;
    latency->total++;
}

void
latency_add(Latency *sum, const Latency *latency)
{
    for (guint slot = 0; slot < G_N_ELEMENTS(sum->counts); slot++)
        sum->counts[slot] += latency->counts[slot];
    sum->total += latency->total;
}

double
latency_percentile(const Latency *latency, double percent)
{
    double wanted = (double)latency->total * percent / 100;
    guint64 seen = 0;

    for (guint slot = 0; slot < G_N_ELEMENTS(latency->counts); slot++) {
        seen += latency->counts[slot];
        if (seen > 0 && (double)seen >= wanted)
            return middle_of(slot);
    }
    return 0;
}
