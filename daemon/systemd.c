/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_PASSED 3

void
systemd_notify(const char *state)
{
    const char *path = g_getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    if (path == NULL || strlen(path) >= sizeof address.sun_path ||
        (path[0] != '/' && path[0] != '@'))
        return;

    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    memcpy(address.sun_path, path, strlen(path));
    if (path[0] == '@')
        address.sun_path[0] = '\0'; /* an abstract name */
    socklen_t length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path));
    if (sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&address, length) < 0)
        g_warning("sd_notify: %s", g_strerror(errno));
    close(fd);
}

guint64
systemd_watchdog_interval(void)
{
    const char *interval = g_getenv("WATCHDOG_USEC");
    const char *pid = g_getenv("WATCHDOG_PID");

    if (interval == NULL || (pid != NULL && g_ascii_strtoll(pid, NULL, 10) != getpid()))
        return 0;
    return g_ascii_strtoull(interval, NULL, 10);
}

static guint
passed_sockets(void)
{
    const char *pid = g_getenv("LISTEN_PID");
    const char *count = g_getenv("LISTEN_FDS");

    if (pid == NULL || count == NULL || g_ascii_strtoll(pid, NULL, 10) != getpid())
        return 0;
    return (guint)g_ascii_strtoull(count, NULL, 10);
}

int
systemd_take_socket(const char *name)
{
    static guint taken;
    const char *names = g_getenv("LISTEN_FDNAMES");
    g_auto(GStrv) list = g_strsplit(names != NULL ? names : "", ":", -1);
    guint count = MIN(passed_sockets(), g_strv_length(list));

    for (guint i = 0; i < MIN(count, 32); i++) {
        if ((taken & (1u << i)) == 0 && g_str_equal(list[i], name)) {
            int fd = (int)(FIRST_PASSED + i);
            taken |= 1u << i;
            fcntl(fd, F_SETFD, FD_CLOEXEC);
            fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
            return fd;
        }
    }
    return -1;
}
