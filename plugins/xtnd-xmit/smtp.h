/* One message on its way to a mail server (RFC 5321), by libcurl: all recipients or none. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "outcome.h"
#include "parcel.h"
#include "target.h"

#include <curl/curl.h>

/* What the transfers of one thread to one mail server share. */
typedef struct {
    /* Announced last (RFC 5321, section 4.1.1.1). */
    gboolean has_8bitmime; /* RFC 6152 */
    gboolean has_smtputf8; /* RFC 6531 */
    GArray *sockets;       /* int: open ones */
} SmtpHost;

void smtp_host_init(SmtpHost *host);
void smtp_host_clear(SmtpHost *host);

/* Nothing the mail server has still to say is waited for: libcurl asks each open connection to
 * end when it is closed, and would wait for the answer. */
void smtp_host_hush(SmtpHost *host);

typedef struct Smtp Smtp;

/**
 * smtp_new:
 * @target, @host, @parcel: outlive it
 * @milliseconds: that it may take in all
 * @afresh: not on a connection that is open already
 * @owner: found again by CURLINFO_PRIVATE
 *
 * Returns: (transfer full)
 */
Smtp *smtp_new(const Target *target, SmtpHost *host, Parcel *parcel, long milliseconds,
               gboolean afresh, gpointer owner);
void smtp_free(Smtp *smtp);

CURL *smtp_get_handle(const Smtp *smtp);

/* Whether it has failed for no other reason than that an open connection was no longer one. */
gboolean smtp_was_stale(const Smtp *smtp, CURLcode code);

void smtp_finish(const Smtp *smtp, CURLcode code, Outcome *outcome);
