/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "client.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct TalkClient {
    int fd;
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
talk_client_send(TalkClient *client, const char *octets, gsize length)
{
    while (length > 0) {
        gssize sent = send(client->fd, octets, length, MSG_NOSIGNAL);
        if (sent < 0)
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
        gssize got = recv(client->fd, block, sizeof block, 0);
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

    close(client->fd);
    g_string_free(client->unread, TRUE);
    g_free(client);
}
