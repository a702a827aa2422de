/* What travels in secret: <pop4/tls.h> for sessions. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "session.h"
#include "tls.h"

#include <pop4/error.h>

gboolean
pop4_session_has_tls(const Pop4Session *session)
{
    return session->connection.tls != NULL;
}

const char *
pop4_session_get_tls_version(const Pop4Session *session)
{
    return pop4_session_has_tls(session) ? tls_get_version(session->connection.tls) : NULL;
}

const char *
pop4_session_get_tls_cipher(const Pop4Session *session)
{
    return pop4_session_has_tls(session) ? tls_get_cipher(session->connection.tls) : NULL;
}

gboolean
pop4_session_offers_tls(const Pop4Session *session)
{
    return session->state == POP4_STATE_AUTHORIZATION && session->connection.tls == NULL &&
           session->set->tls != NULL && session->listener->tls == TLS_STARTTLS;
}

static gboolean
is_loopback(const char *peer)
{
    return g_str_has_prefix(peer, "127.") || g_str_equal(peer, "::1");
}

gboolean
pop4_session_allows_plaintext(const Pop4Session *session)
{
    if (session->connection.tls != NULL || session->came_by_tls)
        return TRUE;
    switch ((PlaintextRule)session->listener->allow_plaintext) {
    case PLAINTEXT_YES:
        return TRUE;
    case PLAINTEXT_LOOPBACK:
        return is_loopback(session->peer);
    case PLAINTEXT_NO:
        return FALSE;
    }
    return FALSE;
}

gboolean
pop4_reply_start_tls(Pop4Session *session, const char *text, GError **error)
{
    if (!pop4_session_offers_tls(session)) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            session->connection.tls != NULL ? "TLS is active already"
                                                            : "TLS is not available here");
        return FALSE;
    }
    pop4_reply_ok(session, "%s", text);
    session->starts_tls = TRUE;
    return TRUE;
}

GBytes *
pop4_session_get_channel_binding(const Pop4Session *session, const char *type)
{
    return session->connection.tls != NULL
               ? tls_get_channel_binding(session->connection.tls, type)
               : NULL;
}

char **
pop4_session_get_certificate_names(const Pop4Session *session, Pop4CertificateName kind)
{
    return session->connection.tls != NULL
               ? tls_get_certificate_names(session->connection.tls, kind)
               : g_new0(char *, 1);
}
