/* A share of the clients and the epoll loop that drives them, for one thread. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "latency.h"
#include "works.h"

typedef enum {
    PHASE_OPEN,
    PHASE_LOOP,
    PHASE_CLOSE,
    PHASE_COUNT,
} Phase;

typedef struct Worker Worker;

/* Client numbers first, first + stride, ... */
Worker *worker_new(const Plan *plan, const Work *work, guint first, guint stride,
                   GError **error);
void worker_free(Worker *worker);

/* Until all clients are through the phase, or, without an error, until it is told to stop. */
gboolean worker_run(Worker *worker, Phase phase, GError **error);

/* From any thread. */
void worker_stop(Worker *worker);

guint64 worker_get_operations(const Worker *worker);
guint64 worker_get_bytes(const Worker *worker);
const Latency *worker_get_latency(const Worker *worker);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Worker, worker_free)
