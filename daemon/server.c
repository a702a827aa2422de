/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "server.h"

#include "listener.h"
#include "log.h"
#include "metrics.h"
#include "privileges.h"
#include "session-list.h"
#include "waiting-room.h"

#include <pop4/error.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

/* Descriptors that are not for clients: logs, listeners, threads, databases. */
#define DESCRIPTORS_KEPT 256

struct Server {
    Settings *settings; /* as last read */
    Settings *started;  /* as of the start: what listeners and threads go by */
    WorkerPool *pool;
    SessionList *sessions;
    GPtrArray *listeners;
    gboolean draining;

    pthread_mutex_t set_lock;
    ExtensionSet *set; /* what new sessions pin */

    atomic_uint_fast64_t last_id;
    gint max_sessions; /* atomic */
};

/* Plugins ask for it before any server object reaches them. */
static char *hostname;

const char *
pop4_server_get_hostname(void)
{
    return hostname;
}

void
server_set_hostname(const char *name)
{
    g_free(hostname);
    hostname = g_strdup(name);
}

static gint
count_allowed_sessions(guint64 wanted)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
        return wanted != 0 ? (gint)wanted : G_MAXINT;
    guint64 allowed = limit.rlim_cur > 2 * DESCRIPTORS_KEPT ? limit.rlim_cur - DESCRIPTORS_KEPT
                                                            : MAX(limit.rlim_cur / 2, 1);
    return (gint)MIN(wanted != 0 ? wanted : allowed, allowed);
}

static void
apply(Server *server, Settings *settings)
{
    if (server->settings != NULL && server->settings != server->started)
        settings_free(server->settings);
    server->settings = settings;
    log_set_level((Pop4LogLevel)settings->server.log_level);
    g_atomic_int_set(&server->max_sessions,
                     count_allowed_sessions(settings->server.max_sessions));
}

static gboolean
bind_listeners(Server *server, GError **error)
{
    for (guint i = 0; i < server->settings->listeners->len; i++) {
        Listener *listener =
            listener_new(server, g_ptr_array_index(server->settings->listeners, i), error);
        if (listener == NULL)
            return FALSE;
        g_ptr_array_add(server->listeners, listener);
    }
    return TRUE;
}

/* What needs root's rights comes first. Plugins start as the user that they will run as, so
 * that a file they may not read is told now. */
static gboolean
prepare(Server *server, Faults *faults, GError **error)
{
    const Settings *settings = server->settings;

    privileges_check(settings, faults);
    g_autoptr(TlsContext) tls = tls_context_new(settings, faults);
    if (faults_count(faults) == 0 &&
        (!bind_listeners(server, error) || !privileges_drop(settings, error)))
        return FALSE;
    server->set = extension_set_build(settings, NULL, tls, PLUGINS_WORKING, faults);
    return server->set != NULL;
}

Server *
server_new(Settings *settings, Faults *faults, GError **error)
{
    Server *server = g_new0(Server, 1);
    guint workers = (guint)settings->server.workers;

    pthread_mutex_init(&server->set_lock, NULL);
    server->sessions = session_list_new();
    server->listeners = g_ptr_array_new_with_free_func((GDestroyNotify)listener_free);
    server->started = settings;
    apply(server, settings);
    server_set_hostname(settings->server.hostname);
    server->pool = worker_pool_new(workers != 0 ? workers : g_get_num_processors(),
                                   (guint)settings->server.workers_reserve, error);
    if (server->pool != NULL && prepare(server, faults, error))
        return server;
    server_free(server);
    return NULL;
}

gboolean
server_start(Server *server, GError **error)
{
    if (!worker_pool_start(server->pool, error))
        return FALSE;
    for (guint i = 0; i < server->listeners->len; i++) {
        if (!listener_start(g_ptr_array_index(server->listeners, i), server->pool, error))
            return FALSE;
    }
    return TRUE;
}

static void
publish(Server *server, ExtensionSet *set)
{
    pthread_mutex_lock(&server->set_lock);
    ExtensionSet *old = server->set;
    server->set = set;
    pthread_mutex_unlock(&server->set_lock);
    extension_set_unref(old);
}

/* (transfer full) (nullable): by the new files, or the old ones' where those are no good: the
 * rest of the configuration does not wait for a certificate. */
static TlsContext *
renew_tls(Server *server, const Settings *settings)
{
    g_autoptr(Faults) faults = faults_new();
    TlsContext *tls = tls_context_new(settings, faults);

    /* Listeners are as they were at the start: what they need stays. */
    if (faults_count(faults) == 0 && (tls != NULL || server->set->tls == NULL))
        return tls;
    for (guint i = 0; i < faults_count(faults); i++)
        pop4_log(NULL, POP4_LOG_ERROR, "tls-kept", "fault", faults_get(faults, i), NULL);
    return server->set->tls != NULL ? tls_context_ref(server->set->tls) : NULL;
}

