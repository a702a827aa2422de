/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "listener.h"

#include "conversation.h"
#include "log.h"
#include "metrics.h"
#include "reply.h"
#include "server.h"
#include "systemd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <pop4/error.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections taken in one turn, before sessions get theirs. */
#define BATCH 64

struct Listener {
    EventSource event; /* first: the pool hands it back */
    Server *server;
    const ListenerSettings *settings; /* the server's */
    int fd;
    gboolean passed; /* by systemd, which goes on listening on it */
    int spare;       /* a descriptor to turn a client away with when there is no other */
    gint paused;     /* atomic: not armed until listener_poke() */
    gint stopped;    /* atomic */
};

typedef union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    struct sockaddr_storage storage;
} Address;

static int
open_spare(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static gboolean
fail(GError **error, const ListenerSettings *settings, const char *what)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s %s port %" G_GUINT64_FORMAT ": %s",
                what, settings->address, settings->port, g_strerror(errno));
    return FALSE;
}

static socklen_t
make_address(const ListenerSettings *settings, Address *address)
{
    memset(address, 0, sizeof *address);
    if (inet_pton(AF_INET, settings->address, &address->v4.sin_addr) == 1) {
        address->v4.sin_family = AF_INET;
        address->v4.sin_port = htons((guint16)settings->port);
        return sizeof address->v4;
    }
    inet_pton(AF_INET6, settings->address, &address->v6.sin6_addr);
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((guint16)settings->port);
    return sizeof address->v6;
}

