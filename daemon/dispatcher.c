/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "dispatcher.h"

#include "args.h"
#include "exchange.h"
#include "hooks.h"
#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "suspension.h"
#include "waiting-room.h"

#include <pop4/error.h>
#include <string.h>

gsize
dispatcher_line_limit(const Pop4Session *session)
{
    if (session->continuation != NULL)
        return exchange_line_limit(session);
    if (buffer_length(&session->input) < POP4_LINE_MAX)
        return POP4_LINE_MAX;
    return command_table_line_limit(session->set->commands, buffer_head(&session->input),
                                    buffer_length(&session->input));
}

/* "XTND" and "xmit ..." find "XTND XMIT"; @rest then stands behind the subverb. */
static const Pop4Command *
find_with_subverb(const CommandTable *table, const char *verb, char **rest)
{
    char *subverb = *rest + strspn(*rest, " \t");
    int length = (int)strcspn(subverb, " \t");
    g_autofree char *both = g_strdup_printf("%s %.*s", verb, length, subverb);
    const Pop4Command *command = command_table_find(table, both);

    if (command != NULL)
        args_next_word(rest);
    return command;
}

static const Pop4Command *
find_command(const CommandTable *table, char **rest)
{
    const char *verb = args_next_word(rest);
    const Pop4Command *command = NULL;

    if (command_table_has_subverbs(table, verb))
        command = find_with_subverb(table, verb, rest);
    return command != NULL ? command : command_table_find(table, verb);
}

static gboolean
check(const Pop4Command *command, const Pop4Session *session, const Pop4Args *args,
      GError **error)
{
    /* Behind pop4_session_finish() there is no state to be in. */
    if (!(command->states & session->state) ||
        (session->state == POP4_STATE_TRANSACTION && session->maildrop == NULL)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "Only valid %s login",
                    session->state == POP4_STATE_AUTHORIZATION ? "after" : "before");
        return FALSE;
    }
    if (args->overflow || args->argc < command->min_args || args->argc > command->max_args) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, "Wrong number of arguments");
        return FALSE;
    }
    return TRUE;
}

/* How long a stranger waits for a thread; a client gives up not much later. */
#define WAIT_SECONDS 30

typedef gboolean (*AnswerFunc)(Pop4Session *session, gpointer input, GError **error);

typedef struct {
    const char *text;
    gsize length;
} Line;

static gboolean run_command(Pop4Session *session, gpointer rest, GError **error);
static gboolean run_continuation(Pop4Session *session, gpointer input, GError **error);
static gboolean run_resume(Pop4Session *session, gpointer unused, GError **error);

static void
count_bad_command(Pop4Session *session, const GError *error)
{
    /* Guesses of a password, too, have an end. */
    if (!g_error_matches(error, POP4_ERROR, POP4_ERROR_SYNTAX) &&
        !g_error_matches(error, POP4_ERROR, POP4_ERROR_AUTH))
        return;
    if (++session->bad_commands >= session->set->max_bad_commands &&
        session->closing == CLOSE_NOT)
        session->closing = CLOSE_BAD_COMMANDS;
}

/* Whatever the function had begun is over. A client that has a reply already would take the
 * error for that of its next command, so it gets no more. */
static void
tell_error(Pop4Session *session, const GError *error)
{
    exchange_clear(session);
    suspension_clear(session);
    output_drop_source(&session->output);
    session->retrieving = 0;
    if (session->replies > 0 && session->closing == CLOSE_NOT)
        session->closing = CLOSE_BROKEN;
    reply_error(session, error);
    count_bad_command(session, error);
}

/* What a stranger had to say when there was no thread for it. */
typedef struct {
    AnswerFunc func;
    char *text; /* owned; it may be a password */
    gsize length;
} Waiting;

static void
waiting_free(gpointer data)
{
    Waiting *waiting = data;

    explicit_bzero(waiting->text, waiting->length);
    g_free(waiting->text);
    g_free(waiting);
}

static gboolean
run_waiting(Pop4Session *session, gpointer state, GError **error)
{
    Waiting *waiting = state;
    Line line = {waiting->text, waiting->length};

    return waiting->func(session,
                         waiting->func == run_command ? (gpointer)waiting->text : &line, error);
}

static Pop4Suspension *
suspend_for_thread(Pop4Session *session, AnswerFunc func, gpointer input)
{
    Waiting *waiting = g_new(Waiting, 1);
    const Line *line = input;

    waiting->func = func;
    waiting->text = g_strdup(func == run_command ? input : line->text);
    waiting->length = strlen(waiting->text);
    return pop4_session_suspend(session, WAIT_SECONDS, run_waiting, waiting, waiting_free);
}

/* FALSE for what cannot wait. */
static gboolean
wait_for_thread(Pop4Session *session, AnswerFunc func, gpointer input)
{
    if (func == run_resume)
        waiting_room_enter(suspension_wait_again(session));
    else if (func == run_command || func == run_continuation)
        waiting_room_enter(suspend_for_thread(session, func, input));
    else
        return FALSE;
    return TRUE;
}

