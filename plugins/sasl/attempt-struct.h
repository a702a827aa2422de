/* The inside of an attempt, for those of its files that libsasl2 calls. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "attempt.h"

#include <sasl/sasl.h>

typedef enum {
    VERDICT_NONE,     /* libsasl2's result tells */
    VERDICT_REFUSED,  /* somebody who knows has said no */
    VERDICT_IN_DOUBT, /* one of those who know could not tell */
} Verdict;

struct Attempt {
    grefcount references;
    const Backend *backend;
    const Pop4Session *session; /* (nullable) */
    const char *mechanism;      /* (nullable): borrowed from the backend */
    const char *method;         /* the way to check a password */
    gboolean is_rehearsal;
    gboolean started;
    gboolean asks_first; /* the first message is asked for without libsasl2 */
    Verdict verdict;
    char *message; /* (nullable): the last that libsasl2 has logged */

    char *name;             /* (nullable): whom the client says it is */
    char *acts_for;         /* (nullable): whose maildrop it asks for, if it says so */
    char *login;            /* (nullable): who a directory says that @name is */
    Pop4Identity *proven;   /* (nullable): the whole of it, from who has checked the password */
    char *external;         /* (nullable): who the certificate says it is */
    GBytes *binding_octets; /* (nullable) */
    char binding_type[64];
    sasl_channel_binding_t binding;

    gboolean has_key;
    guint8 key[CACHE_KEY_SIZE]; /* of the password that is being checked */
    sasl_conn_t *connection;
    sasl_callback_t callbacks[6]; /* libsasl2 keeps a pointer to them */
};

/* @only_method: (nullable): to check a password by this alone, without the cache. */
Attempt *attempt_open(const Backend *backend, const Pop4Session *session,
                      const char *only_method, GError **error);

/* The method that libsasl2 itself goes by. */
const char *password_last_method(const Backend *backend);

/* SASL_CB_PROXY_POLICY */
int identify_allow(sasl_conn_t *connection, void *context, const char *other,
                   unsigned other_length, const char *own, unsigned own_length,
                   const char *realm, unsigned realm_length, struct propctx *properties);

/* SASL_CB_SERVER_USERDB_CHECKPASS */
int password_check_first(sasl_conn_t *connection, void *context, const char *user,
                         const char *password, unsigned length, struct propctx *properties);
