/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "conversation.h"

#include "dispatcher.h"
#include "entrance.h"
#include "exchange.h"
#include "hold.h"
#include "hooks.h"
#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "server.h"
#include "session-list.h"
#include "suspension.h"

#include <pop4/error.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/epoll.h>

/* Octets read at once: what a pipelining client has in flight; and what one run may send before
 * the others get their turn. */
#define READ_SIZE 16384
#define SEND_BUDGET (1 << 20)

static void
end(Pop4Session *session)
{
    g_autofree char *retrieved = g_strdup_printf("%u", session->retrieved);
    g_autofree char *deleted = g_strdup_printf("%u", session->deleted);
    g_autofree char *octets = g_strdup_printf("%" G_GUINT64_FORMAT, session->octets_out);
    const Pop4Identity *identity = session->identity;

    if (session->has_connected)
        hooks_closed(session);
    /* Who reads "closed" may log in again at once. */
    session_leave_maildrop(session);
    pop4_log(session, session->is_probe ? POP4_LOG_DEBUG : POP4_LOG_INFO, "closed", "reason",
             close_reason_name(session->closing), "retrieved", retrieved, "deleted", deleted,
             "octets-out", octets, "user",
             identity != NULL ? pop4_identity_get_login(identity) : NULL, NULL);
    session_list_remove(server_get_sessions(session->server), session);
    session_free(session);
}

static Step
end_because(Pop4Session *session, CloseReason reason)
{
    if (session->closing == CLOSE_NOT)
        session->closing = reason;
    return STEP_END;
}

static void
note_retrieved(Pop4Session *session)
{
    guint number = session->retrieving;

    session->retrieving = 0;
    session->retrieved++;
    metrics_add(METRIC_MESSAGES_RETRIEVED, 1);
    hooks_retrieved(session, number, session->retrieving_octets);
}

/* Around what may wait for a disk: a body is read as the client takes it. */
static gboolean
begin_reading(Pop4Session *session)
{
    if (session->output.source == NULL || !session->output.source->reads_disk)
        return FALSE;
    worker_begin_blocking(session->worker);
    return TRUE;
}

static Step
send_output(Pop4Session *session)
{
    gsize sent;
    gboolean reading = begin_reading(session);
    IoResult result =
        output_send(&session->output, &session->connection, session->send_budget, &sent);

    if (reading)
        worker_end_blocking(session->worker);
    session->send_budget -= MIN(sent, session->send_budget);
    session->octets_out += sent;
    metrics_add(METRIC_OCTETS_OUT, sent);
    if (result == IO_ENDED)
        return end_because(session, CLOSE_BROKEN);
    if (session->retrieving != 0 && session->output.source == NULL)
        note_retrieved(session);
    return result == IO_BLOCKED ? STEP_WRITE : STEP_GO_ON;
}

/* Takes what the last reply has still to produce into memory, as long as it is little, so that
 * replies to pipelined commands go out together. */
static Step
draw_output(Pop4Session *session)
{
    if (session->output.source == NULL && !output_is_full(&session->output))
        return STEP_GO_ON;
    gboolean reading = begin_reading(session);
    gboolean whole = output_draw(&session->output);
    if (reading)
        worker_end_blocking(session->worker);
    if (!whole)
        return end_because(session, CLOSE_BROKEN);
    if (session->output.source != NULL || output_is_full(&session->output))
        return send_output(session);
    if (session->retrieving != 0)
        note_retrieved(session);
    return STEP_GO_ON;
}

static gboolean
is_one_too_many(Pop4Session *session)
{
    if (session->state != POP4_STATE_AUTHORIZATION || session->continuation != NULL)
        return FALSE;
    if (session->login_commands == 0)
        return TRUE;
    session->login_commands--;
    return FALSE;
}

