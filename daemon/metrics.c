/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "metrics.h"

#include <pthread.h>
#include <stdatomic.h>

const char *const metric_names[METRIC_COUNT] = {
    [METRIC_CONNECTIONS] = "connections",
    [METRIC_CONNECTIONS_REFUSED] = "connections-refused",
    [METRIC_LOGINS] = "logins",
    [METRIC_LOGINS_FAILED] = "logins-failed",
    [METRIC_COMMANDS] = "commands",
    [METRIC_COMMANDS_FAILED] = "commands-failed",
    [METRIC_MESSAGES_RETRIEVED] = "messages-retrieved",
    [METRIC_MESSAGES_DELETED] = "messages-deleted",
    [METRIC_SUBMISSIONS_SENT] = "submissions-sent",
    [METRIC_SUBMISSIONS_REFUSED] = "submissions-refused",
    [METRIC_SUBMISSIONS_FAILED] = "submissions-failed",
    [METRIC_SUBMISSIONS_UNKNOWN] = "submissions-unknown",
    [METRIC_OCTETS_IN] = "octets-in",
    [METRIC_OCTETS_OUT] = "octets-out",
    [METRIC_TIMEOUTS] = "timeouts",
    [METRIC_TLS_HANDSHAKES] = "tls-handshakes",
    [METRIC_TLS_FAILED] = "tls-failed",
};

/* On cache lines of its own, so that threads do not slow each other. */
typedef struct Counters {
    _Alignas(64) atomic_uint_fast64_t values[METRIC_COUNT];
    struct Counters *next;
    gboolean taken;
} Counters;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the list, not the values */
static Counters *all;

static void
leave(gpointer counters)
{
    pthread_mutex_lock(&lock);
    ((Counters *)counters)->taken = FALSE;
    pthread_mutex_unlock(&lock);
}

static GPrivate own = G_PRIVATE_INIT(leave);

/* Counters of an ended thread go on in the next one: sums never fall. */
static Counters *
join(void)
{
    Counters *counters;

    pthread_mutex_lock(&lock);
    for (counters = all; counters != NULL && counters->taken; counters = counters->next)
        ;
    if (counters == NULL) {
        counters = g_aligned_alloc0(1, sizeof *counters, 64);
        counters->next = all;
        all = counters;
    }
    counters->taken = TRUE;
    pthread_mutex_unlock(&lock);
    g_private_set(&own, counters);
    return counters;
}

void
metrics_add(Metric metric, guint64 amount)
{
    static _Thread_local Counters *cached;

    if (cached == NULL)
        cached = join();
    atomic_uint_fast64_t *value = &cached->values[metric];
    atomic_store_explicit(value, atomic_load_explicit(value, memory_order_relaxed) + amount,
                          memory_order_relaxed);
}

void
metrics_read(guint64 sums[METRIC_COUNT])
{
    for (int i = 0; i < METRIC_COUNT; i++)
        sums[i] = 0;

    pthread_mutex_lock(&lock);
    for (const Counters *counters = all; counters != NULL; counters = counters->next) {
        for (int i = 0; i < METRIC_COUNT; i++)
            sums[i] += atomic_load_explicit(&counters->values[i], memory_order_relaxed);
    }
    pthread_mutex_unlock(&lock);
}
