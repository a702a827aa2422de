/* Any octets, as they come one behind the other: what is no header stays none, what is one ends
 * at one place, and nobody is told but by his address. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "proxy-header.h"

#include <arpa/inet.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static void
check_header(const ProxyHeader *header)
{
    guint8 address[16];

    g_assert(memchr(header->address, '\0', sizeof header->address) != NULL);
    if (header->address[0] == '\0')
        g_assert(header->port == 0);
    else
        g_assert(inet_pton(AF_INET, header->address, address) == 1 ||
                 inet_pton(AF_INET6, header->address, address) == 1);
    g_assert(!header->local || (header->address[0] == '\0' && !header->tls));
}

/* The first @length octets, on the heap in their exact size, so that a read behind the end is
 * seen. */
static ProxyHeaderResult
parse(const guint8 *octets, gsize length, ProxyHeader *header, gsize *taken)
{
    g_autofree guint8 *copy = g_malloc(MAX(length, 1));

    memcpy(copy, octets, length);
    ProxyHeaderResult result = proxy_header_parse(copy, length, header, taken);
    if (result != PROXY_HEADER_BAD)
        g_assert(*taken <= length);
    if (result == PROXY_HEADER_MORE)
        g_assert(*taken == length && length < PROXY_HEADER_MAX);
    if (result == PROXY_HEADER_DONE)
        check_header(header);
    return result;
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    ProxyHeader header, last_header = {0};
    ProxyHeaderResult last = PROXY_HEADER_MORE;
    gsize taken, last_taken = 0;

    /* Every short prefix, fewer of the long ones. */
    for (gsize length = 0; length <= size; length += 1 + length / 128) {
        ProxyHeaderResult result = parse(octets, length, &header, &taken);
        if (last != PROXY_HEADER_MORE)
            g_assert(result == last);
        if (last == PROXY_HEADER_DONE)
            g_assert(taken == last_taken && strcmp(header.address, last_header.address) == 0 &&
                     header.port == last_header.port && header.local == last_header.local &&
                     header.tls == last_header.tls);
        last = result;
        last_taken = taken;
        last_header = header;
    }
    if (last != PROXY_HEADER_DONE)
        return 0;
    g_assert(parse(octets, last_taken, &header, &taken) == PROXY_HEADER_DONE);
    g_assert(parse(octets, last_taken - 1, &header, &taken) == PROXY_HEADER_MORE);
    return 0;
}
