/* SPDX-License-Identifier: MIT */

#include "relay.h"

#include "sendmail.h"
#include "smtp.h"

#include <pthread.h>

/* Milliseconds until the next look at deadlines; without messages nothing is to be looked at.
 */
#define TICK 500
#define IDLE_TICK 60000

typedef struct {
    Parcel *parcel;
    gint64 deadline; /* microseconds of the monotonic clock */
    RelayDoneFunc done;
    gpointer data;
    gboolean tried_again;
    Smtp *smtp;         /* (nullable) */
    Sendmail *sendmail; /* (nullable) */
} Job;

struct Relay {
    Target target;
    CURLM *multi;
    SmtpHost host;      /* the thread's */
    GPtrArray *running; /* Job; the thread's */

    pthread_mutex_t mutex; /* for what follows */
    GQueue waiting;        /* Job */
    GThread *thread;       /* (nullable): from the first message on */
    guint unfinished;
    gboolean ending;
};

void
relay_init(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

Relay *
relay_new(Target *target)
{
    Relay *relay = g_new0(Relay, 1);

    relay->target = *target;
    *target = (Target){0};
    smtp_host_init(&relay->host);
    relay->multi = curl_multi_init();
    curl_multi_setopt(relay->multi, CURLMOPT_MAXCONNECTS, (long)relay->target.connections);
    relay->running = g_ptr_array_new();
    pthread_mutex_init(&relay->mutex, NULL);
    g_queue_init(&relay->waiting);
    return relay;
}

static void
destroy(Relay *relay)
{
    smtp_host_hush(&relay->host);
    curl_multi_cleanup(relay->multi);
    smtp_host_clear(&relay->host);
    g_ptr_array_unref(relay->running);
    pthread_mutex_destroy(&relay->mutex);
    target_clear(&relay->target);
    g_free(relay);
}

void
relay_free(Relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    GThread *thread = g_steal_pointer(&relay->thread);
    gboolean idle = relay->unfinished == 0;
    relay->ending = TRUE;
    /* A busy thread frees the relay itself: nobody is to wait for it. */
    if (thread != NULL && idle)
        curl_multi_wakeup(relay->multi);
    pthread_mutex_unlock(&relay->mutex);
    if (thread == NULL)
        destroy(relay);
    else if (idle)
        g_thread_join(thread);
    else
        g_thread_unref(thread);
}

static void
finish(Relay *relay, Job *job, Outcome *outcome)
{
    g_ptr_array_remove_fast(relay->running, job);
    if (job->smtp != NULL) {
        curl_multi_remove_handle(relay->multi, smtp_get_handle(job->smtp));
        smtp_free(job->smtp);
    }
    if (job->sendmail != NULL)
        sendmail_free(job->sendmail);
    parcel_free(job->parcel);
    job->done(outcome, job->data);
    outcome_clear(outcome);
    g_free(job);
    pthread_mutex_lock(&relay->mutex);
    relay->unfinished--;
    pthread_mutex_unlock(&relay->mutex);
}

static void
give_up(Relay *relay, Job *job, Pop4SubmissionResult result, const char *reason)
{
    Outcome outcome = {0};

    outcome_set(&outcome, result, g_strdup(reason));
    finish(relay, job, &outcome);
}

static void
start_smtp(Relay *relay, Job *job)
{
    gint64 left = (job->deadline - g_get_monotonic_time()) / 1000;

    job->smtp = smtp_new(&relay->target, &relay->host, job->parcel, (long)MAX(left, 1),
                         job->tried_again, job);
    curl_multi_add_handle(relay->multi, smtp_get_handle(job->smtp));
}

static void
start(Relay *relay, Job *job)
{
    g_autoptr(GError) error = NULL;

    g_ptr_array_add(relay->running, job);
    if (g_get_monotonic_time() >= job->deadline) {
        give_up(relay, job, POP4_SUBMISSION_FAILED,
                "too many messages wait for the mail server");
    } else if (relay->target.program == NULL) {
        start_smtp(relay, job);
    } else {
        job->sendmail = sendmail_new(&relay->target, job->parcel, &error);
        if (job->sendmail == NULL)
            give_up(relay, job, POP4_SUBMISSION_FAILED, error->message);
    }
}

/* (nullable): the next to begin. */
static Job *
take_waiting(Relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    Job *first = g_queue_peek_head(&relay->waiting);
    gboolean goes = first != NULL && (relay->running->len < relay->target.connections ||
                                      g_get_monotonic_time() >= first->deadline);
    if (goes)
        g_queue_pop_head(&relay->waiting);
    pthread_mutex_unlock(&relay->mutex);
    return goes ? first : NULL;
}

static void
end_transfer(Relay *relay, Job *job, CURLcode code)
{
    Outcome outcome = {0};

    if (!job->tried_again && smtp_was_stale(job->smtp, code)) {
        curl_multi_remove_handle(relay->multi, smtp_get_handle(job->smtp));
        g_clear_pointer(&job->smtp, smtp_free);
        job->tried_again = TRUE;
        start_smtp(relay, job);
        return;
    }
    smtp_finish(job->smtp, code, &outcome);
    finish(relay, job, &outcome);
}

static void
run_transfers(Relay *relay)
{
    CURLMsg *message;
    int count;

    curl_multi_perform(relay->multi, &count);
    while ((message = curl_multi_info_read(relay->multi, &count)) != NULL) {
        Job *job;
        if (message->msg != CURLMSG_DONE)
            continue;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&job);
        end_transfer(relay, job, code);
    }
}

