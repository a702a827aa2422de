/* SPDX-License-Identifier: MIT */

#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "latency.h"
#include "load-error.h"

/* An address has some 28,000 ephemeral ports; these many connections are safe with each. */
#define CONNECTIONS_PER_SOURCE 20000
#define SOURCES 200

void
client_init(Client *client, const Plan *plan, guint index, int epoll)
{
    client->plan = plan;
    client->index = index;
    client->epoll = epoll;
    client->fd = -1;
    client->user = index;
    client->random = plan->seed + index;
    client->out = g_string_new(NULL);
}

void
client_clear(Client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    g_string_free(client->out, TRUE);
}

static gboolean
fail_errno(GError **error, const char *what)
{
    int code = errno;

    g_set_error(error, LOAD_ERROR, LOAD_ERROR_NETWORK, "%s: %s", what, g_strerror(code));
    return FALSE;
}

const char *
client_get_step_name(const Client *client)
{
    if (client->length == 0)
        return "nothing";
    if (client->ending)
        return "the end of the connection";
    return client->script[client->position % client->length]->name;
}

/* SplitMix64 */
guint
client_get_random(Client *client, guint limit)
{
    guint64 mixed = client->random += G_GUINT64_CONSTANT(0x9e3779b97f4a7c15);

    mixed = (mixed ^ (mixed >> 30)) * G_GUINT64_CONSTANT(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * G_GUINT64_CONSTANT(0x94d049bb133111eb);
    return (guint)((mixed ^ (mixed >> 31)) % limit);
}

static gboolean
is_loopback(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)address;

    return address->ss_family == AF_INET &&
           ntohl(ipv4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
}

/* Many connections to one loopback port need more than one source address. */
static gboolean
choose_source(Client *client, GError **error)
{
    static int connections;
    guint source = (guint)g_atomic_int_add(&connections, 1) / CONNECTIONS_PER_SOURCE % SOURCES;
    struct sockaddr_in address = {.sin_family = AF_INET};
    int on = 1;

    if (source == 0 || !is_loopback(&client->plan->address))
        return TRUE;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source);
    setsockopt(client->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (bind(client->fd, (const struct sockaddr *)&address, sizeof address) < 0)
        return fail_errno(error, "bind");
    return TRUE;
}

/* A failure to connect shows when the greeting is read. */
static gboolean
connect_to_server(Client *client, GError **error)
{
    const Plan *plan = client->plan;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    int on = 1;

    client->fd = socket(plan->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        return fail_errno(error, "socket");
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!choose_source(client, error))
        return FALSE;
    if (connect(client->fd, (const struct sockaddr *)&plan->address, plan->address_length) <
            0 &&
        errno != EINPROGRESS)
        return fail_errno(error, "connect");
    if (epoll_ctl(client->epoll, EPOLL_CTL_ADD, client->fd, &event) < 0)
        return fail_errno(error, "epoll_ctl");
    return TRUE;
}

/* Clients never share a user, since a maildrop may be open only once: each goes its own
 * way through the users, in strides of the concurrency. */
static void
disconnect(Client *client)
{
    close(client->fd);
    client->fd = -1;
    client->ending = FALSE;
    client->user += client->plan->concurrency;
    if (client->user >= client->plan->users)
        client->user = client->index;
}

static gboolean
wait_for_room(Client *client, gboolean full, GError **error)
{
    struct epoll_event event = {.data.ptr = client};

    event.events = EPOLLIN | (full ? EPOLLOUT : 0);
    if (epoll_ctl(client->epoll, EPOLL_CTL_MOD, client->fd, &event) < 0)
        return fail_errno(error, "epoll_ctl");
    return TRUE;
}

static gboolean
send_some(Client *client, GError **error)
{
    ssize_t sent = send(client->fd, client->out->str + client->sent,
                        client->out->len - client->sent, MSG_NOSIGNAL);

    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return fail_errno(error, "send");
    client->sent += (gsize)MAX(sent, 0);
    return TRUE;
}

gboolean
client_flush(Client *client, GError **error)
{
    if (!send_some(client, error))
        return FALSE;
    return client->sent < client->out->len || wait_for_room(client, FALSE, error);
}

static gboolean
send_commands(Client *client, guint first, guint end, GError **error)
{
    g_string_truncate(client->out, 0);
    client->sent = 0;
    for (guint i = first; i < end; i++) {
        const Step *step = client->script[i % client->length];

        if (step->write != NULL)
            step->write(client, client->out);
    }
    if (client->out->len == 0)
        return TRUE;
    if (!send_some(client, error))
        return FALSE;
    return client->sent == client->out->len || wait_for_room(client, TRUE, error);
}

static void
expect_reply(Client *client)
{
    reply_reader_start(&client->reply,
                       client->script[client->position % client->length]->multiline);
}

gboolean
client_start(Client *client, const Step *const *script, guint rounds, GError **error)
{
    client->script = script;
    client->rounds = rounds;
    client->position = 0;
    client->started = latency_now();
    for (client->length = 0; script[client->length] != NULL;)
        client->length++;

    if (client->fd < 0 && !connect_to_server(client, error))
        return FALSE;
    expect_reply(client);
    return send_commands(client, 0, rounds > 1 ? client->length * rounds : 1, error);
}

static gboolean
finish_step(Client *client, gboolean *done_out, GError **error)
{
    const Step *step = client->script[client->position % client->length];

    if (step->check != NULL && !step->check(client, &client->reply, error))
        return FALSE;

    client->ending = step->closes;
    client->position++;
    if (client->position == client->length * client->rounds) {
        *done_out = !step->closes;
        return TRUE;
    }
    expect_reply(client);
    return client->rounds > 1 ||
           send_commands(client, client->position, client->position + 1, error);
}

static gboolean
take_bytes(Client *client, const char *data, gsize length, gboolean *done_out, GError **error)
{
    client->bytes += length;
    while (length > 0) {
        gsize used;

        if (client->position == client->length * client->rounds) {
            g_set_error(error, LOAD_ERROR, LOAD_ERROR_REPLY, "%" G_GSIZE_FORMAT " bytes more",
                        length);
            return FALSE;
        }
        if (!reply_reader_feed(&client->reply, data, length, &used, error))
            return FALSE;
        data += used;
        length -= used;
        if (client->reply.state == REPLY_DONE && !finish_step(client, done_out, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
client_receive(Client *client, char *buffer, gsize size, gboolean *done_out, GError **error)
{
    ssize_t length = recv(client->fd, buffer, size, 0);

    *done_out = FALSE;
    if (length > 0)
        return take_bytes(client, buffer, (gsize)length, done_out, error);
    if (length < 0)
        return errno == EAGAIN || errno == EINTR || fail_errno(error, "receive");
    if (!client->ending) {
        g_set_error(error, LOAD_ERROR, LOAD_ERROR_NETWORK, "the server closed the connection");
        return FALSE;
    }

    disconnect(client);
    *done_out = TRUE;
    return TRUE;
}
