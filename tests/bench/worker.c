/* SPDX-License-Identifier: MIT */

#include "worker.h"

#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "load-error.h"

#define BUFFER_SIZE (128 * 1024)
#define EVENTS 64

/* Opening all connections at once would only overflow the server's listen queue. */
#define OPENING_AT_ONCE 64

struct Worker {
    const Plan *plan;
    const Work *work;
    int epoll;
    int stopped; /* atomic */
    Client *clients;
    guint client_count;
    guint started;
    guint running;
    Phase phase;
    guint64 deadline;
    guint64 quota;      /* operations that may still begin */
    guint64 operations; /* done in the loop */
    guint64 bytes;
    Latency latency;
    char buffer[BUFFER_SIZE];
};

Worker *
worker_new(const Plan *plan, const Work *work, guint first, guint stride, GError **error)
{
    g_autoptr(Worker) worker = g_new0(Worker, 1);

    worker->plan = plan;
    worker->work = work;
    worker->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (worker->epoll < 0) {
        g_set_error(error, LOAD_ERROR, LOAD_ERROR_NETWORK, "epoll: %s", g_strerror(errno));
        return NULL;
    }

    worker->clients = g_new0(Client, (plan->concurrency - first + stride - 1) / stride);
    for (guint index = first; index < plan->concurrency; index += stride)
        client_init(&worker->clients[worker->client_count++], plan, index, worker->epoll);
    return g_steal_pointer(&worker);
}

void
worker_free(Worker *worker)
{
    if (worker == NULL)
        return;
    for (guint i = 0; i < worker->client_count; i++)
        client_clear(&worker->clients[i]);
    g_free(worker->clients);
    if (worker->epoll >= 0)
        close(worker->epoll);
    g_free(worker);
}

void
worker_stop(Worker *worker)
{
    g_atomic_int_set(&worker->stopped, TRUE);
}

guint64
worker_get_operations(const Worker *worker)
{
    return worker->operations;
}

guint64
worker_get_bytes(const Worker *worker)
{
    return worker->bytes;
}

const Latency *
worker_get_latency(const Worker *worker)
{
    return &worker->latency;
}

static const Step *const *
get_script(const Worker *worker)
{
    switch (worker->phase) {
    case PHASE_OPEN:
        return worker->work->open;
    case PHASE_LOOP:
        return worker->work->loop;
    case PHASE_CLOSE:
        return worker->work->close;
    case PHASE_COUNT:
        break;
    }
    g_assert_not_reached();
}

static guint
get_rounds(const Worker *worker)
{
    return worker->phase == PHASE_LOOP ? worker->plan->pipeline : 1;
}

static gboolean
fail_client(const Client *client, GError **error)
{
    g_prefix_error(error, "client %u (user %s%u), waiting for %s: ", client->index,
                   client->plan->prefix, client->user, client_get_step_name(client));
    return FALSE;
}

static gboolean
start_client(Worker *worker, Client *client, GError **error)
{
    if (worker->phase == PHASE_LOOP && worker->plan->operations > 0)
        worker->quota -= MIN(worker->quota, worker->plan->pipeline);
    return client_start(client, get_script(worker), get_rounds(worker), error) ||
           fail_client(client, error);
}

static gboolean
start_waiting(Worker *worker, GError **error)
{
    guint limit = worker->phase == PHASE_OPEN ? OPENING_AT_ONCE : worker->client_count;

    while (worker->started < worker->client_count && worker->running < limit) {
        if (!start_client(worker, &worker->clients[worker->started], error))
            return FALSE;
        worker->started++;
        worker->running++;
    }
    return TRUE;
}

static gboolean
may_begin(const Worker *worker, guint64 now)
{
    if (worker->phase != PHASE_LOOP)
        return FALSE;
    return worker->plan->operations > 0 ? worker->quota > 0 : now < worker->deadline;
}

static gboolean
finish_client(Worker *worker, Client *client, GError **error)
{
    guint64 now = latency_now();

    if (worker->phase == PHASE_LOOP) {
        latency_record(&worker->latency, now - client->started);
        worker->operations += client->rounds;
        worker->bytes += client->bytes;
    }
    client->bytes = 0;
    if (may_begin(worker, now))
        return start_client(worker, client, error);

    worker->running--;
    return start_waiting(worker, error);
}

static gboolean
serve_client(Worker *worker, const struct epoll_event *event, GError **error)
{
    Client *client = event->data.ptr;
    gboolean done = FALSE;

    if ((event->events & EPOLLOUT) != 0 && !client_flush(client, error))
        return fail_client(client, error);
    if ((event->events & ~(guint32)EPOLLOUT) == 0)
        return TRUE;
    if (!client_receive(client, worker->buffer, BUFFER_SIZE, &done, error))
        return fail_client(client, error);
    return !done || finish_client(worker, client, error);
}

/* Names the client that has waited longest. */
static gboolean
fail_stalled(Worker *worker, GError **error)
{
    const Client *oldest = &worker->clients[0];

    for (guint i = 1; i < worker->started; i++) {
        if (worker->clients[i].started < oldest->started)
            oldest = &worker->clients[i];
    }
    g_set_error(error, LOAD_ERROR, LOAD_ERROR_NETWORK, "no reply in %g s",
                worker->plan->stall_seconds);
    return fail_client(oldest, error);
}

static void
begin_phase(Worker *worker, Phase phase)
{
    const Plan *plan = worker->plan;

    worker->phase = phase;
    worker->started = 0;
    worker->running = 0;
    worker->deadline = latency_now() + (guint64)(plan->seconds * 1e9);
    worker->quota = plan->operations * worker->client_count / plan->concurrency;
}

gboolean
worker_run(Worker *worker, Phase phase, GError **error)
{
    struct epoll_event events[EVENTS];

    begin_phase(worker, phase);
    if (get_script(worker)[0] == NULL)
        return TRUE;
    if (!start_waiting(worker, error))
        return FALSE;

    while (worker->running > 0 && !g_atomic_int_get(&worker->stopped)) {
        int count = epoll_wait(worker->epoll, events, EVENTS,
                               (int)(worker->plan->stall_seconds * 1000));

        if (count == 0)
            return fail_stalled(worker, error);
        for (int i = 0; i < count; i++) {
            if (!serve_client(worker, &events[i], error))
                return FALSE;
        }
    }
    return TRUE;
}
