/* The PROXY header, versions 1 and 2: whom it tells, where it ends, what is none. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "proxy-header.h"

#include <string.h>

typedef struct {
    const char *sentence;
    const char *input;
    gsize length;
    const char *expected; /* "ADDRESS PORT", "nobody 0" and what else is told; "more", "bad" */
} Case;

#define OCTETS(literal) literal, sizeof(literal) - 1
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
/* Each string of a literal ends the escape before it. */
#define V4 \
    "\xc0\0\2\1" \
    "\xc0\0\2\2" \
    "\xdc\4" \
    "\0\x6e"
#define V6_SOURCE "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\7"
#define V6_MAPPED "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1"
#define V6_REST \
    "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x8" \
    "\xdc\4" \
    "\0\x6e"
#define NUL_12 "\0\0\0\0\0\0\0\0\0\0\0\0"
#define UNIX_PATH "/run/a\0\0\0\0\0\0" NUL_12 NUL_12 NUL_12 NUL_12 NUL_12 NUL_12 NUL_12 NUL_12
#define V6_LONGEST "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"

static const Case cases[] = {
    {"nothing is no header yet", OCTETS(""), "more"},

    {"version 1, IPv4", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 56324 110\r\n"),
     "192.0.2.1 56324"},
    {"version 1, IPv6", OCTETS("PROXY TCP6 2001:DB8::7 2001:db8::8 56324 110\r\n"),
     "2001:db8::7 56324"},
    {"version 1, IPv4 written as IPv6", OCTETS("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 110\r\n"),
     "192.0.2.1 1"},
    {"version 1, the lowest ports", OCTETS("PROXY TCP4 0.0.0.0 0.0.0.0 0 0\r\n"), "0.0.0.0 0"},
    {"version 1, the highest",
     OCTETS("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"),
     "255.255.255.255 65535"},
    {"version 1, unknown", OCTETS("PROXY UNKNOWN\r\n"), "nobody 0"},
    {"version 1, unknown and whatever follows", OCTETS("PROXY UNKNOWN x 1  2\r\n"), "nobody 0"},
    {"version 1, unknown with addresses", OCTETS("PROXY UNKNOWN 192.0.2.1 192.0.2.2 1 2\r\n"),
     "nobody 0"},
    {"version 1, the longest line",
     OCTETS("PROXY UNKNOWN " V6_LONGEST " " V6_LONGEST " 65535 65535\r\n"), "nobody 0"},
    {"version 1, the longest that tells",
     OCTETS("PROXY TCP6 " V6_LONGEST " " V6_LONGEST " 65535 65535\r\n"), V6_LONGEST " 65535"},
    {"version 1, one octet over",
     OCTETS("PROXY UNKNOWN  " V6_LONGEST " " V6_LONGEST " 65535 65535\r\n"), "bad"},
    {"version 1, over without a line end",
     OCTETS("PROXY UNKNOWN  " V6_LONGEST " " V6_LONGEST " 65535 65535"), "more"},
    {"version 1, over by a CR without LF",
     OCTETS("PROXY UNKNOWN  " V6_LONGEST " " V6_LONGEST " 65535 65535\r"), "bad"},
    {"version 1, cut short", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 56324 110\r"), "more"},
    {"version 1, a bare LF", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 56324 110\n"), "bad"},
    {"version 1, an LF in the middle", OCTETS("PROXY TCP4 192.0.2.1\n192.0.2.2 56324 110\r\n"),
     "bad"},
    {"version 1, two CR", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 56324 110\r\r\n"), "bad"},
    {"version 1, a NUL", OCTETS("PROXY UNKNOWN\0\r\n"), "bad"},
    {"version 1, a NUL behind an address", OCTETS("PROXY TCP4 192.0.2.1\0 192.0.2.2 1 2\r\n"),
     "bad"},
    {"version 1, no protocol", OCTETS("PROXY \r\n"), "bad"},
    {"version 1, another protocol", OCTETS("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n"), "bad"},
    {"version 1, lower case", OCTETS("PROXY tcp4 192.0.2.1 192.0.2.2 1 2\r\n"), "bad"},
    {"version 1, more than UNKNOWN", OCTETS("PROXY UNKNOWNS\r\n"), "bad"},
    {"version 1, the other family's address", OCTETS("PROXY TCP4 ::1 ::1 1 2\r\n"), "bad"},
    {"version 1, and the other way round", OCTETS("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n"),
     "bad"},
    {"version 1, a destination that is none", OCTETS("PROXY TCP4 192.0.2.1 host 1 2\r\n"),
     "bad"},
    {"version 1, an address with a scope", OCTETS("PROXY TCP6 fe80::1%lo ::1 1 2\r\n"), "bad"},
    {"version 1, leading zeros in an address",
     OCTETS("PROXY TCP4 192.0.02.1 192.0.2.2 1 2\r\n"), "bad"},
    {"version 1, leading zeros in a port", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n"),
     "bad"},
    {"version 1, in the second port", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 1 00\r\n"), "bad"},
    {"version 1, a port too high", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n"), "bad"},
    {"version 1, a port with a sign", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n"), "bad"},
    {"version 1, an empty port", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2  2\r\n"), "bad"},
    {"version 1, a port too few", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n"), "bad"},
    {"version 1, a word too many", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n"), "bad"},
    {"version 1, two spaces", OCTETS("PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n"), "bad"},
    {"version 1, a space at the end", OCTETS("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n"), "bad"},
    {"version 1, a tab", OCTETS("PROXY\tTCP4 192.0.2.1 192.0.2.2 1 2\r\n"), "bad"},

    {"a client's command", OCTETS("CAPA\r\n"), "bad"},
    {"the first octet tells", OCTETS("C"), "bad"},
    {"a TLS handshake", OCTETS("\x16\3\1\2\0\1\0"), "bad"},
    {"an empty line", OCTETS("\r\nUSER"), "bad"},

    {"version 2, IPv4", OCTETS(SIGNATURE "\x21\x11\0\xc" V4), "192.0.2.1 56324"},
    {"version 2, IPv6", OCTETS(SIGNATURE "\x21\x21\0\x24" V6_SOURCE V6_REST),
     "2001:db8::7 56324"},
    {"version 2, IPv4-mapped IPv6", OCTETS(SIGNATURE "\x21\x21\0\x24" V6_MAPPED V6_REST),
     "192.0.2.1 56324"},
    {"version 2, a UNIX socket", OCTETS(SIGNATURE "\x21\x31\0\xd8" UNIX_PATH UNIX_PATH),
     "nobody 0"},
    {"version 2, unspecified", OCTETS(SIGNATURE "\x21\0\0\0"), "nobody 0"},
    {"version 2, unspecified and whatever follows",
     OCTETS(SIGNATURE "\x21\0\0\3"
                      "abc"),
     "nobody 0"},
    {"version 2, local", OCTETS(SIGNATURE "\x20\0\0\0"), "nobody 0 local"},
    {"version 2, local with an address to skip", OCTETS(SIGNATURE "\x20\x11\0\xc" V4),
     "nobody 0 local"},
    {"version 2, local of a datagram with garbage",
     OCTETS(SIGNATURE "\x20\x12\0\3"
                      "abc"),
     "nobody 0 local"},
    {"version 2, TLS",
     OCTETS(SIGNATURE "\x21\x11\0\x14" V4 "\x20\0\5"
                      "\1\0\0\0\0"),
     "192.0.2.1 56324 tls"},
    {"version 2, TLS of a client with a certificate",
     OCTETS(SIGNATURE "\x21\x11\0\x1e" V4 "\x20\0\xf"
                      "\7\0\0\0\0"
                      "\x21\0\7"
                      "TLSv1.3"),
     "192.0.2.1 56324 tls"},
    {"version 2, no TLS",
     OCTETS(SIGNATURE "\x21\x11\0\x14" V4 "\x20\0\5"
                      "\6\0\0\0\0"),
     "192.0.2.1 56324"},
    {"version 2, an empty word on TLS", OCTETS(SIGNATURE "\x21\x11\0\xf" V4 "\x20\0\0"),
     "192.0.2.1 56324"},
    {"version 2, TLS behind other extras",
     OCTETS(SIGNATURE "\x21\x11\0\x21" V4 "\1\0\4"
                      "pop3"
                      "\4\0\0"
                      "\xe2\0\0"
                      "\x20\0\5"
                      "\1\0\0\0\0"),
     "192.0.2.1 56324 tls"},
    {"version 2, TLS of a UNIX socket",
     OCTETS(SIGNATURE "\x21\x31\0\xe0" UNIX_PATH UNIX_PATH "\x20\0\5"
                      "\1\0\0\0\0"),
     "nobody 0 tls"},
    {"version 2, TLS of one that asks for itself",
     OCTETS(SIGNATURE "\x20\x11\0\x14" V4 "\x20\0\5"
                      "\1\0\0\0\0"),
     "nobody 0 local"},
    {"version 2, an extra that is cut", OCTETS(SIGNATURE "\x21\x11\0\xe" V4 "\4\0"), "bad"},
    {"version 2, one longer than what is there",
     OCTETS(SIGNATURE "\x21\x11\0\x10" V4 "\4\0\2"
                      "a"),
     "bad"},
    {"version 2, one octet behind the last",
     OCTETS(SIGNATURE "\x21\x11\0\x11" V4 "\4\0\1"
                      "a"
                      "b"),
     "bad"},
    {"version 2, an IPv4 address too short", OCTETS(SIGNATURE "\x21\x11\0\xb" V4), "bad"},
    {"version 2, an IPv6 address too short",
     OCTETS(SIGNATURE "\x21\x21\0\x23" V6_SOURCE V6_REST), "bad"},
    {"version 2, a path too short", OCTETS(SIGNATURE "\x21\x31\0\xd7" UNIX_PATH UNIX_PATH),
     "bad"},
    {"version 2, nothing at all for IPv4", OCTETS(SIGNATURE "\x21\x11\0\0"), "bad"},
    {"version 2, a datagram", OCTETS(SIGNATURE "\x21\x12\0\xc" V4), "bad"},
    {"version 2, no transport", OCTETS(SIGNATURE "\x21\x10\0\xc" V4), "bad"},
    {"version 2, a stream of no family", OCTETS(SIGNATURE "\x21\1\0\xc" V4), "bad"},
    {"version 2, an unknown family", OCTETS(SIGNATURE "\x21\x41\0\xc" V4), "bad"},
    {"version 2, an unknown command", OCTETS(SIGNATURE "\x22\x11\0\xc" V4), "bad"},
    {"version 1 in the form of 2", OCTETS(SIGNATURE "\x11"), "bad"},
    {"version 3", OCTETS(SIGNATURE "\x31"), "bad"},
    {"version 0", OCTETS(SIGNATURE "\1"), "bad"},
    {"version 2, cut within the signature", OCTETS("\r\n\r\n\0\r\nQU"), "more"},
    {"version 2, another signature", OCTETS("\r\n\r\n\0\r\nQUIT\r"), "bad"},
    {"version 2, cut before the length ends", OCTETS(SIGNATURE "\x21\x11\0"), "more"},
    {"version 2, cut within the address",
     OCTETS(SIGNATURE "\x21\x11\0\xc"
                      "\xc0\0\2"),
     "more"},
    {"version 2, the longest has to come", OCTETS(SIGNATURE "\x21\x11\xf\xf0"), "more"},
    {"version 2, too long is told by its length", OCTETS(SIGNATURE "\x21\x11\xf\xf1"), "bad"},
    {"version 2, the longest of all", OCTETS(SIGNATURE "\x20\0\xff\xff"), "bad"},
};

/* In a block of its exact size, so that an octet read too far shows. */
static ProxyHeaderResult
parse(const char *input, gsize length, ProxyHeader *header, gsize *taken)
{
    g_autofree guint8 *octets = length > 0 ? g_memdup2(input, length) : g_malloc(1);

    return proxy_header_parse(octets, length, header, taken);
}

static char *
describe(ProxyHeaderResult result, const ProxyHeader *header)
{
    if (result != PROXY_HEADER_DONE)
        return g_strdup(result == PROXY_HEADER_MORE ? "more" : "bad");
    return g_strdup_printf("%s %u%s%s", header->address[0] != '\0' ? header->address : "nobody",
                           header->port, header->local ? " local" : "",
                           header->tls ? " tls" : "");
}

static void
check(const char *input, gsize length, const char *expected, gsize expected_taken)
{
    ProxyHeader header;
    gsize taken;
    ProxyHeaderResult result = parse(input, length, &header, &taken);
    g_autofree char *told = describe(result, &header);

    g_assert_cmpstr(told, ==, expected);
    if (result != PROXY_HEADER_BAD)
        g_assert_cmpuint(taken, ==, expected_taken);
}

/* What is whole is so with its last octet, not before, and whatever the client says next. */
static void
test_case(gconstpointer data)
{
    const Case *c = data;
    gboolean is_whole = !g_str_equal(c->expected, "bad") && !g_str_equal(c->expected, "more");

    check(c->input, c->length, c->expected, c->length);
    for (gsize length = 0; is_whole && length < c->length; length++)
        check(c->input, length, "more", length);
    if (g_str_equal(c->expected, "more"))
        return;
    static const char *const followers[] = {"\n", "\r\n", "USER alice\r\n", "\x16\3\1",
                                            SIGNATURE};
    for (guint i = 0; i < G_N_ELEMENTS(followers); i++) {
        g_autoptr(GByteArray) whole = g_byte_array_new();
        g_byte_array_append(whole, (const guint8 *)c->input, (guint)c->length);
        g_byte_array_append(whole, (const guint8 *)followers[i], (guint)strlen(followers[i]));
        check((const char *)whole->data, whole->len, c->expected, c->length);
    }
}

static void
test_longest(void)
{
    char octets[PROXY_HEADER_MAX] = SIGNATURE "\x21\x11\xf\xf0" V4 "\4\xf\xe1";

    for (gsize length = 16; length < sizeof octets; length++)
        check(octets, length, "more", length);
    check(octets, sizeof octets, "192.0.2.1 56324", sizeof octets);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/proxy-header/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/proxy-header/version 2, the longest that is taken", test_longest);
    return g_test_run();
}
