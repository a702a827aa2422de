/* An authPassword value of SCRAM (RFC 5803): it checks a password and gives none back. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "scram.h"

#define KEY_ITERATIONS_MIN 4096 /* RFC 7677, section 4 */
#define KEY_ITERATIONS_MAX 10000000
#define KEY_SALT_MAX 64

/* Its owner wipes it with key_wipe(). */
typedef struct {
    ScramHash hash;
    guint iterations;
    gsize salt_size;
    guint8 salt[KEY_SALT_MAX];
    ScramKeys keys;
} Key;

/* "SCRAM-SHA-256$4096:SALT$STOREDKEY:SERVERKEY"; @error shows none of it. */
gboolean key_parse(const char *text, Key *key_out, GError **error);

/* With a fresh salt. */
gboolean key_make(ScramHash hash, const char *password, Key *key_out, GError **error);

/* (transfer full) */
char *key_print(const Key *key);

/* %POP4_ERROR_AUTH when @password is not the one. */
gboolean key_check(const Key *key, const char *password, GError **error);

/* The one sentence for a wrong password and an unknown user. Always FALSE. */
gboolean key_refuse(GError **error);

/* The sentence for when nothing could be computed. Always FALSE. */
gboolean key_give_up(GError **error);

void key_wipe(Key *key);
