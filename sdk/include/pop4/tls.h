/* What a plugin may know and ask of the way a session's octets travel: TLS or in clear. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

/* All on the session's thread. */

/* Whether the session speaks TLS with this server. */
POP4_API gboolean pop4_session_has_tls(const Pop4Session *session);

/* (nullable): "TLSv1.3" and "TLS_AES_256_GCM_SHA384"; NULL in clear. */
POP4_API const char *pop4_session_get_tls_version(const Pop4Session *session);
POP4_API const char *pop4_session_get_tls_cipher(const Pop4Session *session);

/* Whether pop4_reply_start_tls() could begin it now: before login, once, where the listener and
 * the certificate allow it. */
POP4_API gboolean pop4_session_offers_tls(const Pop4Session *session);

/* Whether a password may travel as it is: under TLS, or where the listener allows it without.
 */
POP4_API gboolean pop4_session_allows_plaintext(const Pop4Session *session);

/**
 * pop4_reply_start_tls:
 * @text: the text after "+OK"
 *
 * The reply of a command (RFC 2595, section 4): what the client has sent behind the command is
 * dropped, the handshake follows, then a fresh AUTHORIZATION state without a greeting.
 *
 * Returns: %FALSE with an error, and no reply, where pop4_session_offers_tls() says no
 */
POP4_API gboolean pop4_reply_start_tls(Pop4Session *session, const char *text, GError **error);

/**
 * pop4_session_get_channel_binding:
 * @type: "tls-exporter" (RFC 9266), "tls-server-end-point" or "tls-unique" (RFC 5929)
 *
 * Returns: (transfer full) (nullable): NULL without TLS, or where the connection cannot be
 * bound in that way
 */
POP4_API GBytes *pop4_session_get_channel_binding(const Pop4Session *session, const char *type);

/**
 * Pop4CertificateName:
 * @POP4_CERTIFICATE_COMMON_NAME: the subject's common name
 * @POP4_CERTIFICATE_EMAIL: the addresses among the subject's alternative names
 * @POP4_CERTIFICATE_DNS: the host names among them
 */
typedef enum {
    POP4_CERTIFICATE_COMMON_NAME,
    POP4_CERTIFICATE_EMAIL,
    POP4_CERTIFICATE_DNS,
} Pop4CertificateName;

/**
 * pop4_session_get_certificate_names:
 *
 * Returns: (transfer full): the names of that kind in the client's certificate, if it showed
 * one that the server trusts; NULL-terminated, empty without
 */
POP4_API char **pop4_session_get_certificate_names(const Pop4Session *session,
                                                   Pop4CertificateName kind);

G_END_DECLS
