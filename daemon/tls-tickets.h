/* The keys of session tickets (RFC 5077, RFC 8446): the process's own, changed every few hours.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

struct ssl_ctx_st;

/* A client may come back for that long; twice as long a stolen key would open old tickets. */
#define TLS_TICKET_SECONDS (6 * 3600)

/* Has @context seal its tickets by these keys. */
void tls_tickets_use(struct ssl_ctx_st *context);

#define TLS_TICKET_NAME_SIZE 16

typedef struct {
    guint8 name[TLS_TICKET_NAME_SIZE];
    guint8 cipher_key[32];
    guint8 mac_key[32];
    gint64 born; /* monotonic seconds */
} TlsTicketKey;

/* The key to seal with at @now; FALSE when there is no randomness to make one of. Any thread.
 */
gboolean tls_tickets_current(gint64 now, TlsTicketKey *key_out);

/* The key of that name if a ticket under it is still good at @now; @is_old_out: to be sealed
 * anew. Any thread. */
gboolean tls_tickets_find(const guint8 name[TLS_TICKET_NAME_SIZE], gint64 now,
                          TlsTicketKey *key_out, gboolean *is_old_out);
