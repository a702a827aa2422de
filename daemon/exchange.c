/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "exchange.h"

#include "dot-reader.h"
#include "reply.h"

#include <pop4/reply.h>
#include <string.h>

struct Continuation {
    Pop4ContinueFunc next;
    gpointer state;
    GDestroyNotify destroy;
    guint max_line;
};

struct Reception {
    const Pop4Sink *sink;
    gpointer state;
    guint timeout;
    DotReader reader;
    GError *error; /* the sink's first failure; the rest is swallowed */
};

static void
continuation_free(Continuation *continuation)
{
    if (continuation->destroy != NULL && continuation->state != NULL)
        continuation->destroy(continuation->state);
    g_free(continuation);
}

static void
reception_free(Reception *reception)
{
    if (reception->sink->destroy != NULL)
        reception->sink->destroy(reception->state);
    g_clear_error(&reception->error);
    g_free(reception);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Continuation, continuation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reception, reception_free)

void
pop4_reply_continue(Pop4Session *session, const char *challenge, guint max_line,
                    Pop4ContinueFunc next, gpointer state, GDestroyNotify destroy)
{
    g_return_if_fail(session->continuation == NULL && max_line <= POP4_LINE_LIMIT);

    Continuation *continuation = g_new(Continuation, 1);
    *continuation = (Continuation){next, state, destroy, max_line};
    session->continuation = continuation;
    reply_challenge(session, challenge);
}

gsize
exchange_line_limit(const Pop4Session *session)
{
    return session->continuation->max_line;
}

gboolean
exchange_continue(Pop4Session *session, const char *line, gsize length, GError **error)
{
    g_autoptr(Continuation) continuation = g_steal_pointer(&session->continuation);

    return continuation->next(session, line, length, continuation->state, error);
}

void
pop4_reply_receive(Pop4Session *session, const char *text, guint timeout, const Pop4Sink *sink,
                   gpointer state)
{
    g_return_if_fail(session->reception == NULL);

    Reception *reception = g_new0(Reception, 1);
    reception->sink = sink;
    reception->state = state;
    reception->timeout = timeout;
    dot_reader_init(&reception->reader);
    session->reception = reception;
    pop4_reply_ok(session, "%s", text);
}

guint
exchange_timeout(const Pop4Session *session)
{
    return session->reception != NULL ? session->reception->timeout : 0;
}

static void
take(gpointer data, const char *octets, gsize length)
{
    Reception *reception = data;

    if (reception->error != NULL || length == 0)
        return;
    if (!reception->sink->write(reception->state, octets, length, &reception->error) &&
        reception->error == NULL)
        g_set_error_literal(&reception->error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                            "the sink gave no error");
}

gboolean
exchange_receive(Pop4Session *session)
{
    Reception *reception = session->reception;
    gboolean whole;
    gsize taken = dot_reader_feed(&reception->reader, buffer_head(&session->input),
                                  buffer_length(&session->input), take, reception, &whole);

    buffer_take(&session->input, taken);
    return whole;
}

gboolean
exchange_finish_receive(Pop4Session *session, GError **error)
{
    g_autoptr(Reception) reception = g_steal_pointer(&session->reception);

    if (reception->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&reception->error));
        return FALSE;
    }
    return reception->sink->done(session, reception->state, error);
}

void
exchange_clear(Pop4Session *session)
{
    g_clear_pointer(&session->continuation, continuation_free);
    g_clear_pointer(&session->reception, reception_free);
}