gboolean
server_reload(Server *server, const char *path, Faults *faults)
{
    g_autoptr(Settings) settings = settings_load(path, faults);
    if (settings == NULL)
        return FALSE;

    g_autoptr(TlsContext) tls = renew_tls(server, settings);
    ExtensionSet *set = extension_set_build(settings, server->set, tls, PLUGINS_ALL, faults);
    if (set == NULL)
        return FALSE;

    g_autofree char *waiting = settings_diff_restart(server->started, settings);
    g_autofree char *revision = g_strdup_printf("%" G_GUINT64_FORMAT, set->revision);
    publish(server, set);
    apply(server, g_steal_pointer(&settings));
    pop4_log(NULL, POP4_LOG_INFO, "reloaded", "revision", revision, NULL);
    if (waiting != NULL)
        pop4_log(NULL, POP4_LOG_WARNING, "needs-restart", "keys", waiting, NULL);
    return TRUE;
}

gboolean
server_is_alive(Server *server)
{
    return worker_pool_ping(server->pool);
}

void
server_sweep(Server *server)
{
    session_list_sweep(server->sessions, session_clock());
    /* Mostly somebody who has done with blocking lets the next one in; not if he was faster. */
    waiting_room_admit(G_MAXUINT);
    for (guint i = 0; i < server->listeners->len; i++)
        listener_poke(g_ptr_array_index(server->listeners, i), server->pool);
    /* A login that raced the drain's first look is caught by the next one. */
    if (server->draining)
        session_list_end_all(server->sessions, CLOSE_DRAIN, TRUE);
}

void
server_drain(Server *server)
{
    server->draining = TRUE;
    for (guint i = 0; i < server->listeners->len; i++)
        listener_stop(g_ptr_array_index(server->listeners, i), server->pool);
    session_list_end_all(server->sessions, CLOSE_DRAIN, TRUE);
}

void
server_end_sessions(Server *server)
{
    session_list_end_all(server->sessions, CLOSE_DRAIN, FALSE);
}

guint
server_count_sessions(Server *server)
{
    return session_list_count(server->sessions);
}

guint
server_drain_seconds(const Server *server)
{
    return (guint)server->settings->server.drain_timeout;
}

void
server_free(Server *server)
{
    if (server->pool != NULL)
        worker_pool_stop(server->pool);
    g_clear_pointer(&server->listeners, g_ptr_array_unref);
    g_clear_pointer(&server->pool, worker_pool_free);
    g_clear_pointer(&server->sessions, session_list_free);
    waiting_room_admit(G_MAXUINT); /* nobody is left, but what they stood in line with */
    g_clear_pointer(&server->set, extension_set_unref);
    if (server->settings != server->started)
        settings_free(server->settings);
    settings_free(server->started);
    pthread_mutex_destroy(&server->set_lock);
    g_free(server);
}

guint64
server_next_session_id(Server *server)
{
    return atomic_fetch_add(&server->last_id, 1) + 1;
}

ExtensionSet *
server_pin_set(Server *server)
{
    pthread_mutex_lock(&server->set_lock);
    ExtensionSet *set = extension_set_ref(server->set);
    pthread_mutex_unlock(&server->set_lock);
    return set;
}

WorkerPool *
server_get_pool(Server *server)
{
    return server->pool;
}

SessionList *
server_get_sessions(Server *server)
{
    return server->sessions;
}

gboolean
server_has_room(Server *server)
{
    guint count = session_list_count(server->sessions);
    guint limit = (guint)g_atomic_int_get(&server->max_sessions);

    if (count < limit)
        return TRUE;
    /* Those who leave take a moment. */
    return count < limit + DESCRIPTORS_KEPT / 2 &&
           session_list_end_oldest(server->sessions, CLOSE_CROWDED);
}

void
server_log_metrics(Server *server)
{
    guint64 sums[METRIC_COUNT];
    char text[METRIC_COUNT][24];
    g_autofree char *sessions = g_strdup_printf("%u", server_count_sessions(server));
    g_autofree char *threads = g_strdup_printf("%u", worker_pool_count_threads(server->pool));

    metrics_read(sums);
    pop4_log(NULL, POP4_LOG_INFO, "gauges", "sessions", sessions, "workers", threads, NULL);
    for (int i = 0; i < METRIC_COUNT; i++) {
        g_snprintf(text[i], sizeof text[i], "%" G_GUINT64_FORMAT, sums[i]);
        pop4_log(NULL, POP4_LOG_INFO, "metric", "name", metric_names[i], "value", text[i],
                 NULL);
    }
}
