/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "suspension.h"

#include "server.h"

#include <glib-unix.h>
#include <poll.h>
#include <pop4/error.h>
#include <pop4/suspend.h>
#include <pthread.h>
#include <sys/epoll.h>

struct Pop4Suspension {
    gint references; /* atomic: the session's and the plugin's */
    Pop4ResumeFunc resume;
    gpointer state;
    GDestroyNotify destroy;

    /* Under the lock. */
    Pop4Session *session; /* NULL once the session has ended or gone on */
    gint expires;         /* seconds of the coarse clock */
    gboolean parked, resumed, expired;
    gboolean waits;   /* it ends by input and by its time as by a resumption */
    gboolean listens; /* to input, while it is parked */
};

/* Suspensions are rare and their steps short: one lock for all keeps every order of a
 * resumption, a timeout and an end of the session safe. Waking a parked session is done under
 * it, so that it is done once. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Tells of input for parked sessions; a lock holder alone changes what is in it. */
static int inputs = -1;

static void
suspension_unref(Pop4Suspension *suspension)
{
    if (g_atomic_int_dec_and_test(&suspension->references))
        g_free(suspension);
}

static Pop4Suspension *
suspend(Pop4Session *session, guint timeout, Pop4ResumeFunc resume, gpointer state,
        GDestroyNotify destroy, gboolean waits)
{
    Pop4Suspension *suspension = g_new0(Pop4Suspension, 1);
    suspension->references = 2;
    suspension->resume = resume;
    suspension->state = state;
    suspension->destroy = destroy;
    suspension->session = session;
    /* The clock has whole seconds: one more, so that none ends early. */
    suspension->expires = session_clock() + (gint)MIN(timeout, G_MAXINT / 2) + 1;
    suspension->waits = waits;

    pthread_mutex_lock(&lock);
    session->suspension = suspension;
    pthread_mutex_unlock(&lock);
    return suspension;
}

Pop4Suspension *
pop4_session_suspend(Pop4Session *session, guint timeout, Pop4ResumeFunc resume, gpointer state,
                     GDestroyNotify destroy)
{
    g_return_val_if_fail(session->suspension == NULL && session->command != NULL, NULL);

    return suspend(session, timeout, resume, state, destroy, FALSE);
}

Pop4Suspension *
pop4_session_wait(Pop4Session *session, guint timeout, Pop4ResumeFunc resume, gpointer state,
                  GDestroyNotify destroy)
{
    g_return_val_if_fail(session->suspension == NULL && session->command != NULL, NULL);

    return suspend(session, timeout, resume, state, destroy, TRUE);
}

static void
stop_listening(Pop4Suspension *suspension)
{
    if (suspension->listens)
        epoll_ctl(inputs, EPOLL_CTL_DEL, suspension->session->connection.fd, NULL);
    suspension->listens = FALSE;
}

/* With the lock held. A writable socket is an event at once; if the client does not take what
 * was sent before, the session goes on when it does, or ends by the write timeout. */
static void
wake(Pop4Suspension *suspension)
{
    Pop4Session *session = suspension->session;

    if (!suspension->parked)
        return;
    suspension->parked = FALSE;
    stop_listening(suspension);
    session_set_write_deadline(session);
    worker_pool_arm(server_get_pool(session->server), session->connection.fd, &session->event,
                    EPOLLIN | EPOLLOUT);
}

void
pop4_suspension_resume(Pop4Suspension *suspension)
{
    pthread_mutex_lock(&lock);
    suspension->resumed = TRUE;
    if (suspension->session != NULL)
        wake(suspension);
    pthread_mutex_unlock(&lock);
    suspension_unref(suspension);
}

/* Main thread. */
static gboolean
take_inputs(gint fd, GIOCondition condition, gpointer data)
{
    struct epoll_event events[64];

    (void)condition;
    (void)data;
    pthread_mutex_lock(&lock);
    int count = epoll_wait(fd, events, G_N_ELEMENTS(events), 0);
    for (int i = 0; i < count; i++) {
        Pop4Suspension *suspension = events[i].data.ptr;
        suspension->expired = TRUE;
        wake(suspension);
    }
    pthread_mutex_unlock(&lock);
    return G_SOURCE_CONTINUE;
}