/* Answers one line or takes one piece of data; FALSE when more input is needed. */
static gboolean
take_input(Pop4Session *session)
{
    char *line;
    gsize length;

    if (session->reception != NULL) {
        if (!dispatcher_receive(session))
            return FALSE;
        dispatcher_finish_receive(session);
        return TRUE;
    }
    switch (line_reader_next(&session->reader, &session->input, dispatcher_line_limit(session),
                             &line, &length)) {
    case LINE_NONE:
        return FALSE;
    case LINE_READY:
        if (is_one_too_many(session))
            end_because(session, CLOSE_LOGIN_LIMIT);
        else
            dispatcher_run(session, line, length);
        return TRUE;
    case LINE_TOO_LONG:
        dispatcher_refuse(session, "Line too long");
        return TRUE;
    case LINE_HAS_NUL:
        dispatcher_refuse(session, "A line must not contain NUL");
        return TRUE;
    }
    g_assert_not_reached();
}

/* What a stranger may send has an end. */
static Step
count_input(Pop4Session *session, gsize octets)
{
    if (session->state != POP4_STATE_AUTHORIZATION)
        return STEP_GO_ON;
    if (octets > session->login_octets)
        return end_because(session, CLOSE_LOGIN_LIMIT);
    session->login_octets -= octets;
    return STEP_GO_ON;
}

static Step
read_input(Pop4Session *session)
{
    gsize got;
    char *room = buffer_reserve(&session->input, READ_SIZE);

    switch (connection_read(&session->connection, room, READ_SIZE, &got)) {
    case IO_DONE:
        buffer_added(&session->input, got);
        metrics_add(METRIC_OCTETS_IN, got);
        return count_input(session, got);
    case IO_BLOCKED:
        return STEP_READ;
    case IO_ENDED:
        return end_because(session, CLOSE_BY_CLIENT);
    }
    g_assert_not_reached();
}

/* Whether a suspension goes on: one of a kind that ends by input does not with some. */
static Step
wait_on(Pop4Session *session)
{
    Step step = send_output(session);

    if (step != STEP_GO_ON)
        return step;
    if (!suspension_ends_by_input(session))
        return STEP_SUSPEND;
    if (buffer_length(&session->input) == 0)
        step = read_input(session);
    if (step == STEP_READ)
        return STEP_SUSPEND;
    if (step == STEP_GO_ON)
        suspension_expire(session);
    return step;
}

/* What stands before the next command: the end, a suspension, replies that fill the memory. */
static Step
settle(Pop4Session *session)
{
    gint doom = g_atomic_int_get(&session->doom);
    if (doom != CLOSE_NOT)
        return end_because(session, doom);
    if (hold_is_on(session))
        return STEP_HOLD;

    Step step = draw_output(session);
    if (step != STEP_GO_ON)
        return step;
    switch (suspension_get_state(session)) {
    case SUSPENSION_NONE:
        break;
    case SUSPENSION_WAITING:
        return wait_on(session);
    case SUSPENSION_RESUMED:
    case SUSPENSION_EXPIRED:
        dispatcher_finish_suspension(session);
        step = draw_output(session);
        if (step != STEP_GO_ON || session->suspension != NULL)
            return step;
        break;
    }
    if (session->closing != CLOSE_NOT) {
        step = send_output(session);
        return step == STEP_GO_ON ? STEP_END : step;
    }
    return STEP_GO_ON;
}

/* The reply that announces it is the last in clear. */
static Step
turn_to_tls(Pop4Session *session)
{
    Step step = send_output(session);

    if (step == STEP_GO_ON)
        entrance_start_tls(session);
    return step;
}

/* As far as the session gets without waiting. */
static Step
run(Pop4Session *session)
{
    gboolean has_read = FALSE;

    for (;;) {
        Step step = entrance_run(session);
        if (step == STEP_GO_ON)
            step = settle(session);
        if (step == STEP_GO_ON && session->starts_tls)
            step = turn_to_tls(session);
        if (step != STEP_GO_ON)
            return step;
        if (session->stage != STAGE_COMMANDS)
            continue;
        if (session->suspension != NULL || take_input(session))
            continue;
        step = send_output(session);
        if (step != STEP_GO_ON)
            return step;
        /* A second read would mostly find nothing: epoll tells when there is more. */
        if (has_read)
            return STEP_READ;
        has_read = TRUE;
        step = read_input(session);
        if (step != STEP_GO_ON)
            return step;
    }
}

