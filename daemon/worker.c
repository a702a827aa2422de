/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "worker.h"

#include "tls.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/* POSIX threads rather than GLib's wrappers: tools that watch for races know them. */

/* A reserve thread without work ends after this. */
#define RESERVE_SECONDS 5

/* An event that means nothing but that a worker has taken it. */
typedef struct {
    EventSource event; /* first: the pool hands it back */
    int fd;            /* eventfd */
    gint answered;     /* atomic */
} Ping;

struct WorkerPool {
    int epoll;
    int bell; /* eventfd: wakes every waiting thread for good */
    Ping ping;
    guint places_wanted, threads_max;
    gint waiting; /* atomic: threads in epoll_wait() */

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    guint places; /* threads that wait for events or run one without blocking */
    guint threads, parked;
    guint starting; /* of the threads: those that have not come to wait yet */
    gboolean stopping;
};

static gpointer worker_main(gpointer data);

static void
ring(EventSource *source, Worker *worker, guint events)
{
}

static EventSource bell_source = {.run = ring};

static void
answer_ping(EventSource *source, Worker *worker, guint events)
{
    Ping *ping = (Ping *)source;
    guint64 calls;

    if (read(ping->fd, &calls, sizeof calls) == sizeof calls)
        g_atomic_int_set(&ping->answered, TRUE);
    worker_pool_arm(worker->pool, ping->fd, source, EPOLLIN);
}

gboolean
worker_pool_ping(WorkerPool *pool)
{
    guint64 one = 1;
    gboolean answered = g_atomic_int_compare_and_exchange(&pool->ping.answered, TRUE, FALSE);

    /* The one before it still stands where nobody has taken it. */
    if (answered && write(pool->ping.fd, &one, sizeof one) != sizeof one)
        g_warning("eventfd: %s", g_strerror(errno));
    return answered;
}

static void
init_condition(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

WorkerPool *
worker_pool_new(guint places, guint reserve, GError **error)
{
    WorkerPool *pool = g_new0(WorkerPool, 1);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &bell_source};

    pool->epoll = epoll_create1(EPOLL_CLOEXEC);
    pool->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pool->ping = (Ping){.event.run = answer_ping, .answered = TRUE};
    pool->ping.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    pool->places_wanted = places;
    pool->threads_max = places + reserve;
    pthread_mutex_init(&pool->lock, NULL);
    init_condition(&pool->changed);
    if (pool->epoll < 0 || pool->bell < 0 || pool->ping.fd < 0 ||
        epoll_ctl(pool->epoll, EPOLL_CTL_ADD, pool->bell, &event) < 0 ||
        !worker_pool_add(pool, pool->ping.fd, &pool->ping.event, EPOLLIN)) {
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
    if (pool->ping.fd >= 0)
        close(pool->ping.fd);
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->changed);
    g_free(pool);
}

/* With the lock held. */
static gboolean
spawn(WorkerPool *pool, GError **error)
{
    GThread *thread = g_thread_try_new("worker", worker_main, pool, error);
    if (thread == NULL)
        return FALSE;
    g_thread_unref(thread);
    pool->threads++;
    pool->starting++;
    return TRUE;
}

gboolean
worker_pool_start(WorkerPool *pool, GError **error)
{
    g_autoptr(GError) reason = NULL;
    gboolean more = TRUE;

    pthread_mutex_lock(&pool->lock);
    while (more && pool->threads < pool->places_wanted)
        more = spawn(pool, &reason);
    guint threads = pool->threads;
    pthread_mutex_unlock(&pool->lock);
    if (threads == 0)
        g_propagate_error(error, g_steal_pointer(&reason));
    else if (!more)
        g_warning("only %u threads: %s", threads, reason->message);
    return threads > 0;
}

