/* SPDX-License-Identifier: MIT */

#include "scram.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

static const struct {
    const char *name;
    const EVP_MD *(*digest)(void);
    gsize size;
} hashes[SCRAM_HASHES] = {
    [SCRAM_SHA_256] = {"SCRAM-SHA-256", EVP_sha256, 32},
    [SCRAM_SHA_512] = {"SCRAM-SHA-512", EVP_sha512, 64},
    [SCRAM_SHA_1] = {"SCRAM-SHA-1", EVP_sha1, 20},
};

struct ScramMac {
    EVP_MAC_CTX *keyed; /* never run itself, only copied */
};

/* What a failure leaves in the thread's queue would be taken for one of its TLS session. */
static gboolean
checked(gboolean done)
{
    if (!done)
        ERR_clear_error();
    return done;
}

const char *
scram_name(ScramHash hash)
{
    return hashes[hash].name;
}

gboolean
scram_find(const char *name, gsize length, ScramHash *hash_out)
{
    for (guint i = 0; i < SCRAM_HASHES; i++) {
        if (strlen(hashes[i].name) == length && memcmp(hashes[i].name, name, length) == 0) {
            *hash_out = (ScramHash)i;
            return TRUE;
        }
    }
    return FALSE;
}

gsize
scram_size(ScramHash hash)
{
    return hashes[hash].size;
}

static gboolean
hmac(const EVP_MD *digest, const guint8 *key, gsize size, const char *text, guint8 *out)
{
    return HMAC(digest, key, (int)size, (const guint8 *)text, strlen(text), out, NULL) != NULL;
}

gboolean
scram_derive(ScramHash hash, const char *password, gconstpointer salt, gsize salt_size,
             guint iterations, ScramKeys *keys_out)
{
    const EVP_MD *digest = hashes[hash].digest();
    gsize size = hashes[hash].size;
    guint8 salted[SCRAM_SIZE_MAX], client[SCRAM_SIZE_MAX];

    gboolean done = PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt, (int)salt_size,
                                      (int)iterations, digest, (int)size, salted) == 1 &&
                    hmac(digest, salted, size, "Client Key", client) &&
                    EVP_Digest(client, size, keys_out->stored, NULL, digest, NULL) == 1 &&
                    hmac(digest, salted, size, "Server Key", keys_out->server);
    OPENSSL_cleanse(salted, sizeof salted);
    OPENSSL_cleanse(client, sizeof client);
    return checked(done);
}

gboolean
scram_equal(gconstpointer a, gconstpointer b, gsize size)
{
    return CRYPTO_memcmp(a, b, size) == 0;
}

gboolean
scram_random(gpointer octets, gsize size)
{
    return checked(RAND_bytes(octets, (int)size) == 1);
}

static EVP_MAC_CTX *
make_keyed(const guint8 *key, gsize size)
{
    static char digest[] = "SHA256";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *keyed = algorithm != NULL ? EVP_MAC_CTX_new(algorithm) : NULL;

    EVP_MAC_free(algorithm);
    if (keyed != NULL && EVP_MAC_init(keyed, key, size, params) != 1)
        g_clear_pointer(&keyed, EVP_MAC_CTX_free);
    return keyed;
}

ScramMac *
scram_mac_new(void)
{
    guint8 key[SCRAM_MAC_SIZE];
    EVP_MAC_CTX *keyed = NULL;

    if (scram_random(key, sizeof key))
        keyed = make_keyed(key, sizeof key);
    OPENSSL_cleanse(key, sizeof key);
    if (!checked(keyed != NULL))
        return NULL;
    ScramMac *mac = g_new(ScramMac, 1);
    mac->keyed = keyed;
    return mac;
}

void
scram_mac_free(ScramMac *mac)
{
    EVP_MAC_CTX_free(mac->keyed);
    g_free(mac);
}

gboolean
scram_mac_compute(const ScramMac *mac, const char *first, const char *second,
                  guint8 digest_out[SCRAM_MAC_SIZE])
{
    EVP_MAC_CTX *context = EVP_MAC_CTX_dup(mac->keyed);
    gsize size;

    gboolean done = context != NULL &&
                    EVP_MAC_update(context, (const guint8 *)first, strlen(first) + 1) == 1 &&
                    EVP_MAC_update(context, (const guint8 *)second, strlen(second) + 1) == 1 &&
                    EVP_MAC_final(context, digest_out, &size, SCRAM_MAC_SIZE) == 1;
    EVP_MAC_CTX_free(context);
    return checked(done);
}
