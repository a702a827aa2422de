/* Stamps and digests of APOP. */
/* SPDX-License-Identifier: MIT */

#include "stamp.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* RFC 5322, section 3.6.4: "<" dot-atom "@" dot-atom ">"; fewer characters than are allowed. */
static void
test_form(void)
{
    g_autofree char *stamp = stamp_new("mail.example.org", 7);
    gsize length = strlen(stamp);

    g_assert_true(g_str_has_suffix(stamp, ".7@mail.example.org>"));
    g_assert_cmpint(stamp[0], ==, '<');
    g_assert_cmpuint(strspn(stamp + 1, LETTERS ".-@"), ==, length - 2);
    g_assert_null(strstr(stamp, ".."));
    g_assert_cmpuint(length, <, 400);
}

static void
test_unique(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < 100000; i++)
        g_assert_true(g_hash_table_add(seen, stamp_new("h", 1)));
}

static void
test_digest(void)
{
    static const char stamp[] = "<1896.697170952@dbc.mtview.ca.us>";
    static const struct {
        const char *sentence, *secret, *digest;
        gboolean good;
    } rows[] = {
        {"RFC 1939's example", "tanstaaf", "c4c9334bac560ecc979e58001b3e22fb", TRUE},
        {"upper case", "tanstaaf", "C4C9334BAC560ECC979E58001B3E22FB", TRUE},
        {"another secret", "tanstaag", "c4c9334bac560ecc979e58001b3e22fb", FALSE},
        {"the last digit", "tanstaaf", "c4c9334bac560ecc979e58001b3e22fc", FALSE},
        {"too short", "tanstaaf", "c4c9334bac560ecc979e58001b3e22f", FALSE},
        {"too long", "tanstaaf", "c4c9334bac560ecc979e58001b3e22fb0", FALSE},
        {"empty", "tanstaaf", "", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (stamp_check(stamp, rows[i].secret, rows[i].digest) != rows[i].good)
            g_error("%s", rows[i].sentence);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/apop/stamp/form", test_form);
    g_test_add_func("/apop/stamp/unique", test_unique);
    g_test_add_func("/apop/stamp/digest", test_digest);
    return g_test_run();
}
