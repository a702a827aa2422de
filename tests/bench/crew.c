/* SPDX-License-Identifier: MIT */

#include "crew.h"

#include <pthread.h>

typedef struct {
    Crew *crew;
    Worker *worker;
    GThread *thread;
} Member;

struct Crew {
    Member *members;
    guint count;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    /* Below, only with the lock. */
    guint orders; /* how many phases were begun */
    Phase phase;  /* PHASE_COUNT: go home */
    guint finished;
    GError *error;
};

static Phase
wait_for_order(Crew *crew, guint *done)
{
    Phase phase;

    pthread_mutex_lock(&crew->lock);
    while (crew->orders == *done)
        pthread_cond_wait(&crew->changed, &crew->lock);
    *done = crew->orders;
    phase = crew->phase;
    pthread_mutex_unlock(&crew->lock);
    return phase;
}

static void
report(Crew *crew, GError *error)
{
    pthread_mutex_lock(&crew->lock);
    crew->finished++;
    if (error != NULL && crew->error == NULL)
        crew->error = g_error_copy(error);
    pthread_cond_broadcast(&crew->changed);
    pthread_mutex_unlock(&crew->lock);
}

static gpointer
member_main(gpointer data)
{
    Member *member = data;
    guint done = 0;

    for (;;) {
        g_autoptr(GError) error = NULL;
        Phase phase = wait_for_order(member->crew, &done);

        if (phase == PHASE_COUNT)
            return NULL;
        worker_run(member->worker, phase, &error);
        report(member->crew, error);
    }
}

static void
give_order(Crew *crew, Phase phase)
{
    crew->phase = phase;
    crew->finished = 0;
    crew->orders++;
    pthread_cond_broadcast(&crew->changed);
}

Crew *
crew_new(const Plan *plan, const Work *work, GError **error)
{
    g_autoptr(Crew) crew = g_new0(Crew, 1);

    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    crew->members = g_new0(Member, plan->threads);
    for (guint i = 0; i < plan->threads; i++) {
        Member *member = &crew->members[i];

        member->crew = crew;
        member->worker = worker_new(plan, work, i, plan->threads, error);
        if (member->worker == NULL)
            return NULL;
        member->thread = g_thread_new("load", member_main, member);
        crew->count++;
    }
    return g_steal_pointer(&crew);
}

void
crew_free(Crew *crew)
{
    if (crew == NULL)
        return;
    pthread_mutex_lock(&crew->lock);
    give_order(crew, PHASE_COUNT);
    pthread_mutex_unlock(&crew->lock);
    for (guint i = 0; i < crew->count; i++) {
        worker_stop(crew->members[i].worker);
        g_thread_join(crew->members[i].thread);
        worker_free(crew->members[i].worker);
    }
    g_free(crew->members);
    g_clear_error(&crew->error);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
    g_free(crew);
}

gboolean
crew_run(Crew *crew, Phase phase, GError **error)
{
    gboolean ok;

    pthread_mutex_lock(&crew->lock);
    give_order(crew, phase);
    while (crew->finished < crew->count && crew->error == NULL)
        pthread_cond_wait(&crew->changed, &crew->lock);
    ok = crew->error == NULL;
    if (!ok)
        g_propagate_error(error, g_steal_pointer(&crew->error));
    pthread_mutex_unlock(&crew->lock);
    return ok;
}

guint64
crew_get_operations(const Crew *crew)
{
    guint64 sum = 0;

    for (guint i = 0; i < crew->count; i++)
        sum += worker_get_operations(crew->members[i].worker);
    return sum;
}

guint64
crew_get_bytes(const Crew *crew)
{
    guint64 sum = 0;

    for (guint i = 0; i < crew->count; i++)
        sum += worker_get_bytes(crew->members[i].worker);
    return sum;
}

void
crew_get_latency(const Crew *crew, Latency *latency_out)
{
    for (guint i = 0; i < crew->count; i++)
        latency_add(latency_out, worker_get_latency(crew->members[i].worker));
}
