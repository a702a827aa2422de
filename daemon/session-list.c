/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "session-list.h"

#include "metrics.h"
#include "suspension.h"

#include <pthread.h>
#include <sys/socket.h>

struct SessionList {
    pthread_mutex_t lock;
    Pop4Session *first;
    gint count; /* atomic */
};

SessionList *
session_list_new(void)
{
    SessionList *list = g_new0(SessionList, 1);

    pthread_mutex_init(&list->lock, NULL);
    return list;
}

void
session_list_free(SessionList *list)
{
    while (list->first != NULL) {
        Pop4Session *session = list->first;
        session_list_remove(list, session);
        session_free(session);
    }
    pthread_mutex_destroy(&list->lock);
    g_free(list);
}

void
session_list_add(SessionList *list, Pop4Session *session)
{
    pthread_mutex_lock(&list->lock);
    session->next = list->first;
    if (list->first != NULL)
        list->first->previous = session;
    list->first = session;
    g_atomic_int_inc(&list->count);
    pthread_mutex_unlock(&list->lock);
}

void
session_list_remove(SessionList *list, Pop4Session *session)
{
    pthread_mutex_lock(&list->lock);
    if (session->previous != NULL)
        session->previous->next = session->next;
    else
        list->first = session->next;
    if (session->next != NULL)
        session->next->previous = session->previous;
    g_atomic_int_add(&list->count, -1);
    pthread_mutex_unlock(&list->lock);
}

guint
session_list_count(SessionList *list)
{
    return (guint)g_atomic_int_get(&list->count);
}

/* With the lock held, so that the socket is still the session's. Closing it both ways is an
 * event that brings the session to a worker, wherever it waits; a suspended one waits for no
 * event. */
static void
doom(Pop4Session *session, CloseReason reason)
{
    g_atomic_int_compare_and_exchange(&session->doom, CLOSE_NOT, (gint)reason);
    shutdown(session->connection.fd, SHUT_RDWR);
}

void
session_list_sweep(SessionList *list, gint now)
{
    pthread_mutex_lock(&list->lock);
    for (Pop4Session *session = list->first; session != NULL; session = session->next) {
        /* Seconds are rounded down: only the next one is surely past the whole time. */
        if (now > g_atomic_int_get(&session->deadline)) {
            g_atomic_int_set(&session->deadline, G_MAXINT);
            doom(session, (CloseReason)g_atomic_int_get(&session->deadline_reason));
            metrics_add(METRIC_TIMEOUTS, 1);
        }
        suspension_check(session, now);
    }
    pthread_mutex_unlock(&list->lock);
}

void
session_list_end_all(SessionList *list, CloseReason reason, gboolean only_authorization)
{
    pthread_mutex_lock(&list->lock);
    for (Pop4Session *session = list->first; session != NULL; session = session->next) {
        if (only_authorization && g_atomic_int_get(&session->logged_in))
            continue;
        doom(session, reason);
        suspension_check(session, 0);
    }
    pthread_mutex_unlock(&list->lock);
}
