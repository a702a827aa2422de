/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "worker.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A reserve thread without work ends after this. */
#define RESERVE_SECONDS 10

struct WorkerPool {
    int epoll;
    int bell; /* eventfd: wakes every waiting thread for good */
    guint places_wanted, threads_max;
    gint waiting; /* atomic: threads in epoll_wait() */

    GMutex lock; /* guards what follows */
    GCond changed;
    guint places; /* threads that wait for events or run one without blocking */
    guint threads, parked;
    gboolean stopping;
};

static gpointer worker_main(gpointer data);

static void
ring(EventSource *source, Worker *worker, guint events)
{
}

static EventSource bell_source = {.run = ring};

WorkerPool *
worker_pool_new(guint places, guint reserve, GError **error)
{
    WorkerPool *pool = g_new0(WorkerPool, 1);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &bell_source};

    pool->epoll = epoll_create1(EPOLL_CLOEXEC);
    pool->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pool->places_wanted = places;
    pool->threads_max = places + reserve;
    g_mutex_init(&pool->lock);
    g_cond_init(&pool->changed);
    if (pool->epoll < 0 || pool->bell < 0 ||
        epoll_ctl(pool->epoll, EPOLL_CTL_ADD, pool->bell, &event) < 0) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "epoll: %s",
                    g_strerror(errno));
        worker_pool_free(pool);
        return NULL;
    }
    return pool;
}

void
worker_pool_free(WorkerPool *pool)
{
    if (pool->epoll >= 0)
        close(pool->epoll);
    if (pool->bell >= 0)
        close(pool->bell);
    g_mutex_clear(&pool->lock);
    g_cond_clear(&pool->changed);
    g_free(pool);
}

/* With the lock held. */
static void
spawn(WorkerPool *pool)
{
    pool->threads++;
    g_autoptr(GError) error = NULL;
    GThread *thread = g_thread_try_new("worker", worker_main, pool, &error);
    if (thread == NULL)
        pool->threads--; /* those that are there go on */
    else
        g_thread_unref(thread);
}

void
worker_pool_start(WorkerPool *pool)
{
    g_mutex_lock(&pool->lock);
    while (pool->threads < pool->places_wanted)
        spawn(pool);
    g_mutex_unlock(&pool->lock);
}

void
worker_pool_stop(WorkerPool *pool)
{
    guint64 one = 1;

    g_mutex_lock(&pool->lock);
    pool->stopping = TRUE;
    if (write(pool->bell, &one, sizeof one) < 0)
        g_warning("eventfd: %s", g_strerror(errno));
    g_cond_broadcast(&pool->changed);
    while (pool->threads > 0)
        g_cond_wait(&pool->changed, &pool->lock);
    g_mutex_unlock(&pool->lock);
}

static gboolean
control(WorkerPool *pool, int operation, int fd, EventSource *source, guint events)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = source};

    return epoll_ctl(pool->epoll, operation, fd, &event) == 0;
}

gboolean
worker_pool_add(WorkerPool *pool, int fd, EventSource *source, guint events)
{
    return control(pool, EPOLL_CTL_ADD, fd, source, events);
}

void
worker_pool_arm(WorkerPool *pool, int fd, EventSource *source, guint events)
{
    /* Fails only for a descriptor that is not in the set: a mistake of ours. */
    if (!control(pool, EPOLL_CTL_MOD, fd, source, events))
        g_error("epoll_ctl: %s", g_strerror(errno));
}

void
worker_pool_remove(WorkerPool *pool, int fd)
{
    epoll_ctl(pool->epoll, EPOLL_CTL_DEL, fd, NULL);
}

void
worker_begin_blocking(Worker *worker)
{
    WorkerPool *pool = worker->pool;

    if (!worker->has_place)
        return;
    g_mutex_lock(&pool->lock);
    worker->has_place = FALSE;
    pool->places--;
    /* Somebody who waits can take what comes; should he block too, he calls the next. */
    if (g_atomic_int_get(&pool->waiting) == 0) {
        if (pool->parked > 0)
            g_cond_signal(&pool->changed);
        else if (pool->threads < pool->threads_max)
            spawn(pool);
    }
    g_mutex_unlock(&pool->lock);
}

/* With the lock held. */
static void
take_place(Worker *worker)
{
    WorkerPool *pool = worker->pool;

    if (!worker->has_place && pool->places < pool->places_wanted) {
        worker->has_place = TRUE;
        pool->places++;
    }
}

void
worker_end_blocking(Worker *worker)
{
    g_mutex_lock(&worker->pool->lock);
    take_place(worker);
    g_mutex_unlock(&worker->pool->lock);
}

/* FALSE when the thread has waited for a place long enough, or the pool stops. */
static gboolean
wait_for_place(Worker *worker)
{
    WorkerPool *pool = worker->pool;
    gint64 end = g_get_monotonic_time() + RESERVE_SECONDS * G_TIME_SPAN_SECOND;
    gboolean in_time = TRUE;

    g_mutex_lock(&pool->lock);
    take_place(worker);
    pool->parked++;
    while (!worker->has_place && !pool->stopping && in_time) {
        in_time = g_cond_wait_until(&pool->changed, &pool->lock, end);
        take_place(worker);
    }
    pool->parked--;
    gboolean go_on = worker->has_place && !pool->stopping;
    g_mutex_unlock(&pool->lock);
    return go_on;
}

static void
leave(Worker *worker)
{
    WorkerPool *pool = worker->pool;

    buffer_wipe(&worker->input);
    buffer_wipe(&worker->output);
    g_mutex_lock(&pool->lock);
    if (worker->has_place)
        pool->places--;
    pool->threads--;
    g_cond_broadcast(&pool->changed);
    g_mutex_unlock(&pool->lock);
}

static gpointer
worker_main(gpointer data)
{
    Worker worker = {.pool = data};
    WorkerPool *pool = worker.pool;

    while (worker.has_place || wait_for_place(&worker)) {
        struct epoll_event event;

        g_atomic_int_inc(&pool->waiting);
        int count = epoll_wait(pool->epoll, &event, 1, -1);
        g_atomic_int_add(&pool->waiting, -1);
        if (count == 1 && event.data.ptr == &bell_source)
            break;
        if (count == 1) {
            EventSource *source = event.data.ptr;
            source->run(source, &worker, event.events);
        }
    }
    leave(&worker);
    return NULL;
}

guint
worker_pool_count_threads(WorkerPool *pool)
{
    g_mutex_lock(&pool->lock);
    guint threads = pool->threads;
    g_mutex_unlock(&pool->lock);
    return threads;
}
