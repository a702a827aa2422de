/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "entrance.h"

#include "hooks.h"
#include "metrics.h"
#include "proxy-header.h"
#include "reply.h"
#include "tls.h"

#include <pop4/error.h>
#include <pop4/log.h>
#include <pop4/server.h>
#include <string.h>

/* Octets looked at for a PROXY header. */
#define PEEK_SIZE PROXY_HEADER_MAX

/* The address of a client that its proxy does not name. */
#define NOBODY "0.0.0.0"

static Step
refuse(Pop4Session *session)
{
    if (session->closing == CLOSE_NOT)
        session->closing = CLOSE_REFUSED;
    return STEP_END;
}

static Step
refuse_header(Pop4Session *session)
{
    pop4_log(session, POP4_LOG_WARNING, "proxy-refused", "reason", "no PROXY header", NULL);
    return refuse(session);
}

/* Until here the proxy's address stood for the client's. */
static void
take_header(Pop4Session *session, const ProxyHeader *header)
{
    session->is_probe = header->local;
    session->came_by_tls = header->tls;
    /* Whom the proxy does not name is nobody: certainly not the proxy, who may have more
     * rights. */
    if (!header->local)
        g_strlcpy(session->peer, header->address[0] != '\0' ? header->address : NOBODY,
                  sizeof session->peer);
    session->stage = STAGE_CONNECTED;
}

/* What has come is only looked at until it is known to belong to the header: the octets behind
 * it may be the client's TLS handshake, and stay in the socket. */
static Step
read_header(Pop4Session *session)
{
    guint8 octets[PEEK_SIZE];
    gsize kept = buffer_length(&session->input);
    ProxyHeader header;
    gsize peeked, taken, done;

    if (kept > 0)
        memcpy(octets, buffer_head(&session->input), kept);
    IoResult result =
        connection_peek(&session->connection, octets + kept, sizeof octets - kept, &peeked);
    if (result != IO_DONE)
        return result == IO_BLOCKED ? STEP_READ : refuse(session);
    ProxyHeaderResult parsed = proxy_header_parse(octets, kept + peeked, &header, &taken);
    if (parsed == PROXY_HEADER_BAD || taken > sizeof octets)
        return refuse_header(session);

    gsize wanted = MIN(taken - kept, peeked);
    if (connection_read(&session->connection, octets + kept, wanted, &done) != IO_DONE ||
        done != wanted)
        return refuse(session);
    if (parsed == PROXY_HEADER_MORE) {
        buffer_append(&session->input, octets + kept, wanted);
        return STEP_READ;
    }
    buffer_take(&session->input, kept);
    take_header(session, &header);
    return STEP_GO_ON;
}

static gboolean
begin_handshake(Pop4Session *session)
{
    if (session->set->tls != NULL)
        session->connection.tls = tls_new(session->set->tls, session->connection.fd);
    session->stage = STAGE_HANDSHAKE;
    return session->connection.tls != NULL;
}

/* The plugins' word; a refusal before TLS costs no handshake, and cannot be told. */
static Step
connect_client(Pop4Session *session)
{
    g_autoptr(GError) error = NULL;
    gboolean implicit = session->listener->tls == TLS_IMPLICIT;

    /* A proxy that only asks whether we are there is nobody's client. */
    if (!session->is_probe) {
        metrics_add(METRIC_CONNECTIONS, 1);
        pop4_log(session, POP4_LOG_DEBUG, "connected", "listener", session->listener->name,
                 NULL);
        session->has_connected = TRUE;
        if (!hooks_connected(session, &error)) {
            if (implicit)
                return refuse(session);
            session->closing = CLOSE_REFUSED;
            session->stage = STAGE_COMMANDS;
            reply_error(session, error);
            return STEP_GO_ON;
        }
    }
    session->stage = STAGE_GREETING;
    if (implicit && !begin_handshake(session))
        return refuse(session);
    return STEP_GO_ON;
}

static Step
shake_hands(Pop4Session *session)
{
    Tls *tls = session->connection.tls;
    gboolean wants_write = FALSE;

    switch (tls_handshake(tls, &wants_write)) {
    case IO_BLOCKED:
        return wants_write ? STEP_WRITE : STEP_READ;
    case IO_ENDED:
        /* A proxy may only see whether the port is open. */
        if (!session->is_probe)
            metrics_add(METRIC_TLS_FAILED, 1);
        pop4_log(session, session->is_probe ? POP4_LOG_DEBUG : POP4_LOG_INFO, "tls-failed",
                 "reason", tls_get_failure(tls), NULL);
        if (session->closing == CLOSE_NOT)
            session->closing = CLOSE_TLS;
        return STEP_END;
    case IO_DONE:
        break;
    }
    metrics_add(METRIC_TLS_HANDSHAKES, 1);
    pop4_log(session, POP4_LOG_DEBUG, "tls", "version", tls_get_version(tls), "cipher",
             tls_get_cipher(tls), NULL);
    if (session->greeted) {
        session->stage = STAGE_COMMANDS;
        hooks_secured(session);
    } else {
        session->stage = STAGE_GREETING;
    }
    return STEP_GO_ON;
}

static void
greet(Pop4Session *session)
{
    g_autoptr(GString) words = g_string_new(NULL);

    session->replies = 0;
    hooks_greeting(session, words);
    /* A stamp comes last, and what is spoken stands behind the name. */
    const char *stamp = strstr(words->str, " <");
    int spoken = stamp != NULL ? (int)(stamp - words->str) : (int)words->len;
    pop4_reply_ok(session, "%s%.*s ready%s", pop4_server_get_hostname(), spoken, words->str,
                  words->str + spoken);
    session->greeted = TRUE;
    session->stage = STAGE_COMMANDS;
}

Step
entrance_run(Pop4Session *session)
{
    Step step = STEP_GO_ON;

    while (step == STEP_GO_ON && session->stage != STAGE_COMMANDS) {
        if (g_atomic_int_get(&session->doom) != CLOSE_NOT) {
            session->closing = (CloseReason)g_atomic_int_get(&session->doom);
            return STEP_END;
        }
        switch (session->stage) {
        case STAGE_PROXY:
            step = read_header(session);
            break;
        case STAGE_CONNECTED:
            step = connect_client(session);
            break;
        case STAGE_HANDSHAKE:
            step = shake_hands(session);
            break;
        case STAGE_GREETING:
            greet(session);
            break;
        case STAGE_COMMANDS:
            break;
        }
    }
    return step;
}

/* RFC 2595, section 4: nothing that came in clear outlives it. A client has nothing to say
 * before the handshake; what stands there somebody else may have put in. */
static void
drop_input(Pop4Session *session)
{
    gsize length = buffer_length(&session->input);

    session->reader = (LineReader){0};
    if (length == 0)
        return;
    g_autofree char *octets = g_strdup_printf("%" G_GSIZE_FORMAT, length);
    pop4_log(session, POP4_LOG_WARNING, "input-behind-tls-command", "octets", octets, NULL);
    explicit_bzero(buffer_head(&session->input), length);
    buffer_take(&session->input, length);
}

void
entrance_start_tls(Pop4Session *session)
{
    session->starts_tls = FALSE;
    drop_input(session);
    if (!begin_handshake(session))
        session->closing = CLOSE_BROKEN;
}
