/* Keys: the examples of the RFCs, what a key may look like, which password fits. */
/* SPDX-License-Identifier: MIT */

#include "base64.h"
#include "fixture.h"
#include "key.h"

#include <string.h>

/* What a server that holds such a key signs (RFC 5802, section 3), by other means. */
static char *
sign(GChecksumType hash, const Key *key, const char *message)
{
    GHmac *hmac = g_hmac_new(hash, key->keys.server, scram_size(key->hash));
    guint8 digest[SCRAM_SIZE_MAX];
    gsize size = sizeof digest;

    g_hmac_update(hmac, (const guchar *)message, -1);
    g_hmac_get_digest(hmac, digest, &size);
    g_hmac_unref(hmac);
    return g_base64_encode(digest, size);
}

/* RFC 7677, section 3; RFC 5802, section 5: the nonces, the salt and the signatures. */
static void
test_examples(void)
{
#define NONCE_256 "rOprNGfwEbeRWgbNEkqO"
#define BOTH_256 NONCE_256 "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
#define NONCE_1 "fyko+d2lbbFgONRv9qkxdawL"
#define BOTH_1 NONCE_1 "3rfcNHYJY1ZVvWVs7j"
    static const struct {
        const char *key;
        GChecksumType hash;
        const char *message, *signature;
    } rows[] = {
        {KEY_256, G_CHECKSUM_SHA256,
         "n=user,r=" NONCE_256 ",r=" BOTH_256
         ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=" BOTH_256,
         "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
        {KEY_1, G_CHECKSUM_SHA1,
         "n=user,r=" NONCE_1 ",r=" BOTH_1 ",s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=" BOTH_1,
         "rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        Key key;
        key_parse(rows[i].key, &key, &error);
        g_assert_no_error(error);
        g_autofree char *signature = sign(rows[i].hash, &key, rows[i].message);
        g_assert_cmpstr(signature, ==, rows[i].signature);
        g_assert_true(key_check(&key, "pencil", &error));
        g_assert_no_error(error);
    }
}

static void
test_form(void)
{
#define SALT "W22ZaJ0SNY7soEsUEjb6gQ=="
#define KEYS \
    "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:" \
    "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU="
#define ENDS "StoredKey:ServerKey"
    static const struct {
        const char *sentence, *input, *fault;
    } rows[] = {
        {"a key", "SCRAM-SHA-256$4096:" SALT KEYS, NULL},
        {"SHA-1", KEY_1, NULL},
        {"SHA-512", KEY_512, NULL},
        {"the most iterations", "SCRAM-SHA-256$10000000:" SALT KEYS, NULL},
        {"a salt of one octet", "SCRAM-SHA-256$4096:QQ==" KEYS, NULL},
        {"a salt of 64 octets",
         "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6W22ZaJ0SNY7soEsUEjb6W22ZaJ0SNY7soEsUEjb6"
         "W22ZaJ0SNY7soEsUEjb6QUJDQQ==" KEYS,
         NULL},
        {"nothing", "", "scheme"},
        {"a scheme alone", "SCRAM-SHA-256", "scheme"},
        {"a scheme that is a part of one", "SCRAM-SHA-25$4096:" SALT KEYS, "scheme"},
        {"a scheme in lower case", "scram-sha-256$4096:" SALT KEYS, "scheme"},
        {"a scheme that nobody has", "SCRAM-SHA-3$4096:" SALT KEYS, "scheme"},
        {"another kind of password", "MD5$4096:" SALT KEYS, "scheme"},
        {"one iteration too few", "SCRAM-SHA-256$4095:" SALT KEYS, "iterations"},
        {"one iteration too many", "SCRAM-SHA-256$10000001:" SALT KEYS, "iterations"},
        {"a number past all", "SCRAM-SHA-256$18446744073709555712:" SALT KEYS, "iterations"},
        {"a leading zero", "SCRAM-SHA-256$04096:" SALT KEYS, "iterations"},
        {"a sign", "SCRAM-SHA-256$+4096:" SALT KEYS, "iterations"},
        {"a blank", "SCRAM-SHA-256$ 4096:" SALT KEYS, "iterations"},
        {"no iterations", "SCRAM-SHA-256$:" SALT KEYS, "iterations"},
        {"no salt", "SCRAM-SHA-256$4096:" KEYS, "salt"},
        {"a salt that is no base64", "SCRAM-SHA-256$4096:W22Z!J0SNY7soEsUEjb6gQ==" KEYS,
         "salt"},
        {"a salt cut short", "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ=" KEYS, "salt"},
        {"the padding in front", "SCRAM-SHA-256$4096:==W2" KEYS, "salt"},
        {"a salt of 65 octets",
         "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6W22ZaJ0SNY7soEsUEjb6W22ZaJ0SNY7soEsUEjb6"
         "W22ZaJ0SNY7soEsUEjb6QUJDQUE=" KEYS,
         "salt"},
        {"no keys", "SCRAM-SHA-256$4096:" SALT, "salt"},
        {"one key",
         "SCRAM-SHA-256$4096:" SALT "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=", ENDS},
        {"a third key", KEY_256 ":QQ==", ENDS},
        {"a field more", KEY_256 "$QQ==", ENDS},
        {"keys of SHA-256 for SHA-1", "SCRAM-SHA-1$4096:" SALT KEYS, ENDS},
        {"keys of SHA-256 for SHA-512", "SCRAM-SHA-512$4096:" SALT KEYS, ENDS},
        {"a key without its last octet",
         "SCRAM-SHA-256$4096:" SALT "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4g==:"
         "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
         ENDS},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        /* On the heap in its exact size. */
        g_autofree char *input = g_strdup(rows[i].input);
        Key key;
        gboolean good = key_parse(input, &key, &error);
        g_assert_cmpint(good, ==, error == NULL);
        if (good != (rows[i].fault == NULL) ||
            (!good && strstr(error->message, rows[i].fault) == NULL))
            g_error("%s: %s", rows[i].sentence, good ? "taken" : error->message);
        if (good) {
            g_autofree char *printed = key_print(&key);
            g_assert_cmpstr(printed, ==, input);
        }
    }
}

static void
test_passwords(void)
{
    static const char *const keys[] = {KEY_256, KEY_512, KEY_1};
    static const char *const wrong[] = {"", "Pencil", "penci", "pencils", "pencil ", "stylo"};

    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        Key key;
        g_assert_true(key_parse(keys[i], &key, NULL));
        g_assert_true(key_check(&key, "pencil", NULL));
        for (guint j = 0; j < G_N_ELEMENTS(wrong); j++) {
            g_autoptr(GError) error = NULL;
            g_assert_false(key_check(&key, wrong[j], &error));
            g_assert_error(error, POP4_ERROR, POP4_ERROR_AUTH);
        }
    }
}

static void
test_made(void)
{
    for (guint i = 0; i < SCRAM_HASHES; i++) {
        g_autoptr(GError) error = NULL;
        Key one, other, parsed;
        key_make((ScramHash)i, "p\303\244ss word", &one, &error);
        g_assert_no_error(error);
        key_make((ScramHash)i, "p\303\244ss word", &other, &error);
        g_assert_no_error(error);
        g_assert_cmpint(memcmp(one.salt, other.salt, one.salt_size), !=, 0);

        g_autofree char *text = key_print(&one);
        g_assert_true(key_parse(text, &parsed, &error));
        g_assert_cmpuint(parsed.iterations, ==, 4096);
        g_assert_cmpuint(parsed.salt_size, ==, 16);
        g_assert_true(key_check(&parsed, "p\303\244ss word", NULL));
        g_assert_false(key_check(&parsed, "p\303\244ssword", NULL));
    }
}

static void
test_base64(void)
{
    static const struct {
        const char *input, *expected; /* NULL: refused */
    } rows[] = {
        {"", ""},        {"QQ==", "A"},        {"QUI=", "AB"},
        {"QUJD", "ABC"}, {"QUJDRA==", "ABCD"}, {"Q", NULL},
        {"QQ", NULL},    {"QQ=", NULL},        {"Q===", NULL},
        {"====", NULL},  {"QQ==QQ==", NULL},   {"QU JD", NULL},
        {"QUJ-", NULL},  {"QUJD\n", NULL},     {"=QUJ", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        gsize length = strlen(rows[i].input), size = 0;
        g_autofree char *input = g_memdup2(rows[i].input, MAX(length, 1));
        g_autofree char *out = g_malloc0(MAX(length, 1));
        gboolean good = base64_decode(input, length, out, length, &size);
        g_assert_cmpint(good, ==, rows[i].expected != NULL);
        if (good)
            g_assert_cmpmem(out, size, rows[i].expected, strlen(rows[i].expected));
        /* and where it stands, with no octet of room too many */
        if (good)
            g_assert_true(base64_decode(input, length, input, size, &size));
        if (good && size > 0)
            g_assert_false(base64_decode(rows[i].input, length, out, size - 1, &size));
    }
}

static void
test_macs(void)
{
    static const char *const pairs[][2] = {
        {"tim", "secret"}, {"tim", ""}, {"", "tim"},
        {"ti", "msecret"}, {"", ""},    {"tim", "Secret"},
    };
    g_autoptr(ScramMac) mac = scram_mac_new();
    g_autoptr(ScramMac) another = scram_mac_new();
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);

    for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
        guint8 digest[SCRAM_MAC_SIZE], again[SCRAM_MAC_SIZE];
        g_assert_true(scram_mac_compute(mac, pairs[i][0], pairs[i][1], digest));
        g_assert_true(scram_mac_compute(mac, pairs[i][0], pairs[i][1], again));
        g_assert_true(scram_equal(digest, again, sizeof digest));
        g_assert_true(g_hash_table_add(seen, g_bytes_new(digest, sizeof digest)));
        /* What one process has learned is of no use to another. */
        g_assert_true(scram_mac_compute(another, pairs[i][0], pairs[i][1], again));
        g_assert_true(g_hash_table_add(seen, g_bytes_new(again, sizeof again)));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accounts/keys/examples", test_examples);
    g_test_add_func("/accounts/keys/form", test_form);
    g_test_add_func("/accounts/keys/passwords", test_passwords);
    g_test_add_func("/accounts/keys/made", test_made);
    g_test_add_func("/accounts/keys/base64", test_base64);
    g_test_add_func("/accounts/keys/macs", test_macs);
    return g_test_run();
}
