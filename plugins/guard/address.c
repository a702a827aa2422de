/* SPDX-License-Identifier: MIT */

#include "address.h"

#include <arpa/inet.h>
#include <string.h>

/* Octets of an IPv6 address that stand for its network. */
#define GROUP_OCTETS 8

static const guint8 v4_prefix[12] = {[10] = 0xff, [11] = 0xff};

gboolean
address_parse_group(const char *text, Address *group_out)
{
    Address group = {{0}};

    if (inet_pton(AF_INET6, text, group.octets) != 1) {
        memcpy(group.octets, v4_prefix, sizeof v4_prefix);
        if (inet_pton(AF_INET, text, group.octets + sizeof v4_prefix) != 1)
            return FALSE;
    }
    if (memcmp(group.octets, v4_prefix, sizeof v4_prefix) != 0)
        memset(group.octets + GROUP_OCTETS, 0, sizeof group.octets - GROUP_OCTETS);
    *group_out = group;
    return TRUE;
}
