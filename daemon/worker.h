/* The threads that run sessions: some wait on one epoll instance, the rest stand in for those
 * that a handler blocks. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "buffer.h"

typedef struct WorkerPool WorkerPool;
typedef struct EventSource EventSource;

/* One thread of the pool, and the memory it lends to the session it runs. */
typedef struct {
    WorkerPool *pool;
    Buffer input, output;
    gboolean has_place; /* among those that wait for events */
} Worker;

/* The base of what can be watched. It is run by one worker at a time: an event disarms it until
 * worker_pool_arm(), which must be the last thing a run does with it. */
struct EventSource {
    void (*run)(EventSource *source, Worker *worker, guint events);
    gint turn; /* the pool's: atomic, hands what one thread wrote to the next */
};

/* @places: threads that wait; @reserve: further ones that may exist. NULL with @error. */
WorkerPool *worker_pool_new(guint places, guint reserve, GError **error);

/* FALSE with @error when not one thread can be made. */
gboolean worker_pool_start(WorkerPool *pool, GError **error);

/* Returns when all threads have ended; what is still watched is watched no more. */
void worker_pool_stop(WorkerPool *pool);
void worker_pool_free(WorkerPool *pool);

/* @events: EPOLLIN, EPOLLOUT, ... Any thread. FALSE with errno. */
gboolean worker_pool_add(WorkerPool *pool, int fd, EventSource *source, guint events);
void worker_pool_arm(WorkerPool *pool, int fd, EventSource *source, guint events);
void worker_pool_remove(WorkerPool *pool, int fd);

/* Around a call that may block, on the worker's own thread. FALSE when nobody is left to wait
 * for events meanwhile though others block already; worker_end_blocking() is called all the
 * same. */
gboolean worker_begin_blocking(Worker *worker);
void worker_end_blocking(Worker *worker);

/**
 * worker_pool_ping:
 *
 * Asks for a sign of life. Main thread.
 *
 * Returns: whether a worker has answered the call before
 */
gboolean worker_pool_ping(WorkerPool *pool);

/* Threads that exist now. Any thread. */
guint worker_pool_count_threads(WorkerPool *pool);
