/* What systemd and the server tell each other: sd_notify() and passed sockets, by their
 * documented protocols. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* "READY=1" and the like, lines of one message; nothing happens without $NOTIFY_SOCKET. */
void systemd_notify(const char *state);

/* Microseconds within which the next WATCHDOG=1 is awaited; 0 = nobody waits for one. */
guint64 systemd_watchdog_interval(void);

/* A listening socket that was passed under @name, -1 without one. Gives each only once. */
int systemd_take_socket(const char *name);