static void
attach(Pop4Session *session, Worker *worker)
{
    Buffer kept = session->input;

    session->worker = worker;
    session->send_budget = SEND_BUDGET;
    g_atomic_int_set(&session->deadline, G_MAXINT);
    session->input = worker->input;
    worker->input = (Buffer){0};
    buffer_move(&session->input, &kept);
    output_attach(&session->output, &worker->output);
}

static void
detach(Pop4Session *session, Worker *worker)
{
    Buffer kept = {0};
    gsize length = buffer_length(&session->input);

    if (length > 0) {
        buffer_append(&kept, buffer_head(&session->input), length);
        /* It may hold a password that is not whole yet. */
        explicit_bzero(buffer_head(&session->input), length);
    }
    worker->input = session->input;
    worker->input.start = worker->input.end = 0;
    session->input = kept;
    output_detach(&session->output, &worker->output);
    session->worker = NULL;
}

static void
set_deadline_for(Pop4Session *session, Step step)
{
    guint own = exchange_timeout(session);
    gint silence = (gint)(own != 0 ? own : session->set->idle_timeout);

    if (step == STEP_WRITE)
        session_set_write_deadline(session);
    else if (session->state == POP4_STATE_AUTHORIZATION)
        session_set_deadline(session, session->login_end, CLOSE_LOGIN_TIMEOUT);
    else
        session_set_deadline(session, session_clock() + silence, CLOSE_IDLE_TIMEOUT);
}

/* The last that this thread does with the session, unless it cannot be watched. */
static void
watch(Pop4Session *session, WorkerPool *pool, guint events)
{
    if (session->watched) {
        worker_pool_arm(pool, session->connection.fd, &session->event, events);
        return;
    }
    session->watched = TRUE;
    if (!worker_pool_add(pool, session->connection.fd, &session->event, events)) {
        end_because(session, CLOSE_BROKEN);
        end(session);
    }
}

/* Lets go of the session; FALSE when it has to go on at once. Afterwards another worker may run
 * it, or have ended it. */
static gboolean
park(Pop4Session *session, Worker *worker, Step step)
{
    detach(session, worker);
    switch (step) {
    case STEP_END:
        end(session);
        return TRUE;
    case STEP_SUSPEND:
        if (suspension_park(session))
            return TRUE;
        attach(session, worker);
        return FALSE;
    case STEP_HOLD:
        hold_park(session);
        return TRUE;
    case STEP_READ:
    case STEP_WRITE:
        set_deadline_for(session, step);
        watch(session, worker->pool, step == STEP_READ ? EPOLLIN : EPOLLOUT);
        return TRUE;
    case STEP_GO_ON:
        break;
    }
    g_assert_not_reached();
}

static void
conversation_run(EventSource *source, Worker *worker, guint events)
{
    Pop4Session *session = (Pop4Session *)source;

    attach(session, worker);
    while (!park(session, worker, run(session)))
        ;
}

void
conversation_begin(Server *server, Worker *worker, const ListenerSettings *listener, int fd,
                   const char *peer)
{
    Pop4Session *session = session_new(server, listener, fd, peer);

    session->event.run = conversation_run;
    session_list_add(server_get_sessions(server), session);

    attach(session, worker);
    Step step = entrance_run(session);
    if (step == STEP_GO_ON)
        step = settle(session);
    if (step == STEP_GO_ON)
        step = send_output(session);
    if (step == STEP_GO_ON)
        step = STEP_READ;
    while (!park(session, worker, step))
        step = run(session);
}
