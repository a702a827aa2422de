/* Addresses: which count as one, and what is none. */
/* SPDX-License-Identifier: MIT */

#include "address.h"

#include <string.h>

static gboolean
is_one(const char *left, const char *right)
{
    Address a, b;

    g_assert_true(address_parse_group(left, &a));
    g_assert_true(address_parse_group(right, &b));
    return memcmp(&a, &b, sizeof a) == 0;
}

static void
test_groups(void)
{
    static const struct {
        const char *sentence, *left, *right;
        gboolean expected;
    } rows[] = {
        {"an IPv4 address is one", "192.0.2.1", "192.0.2.1", TRUE},
        {"its neighbour is another", "192.0.2.1", "192.0.2.2", FALSE},
        {"the same in IPv6's form", "192.0.2.1", "::ffff:192.0.2.1", TRUE},
        {"neighbours in IPv6's form", "::ffff:192.0.2.1", "::ffff:192.0.2.2", FALSE},
        {"one /64", "2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", TRUE},
        {"the next /64", "2001:db8:1:2::1", "2001:db8:1:3::1", FALSE},
        {"the first bit of the 64", "2001:db8::1", "a001:db8::1", FALSE},
        {"IPv4 is no part of the first /64", "::1", "0.0.0.1", FALSE},
        {"nor is its mapped form", "::fffe:1.2.3.4", "1.2.3.4", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].sentence);
        g_assert_cmpint(is_one(rows[i].left, rows[i].right), ==, rows[i].expected);
    }
}

static void
test_no_addresses(void)
{
    static const char *const texts[] = {
        "",         "localhost", "1.2.3",  "1.2.3.256", "1.2.3.4.5",
        "1.2.3.4 ", " ::1",      "::1%lo", "1::2::3",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        Address address = {{7}};
        g_assert_false(address_parse_group(texts[i], &address));
        g_assert_cmpuint(address.octets[0], ==, 7);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/address/groups", test_groups);
    g_test_add_func("/guard/address/no-addresses", test_no_addresses);
    return g_test_run();
}
