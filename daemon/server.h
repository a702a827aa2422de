/* The server as a whole: its listeners, its threads, its sessions and the present extension
 * set. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "extension-set.h"
#include "worker.h"

#include <pop4/server.h>

typedef struct Server Server;
typedef struct SessionList SessionList;

/* What plugins see as the name, from their first start() on. Main thread. */
void server_set_hostname(const char *name);

/**
 * server_new:
 * @settings: (transfer full): freed on failure, too
 *
 * Builds the first extension set and binds the listeners. Main thread.
 *
 * Returns: (transfer full) (nullable): NULL with @faults of the configuration, or with @error
 */
Server *server_new(Settings *settings, Faults *faults, GError **error);

/* Starts threads and accepts clients. */
gboolean server_start(Server *server, GError **error);

/* Publishes a new set for new sessions, or changes nothing and says why in @faults. */
gboolean server_reload(Server *server, const char *path, Faults *faults);

/* Whether the workers have taken what the last call of this gave them to do. */
gboolean server_is_alive(Server *server);

/* Once a second: timeouts. */
void server_sweep(Server *server);

/* Accepts no more, ends sessions that have not logged in, gives the others their time. */
void server_drain(Server *server);

/* Ends all sessions; their maildrops stay as they are. */
void server_end_sessions(Server *server);
guint server_count_sessions(Server *server);
guint server_drain_seconds(const Server *server);

/* After the last session: ends the threads. */
void server_free(Server *server);

/* Any thread. */
guint64 server_next_session_id(Server *server);
ExtensionSet *server_pin_set(Server *server); /* (transfer full) */
WorkerPool *server_get_pool(Server *server);
SessionList *server_get_sessions(Server *server);

/* Whether one more may come; if need be the oldest that has not logged in leaves for it. */
gboolean server_has_room(Server *server);
void server_log_metrics(Server *server);
