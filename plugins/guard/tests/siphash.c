/* The hash against the reference's values (key 00 01 ... 0f, input 00 01 02 ...). */
/* SPDX-License-Identifier: MIT */

#include "siphash.h"

static const guint64 key[2] = {0x0706050403020100u, 0x0f0e0d0c0b0a0908u};

static void
test_reference(void)
{
    static const struct {
        gsize length;
        guint64 expected;
    } rows[] = {
        {0, 0x726fdb47dd0e0e31u}, {1, 0x74f839c593dc67fdu},  {7, 0xab0200f58b01d137u},
        {8, 0x93f5f5799a932462u}, {15, 0xa129ca6149be45e5u},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree guint8 *input = g_malloc(rows[i].length);
        for (guint8 octet = 0; octet < rows[i].length; octet++)
            input[octet] = octet;
        g_assert_cmphex(siphash(key, input, rows[i].length), ==, rows[i].expected);
    }
}

static void
test_key(void)
{
    const guint64 other[2] = {key[0], key[1] + 1};

    g_assert_cmphex(siphash(key, "tim", 3), !=, siphash(other, "tim", 3));
    g_assert_cmphex(siphash(key, "tim", 3), !=, siphash(key, "tim\0", 4));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/siphash/reference", test_reference);
    g_test_add_func("/guard/siphash/key", test_key);
    return g_test_run();
}
