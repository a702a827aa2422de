/* TLS on one connection, the server's side. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "io-result.h"
#include "tls-context.h"

#include <pop4/tls.h>

typedef struct Tls Tls;

/* @context outlives it; @fd stays the caller's. (nullable): NULL without memory. */
Tls *tls_new(const TlsContext *context, int fd);
void tls_free(Tls *tls);

/**
 * tls_handshake:
 * @wants_write_out: (out): with %IO_BLOCKED, whether to wait for room instead of octets
 *
 * Returns: %IO_DONE when it is over; %IO_ENDED when it has failed, and tls_get_failure() why
 */
IoResult tls_handshake(Tls *tls, gboolean *wants_write_out);

/* Behind the handshake; as connection_read() and connection_write(). */
IoResult tls_read(Tls *tls, void *octets, gsize size, gsize *done_out);
IoResult tls_write(Tls *tls, const void *octets, gsize size, gsize *done_out);

/* Frees what the library keeps for a thread that ends. */
void tls_end_thread(void);

/* Says that nothing will follow (close_notify), if the socket takes it. */
void tls_end(Tls *tls);

/* Borrowed, for the log: "TLSv1.3", "TLS_AES_256_GCM_SHA384"; why a handshake has failed. */
const char *tls_get_version(const Tls *tls);
const char *tls_get_cipher(const Tls *tls);
const char *tls_get_failure(const Tls *tls);

/* As pop4_session_get_channel_binding() and pop4_session_get_certificate_names(). */
GBytes *tls_get_channel_binding(const Tls *tls, const char *type);
char **tls_get_certificate_names(const Tls *tls, Pop4CertificateName kind);