static gboolean
bind_socket(Listener *listener, const ListenerSettings *settings, GError **error)
{
    Address address;
    socklen_t length = make_address(settings, &address);
    int one = 1;

    listener->fd =
        socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (listener->fd < 0)
        return fail(error, settings, "cannot make a socket for");
    setsockopt(listener->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    /* "::" leaves IPv4 to a listener of its own. */
    if (address.any.sa_family == AF_INET6)
        setsockopt(listener->fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
    if (bind(listener->fd, &address.any, length) < 0)
        return fail(error, settings, "cannot bind to");
    if (listen(listener->fd, (int)settings->backlog) < 0)
        return fail(error, settings, "cannot listen on");
    return TRUE;
}

/* IPv4 clients of an IPv6 socket are told by their IPv4 address. */
static guint16
format_address(const Address *address, char *text, gsize size)
{
    if (address->any.sa_family == AF_INET) {
        inet_ntop(AF_INET, &address->v4.sin_addr, text, (socklen_t)size);
        return ntohs(address->v4.sin_port);
    }
    if (IN6_IS_ADDR_V4MAPPED(&address->v6.sin6_addr))
        inet_ntop(AF_INET, address->v6.sin6_addr.s6_addr + 12, text, (socklen_t)size);
    else
        inet_ntop(AF_INET6, &address->v6.sin6_addr, text, (socklen_t)size);
    return ntohs(address->v6.sin6_port);
}

static void
turn_away(int fd, const char *peer, const char *reason)
{
    g_autoptr(GError) error = g_error_new_literal(POP4_ERROR, POP4_ERROR_TEMPORARY,
                                                  "Too many connections, try later");
    Buffer line = {0};

    reply_format_error(&line, error);
    if (send(fd, buffer_head(&line), buffer_length(&line), MSG_NOSIGNAL) < 0)
        pop4_log(NULL, POP4_LOG_DEBUG, "refusal-not-sent", "rip", peer, NULL);
    buffer_wipe(&line);
    close(fd);
    metrics_add(METRIC_CONNECTIONS_REFUSED, 1);
    pop4_log(NULL, POP4_LOG_INFO, "refused", "rip", peer, "reason", reason, NULL);
}

static void
welcome(Listener *listener, Worker *worker, int fd, const Address *address)
{
    char peer[INET6_ADDRSTRLEN] = "";
    int one = 1;

    format_address(address, peer, sizeof peer);
    if (listener->settings->proxy_protocol &&
        !pop4_networks_contain(listener->settings->proxies, peer)) {
        pop4_log(NULL, POP4_LOG_INFO, "refused", "rip", peer, "reason", "no proxy", NULL);
        metrics_add(METRIC_CONNECTIONS_REFUSED, 1);
        close(fd);
        return;
    }
    if (!server_has_room(listener->server)) {
        turn_away(fd, peer, "max-sessions");
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    conversation_begin(listener->server, worker, listener->settings, fd, peer);
}

/* Without descriptors the client would wait for nothing: the spare one says so. FALSE when even
 * that does not help; then accepting pauses, instead of failing again and again. */
static gboolean
use_spare(Listener *listener)
{
    Address address;
    socklen_t length = sizeof address;
    char peer[INET6_ADDRSTRLEN] = "";

    if (listener->spare >= 0)
        close(listener->spare);
    int fd = accept4(listener->fd, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        format_address(&address, peer, sizeof peer);
        turn_away(fd, peer, "no descriptors");
    }
    listener->spare = open_spare();
    return fd >= 0 && listener->spare >= 0;
}

/* FALSE when accepting has to pause. */
static gboolean
accept_batch(Listener *listener, Worker *worker)
{
    for (int i = 0; i < BATCH && !g_atomic_int_get(&listener->stopped); i++) {
        Address address;
        socklen_t length = sizeof address;
        int fd = accept4(listener->fd, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0)
            welcome(listener, worker, fd, &address);
        else if (errno == EAGAIN)
            return TRUE;
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            if (!use_spare(listener))
                return FALSE;
        } else if (errno != ECONNABORTED && errno != EINTR && errno != EPROTO) {
            return FALSE; /* what is wrong may last */
        }
    }
    return TRUE;
}

static void
listener_run(EventSource *source, Worker *worker, guint events)
{
    Listener *listener = (Listener *)source;

    if (!accept_batch(listener, worker))
        g_atomic_int_set(&listener->paused, TRUE);
    else if (!g_atomic_int_get(&listener->stopped))
        worker_pool_arm(worker->pool, listener->fd, source, EPOLLIN);
}

Listener *
listener_new(Server *server, const ListenerSettings *settings, GError **error)
{
    Listener *listener = g_new0(Listener, 1);

    listener->event.run = listener_run;
    listener->server = server;
    listener->settings = settings;
    listener->spare = open_spare();
    listener->fd = systemd_take_socket(settings->name);
    listener->passed = listener->fd >= 0;
    if (!listener->passed && !bind_socket(listener, settings, error)) {
        listener_free(listener);
        return NULL;
    }
    return listener;
}

static void
log_listening(const Listener *listener)
{
    Address address;
    socklen_t length = sizeof address;
    char text[INET6_ADDRSTRLEN] = "";

    if (getsockname(listener->fd, &address.any, &length) < 0)
        return;
    g_autofree char *port = g_strdup_printf("%u", format_address(&address, text, sizeof text));
    pop4_log(NULL, POP4_LOG_INFO, "listening", "listener", listener->settings->name, "address",
             text, "port", port, NULL);
}

gboolean
listener_start(Listener *listener, WorkerPool *pool, GError **error)
{
    if (!worker_pool_add(pool, listener->fd, &listener->event, EPOLLIN)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "listener %s: %s",
                    listener->settings->name, g_strerror(errno));
        return FALSE;
    }
    log_listening(listener);
    return TRUE;
}

void
listener_poke(Listener *listener, WorkerPool *pool)
{
    if (g_atomic_int_compare_and_exchange(&listener->paused, TRUE, FALSE) &&
        !g_atomic_int_get(&listener->stopped))
        worker_pool_arm(pool, listener->fd, &listener->event, EPOLLIN);
}

void
listener_stop(Listener *listener, WorkerPool *pool)
{
    g_atomic_int_set(&listener->stopped, TRUE);
    /* Clients are refused at once, not left waiting; a socket of systemd's stays open for the
     * server that comes next. The pool keeps the descriptor, since a worker may be about to arm
     * it: closed both ways it has nothing to tell but its end. */
    if (!listener->passed)
        shutdown(listener->fd, SHUT_RDWR);
}

void
listener_free(Listener *listener)
{
    if (listener->fd >= 0)
        close(listener->fd);
    if (listener->spare >= 0)
        close(listener->spare);
    g_free(listener);
}
