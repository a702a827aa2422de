/* The server's side of TLS before there is a connection: certificates and rules, immutable. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "settings.h"

typedef struct TlsContext TlsContext;

/* Before any other use of the library; main thread. Afterwards it stays until the process has
 * ended: a plugin's thread may still be in the middle of it at the exit. */
void tls_context_init_library(void);

/**
 * tls_context_new:
 * @settings: its [tls] and [tls NAME] groups
 *
 * Reads the files. Main thread.
 *
 * Returns: (transfer full) (nullable): NULL without a [tls] group, or with @faults
 */
TlsContext *tls_context_new(const Settings *settings, Faults *faults);

/* Any thread. */
TlsContext *tls_context_ref(TlsContext *context);
void tls_context_unref(TlsContext *context);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TlsContext, tls_context_unref)

/* For tls.c: borrowed. */
struct ssl_ctx_st *tls_context_get(const TlsContext *context);
