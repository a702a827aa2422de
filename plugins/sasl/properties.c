/* SPDX-License-Identifier: MIT */

#include "properties.h"

#include "mechanisms.h"

#include <string.h>
#include <sys/random.h>

#define SALT_SIZE 16
#define DIGEST_SIZE 64 /* of SHA-512 */

/* What pop4d --hash-password takes, so that a semblance looks like an account. */
#define ITERATIONS 4096

static guint8 own_secret[32];

void
properties_init(void)
{
    if (getrandom(own_secret, sizeof own_secret, 0) != sizeof own_secret)
        g_error("getrandom() fails");
}

static void
derive(const char *name, const char *purpose, guint8 octets[DIGEST_SIZE])
{
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA512, own_secret, sizeof own_secret);
    gsize size = DIGEST_SIZE;

    /* With the NUL, so that no end of a purpose can be the start of a name. */
    g_hmac_update(hmac, (const guchar *)purpose, (gssize)strlen(purpose) + 1);
    g_hmac_update(hmac, (const guchar *)name, (gssize)strlen(name));
    g_hmac_get_digest(hmac, octets, &size);
    g_hmac_unref(hmac);
}

static char *
derive_text(const char *name, const char *purpose, gsize size)
{
    guint8 octets[DIGEST_SIZE];

    derive(name, purpose, octets);
    return g_base64_encode(octets, size);
}

static gsize
digest_size(const char *scheme)
{
    static const struct {
        const char *scheme;
        gsize size;
    } sizes[] = {
        {"SCRAM-SHA-1", 20},   {"SCRAM-SHA-224", 28}, {"SCRAM-SHA-256", 32},
        {"SCRAM-SHA-384", 48}, {"SCRAM-SHA-512", 64},
    };

    for (guint i = 0; i < G_N_ELEMENTS(sizes); i++) {
        if (g_str_equal(scheme, sizes[i].scheme))
            return sizes[i].size;
    }
    return DIGEST_SIZE;
}

char *
properties_make_key(const char *name, const char *scheme)
{
    gsize size = digest_size(scheme);
    g_autofree char *salt_purpose = g_strconcat("salt ", scheme, NULL);
    g_autofree char *salt = derive_text(name, salt_purpose, SALT_SIZE);
    g_autofree char *stored = derive_text(name, "stored key", size);
    g_autofree char *server = derive_text(name, "server key", size);

    return g_strdup_printf("%s$%d:%s$%s:%s", scheme, ITERATIONS, salt, stored, server);
}

char *
properties_make_secret(const char *name)
{
    return derive_text(name, "secret", 24);
}

char *
properties_scheme(const char *mechanism)
{
    gsize length = strlen(mechanism);

    return g_strndup(mechanism, mechanism_binds(mechanism) ? length - strlen("-PLUS") : length);
}
