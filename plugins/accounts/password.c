/* SPDX-License-Identifier: MIT */

#include "password.h"

#include <string.h>

/* A key that costs as much as that of an account: which one, only the name decides, so that
 * nobody learns from the time whether there is such an account. */
static gboolean
make_decoy(const Table *table, const ScramMac *mac, const char *user, Key *key_out)
{
    guint8 digest[SCRAM_MAC_SIZE];
    guint32 number;

    if (!scram_mac_compute(mac, user, "", digest))
        return FALSE;
    *key_out = (Key){.hash = SCRAM_SHA_256, .iterations = KEY_ITERATIONS_MIN, .salt_size = 16};
    if (table_count(table) > 0) {
        memcpy(&number, digest + sizeof digest - sizeof number, sizeof number);
        const Entry *model = table_get(table, number % table_count(table));
        key_parse(entry_best_key(model), key_out, NULL);
    }
    explicit_bzero(&key_out->keys, sizeof key_out->keys);
    memcpy(key_out->salt, digest, MIN(sizeof digest, key_out->salt_size));
    return TRUE;
}

static gboolean
check_decoy(const Table *table, const ScramMac *mac, const char *user, const char *password,
            GError **error)
{
    Key key;

    if (!make_decoy(table, mac, user, &key))
        return key_give_up(error);
    /* Whatever it says. */
    if (!key_check(&key, password, error))
        return FALSE;
    return key_refuse(error);
}

static gboolean
check_key(const char *text, const char *password, GError **error)
{
    Key key;

    gboolean right = key_parse(text, &key, error) && key_check(&key, password, error);
    key_wipe(&key);
    return right;
}

gboolean
password_check(Table *table, Entry *entry, const ScramMac *mac, const char *user,
               const char *password, GError **error)
{
    guint8 proof[SCRAM_MAC_SIZE];

    if (entry == NULL)
        return check_decoy(table, mac, user, password, error);

    const char *key = entry_best_key(entry);
    if (!scram_mac_compute(mac, key, password, proof))
        return key_give_up(error);
    gboolean right = table_is_proved(table, entry, proof);
    if (!right && check_key(key, password, error)) {
        table_prove(table, entry, proof);
        right = TRUE;
    }
    explicit_bzero(proof, sizeof proof);
    return right;
}