/* Strangers can make many threads wait, with wrong passwords at a slow directory: the last that
 * serves others is not theirs. */
static gboolean
may_block(Pop4Session *session)
{
    return worker_begin_blocking(session->worker) || session->state == POP4_STATE_TRANSACTION;
}

static void
settle_answer(Pop4Session *session, gboolean done, GError *error)
{
    g_autoptr(GError) owned = error;

    if (done && session->replies == 0 && session->suspension == NULL)
        g_set_error(&owned, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the handler did not reply");
    else if (!done && owned == NULL)
        g_set_error(&owned, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the handler gave no error");
    if (owned != NULL)
        tell_error(session, owned);
    if (session->command != NULL && session->suspension == NULL &&
        session->continuation == NULL && session->reception == NULL)
        hooks_command_done(session, session->command, owned);
}

static gboolean
blocks(Pop4Session *session, AnswerFunc func)
{
    /* A suspension that took too long only has to be told so. */
    return session->command != NULL && (session->command->flags & POP4_COMMAND_BLOCKS) &&
           (func != run_resume || suspension_get_state(session) == SUSPENSION_RESUMED);
}

/* Runs one of a plugin's functions that must reply, ask, suspend or fail; at once, or when
 * there is a thread for it. */
static void
answer(Pop4Session *session, AnswerFunc func, gpointer input)
{
    GError *error = NULL;
    gboolean done = FALSE;

    session->replies = 0;
    if (!blocks(session, func)) {
        done = func(session, input, &error);
    } else if (may_block(session)) {
        done = func(session, input, &error);
        worker_end_blocking(session->worker);
        waiting_room_admit(1);
    } else {
        worker_end_blocking(session->worker);
        if (wait_for_thread(session, func, input))
            return;
        g_set_error_literal(&error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "The server is busy, try again later");
    }
    settle_answer(session, done, error);
}

static gboolean
run_command(Pop4Session *session, gpointer rest, GError **error)
{
    const Pop4Command *command = session->command;
    Pop4Args args;

    if (command->flags & POP4_COMMAND_RAW_ARGUMENT)
        args_parse_raw(&args, rest);
    else
        args_parse(&args, rest);
    return check(command, session, &args, error) && hooks_command(session, command, error) &&
           command->run(session, &args, error);
}

static gboolean
refuse_unknown(Pop4Session *session, gpointer unused, GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, "Unknown command");
    return FALSE;
}

static void
log_command(const Pop4Session *session, const char *rest)
{
    gboolean secret = session->command->flags & POP4_COMMAND_SECRET_ARGS;

    pop4_log(session, POP4_LOG_DEBUG, "command", "verb", session->command->verb, "arguments",
             secret ? "(secret)" : rest, NULL);
}

static gboolean
run_continuation(Pop4Session *session, gpointer input, GError **error)
{
    const Line *line = input;

    return exchange_continue(session, line->text, line->length, error);
}

void
dispatcher_run(Pop4Session *session, char *line, gsize length)
{
    char *rest = line;
    Line whole = {line, length};

    if (session->continuation != NULL) {
        answer(session, run_continuation, &whole);
    } else {
        session->command_number++;
        metrics_add(METRIC_COMMANDS, 1);
        session->command = find_command(session->set->commands, &rest);
        if (session->command != NULL && log_is_on(POP4_LOG_DEBUG))
            log_command(session, rest);
        answer(session, session->command != NULL ? run_command : refuse_unknown, rest);
    }
    if (session->command != NULL && (session->command->flags & POP4_COMMAND_SECRET_ARGS))
        explicit_bzero(line, length);
}

gboolean
dispatcher_receive(Pop4Session *session)
{
    gboolean blocks = session->command->flags & POP4_COMMAND_BLOCKS;

    if (blocks)
        worker_begin_blocking(session->worker);
    gboolean whole = exchange_receive(session);
    if (blocks)
        worker_end_blocking(session->worker);
    return whole;
}

static gboolean
run_receive(Pop4Session *session, gpointer unused, GError **error)
{
    return exchange_finish_receive(session, error);
}

void
dispatcher_finish_receive(Pop4Session *session)
{
    answer(session, run_receive, NULL);
}

static gboolean
run_resume(Pop4Session *session, gpointer unused, GError **error)
{
    return suspension_finish(session, error);
}

void
dispatcher_finish_suspension(Pop4Session *session)
{
    answer(session, run_resume, NULL);
}

static gboolean
refuse_line(Pop4Session *session, gpointer reason, GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, reason);
    return FALSE;
}

void
dispatcher_refuse(Pop4Session *session, const char *reason)
{
    /* A continuation with no legal answer is over, and with it its command. */
    if (session->continuation == NULL) {
        session->command = NULL;
        session->command_number++;
    }
    exchange_clear(session);
    answer(session, refuse_line, (gpointer)reason);
}
