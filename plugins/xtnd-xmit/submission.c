/* SPDX-License-Identifier: MIT */

#include "submission.h"

#include "addresses.h"
#include "recent.h"
#include "smtp.h"
#include "trace.h"

#include <pop4/pop4.h>

#define START "Start sending message."
#define SENT "Message sent successfully"
#define NOT_SENT "Unable to send message: "

/* Seconds that the session waits beyond the relay, which knows better what went wrong. */
#define GRACE_SECONDS 10

/* Shared by the session and the relay: the client may leave before there is an outcome. */
typedef struct {
    gint references;
    const SubmissionRules *rules; /* the session's: not for the relay */
    Spool *spool;                 /* (nullable): until it is on its way */
    GError *trouble;              /* (nullable): why the spool has not got all of it */
    guint64 octets;               /* as they came */

    /* For the log, and what outlives the session. */
    guint64 session_id;
    char *peer;
    char *login;
    char *sender; /* (nullable) */
    guint recipients;
    char *key; /* (nullable): in `recent` */
    Pop4Suspension *suspension;
    Outcome outcome;
} Submission;

/* What logins have used and sent outlives a change of settings. */
static Quota *quota;
static Recent *recent;

void
submission_init(void)
{
    if (quota != NULL)
        return;
    quota = quota_new();
    recent = recent_new();
    addresses_init();
    smtp_init();
}

static gint64
clock_seconds(void)
{
    return g_get_monotonic_time() / G_USEC_PER_SEC;
}

static Submission *
submission_new(const Pop4Session *session, const SubmissionRules *rules)
{
    Submission *submission = g_new0(Submission, 1);

    submission->references = 1;
    submission->rules = rules;
    submission->spool = spool_new(rules->spool_folder, rules->max_size);
    submission->session_id = pop4_session_get_id(session);
    submission->peer = g_strdup(pop4_session_get_peer(session));
    submission->login = g_strdup(pop4_identity_get_login(pop4_session_get_identity(session)));
    return submission;
}

static Submission *
submission_ref(Submission *submission)
{
    g_atomic_int_inc(&submission->references);
    return submission;
}

static void
submission_unref(gpointer data)
{
    Submission *submission = data;

    if (!g_atomic_int_dec_and_test(&submission->references))
        return;
    g_clear_pointer(&submission->spool, spool_free);
    g_clear_error(&submission->trouble);
    g_free(submission->peer);
    g_free(submission->login);
    g_free(submission->sender);
    g_free(submission->key);
    outcome_clear(&submission->outcome);
    g_free(submission);
}

static void
log_outcome(const Submission *submission)
{
    const Outcome *outcome = &submission->outcome;
    g_autofree char *session = g_strdup_printf("%" G_GUINT64_FORMAT, submission->session_id);
    g_autofree char *recipients = g_strdup_printf("%u", submission->recipients);
    g_autofree char *octets = g_strdup_printf("%" G_GUINT64_FORMAT, submission->octets);

    pop4_log(NULL, POP4_LOG_INFO, "submission", "session", session, "rip", submission->peer,
             "result", pop4_submission_result_name(outcome->result), "recipients", recipients,
             "octets", octets, "queue-id", outcome->queue_id, "user", submission->login,
             "sender", submission->sender, "reason", outcome->reason, "reply", outcome->reply,
             NULL);
}

/* The reply to the client, and word to the hooks. */
static gboolean
answer(Pop4Session *session, const Submission *submission, GError **error)
{
    const Outcome *outcome = &submission->outcome;
    const Pop4Submission told = {
        .result = outcome->result,
        .sender = submission->sender,
        .recipients = submission->recipients,
        .octets = submission->octets,
        .reply = outcome->reply != NULL ? outcome->reply : outcome->reason,
        .queue_id = outcome->queue_id,
    };

    pop4_session_submitted(session, &told);
    if (outcome->result == POP4_SUBMISSION_SENT) {
        pop4_reply_ok(session, SENT);
        return TRUE;
    }
    gboolean for_good = outcome->result == POP4_SUBMISSION_REFUSED;
    g_set_error(error, POP4_ERROR, for_good ? POP4_ERROR_PERMANENT : POP4_ERROR_TEMPORARY,
                NOT_SENT "%s", outcome->reason);
    return FALSE;
}

/* What was never handed on. @reason: (transfer full) */
static gboolean
refuse(Pop4Session *session, Submission *submission, GError *reason, GError **error)
{
    gboolean for_good = g_error_matches(reason, POP4_ERROR, POP4_ERROR_PERMANENT);

    outcome_set(&submission->outcome,
                for_good ? POP4_SUBMISSION_REFUSED : POP4_SUBMISSION_FAILED,
                g_strdup(reason->message));
    g_error_free(reason);
    log_outcome(submission);
    return answer(session, submission, error);
}

