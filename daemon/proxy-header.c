/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "proxy-header.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

/* Version 1: a line, CRLF included. */
#define LINE_MAX_OCTETS 107

/* Version 2: signature, version and command, family and transport, length. */
#define FIXED_SIZE 16

#define COMMAND_LOCAL 0x0
#define COMMAND_PROXY 0x1
#define FAMILY_INET 0x1
#define FAMILY_INET6 0x2
#define FAMILY_UNIX 0x3
#define TRANSPORT_STREAM 0x1
#define TYPE_SSL 0x20
#define CLIENT_SSL 0x01

static const guint8 signature[12] = "\r\n\r\n\0\r\nQUIT\n";

static guint
get_16(const guint8 *octets)
{
    return (guint)octets[0] << 8 | octets[1];
}

/* Clients of an IPv6 socket that come by IPv4 are told by their IPv4 address. */
static void
set_address(ProxyHeader *header, int family, const guint8 *octets)
{
    struct in6_addr v6;

    if (family == AF_INET6) {
        memcpy(&v6, octets, sizeof v6);
        if (IN6_IS_ADDR_V4MAPPED(&v6)) {
            family = AF_INET;
            octets += 12;
        }
    }
    inet_ntop(family, octets, header->address, sizeof header->address);
}

static gboolean
parse_port(const char *text, guint16 *port_out)
{
    guint64 port;

    if ((text[0] == '0' && text[1] != '\0') ||
        !g_ascii_string_to_unsigned(text, 10, 0, 65535, &port, NULL))
        return FALSE;
    *port_out = (guint16)port;
    return TRUE;
}

/* "PROXY TCP4 source destination port port" */
static gboolean
parse_line(const char *line, ProxyHeader *header)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    guint8 source[16], destination[16];
    guint16 unused;

    if (g_strv_length(words) >= 2 && g_str_equal(words[1], "UNKNOWN"))
        return TRUE; /* whatever follows */
    if (g_strv_length(words) != 6)
        return FALSE;
    int family = g_str_equal(words[1], "TCP4")   ? AF_INET
                 : g_str_equal(words[1], "TCP6") ? AF_INET6
                                                 : AF_UNSPEC;
    if (family == AF_UNSPEC || inet_pton(family, words[2], source) != 1 ||
        inet_pton(family, words[3], destination) != 1 || !parse_port(words[4], &header->port) ||
        !parse_port(words[5], &unused))
        return FALSE;
    set_address(header, family, source);
    return TRUE;
}

static ProxyHeaderResult
parse_text(const guint8 *octets, gsize length, ProxyHeader *header, gsize *taken_out)
{
    static const char prefix[] = "PROXY ";
    const guint8 *end = memchr(octets, '\n', MIN(length, LINE_MAX_OCTETS));

    if (memcmp(octets, prefix, MIN(length, sizeof prefix - 1)) != 0)
        return PROXY_HEADER_BAD;
    if (end == NULL)
        return length < LINE_MAX_OCTETS ? PROXY_HEADER_MORE : PROXY_HEADER_BAD;
    gsize size = (gsize)(end - octets);
    if (size < sizeof prefix || octets[size - 1] != '\r' || memchr(octets, '\0', size) != NULL)
        return PROXY_HEADER_BAD;
    g_autofree char *line = g_strndup((const char *)octets, size - 1);
    *taken_out = size + 1;
    return parse_line(line, header) ? PROXY_HEADER_DONE : PROXY_HEADER_BAD;
}

/* Type, length and value, one behind the other to the end. */
static gboolean
parse_extras(const guint8 *octets, gsize length, ProxyHeader *header)
{
    while (length > 0) {
        if (length < 3 || get_16(octets + 1) > length - 3)
            return FALSE;
        gsize size = get_16(octets + 1);
        if (octets[0] == TYPE_SSL && size >= 1)
            header->tls = (octets[3] & CLIENT_SSL) != 0;
        octets += 3 + size;
        length -= 3 + size;
    }
    return TRUE;
}

/* What follows the fixed part: two addresses, two ports, extras. */
static gboolean
parse_addresses(guint8 kind, const guint8 *octets, gsize length, ProxyHeader *header)
{
    guint family = kind >> 4;
    gsize size = 0; /* of one address */

    if (kind == 0)
        return TRUE;
    if ((kind & 0xf) != TRANSPORT_STREAM)
        return FALSE;
    if (family == FAMILY_INET)
        size = 4;
    else if (family == FAMILY_INET6)
        size = 16;
    else if (family != FAMILY_UNIX)
        return FALSE;
    gsize whole = size > 0 ? 2 * size + 4 : 216;
    if (length < whole)
        return FALSE;
    if (size > 0) {
        set_address(header, size == 4 ? AF_INET : AF_INET6, octets);
        header->port = (guint16)get_16(octets + 2 * size);
    }
    return parse_extras(octets + whole, length - whole, header);
}

static ProxyHeaderResult
parse_binary(const guint8 *octets, gsize length, ProxyHeader *header, gsize *taken_out)
{
    if (memcmp(octets, signature, MIN(length, sizeof signature)) != 0)
        return PROXY_HEADER_BAD;
    if (length > 12 && octets[12] != (0x20 | COMMAND_LOCAL) &&
        octets[12] != (0x20 | COMMAND_PROXY))
        return PROXY_HEADER_BAD;
    if (length < FIXED_SIZE)
        return PROXY_HEADER_MORE;
    gsize rest = get_16(octets + 14);
    if (FIXED_SIZE + rest > PROXY_HEADER_MAX)
        return PROXY_HEADER_BAD;
    if (length < FIXED_SIZE + rest)
        return PROXY_HEADER_MORE;
    *taken_out = FIXED_SIZE + rest;
    header->local = octets[12] == (0x20 | COMMAND_LOCAL);
    return header->local || parse_addresses(octets[13], octets + FIXED_SIZE, rest, header)
               ? PROXY_HEADER_DONE
               : PROXY_HEADER_BAD;
}

ProxyHeaderResult
proxy_header_parse(const guint8 *octets, gsize length, ProxyHeader *header_out,
                   gsize *taken_out)
{
    *header_out = (ProxyHeader){0};
    *taken_out = length;
    if (length == 0)
        return PROXY_HEADER_MORE;
    return octets[0] == signature[0] ? parse_binary(octets, length, header_out, taken_out)
                                     : parse_text(octets, length, header_out, taken_out);
}
