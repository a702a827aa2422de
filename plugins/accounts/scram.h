/* The arithmetic of SCRAM (RFC 5802, section 3); all that is asked of OpenSSL. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* In the order in which they are taken to check a password. */
typedef enum {
    SCRAM_SHA_256,
    SCRAM_SHA_512,
    SCRAM_SHA_1,
} ScramHash;

#define SCRAM_HASHES 3
#define SCRAM_SIZE_MAX 64

/* "SCRAM-SHA-256" */
const char *scram_name(ScramHash hash);
gboolean scram_find(const char *name, gsize length, ScramHash *hash_out);

/* Octets of each key. */
gsize scram_size(ScramHash hash);

typedef struct {
    guint8 stored[SCRAM_SIZE_MAX];
    guint8 server[SCRAM_SIZE_MAX];
} ScramKeys;

/* FALSE: there is no memory, or the like. The caller wipes the keys. */
gboolean scram_derive(ScramHash hash, const char *password, gconstpointer salt, gsize salt_size,
                      guint iterations, ScramKeys *keys_out);

/* In a time that does not tell where they differ. */
gboolean scram_equal(gconstpointer a, gconstpointer b, gsize size);

gboolean scram_random(gpointer octets, gsize size);

/* HMAC-SHA-256 under a random key of its own. Any thread. */
typedef struct ScramMac ScramMac;

#define SCRAM_MAC_SIZE 32

/* (transfer full) (nullable) */
ScramMac *scram_mac_new(void);
void scram_mac_free(ScramMac *mac);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScramMac, scram_mac_free)

/* Of both texts, each with its NUL, so that no end of one can be the start of the other. */
gboolean scram_mac_compute(const ScramMac *mac, const char *first, const char *second,
                           guint8 digest_out[SCRAM_MAC_SIZE]);