/* On the relay's thread. */
static void
note_outcome(Outcome *outcome, gpointer data)
{
    Submission *submission = data;
    gboolean sent = outcome->result == POP4_SUBMISSION_SENT;
    gboolean gone = sent || outcome->result == POP4_SUBMISSION_UNKNOWN;

    submission->outcome = *outcome;
    *outcome = (Outcome){0};
    quota_end(quota, submission->login, submission->recipients, !gone);
    if (submission->key != NULL)
        recent_end(recent, submission->key, sent, clock_seconds());
    log_outcome(submission);
    pop4_suspension_resume(submission->suspension);
    submission_unref(submission);
}

static gboolean
resume(Pop4Session *session, gpointer state, GError **error)
{
    return answer(session, state, error);
}

/* (transfer full) (nullable): without a Message-ID the same octets may be meant twice. */
static char *
make_key(const Submission *submission, const Message *message)
{
    if (message->message_id == NULL || message->message_id[0] == '\0')
        return NULL;
    return g_strjoin("\n", submission->login, message->message_id,
                     spool_get_digest(submission->spool), NULL);
}

static gboolean
answer_again(Pop4Session *session, Submission *submission, RecentState state, GError **error)
{
    if (state == RECENT_RUNNING)
        outcome_set(&submission->outcome, POP4_SUBMISSION_FAILED,
                    g_strdup("this message is still on its way, ask again later"));
    else
        submission->outcome.reply = g_strdup("sent before");
    log_outcome(submission);
    return answer(session, submission, error);
}

/* Everything is in order: hands it on, and lets the session wait. */
static gboolean
hand_on(Pop4Session *session, Submission *submission, Message *message,
        const char *shown_sender, GError **error)
{
    const SubmissionRules *rules = submission->rules;
    g_autoptr(GError) reason = NULL;

    g_autofree char *key = make_key(submission, message);
    RecentState state = key != NULL ? recent_begin(recent, key, clock_seconds()) : RECENT_NEW;
    if (state != RECENT_NEW)
        return answer_again(session, submission, state, error);
    if (!quota_begin(quota, submission->login, &rules->limits, submission->recipients,
                     clock_seconds(), &reason)) {
        if (key != NULL)
            recent_end(recent, key, FALSE, clock_seconds());
        return refuse(session, submission, g_steal_pointer(&reason), error);
    }
    submission->key = g_steal_pointer(&key);
    Parcel *parcel =
        parcel_new(submission->sender, message, trace_make(session, message, shown_sender),
                   g_steal_pointer(&submission->spool));
    submission->suspension =
        pop4_session_suspend(session, rules->send_seconds + GRACE_SECONDS, resume,
                             submission_ref(submission), submission_unref);
    relay_send(rules->relay, parcel, rules->send_seconds, note_outcome,
               submission_ref(submission));
    return TRUE;
}

/* (transfer full) (nullable) */
static Message *
read_message(Submission *submission, GError **error)
{
    if (!spool_finish(submission->spool, error))
        return NULL;
    g_autoptr(Message) message = message_read(submission->spool, error);
    if (message == NULL)
        return NULL;
    submission->recipients = message->recipients->len;
    if (submission->recipients > submission->rules->max_recipients) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "it has more than %u recipients",
                    submission->rules->max_recipients);
        return NULL;
    }
    return g_steal_pointer(&message);
}

/* Whether the client may send it as whom it says. */
static gboolean
judge(Pop4Session *session, Submission *submission, const Message *message,
      gboolean *adds_sender, GError **error)
{
    const SubmissionRules *rules = submission->rules;
    g_auto(GStrv) own = senders_of(&rules->senders, pop4_session_get_identity(session), error);

    if (own == NULL)
        return FALSE;
    submission->sender =
        g_strdup(senders_choose(own, message, rules->from_any, adds_sender, error));
    return submission->sender != NULL;
}

static gboolean
submission_write(gpointer state, const char *octets, gsize length, GError **error)
{
    Submission *submission = state;

    submission->octets += length;
    if (submission->trouble == NULL)
        spool_write(submission->spool, octets, length, &submission->trouble);
    return TRUE;
}

static gboolean
submission_done(Pop4Session *session, gpointer state, GError **error)
{
    Submission *submission = state;
    g_autoptr(GError) reason = NULL;
    gboolean adds_sender = FALSE;

    if (submission->trouble != NULL)
        return refuse(session, submission, g_steal_pointer(&submission->trouble), error);
    g_autoptr(Message) message = read_message(submission, &reason);
    if (message == NULL || !judge(session, submission, message, &adds_sender, &reason))
        return refuse(session, submission, g_steal_pointer(&reason), error);
    return hand_on(session, submission, message, adds_sender ? submission->sender : NULL,
                   error);
}

static const Pop4Sink sink = {submission_write, submission_done, submission_unref};

gboolean
submission_begin(Pop4Session *session, const SubmissionRules *rules, GError **error)
{
    const Pop4Identity *identity = pop4_session_get_identity(session);
    g_auto(GStrv) own = senders_of(&rules->senders, identity, error);

    if (own == NULL || !quota_check(quota, pop4_identity_get_login(identity), &rules->limits,
                                    clock_seconds(), error)) {
        g_prefix_error(error, NOT_SENT);
        return FALSE;
    }
    pop4_reply_receive(session, START, rules->data_seconds, &sink,
                       submission_new(session, rules));
    return TRUE;
}
