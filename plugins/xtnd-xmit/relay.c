/* SPDX-License-Identifier: MIT */

#include "relay.h"

#include "sendmail.h"
#include "smtp.h"

#include <pthread.h>
#include <time.h>

/* How long a thread, and its connection, stays for the next message. */
#define IDLE_SECONDS 30

typedef struct {
    Parcel *parcel;
    gint64 deadline; /* microseconds of the monotonic clock */
    RelayDoneFunc done;
    gpointer data;
} Job;

/* libcurl blocks while it waits for the reply to a message, whatever interface is asked: so a
 * thread for each message on its way. */
struct Relay {
    Target target;
    pthread_mutex_t mutex; /* for what follows */
    pthread_cond_t changed;
    GQueue waiting;   /* Job */
    guint threads;    /* that take messages */
    guint idle;       /* of those, the ones that have none */
    guint alive;      /* those and what is still leaving */
    guint unfinished; /* messages */
    gboolean ending;  /* nobody hands over any more */
    gboolean is_left; /* the last thread is to free it */
};

Relay *
relay_new(Target *target)
{
    Relay *relay = g_new0(Relay, 1);
    pthread_condattr_t attributes;

    relay->target = *target;
    *target = (Target){0};
    pthread_mutex_init(&relay->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&relay->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    g_queue_init(&relay->waiting);
    return relay;
}

static void
destroy(Relay *relay)
{
    pthread_cond_destroy(&relay->changed);
    pthread_mutex_destroy(&relay->mutex);
    target_clear(&relay->target);
    g_free(relay);
}

void
relay_free(Relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    relay->ending = TRUE;
    pthread_cond_broadcast(&relay->changed);
    /* Idle threads end at once; those that wait for a mail server are not waited for. */
    while (relay->alive > 0 && relay->unfinished == 0)
        pthread_cond_wait(&relay->changed, &relay->mutex);
    gboolean is_left = relay->is_left = relay->alive > 0;
    pthread_mutex_unlock(&relay->mutex);
    if (!is_left)
        destroy(relay);
}

static void
become_idle(Relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    relay->idle++;
    pthread_mutex_unlock(&relay->mutex);
}

static void
send_one(Relay *relay, SmtpHost *host, Job *job)
{
    Outcome outcome = {0};

    if (g_get_monotonic_time() >= job->deadline)
        outcome_set(&outcome, POP4_SUBMISSION_FAILED,
                    g_strdup("too many messages wait for the mail server"));
    else if (relay->target.program != NULL)
        sendmail_send(&relay->target, job->parcel, job->deadline, &outcome);
    else
        smtp_send(host, &relay->target, job->parcel, job->deadline, &outcome);
    parcel_free(job->parcel);
    /* Before the client hears of it: its next message is for this thread and its connection. */
    if (host != NULL)
        become_idle(relay);
    job->done(&outcome, job->data);
    outcome_clear(&outcome);
    g_free(job);
}

/* (nullable): the next, waited for; with the mutex. The thread is idle no longer. */
static Job *
take(Relay *relay)
{
    struct timespec end;
    int late = 0;

    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += IDLE_SECONDS;
    while (relay->waiting.length == 0 && !relay->ending && late == 0)
        late = pthread_cond_timedwait(&relay->changed, &relay->mutex, &end);
    relay->idle--;
    return g_queue_pop_head(&relay->waiting);
}

static void *
run(void *data)
{
    Relay *relay = data;
    SmtpHost host;
    Job *job;

    smtp_host_init(&host);
    pthread_mutex_lock(&relay->mutex);
    while ((job = take(relay)) != NULL) {
        pthread_mutex_unlock(&relay->mutex);
        send_one(relay, &host, job);
        pthread_mutex_lock(&relay->mutex);
        relay->unfinished--;
    }
    relay->threads--;
    pthread_mutex_unlock(&relay->mutex);
    smtp_host_clear(&host);

    pthread_mutex_lock(&relay->mutex);
    relay->alive--;
    gboolean frees = relay->alive == 0 && relay->is_left;
    pthread_cond_broadcast(&relay->changed);
    pthread_mutex_unlock(&relay->mutex);
    if (frees)
        destroy(relay);
    return NULL;
}

/* With the mutex. FALSE when there is no thread at all to take a message. */
static gboolean
add_thread(Relay *relay)
{
    pthread_attr_t attributes;
    pthread_t thread;

    if (relay->waiting.length <= relay->idle || relay->threads == relay->target.connections)
        return TRUE;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    gboolean begun = pthread_create(&thread, &attributes, run, relay) == 0;
    pthread_attr_destroy(&attributes);
    relay->threads += begun;
    relay->idle += begun;
    relay->alive += begun;
    return relay->threads > 0;
}

void
relay_send(Relay *relay, Parcel *parcel, guint seconds, RelayDoneFunc done, gpointer data)
{
    Job *job = g_new0(Job, 1);

    job->parcel = parcel;
    job->deadline = g_get_monotonic_time() + (gint64)seconds * G_USEC_PER_SEC;
    job->done = done;
    job->data = data;
    pthread_mutex_lock(&relay->mutex);
    g_queue_push_tail(&relay->waiting, job);
    gboolean taken = add_thread(relay);
    relay->unfinished += taken;
    if (!taken) {
        g_queue_remove(&relay->waiting, job);
        job->deadline = 0;
    }
    pthread_cond_signal(&relay->changed);
    pthread_mutex_unlock(&relay->mutex);
    if (!taken)
        send_one(relay, NULL, job);
}
