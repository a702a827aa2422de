/* What libsasl2's mechanisms check against: an account's keys and secret, or a semblance. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/account.h>

/* Main thread, once: chooses the secret that semblances are made by. */
void properties_init(void);

/**
 * properties_make_key:
 * @name: the name that a client gave
 * @scheme: "SCRAM-SHA-256"
 *
 * A key that no password fits, in the form of RFC 5803. The same name gets the same salt, as an
 * account would: nobody can tell which names exist.
 *
 * Returns: (transfer full)
 */
char *properties_make_key(const char *name, const char *scheme);

/* An account's key, in that form: semblances made from now on have as large a salt, and as many
 * iterations, as the first of each scheme. Any thread. */
void properties_note_key(const char *key);

/* (transfer full): a password that nobody knows. */
char *properties_make_secret(const char *name);

/* (transfer full): "SCRAM-SHA-256" of "SCRAM-SHA-256-PLUS". */
char *properties_scheme(const char *mechanism);
