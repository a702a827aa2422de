/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "hold.h"

#include "server.h"

#include <sys/epoll.h>

void
pop4_session_delay(Pop4Session *session, guint seconds)
{
    if (seconds > 0)
        session->held_until =
            MAX(session->held_until, session_clock() + (gint)MIN(seconds, G_MAXINT / 2));
}

static gboolean
is_over(const Pop4Session *session, gint now)
{
    /* Seconds are rounded down: only the next one is surely past the whole time. */
    return now > session->held_until || g_atomic_int_get(&session->doom) != CLOSE_NOT;
}

gboolean
hold_is_on(Pop4Session *session)
{
    if (session->held_until == 0)
        return FALSE;
    if (!is_over(session, session_clock()))
        return TRUE;
    session->held_until = 0;
    return FALSE;
}

/* The socket is not armed, so that no event can bring the session to a worker before the check
 * does. */
void
hold_park(Pop4Session *session)
{
    g_atomic_int_set(&session->held, TRUE);
}

void
hold_check(Pop4Session *session, gint now)
{
    WorkerPool *pool;

    if (!g_atomic_int_get(&session->held) || !is_over(session, now))
        return;
    pool = server_get_pool(session->server);
    g_atomic_int_set(&session->held, FALSE);
    /* The socket may be full, and its client never take anything. */
    session_set_write_deadline(session);
    if (session->watched) {
        worker_pool_arm(pool, session->connection.fd, &session->event, EPOLLIN | EPOLLOUT);
        return;
    }
    session->watched = TRUE;
    if (!worker_pool_add(pool, session->connection.fd, &session->event, EPOLLIN | EPOLLOUT)) {
        session->watched = FALSE;
        g_atomic_int_set(&session->held, TRUE); /* until there is memory for it */
    }
}
