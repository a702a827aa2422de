/* The threads of the load: each runs a worker, and all go from phase to phase together. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "worker.h"

typedef struct Crew Crew;

Crew *crew_new(const Plan *plan, const Work *work, GError **error);

/* After a failure only crew_free() is left to call; it waits for the threads. */
void crew_free(Crew *crew);

/* Runs one phase to its end on all threads, or fails with the first error of any. */
gboolean crew_run(Crew *crew, Phase phase, GError **error);

/* The sums over all workers; not while a phase runs. */
guint64 crew_get_operations(const Crew *crew);
guint64 crew_get_bytes(const Crew *crew);
void crew_get_latency(const Crew *crew, Latency *latency_out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Crew, crew_free)
