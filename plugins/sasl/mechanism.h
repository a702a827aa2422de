/* libsasl2 on the server's side: one instance for each use of the plugin, one attempt for each
 * login. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/identity.h>
#include <pop4/types.h>

/* The settings of [plugin sasl]. */
typedef struct {
    char *sasldb;
    char *realm;
    char **mechanisms;
    char **password_check;
    guint64 cache_seconds;
    GHashTable *options; /* libsasl2's own, by name */
} SaslSettings;

typedef struct SaslInstance SaslInstance;

/* Main thread. @settings outlives the instance. NULL with @error when a mechanism is not there
 * or the database cannot be read. */
SaslInstance *sasl_instance_new(const SaslSettings *settings, GError **error);
void sasl_instance_free(SaslInstance *instance);

/* "PLAIN LOGIN" as a list, in the order of the settings. */
const char *const *sasl_instance_mechanisms(const SaslInstance *instance);

typedef struct SaslAttempt SaslAttempt;

/* One thread at a time. */
SaslAttempt *sasl_attempt_new(SaslInstance *instance, GError **error);
void sasl_attempt_free(SaslAttempt *attempt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SaslAttempt, sasl_attempt_free)

typedef enum {
    SASL_STEP_FAILED,   /* with an error */
    SASL_STEP_CONTINUE, /* send the challenge, pass on the answer */
    SASL_STEP_DONE,     /* send the challenge if there is one, then it is a success */
} SaslStep;

/**
 * sasl_attempt_step:
 * @mechanism: to begin with; NULL for what follows
 * @answer: (nullable): the client's octets; NULL only to begin without an initial response
 * @challenge_out: (out) (nullable): the server's octets, borrowed from @attempt
 * @error: %POP4_ERROR_AUTH for wrong credentials, %POP4_ERROR_TEMPORARY when they cannot be
 *     checked, %POP4_ERROR_FAILED for an exchange that is not the mechanism's
 */
SaslStep sasl_attempt_step(SaslAttempt *attempt, const char *mechanism, const char *answer,
                           gsize length, const char **challenge_out,
                           gsize *challenge_length_out, GError **error);

/* TRUE when they are right; fails as sasl_attempt_step() does. */
gboolean sasl_attempt_check(SaslAttempt *attempt, const char *user, const char *password,
                            GError **error);

/* (transfer full) (nullable): who has logged in, once it is a success. */
Pop4Identity *sasl_attempt_get_identity(SaslAttempt *attempt, GError **error);

/* (nullable): the name that the client gave, as far as it is known: for the log. */
const char *sasl_attempt_get_user(const SaslAttempt *attempt);
