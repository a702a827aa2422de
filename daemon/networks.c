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

static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};

static gboolean
parse_address(const char *text, Address *address)
{
    memcpy(address->octets, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, address->octets + sizeof mapped) == 1 ||
           inet_pton(AF_INET6, text, address->octets) == 1;
}

static gboolean
is_v4(const Address *address)
{
    return memcmp(address->octets, mapped, sizeof mapped) == 0;
}

static gboolean
parse_network(const char *text, Network *network)
{
    g_auto(GStrv) parts = g_strsplit(text, "/", 2);
    guint64 bits;

    if (parts[0] == NULL || !parse_address(parts[0], &network->address))
        return FALSE;
    gboolean dotted = strchr(parts[0], ':') == NULL;
    network->bits = 128;
    if (parts[1] == NULL)
        return TRUE;
    if (!g_ascii_string_to_unsigned(parts[1], 10, 0, dotted ? 32 : 128, &bits, NULL))
        return FALSE;
    network->bits = (guint)bits + (dotted ? MAPPED_BITS : 0);
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

    if (!parse_address(address, &parsed))
        return FALSE;
    for (guint i = 0; i < networks->count; i++) {
        const Network *network = &networks->list[i];
        if (is_v4(&network->address) == is_v4(&parsed) && is_within(network, &parsed))
            return TRUE;
    }
    return FALSE;
}
