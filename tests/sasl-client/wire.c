/* SPDX-License-Identifier: MIT */

#include "wire.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct Wire {
    int fd;
    SSL *ssl; /* (nullable) */
    GString *unread;
};

void
trouble(const char *format, ...)
{
    va_list args;

    fflush(stdout);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(2);
}

static int
connect_to(const char *host, int port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    struct timeval patience = {.tv_sec = 30};
    g_autofree char *service = g_strdup_printf("%d", port);
    int fd = -1;

    if (getaddrinfo(host, service, &hints, &found) != 0)
        trouble("no such host: %s", host);
    /* localhost is two addresses, and a server may have one of them. */
    for (struct addrinfo *one = found; one != NULL && fd < 0; one = one->ai_next) {
        fd = socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd >= 0 && connect(fd, one->ai_addr, one->ai_addrlen) < 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0)
        trouble("connect: %s", g_strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return fd;
}

Wire *
wire_new(const WireOptions *options)
{
    Wire *wire = g_new0(Wire, 1);

    wire->fd = connect_to(options->host, options->port);
    wire->unread = g_string_new(NULL);
    return wire;
}

static void
trouble_with_tls(const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    trouble("%s: %s", what, reason != NULL ? reason : "the server has left");
}

static SSL_CTX *
make_context(const WireOptions *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (options->tls_1_2)
        SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
    if (options->ca != NULL) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        if (SSL_CTX_load_verify_file(context, options->ca) != 1)
            trouble_with_tls(options->ca);
    }
    if (options->certificate != NULL &&
        (SSL_CTX_use_certificate_chain_file(context, options->certificate) != 1 ||
         SSL_CTX_use_PrivateKey_file(context, options->key, SSL_FILETYPE_PEM) != 1))
        trouble_with_tls(options->certificate);
    return context;
}

void
wire_start_tls(Wire *wire, const WireOptions *options)
{
    SSL_CTX *context = make_context(options);

    if (wire->unread->len > 0)
        trouble("octets in clear behind the reply to STLS");
    wire->ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(wire->ssl, wire->fd);
    if (options->server_name != NULL)
        SSL_set_tlsext_host_name(wire->ssl, options->server_name);
    if (options->alpn != NULL) {
        g_autofree char *list =
            g_strdup_printf("%c%s", (int)strlen(options->alpn), options->alpn);
        SSL_set_alpn_protos(wire->ssl, (const guchar *)list, (unsigned)strlen(list));
    }
    if (SSL_connect(wire->ssl) != 1)
        trouble_with_tls("handshake");
}

void
wire_send(Wire *wire, const char *line)
{
    g_autofree char *octets = g_strconcat(line, "\r\n", NULL);
    gsize length = strlen(octets);
    gssize sent = wire->ssl != NULL ? SSL_write(wire->ssl, octets, (int)length)
                                    : send(wire->fd, octets, length, MSG_NOSIGNAL);

    printf("C: %s\n", line);
    if (sent != (gssize)length)
        trouble("cannot send");
}

static gssize
read_some(Wire *wire, char *block, gsize size)
{
    gssize got = wire->ssl != NULL ? SSL_read(wire->ssl, block, (int)size)
                                   : recv(wire->fd, block, size, 0);

    if (got > 0)
        return got;
    if (wire->ssl != NULL && SSL_get_error(wire->ssl, (int)got) != SSL_ERROR_ZERO_RETURN)
        trouble_with_tls("read");
    trouble("the server has closed");
}

char *
wire_receive(Wire *wire)
{
    char *end;

    while ((end = strstr(wire->unread->str, "\r\n")) == NULL) {
        char block[4096];
        g_string_append_len(wire->unread, block, read_some(wire, block, sizeof block));
    }
    char *line = g_strndup(wire->unread->str, (gsize)(end - wire->unread->str));
    g_string_erase(wire->unread, 0, (gssize)strlen(line) + 2);
    printf("S: %s\n", line);
    return line;
}

/* RFC 9266 and RFC 5929, as a client sees them. */
GBytes *
wire_binding(const Wire *wire, const char *type)
{
    guchar octets[EVP_MAX_MD_SIZE] = "";
    unsigned length = 32;

    if (wire->ssl == NULL)
        return g_bytes_new("none", 4);
    if (g_str_equal(type, "tls-exporter")) {
        SSL_export_keying_material(wire->ssl, octets, length, "EXPORTER-Channel-Binding", 24,
                                   (const guchar *)"", 0, 1);
    } else if (g_str_equal(type, "tls-unique")) {
        length = (unsigned)SSL_get_finished(wire->ssl, octets, sizeof octets);
    } else {
        X509 *certificate = SSL_get1_peer_certificate(wire->ssl);
        X509_digest(certificate, EVP_sha256(), octets, &length);
        X509_free(certificate);
    }
    return g_bytes_new(octets, length);
}

void
wire_free(Wire *wire)
{
    if (wire->ssl != NULL)
        SSL_shutdown(wire->ssl);
    SSL_free(wire->ssl);
    close(wire->fd);
    g_string_free(wire->unread, TRUE);
    g_free(wire);
}
