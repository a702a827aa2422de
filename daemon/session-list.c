/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "session-list.h"

#include "hold.h"
#include "metrics.h"
#include "suspension.h"

#include <pthread.h>
#include <sys/socket.h>

/* The newest first. */
typedef struct {
    Pop4Session *first, *last;
} Chain;

struct SessionList {
    pthread_mutex_t lock;
    Chain strangers, members; /* before and after login */
    gint count;               /* atomic */
};

SessionList *
session_list_new(void)
{
    SessionList *list = g_new0(SessionList, 1);

    pthread_mutex_init(&list->lock, NULL);
    return list;
}

static void
end_chain(SessionList *list, Chain *chain)
{
    while (chain->first != NULL) {
        Pop4Session *session = chain->first;
        session_list_remove(list, session);
        session_free(session);
    }
}

void
session_list_free(SessionList *list)
{
    end_chain(list, &list->strangers);
    end_chain(list, &list->members);
    pthread_mutex_destroy(&list->lock);
    g_free(list);
}

static void
link_to(Chain *chain, Pop4Session *session)
{
    session->previous = NULL;
    session->next = chain->first;
    if (chain->first != NULL)
        chain->first->previous = session;
    else
        chain->last = session;
    chain->first = session;
}

static void
unlink_from(Chain *chain, Pop4Session *session)
{
    if (session->previous != NULL)
        session->previous->next = session->next;
    else
        chain->first = session->next;
    if (session->next != NULL)
        session->next->previous = session->previous;
    else
        chain->last = session->previous;
}

void
session_list_add(SessionList *list, Pop4Session *session)
{
    pthread_mutex_lock(&list->lock);
    link_to(&list->strangers, session);
    g_atomic_int_inc(&list->count);
    pthread_mutex_unlock(&list->lock);
}

void
session_list_note_login(SessionList *list, Pop4Session *session)
{
    pthread_mutex_lock(&list->lock);
    unlink_from(&list->strangers, session);
    link_to(&list->members, session);
    session->is_member = TRUE;
    pthread_mutex_unlock(&list->lock);
}

void
session_list_remove(SessionList *list, Pop4Session *session)
{
    pthread_mutex_lock(&list->lock);
    unlink_from(session->is_member ? &list->members : &list->strangers, session);
    g_atomic_int_add(&list->count, -1);
    pthread_mutex_unlock(&list->lock);
}

guint
session_list_count(SessionList *list)
{
    return (guint)g_atomic_int_get(&list->count);
}

/* With the lock held, so that the socket is still the session's. Closing it both ways is an
 * event that brings the session to a worker, wherever it waits; one that is suspended or held
 * waits for no event. */
static void
doom(Pop4Session *session, CloseReason reason)
{
    g_atomic_int_compare_and_exchange(&session->doom, CLOSE_NOT, (gint)reason);
    shutdown(session->connection.fd, SHUT_RDWR);
    suspension_check(session, 0);
    hold_check(session, 0);
}

static void
sweep(Chain *chain, gint now)
{
    for (Pop4Session *session = chain->first; session != NULL; session = session->next) {
        /* Seconds are rounded down: only the next one is surely past the whole time. */
        if (now > g_atomic_int_get(&session->deadline)) {
            g_atomic_int_set(&session->deadline, G_MAXINT);
            doom(session, (CloseReason)g_atomic_int_get(&session->deadline_reason));
            metrics_add(METRIC_TIMEOUTS, 1);
        }
        suspension_check(session, now);
        hold_check(session, now);
    }
}

void
session_list_sweep(SessionList *list, gint now)
{
    pthread_mutex_lock(&list->lock);
    sweep(&list->strangers, now);
    sweep(&list->members, now);
    pthread_mutex_unlock(&list->lock);
}

static void
doom_chain(Chain *chain, CloseReason reason)
{
    for (Pop4Session *session = chain->first; session != NULL; session = session->next)
        doom(session, reason);
}

void
session_list_end_all(SessionList *list, CloseReason reason, gboolean only_authorization)
{
    pthread_mutex_lock(&list->lock);
    doom_chain(&list->strangers, reason);
    if (!only_authorization)
        doom_chain(&list->members, reason);
    pthread_mutex_unlock(&list->lock);
}

gboolean
session_list_end_oldest(SessionList *list, CloseReason reason)
{
    pthread_mutex_lock(&list->lock);
    Pop4Session *session = list->strangers.last;
    while (session != NULL && g_atomic_int_get(&session->doom) != CLOSE_NOT)
        session = session->previous;
    if (session != NULL)
        doom(session, reason);
    pthread_mutex_unlock(&list->lock);
    return session != NULL;
}
