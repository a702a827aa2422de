/* Which addresses a login may send from, and which one a message does. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "message.h"

#include <pop4/identity.h>

typedef struct {
    char *template;       /* %u, %n, %d */
    char *domain;         /* of a login without one */
    GHashTable *by_login; /* login to "own;alias;alias" */
} SenderRules;

/* Whether the rules can be followed at all. */
gboolean senders_check(const SenderRules *rules, GError **error);

/**
 * senders_of:
 *
 * Returns: (transfer full) (nullable): the login's own address and its aliases,
 * NULL-terminated; NULL with %POP4_ERROR_PERMANENT where there is none
 */
char **senders_of(const SenderRules *rules, const Pop4Identity *identity, GError **error);

/**
 * senders_choose:
 * @own: what senders_of() gave
 * @any: whether From may be anybody's
 * @adds_sender_out: (out): whether the message has to say who has sent it
 *
 * Returns: (nullable): the sender of the envelope, one of @own; NULL with %POP4_ERROR_PERMANENT
 */
const char *senders_choose(char *const *own, const Message *message, gboolean any,
                           gboolean *adds_sender_out, GError **error);
