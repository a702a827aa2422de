/* The PROXY header, versions 1 and 2: whom a proxy speaks for. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Octets of the longest header that is taken. */
#define PROXY_HEADER_MAX 4096

typedef struct {
    char address[46]; /* INET6_ADDRSTRLEN; "" when the proxy does not tell */
    guint16 port;
    gboolean local; /* the proxy asks on its own behalf */
    gboolean tls;   /* the client's way to the proxy is under TLS */
} ProxyHeader;

typedef enum {
    PROXY_HEADER_MORE,
    PROXY_HEADER_DONE,
    PROXY_HEADER_BAD,
} ProxyHeaderResult;

/**
 * proxy_header_parse:
 * @octets: what has come, from the first octet on
 * @header_out: (out): filled with %PROXY_HEADER_DONE
 * @taken_out: (out): how many of the octets belong to the header; with %PROXY_HEADER_MORE all
 *
 * As HAProxy's "The PROXY protocol, versions 1 & 2" has it.
 */
ProxyHeaderResult proxy_header_parse(const guint8 *octets, gsize length,
                                     ProxyHeader *header_out, gsize *taken_out);
