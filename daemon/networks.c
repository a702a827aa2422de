/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <arpa/inet.h>
#include <pop4/error.h>
#include <pop4/network.h>
#include <string.h>

typedef struct {
    guint8 octets[16]; /* IPv4 as IPv4-mapped IPv6 */
} Address;

typedef struct {
    Address address;
    guint bits;
} Network;

struct Pop4Networks {
    guint count;
    Network list[];
};

/* The bits that come before an IPv4 address in its mapped form. */
#define MAPPED_BITS 96

static gboolean
parse_address(const char *text, Address *address, gboolean *is_v4_out)
{
    static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};

    *is_v4_out = inet_pton(AF_INET, text, address->octets + sizeof mapped) == 1;
    if (*is_v4_out)
        memcpy(address->octets, mapped, sizeof mapped);
    return *is_v4_out || inet_pton(AF_INET6, text, address->octets) == 1;
}

static gboolean
parse_network(const char *text, Network *network)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    gboolean is_v4;
    guint64 bits;

    if (parts[0] == NULL || !parse_address(parts[0], &network->address, &is_v4))
        return FALSE;
    network->bits = 128;
    if (parts[1] == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(parts[1], 10, 0, is_v4 ? 32 : 128, &bits, NULL))
        return FALSE;
    network->bits = (guint)bits + (is_v4 ? MAPPED_BITS : 0);
    return TRUE;
}

Pop4Networks *
pop4_networks_new(const char *const *list, GError **error)
{
    guint count = g_strv_length((char **)list);
    g_autoptr(Pop4Networks) networks = g_malloc(sizeof *networks + count * sizeof(Network));

    networks->count = count;
    for (guint i = 0; i < count; i++) {
        if (parse_network(list[i], &networks->list[i]))
            continue;
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "\"%s\" is neither an address nor a network such as 192.0.2.0/24", list[i]);
        return NULL;
    }
    return g_steal_pointer(&networks);
}

void
pop4_networks_free(Pop4Networks *networks)
{
    g_free(networks);
}

static gboolean
is_within(const Network *network, const Address *address)
{
    guint whole = network->bits / 8;
    guint rest = network->bits % 8;

    if (memcmp(network->address.octets, address->octets, whole) != 0)
        return FALSE;
    guint8 differing = rest == 0 ? 0 : network->address.octets[whole] ^ address->octets[whole];
    return differing >> (8 - rest) == 0;
}

gboolean
pop4_networks_contain(const Pop4Networks *networks, const char *address)
{
    Address parsed;
    gboolean is_v4;

    if (!parse_address(address, &parsed, &is_v4))
        return FALSE;
    for (guint i = 0; i < networks->count; i++) {
        if (is_within(&networks->list[i], &parsed))
            return TRUE;
    }
    return FALSE;
}
