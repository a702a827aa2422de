/* One message on its way to a mail server (RFC 5321), by libcurl: all recipients or none. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "outcome.h"
#include "parcel.h"
#include "target.h"

#include <curl/curl.h>

/* A thread's way to a mail server: a connection that stays open between messages. */
typedef struct {
    CURL *easy;
    GArray *sockets; /* int: open ones */
    /* Announced last (RFC 5321, section 4.1.1.1). */
    gboolean has_8bitmime; /* RFC 6152 */
    gboolean has_smtputf8; /* RFC 6531 */
} SmtpHost;

/* Once, before any other; main thread. */
void smtp_init(void);

void smtp_host_init(SmtpHost *host);

/* Says QUIT, and does not wait for the answer. */
void smtp_host_clear(SmtpHost *host);

/* Blocks until the mail server has taken @parcel for all recipients, or has not. @deadline:
 * microseconds of the monotonic clock. */
void smtp_send(SmtpHost *host, const Target *target, Parcel *parcel, gint64 deadline,
               Outcome *outcome);