/* With the lock held. Where the kernel has no room the client is heard at the end of the wait.
 */
static void
listen_to_input(Pop4Suspension *suspension)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT,
                                .data.ptr = suspension};

    if (inputs < 0) {
        inputs = epoll_create1(EPOLL_CLOEXEC);
        if (inputs >= 0)
            g_unix_fd_add(inputs, G_IO_IN, take_inputs, NULL);
    }
    suspension->listens =
        inputs >= 0 &&
        epoll_ctl(inputs, EPOLL_CTL_ADD, suspension->session->connection.fd, &event) == 0;
}

gboolean
suspension_park(Pop4Session *session)
{
    pthread_mutex_lock(&lock);
    gboolean waiting = !session->suspension->resumed && !session->suspension->expired;
    session->suspension->parked = waiting;
    if (waiting && session->suspension->waits)
        listen_to_input(session->suspension);
    pthread_mutex_unlock(&lock);
    return waiting;
}

SuspensionState
suspension_get_state(Pop4Session *session)
{
    const Pop4Suspension *suspension = session->suspension;
    SuspensionState state = SUSPENSION_NONE;

    if (suspension == NULL)
        return state;
    pthread_mutex_lock(&lock);
    if (suspension->resumed)
        state = SUSPENSION_RESUMED;
    else
        state = suspension->expired ? SUSPENSION_EXPIRED : SUSPENSION_WAITING;
    pthread_mutex_unlock(&lock);
    return state;
}

gboolean
suspension_ends_by_input(const Pop4Session *session)
{
    return session->suspension->waits;
}

void
suspension_expire(Pop4Session *session)
{
    pthread_mutex_lock(&lock);
    session->suspension->expired = TRUE;
    pthread_mutex_unlock(&lock);
}

Pop4Suspension *
suspension_wait_again(Pop4Session *session)
{
    Pop4Suspension *suspension = session->suspension;

    pthread_mutex_lock(&lock);
    suspension->resumed = FALSE;
    g_atomic_int_inc(&suspension->references);
    pthread_mutex_unlock(&lock);
    return suspension;
}

/* The session lets go; the plugin may still hold its reference. */
static Pop4Suspension *
detach(Pop4Session *session)
{
    pthread_mutex_lock(&lock);
    Pop4Suspension *suspension = g_steal_pointer(&session->suspension);
    if (suspension != NULL) {
        stop_listening(suspension);
        suspension->session = NULL;
    }
    pthread_mutex_unlock(&lock);
    return suspension;
}

static void
release(Pop4Suspension *suspension)
{
    if (suspension->destroy != NULL)
        suspension->destroy(suspension->state);
    suspension_unref(suspension);
}

gboolean
suspension_finish(Pop4Session *session, GError **error)
{
    gboolean resumed =
        session->suspension->waits || suspension_get_state(session) == SUSPENSION_RESUMED;
    Pop4Suspension *suspension = detach(session);
    gboolean done = FALSE;

    if (resumed)
        done = suspension->resume(session, suspension->state, error);
    else
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "This takes too long, try again later");
    release(suspension);
    return done;
}

static gboolean
client_has_left(const Pop4Session *session)
{
    /* Not one that has only closed its own side: it may wait for the reply. */
    struct pollfd poller = {.fd = session->connection.fd};

    return poll(&poller, 1, 0) > 0;
}

void
suspension_check(Pop4Session *session, gint now)
{
    pthread_mutex_lock(&lock);
    Pop4Suspension *suspension = session->suspension;
    if (suspension != NULL && suspension->parked) {
        if (now >= suspension->expires)
            suspension->expired = TRUE;
        if (suspension->expired || g_atomic_int_get(&session->doom) != CLOSE_NOT)
            wake(suspension);
        else if (client_has_left(session)) {
            g_atomic_int_set(&session->doom, CLOSE_BY_CLIENT);
            wake(suspension);
        }
    }
    pthread_mutex_unlock(&lock);
}

void
suspension_clear(Pop4Session *session)
{
    Pop4Suspension *suspension = detach(session);

    if (suspension != NULL)
        release(suspension);
}
