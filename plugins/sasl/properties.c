/* SPDX-License-Identifier: MIT */

#include "properties.h"

#include "mechanisms.h"

#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#define DIGEST_SIZE 64 /* of SHA-512 */

/* What of a key a client is told. */
typedef struct {
    gsize salt_size;
    guint iterations;
} Look;

/* What pop4d --hash-password takes, so that a semblance looks like an account. */
static const Look usual = {16, 4096};

static guint8 own_secret[32];

typedef struct {
    const char *name;
    gsize size; /* of its digest */
    Look look;  /* of the first key of an account that was seen; 0 before */
} Scheme;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards the looks */
static Scheme schemes[] = {
    {"SCRAM-SHA-1", 20, {0, 0}},   {"SCRAM-SHA-224", 28, {0, 0}}, {"SCRAM-SHA-256", 32, {0, 0}},
    {"SCRAM-SHA-384", 48, {0, 0}}, {"SCRAM-SHA-512", 64, {0, 0}},
};

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

/* (nullable): the one whose name is the first @length octets of @text. */
static Scheme *
find_scheme(const char *text, gsize length)
{
    for (guint i = 0; i < G_N_ELEMENTS(schemes); i++) {
        if (strlen(schemes[i].name) == length && memcmp(schemes[i].name, text, length) == 0)
            return &schemes[i];
    }
    return NULL;
}

/* "SCRAM-SHA-256$4096:SALT$..."; FALSE for what is no key. */
static gboolean
parse_look(const char *key, Look *look_out)
{
    const char *dollar = strchr(key, '$');
    const char *colon = dollar != NULL ? strchr(dollar, ':') : NULL;

    if (colon == NULL)
        return FALSE;
    gsize digits = strcspn(colon + 1, "=$");
    look_out->iterations = (guint)g_ascii_strtoull(dollar + 1, NULL, 10);
    look_out->salt_size = digits * 3 / 4;
    return look_out->iterations > 0 && look_out->salt_size > 0 &&
           look_out->salt_size <= DIGEST_SIZE;
}

void
properties_note_key(const char *key)
{
    Scheme *scheme = find_scheme(key, strcspn(key, "$"));
    Look look;

    if (scheme == NULL || !parse_look(key, &look))
        return;
    pthread_mutex_lock(&lock);
    if (scheme->look.iterations == 0)
        scheme->look = look;
    pthread_mutex_unlock(&lock);
}

static Look
get_look(const Scheme *scheme)
{
    if (scheme == NULL)
        return usual;
    pthread_mutex_lock(&lock);
    Look look = scheme->look.iterations != 0 ? scheme->look : usual;
    pthread_mutex_unlock(&lock);
    return look;
}

char *
properties_make_key(const char *name, const char *scheme)
{
    const Scheme *found = find_scheme(scheme, strlen(scheme));
    gsize size = found != NULL ? found->size : DIGEST_SIZE;
    Look look = get_look(found);
    g_autofree char *salt_purpose = g_strconcat("salt ", scheme, NULL);
    g_autofree char *salt = derive_text(name, salt_purpose, look.salt_size);
    g_autofree char *stored = derive_text(name, "stored key", size);
    g_autofree char *server = derive_text(name, "server key", size);

    return g_strdup_printf("%s$%u:%s$%s:%s", scheme, look.iterations, salt, stored, server);
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
