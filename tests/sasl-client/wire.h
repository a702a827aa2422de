/* A client's connection: lines, under TLS or not, told on standard output. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct {
    const char *host;
    int port;
    const char *ca, *certificate, *key, *alpn, *server_name;
    gboolean tls_1_2;
} WireOptions;

typedef struct Wire Wire;

/* All of them end the program with status 2 where the connection does not go on. */
Wire *wire_new(const WireOptions *options);
void wire_start_tls(Wire *wire, const WireOptions *options);
void wire_send(Wire *wire, const char *line);

/* (transfer full): without CRLF. */
char *wire_receive(Wire *wire);

/* (transfer full): of that type, or what libsasl2 takes for none. */
GBytes *wire_binding(const Wire *wire, const char *type);
void wire_free(Wire *wire);

/* Tells why on standard error, and ends with status 2. */
void trouble(const char *format, ...) G_GNUC_PRINTF(1, 2) G_GNUC_NORETURN;
