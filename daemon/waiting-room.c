/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "waiting-room.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static GQueue waiting = G_QUEUE_INIT;
static gint count_waiting; /* atomic: mostly nobody waits, and nobody takes the lock */

void
waiting_room_enter(Pop4Suspension *suspension)
{
    pthread_mutex_lock(&lock);
    g_queue_push_tail(&waiting, suspension);
    g_atomic_int_inc(&count_waiting);
    pthread_mutex_unlock(&lock);
}

static Pop4Suspension *
take_first(void)
{
    pthread_mutex_lock(&lock);
    Pop4Suspension *first = g_queue_pop_head(&waiting);
    if (first != NULL)
        g_atomic_int_add(&count_waiting, -1);
    pthread_mutex_unlock(&lock);
    return first;
}

void
waiting_room_admit(guint count)
{
    /* Who has to wait again stands at the end, and is not asked twice. */
    guint present = (guint)g_atomic_int_get(&count_waiting);

    for (guint i = 0; i < MIN(count, present); i++) {
        Pop4Suspension *first = take_first();
        if (first == NULL)
            return;
        pop4_suspension_resume(first);
    }
}
