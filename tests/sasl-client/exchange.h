/* AUTH from the client's side, by libsasl2 (RFC 5034). */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "wire.h"

typedef struct {
    const char *mechanism, *user, *password, *acts_for;
    const char *binding;       /* (nullable): its type */
    gboolean corrupt_binding;  /* other octets than the connection's */
    gboolean claims_no_plus;   /* "y" of RFC 5802: could bind, was offered no -PLUS */
    gboolean keeps_silent;     /* no initial response */
    const char *first_message; /* (nullable): instead of libsasl2's, base64 */
    int cancel;                /* "*" instead of the answer to that challenge; 0 = none */
} ExchangeOptions;

/* TRUE when the server has let us in, FALSE when it has refused. Ends the program with status 2
 * where it does neither, or lets us in before it has proved who it is. */
gboolean exchange_run(Wire *wire, const ExchangeOptions *options);
