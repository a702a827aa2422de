/* SPDX-License-Identifier: MIT */

#include "key.h"

#include "base64.h"

#include <pop4/error.h>
#include <string.h>

#define SALT_SIZE 16

G_STATIC_ASSERT(SALT_SIZE <= KEY_SALT_MAX);

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, what);
    return FALSE;
}

gboolean
key_refuse(GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
    return FALSE;
}

gboolean
key_give_up(GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                        "The password cannot be checked now");
    return FALSE;
}

/* Each of these steps over what it has read, with the octet that ends it. */

static gboolean
take_hash(const char **at, ScramHash *hash_out)
{
    gsize length = strcspn(*at, "$");

    if ((*at)[length] == '\0' || !scram_find(*at, length, hash_out))
        return FALSE;
    *at += length + 1;
    return TRUE;
}

static gboolean
take_iterations(const char **at, guint *iterations_out)
{
    gsize length = strspn(*at, "0123456789");

    if (length == 0 || length > strlen(G_STRINGIFY(KEY_ITERATIONS_MAX)) ||
        (*at)[length] != ':' || (*at)[0] == '0')
        return FALSE;
    *iterations_out = (guint)g_ascii_strtoull(*at, NULL, 10);
    *at += length + 1;
    return *iterations_out >= KEY_ITERATIONS_MIN && *iterations_out <= KEY_ITERATIONS_MAX;
}

static gboolean
take_octets(const char **at, char end, guint8 *out, gsize room, gsize *size_out)
{
    gsize length = strcspn(*at, "$:");

    if ((*at)[length] != end || !base64_decode(*at, length, out, room, size_out))
        return FALSE;
    *at += length + 1;
    return TRUE;
}

static gboolean
take_keys(const char **at, gsize expected, ScramKeys *keys_out)
{
    gsize size;

    return take_octets(at, ':', keys_out->stored, SCRAM_SIZE_MAX, &size) && size == expected &&
           take_octets(at, '\0', keys_out->server, SCRAM_SIZE_MAX, &size) && size == expected;
}

gboolean
key_parse(const char *text, Key *key_out, GError **error)
{
    const char *at = text;

    if (!take_hash(&at, &key_out->hash))
        return fail(error, "a key is of no scheme that is known here");
    if (!take_iterations(&at, &key_out->iterations))
        return fail(error, "a key's iterations must be a number from " G_STRINGIFY(
                               KEY_ITERATIONS_MIN) " to " G_STRINGIFY(KEY_ITERATIONS_MAX));
    if (!take_octets(&at, '$', key_out->salt, KEY_SALT_MAX, &key_out->salt_size) ||
        key_out->salt_size == 0)
        return fail(error,
                    "a key's salt must be base64 of 1 to " G_STRINGIFY(KEY_SALT_MAX) " octets");
    if (!take_keys(&at, scram_size(key_out->hash), &key_out->keys))
        return fail(error, "a key must end in StoredKey:ServerKey, base64 of its hash's size");
    return TRUE;
}

static gboolean
derive(const Key *key, const char *password, ScramKeys *keys_out)
{
    return scram_derive(key->hash, password, key->salt, key->salt_size, key->iterations,
                        keys_out);
}

gboolean
key_make(ScramHash hash, const char *password, Key *key_out, GError **error)
{
    key_out->hash = hash;
    key_out->iterations = KEY_ITERATIONS_MIN;
    key_out->salt_size = SALT_SIZE;
    if (!scram_random(key_out->salt, SALT_SIZE) || !derive(key_out, password, &key_out->keys))
        return fail(error, "the key cannot be computed");
    return TRUE;
}

char *
key_print(const Key *key)
{
    gsize size = scram_size(key->hash);
    g_autofree char *salt = g_base64_encode(key->salt, key->salt_size);
    g_autofree char *stored = g_base64_encode(key->keys.stored, size);
    g_autofree char *server = g_base64_encode(key->keys.server, size);
    char *text = g_strdup_printf("%s$%u:%s$%s:%s", scram_name(key->hash), key->iterations, salt,
                                 stored, server);

    explicit_bzero(stored, strlen(stored));
    explicit_bzero(server, strlen(server));
    return text;
}

gboolean
key_check(const Key *key, const char *password, GError **error)
{
    ScramKeys keys;

    gboolean done = derive(key, password, &keys);
    gboolean right = done && scram_equal(keys.stored, key->keys.stored, scram_size(key->hash));
    explicit_bzero(&keys, sizeof keys);
    if (!done)
        return key_give_up(error);
    return right || key_refuse(error);
}

void
key_wipe(Key *key)
{
    explicit_bzero(key, sizeof *key);
}
