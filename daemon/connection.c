/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "connection.h"

#include "tls.h"

#include <errno.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

static IoResult
judge(gssize done, gsize *done_out)
{
    *done_out = done > 0 ? (gsize)done : 0;
    if (done > 0)
        return IO_DONE;
    return done < 0 && (errno == EAGAIN || errno == EINTR) ? IO_BLOCKED : IO_ENDED;
}

IoResult
connection_read(Connection *connection, void *octets, gsize size, gsize *done_out)
{
    if (connection->tls != NULL)
        return tls_read(connection->tls, octets, size, done_out);
    return judge(recv(connection->fd, octets, size, 0), done_out);
}

IoResult
connection_peek(Connection *connection, void *octets, gsize size, gsize *done_out)
{
    return judge(recv(connection->fd, octets, size, MSG_PEEK), done_out);
}

IoResult
connection_write(Connection *connection, const void *octets, gsize size, gboolean more,
                 gsize *done_out)
{
    int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);

    if (connection->tls != NULL)
        return tls_write(connection->tls, octets, size, done_out);
    return judge(send(connection->fd, octets, size, flags), done_out);
}

IoResult
connection_send_file(Connection *connection, int fd, guint64 offset, gsize size,
                     gsize *done_out)
{
    off_t position = (off_t)offset;

    return judge(sendfile(connection->fd, fd, &position, size), done_out);
}

static void
read_away(int fd)
{
    char octets[4096];

    shutdown(fd, SHUT_WR);
    for (int i = 0; i < 16; i++) {
        if (recv(fd, octets, sizeof octets, 0) <= 0)
            return;
    }
}

void
connection_close(Connection *connection, gboolean unread)
{
    if (connection->tls != NULL)
        tls_end(connection->tls);
    if (unread)
        read_away(connection->fd);
    g_clear_pointer(&connection->tls, tls_free);
    close(connection->fd);
}
