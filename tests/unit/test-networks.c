/* Lists of networks: who is in one, and which entries are none. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <pop4/error.h>
#include <pop4/network.h>
#include <string.h>

static void
test_contain(void)
{
    static const struct {
        const char *sentence, *list, *address;
        gboolean expected;
    } rows[] = {
        {"an empty list has nobody", "", "127.0.0.1", FALSE},
        {"an address has itself", "192.0.2.1", "192.0.2.1", TRUE},
        {"and nobody else", "192.0.2.1", "192.0.2.0", FALSE},
        {"the first of a network", "10.0.0.0/8", "10.0.0.0", TRUE},
        {"the last of a network", "10.0.0.0/8", "10.255.255.255", TRUE},
        {"the one behind it", "10.0.0.0/8", "11.0.0.0", FALSE},
        {"bits behind the length do not count", "10.1.2.3/8", "10.4.5.6", TRUE},
        {"a length within an octet", "192.0.2.128/25", "192.0.2.200", TRUE},
        {"the other half", "192.0.2.128/25", "192.0.2.127", FALSE},
        {"/32 is the address", "192.0.2.1/32", "192.0.2.1", TRUE},
        {"/31 is two", "192.0.2.1/31", "192.0.2.0", TRUE},
        {"/0 is all of IPv4", "0.0.0.0/0", "203.0.113.9", TRUE},
        {"and none of IPv6", "0.0.0.0/0", "2001:db8::1", FALSE},
        {"::/0 is all of IPv6", "::/0", "2001:db8::1", TRUE},
        {"and none of IPv4", "::/0", "203.0.113.9", FALSE},
        {"an IPv6 network", "2001:db8::/32", "2001:db8:ffff::1", TRUE},
        {"its neighbour", "2001:db8::/32", "2001:db9::1", FALSE},
        {"a single IPv6 address is no /64", "2001:db8::1", "2001:db8::2", FALSE},
        {"::1 is not 0.0.0.1", "::1", "0.0.0.1", FALSE},
        {"IPv4 written as IPv6", "::ffff:10.0.0.0/104", "10.9.9.9", TRUE},
        {"a client that comes so", "10.0.0.0/8", "::ffff:10.9.9.9", TRUE},
        {"any of several", "192.0.2.1;::1;10.0.0.0/8", "10.1.1.1", TRUE},
        {"none of several", "192.0.2.1;::1;10.0.0.0/8", "192.0.2.2", FALSE},
        {"what is no address is in no network", "0.0.0.0/0;::/0", "", FALSE},
        {"nor is a name", "0.0.0.0/0;::/0", "localhost", FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) list = g_strsplit(rows[i].list, ";", -1);
        g_autoptr(GError) error = NULL;
        g_autoptr(Pop4Networks) networks = pop4_networks_new((const char *const *)list, &error);

        g_test_message("%s", rows[i].sentence);
        g_assert_no_error(error);
        g_assert_cmpint(pop4_networks_contain(networks, rows[i].address), ==, rows[i].expected);
    }
}

static void
test_bad_entries(void)
{
    static const char *const texts[] = {
        "localhost", "10.0.0.0/",   "10.0.0.0/33",    "10.0.0.0/-1", "10.0.0.0/8/8", "/8",
        "10/8",      "2001:db8::/", "2001:db8::/129", "::/0x10",     "10.0.0.0/ 8",  "",
    };

    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *const list[] = {"::1", texts[i], "10.0.0.0/8", NULL};
        g_autoptr(GError) error = NULL;
        g_autofree char *quoted = g_strdup_printf("\"%s\"", texts[i]);

        g_assert_null(pop4_networks_new(list, &error));
        g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
        g_assert_nonnull(strstr(error->message, quoted));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/contain", test_contain);
    g_test_add_func("/networks/bad-entries", test_bad_entries);
    return g_test_run();
}