static void
run_programs(Relay *relay)
{
    gint64 now = g_get_monotonic_time();

    for (guint i = relay->running->len; i > 0; i--) {
        Job *job = g_ptr_array_index(relay->running, i - 1);
        Outcome outcome = {0};
        if (job->sendmail == NULL)
            continue;
        if (sendmail_finish(job->sendmail, &outcome))
            finish(relay, job, &outcome);
        else if (now >= job->deadline)
            give_up(relay, job, POP4_SUBMISSION_UNKNOWN,
                    "it is not known whether it was sent: the mail program does not end");
    }
}

static void
wait_for_more(Relay *relay)
{
    g_autofree struct curl_waitfd *waits = g_new0(struct curl_waitfd, relay->running->len + 1);
    guint count = 0;

    for (guint i = 0; i < relay->running->len; i++) {
        const Job *job = g_ptr_array_index(relay->running, i);
        if (job->sendmail != NULL)
            waits[count++] = (struct curl_waitfd){.fd = sendmail_get_fd(job->sendmail),
                                                  .events = CURL_WAIT_POLLIN};
    }
    pthread_mutex_lock(&relay->mutex);
    gboolean idle = relay->unfinished == 0;
    pthread_mutex_unlock(&relay->mutex);
    curl_multi_poll(relay->multi, waits, count, idle ? IDLE_TICK : TICK, NULL);
}

/* Whether nothing is left to do for good; then nobody else knows the relay unless it is joined.
 */
static gboolean
has_ended(Relay *relay)
{
    pthread_mutex_lock(&relay->mutex);
    gboolean ended = relay->ending && relay->unfinished == 0;
    pthread_mutex_unlock(&relay->mutex);
    return ended;
}

static gpointer
run(gpointer data)
{
    Relay *relay = data;

    while (!has_ended(relay)) {
        Job *job;
        while ((job = take_waiting(relay)) != NULL)
            start(relay, job);
        run_transfers(relay);
        run_programs(relay);
        if (!has_ended(relay))
            wait_for_more(relay);
    }
    destroy(relay);
    return NULL;
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
    relay->unfinished++;
    if (relay->thread == NULL)
        relay->thread = g_thread_new("pop4d-relay", run, relay);
    curl_multi_wakeup(relay->multi);
    pthread_mutex_unlock(&relay->mutex);
}