void
worker_pool_stop(WorkerPool *pool)
{
    guint64 one = 1;

    pthread_mutex_lock(&pool->lock);
    pool->stopping = TRUE;
    if (write(pool->bell, &one, sizeof one) < 0)
        g_warning("eventfd: %s", g_strerror(errno));
    pthread_cond_broadcast(&pool->changed);
    while (pool->threads > 0)
        pthread_cond_wait(&pool->changed, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

static gboolean
epoll_control(WorkerPool *pool, int operation, int fd, EventSource *source, guint events)
{
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data.ptr = source};

    /* The kernel orders the two threads; this says so in C's memory model. */
    g_atomic_int_inc(&source->turn);
    return epoll_ctl(pool->epoll, operation, fd, &event) == 0;
}

gboolean
worker_pool_add(WorkerPool *pool, int fd, EventSource *source, guint events)
{
    return epoll_control(pool, EPOLL_CTL_ADD, fd, source, events);
}

void
worker_pool_arm(WorkerPool *pool, int fd, EventSource *source, guint events)
{
    /* Fails only for a descriptor that is not in the set: a mistake of ours. */
    if (!epoll_control(pool, EPOLL_CTL_MOD, fd, source, events))
        g_error("epoll_ctl: %s", g_strerror(errno));
}

void
worker_pool_remove(WorkerPool *pool, int fd)
{
    epoll_ctl(pool->epoll, EPOLL_CTL_DEL, fd, NULL);
}

/* With the lock held. Somebody who waits can take what comes; should he block too, he calls the
 * next. */
static gboolean
call_another(WorkerPool *pool)
{
    if (g_atomic_int_get(&pool->waiting) > 0 || pool->places > 0 || pool->starting > 0)
        return TRUE;
    if (pool->parked > 0) {
        pthread_cond_signal(&pool->changed);
        return TRUE;
    }
    return pool->threads < pool->threads_max && spawn(pool, NULL);
}

gboolean
worker_begin_blocking(Worker *worker)
{
    WorkerPool *pool = worker->pool;

    if (!worker->has_place)
        return TRUE;
    pthread_mutex_lock(&pool->lock);
    guint blocked = pool->threads - pool->starting - pool->parked - pool->places;
    worker->has_place = FALSE;
    pool->places--;
    gboolean relieved = call_another(pool);
    pthread_mutex_unlock(&pool->lock);
    return relieved || blocked == 0;
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
    pthread_mutex_lock(&worker->pool->lock);
    take_place(worker);
    pthread_mutex_unlock(&worker->pool->lock);
}

/* FALSE when the thread has waited for a place long enough, or the pool stops. */
static gboolean
wait_for_place(Worker *worker)
{
    WorkerPool *pool = worker->pool;
    struct timespec end;
    gboolean in_time = TRUE;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += RESERVE_SECONDS;
    pthread_mutex_lock(&pool->lock);
    take_place(worker);
    pool->parked++;
    if (!worker->has_place) {
        buffer_wipe(&worker->input);
        buffer_wipe(&worker->output);
    }
    while (!worker->has_place && !pool->stopping && in_time) {
        in_time = pthread_cond_timedwait(&pool->changed, &pool->lock, &end) == 0;
        take_place(worker);
    }
    pool->parked--;
    gboolean go_on = worker->has_place && !pool->stopping;
    pthread_mutex_unlock(&pool->lock);
    return go_on;
}

static void
leave(Worker *worker)
{
    WorkerPool *pool = worker->pool;

    buffer_wipe(&worker->input);
    buffer_wipe(&worker->output);
    tls_end_thread(); /* the process may be gone before the thread is */
    pthread_mutex_lock(&pool->lock);
    if (worker->has_place)
        pool->places--;
    pool->threads--;
    pthread_cond_broadcast(&pool->changed);
    pthread_mutex_unlock(&pool->lock);
}

static gpointer
worker_main(gpointer data)
{
    Worker worker = {.pool = data};
    WorkerPool *pool = worker.pool;

    pthread_mutex_lock(&pool->lock);
    pool->starting--;
    take_place(&worker);
    pthread_mutex_unlock(&pool->lock);
    while (worker.has_place || wait_for_place(&worker)) {
        struct epoll_event event;

        g_atomic_int_inc(&pool->waiting);
        int count = epoll_wait(pool->epoll, &event, 1, -1);
        g_atomic_int_add(&pool->waiting, -1);
        if (count == 1 && event.data.ptr == &bell_source)
            break;
        if (count == 1) {
            EventSource *source = event.data.ptr;
            g_atomic_int_get(&source->turn);
            source->run(source, &worker, event.events);
        }
    }
    leave(&worker);
    return NULL;
}

guint
worker_pool_count_threads(WorkerPool *pool)
{
    pthread_mutex_lock(&pool->lock);
    guint threads = pool->threads;
    pthread_mutex_unlock(&pool->lock);
    return threads;
}
