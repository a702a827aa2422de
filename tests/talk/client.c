/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "client.h"

#include <errno.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct TalkClient {
    int fd;
    SSL *ssl; /* (nullable) */
    GString *unread;
};

static int
connect_to(const char *host, guint16 port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found;
    struct timeval patience = {.tv_sec = 60};
    g_autofree char *service = g_strdup_printf("%u", port);

    int status = getaddrinfo(host, service, &hints, &found);
    if (status != 0)
        g_error("%s: %s", host, gai_strerror(status));
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(fd, found->ai_addr, found->ai_addrlen) < 0)
        g_error("connect to %s:%u: %s", host, port, g_strerror(errno));
    freeaddrinfo(found);
    return fd;
}

TalkClient *
talk_client_new(const char *host, guint16 port)
{
    TalkClient *client = g_new0(TalkClient, 1);

    client->fd = connect_to(host, port);
    client->unread = g_string_new(NULL);
    return client;
}

void
talk_client_start_tls(TalkClient *client)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    g_assert_cmpuint(client->unread->len, ==, 0);
    client->ssl = SSL_new(context);
    SSL_CTX_free(context);
    SSL_set_fd(client->ssl, client->fd);
    if (SSL_connect(client->ssl) != 1)
        g_error("TLS: %s", ERR_reason_error_string(ERR_peek_last_error()));
}

static gssize
write_some(TalkClient *client, const char *octets, gsize length)
{
    if (client->ssl != NULL)
        return SSL_write(client->ssl, octets, (int)length);
    return send(client->fd, octets, length, MSG_NOSIGNAL);
}

/* 0 at the end of the connection; under TLS only a close_notify is one. */
static gssize
read_some(TalkClient *client, char *octets, gsize size)
{
    if (client->ssl == NULL)
        return recv(client->fd, octets, size, 0);
    int got = SSL_read(client->ssl, octets, (int)size);
    if (got <= 0 && SSL_get_error(client->ssl, got) != SSL_ERROR_ZERO_RETURN)
        g_error("TLS: %s", ERR_reason_error_string(ERR_peek_last_error()));
    return got;
}

void
talk_client_send(TalkClient *client, const char *octets, gsize length)
{
    while (length > 0) {
        gssize sent = write_some(client, octets, length);
        if (sent <= 0)
            g_error("send: %s", g_strerror(errno));
        octets += sent;
        length -= (gsize)sent;
    }
}

char *
talk_client_read_line(TalkClient *client)
{
    char *end;

    while ((end = memchr(client->unread->str, '\n', client->unread->len)) == NULL) {
        char block[4096];
        gssize got = read_some(client, block, sizeof block);
        if (got < 0 && errno != ECONNRESET)
            g_error("recv: %s, after \"%s\"", g_strerror(errno), client->unread->str);
        if (got <= 0 && client->unread->len > 0)
            g_error("the connection ended in a line: \"%s\"", client->unread->str);
        if (got <= 0)
            return NULL;
        g_string_append_len(client->unread, block, got);
    }
    gsize length = (gsize)(end - client->unread->str);
    if (length == 0 || end[-1] != '\r')
        g_error("a line ends in LF alone: \"%.*s\"", (int)length, client->unread->str);
    char *line = g_strndup(client->unread->str, length - 1);
    g_string_erase(client->unread, 0, (gssize)length + 1);
    return line;
}

void
talk_client_free(gpointer data)
{
    TalkClient *client = data;

    SSL_free(client->ssl);
    close(client->fd);
    g_string_free(client->unread, TRUE);
    g_free(client);
}
