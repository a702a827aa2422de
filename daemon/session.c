/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "session.h"

#include "exchange.h"
#include "log.h"
#include "maildrop.h"
#include "metrics.h"
#include "server.h"
#include "suspension.h"

#include <pop4/pop4.h>
#include <string.h>
#include <time.h>

struct SessionData {
    SessionData *next;
    const char *plugin; /* borrowed: plugins stay resident */
    gpointer data;
    GDestroyNotify destroy;
};

static const char *const reason_names[] = {
    [CLOSE_NOT] = "none",
    [CLOSE_QUIT] = "quit",
    [CLOSE_REQUESTED] = "plugin",
    [CLOSE_REFUSED] = "refused",
    [CLOSE_BY_CLIENT] = "client-left",
    [CLOSE_BROKEN] = "broken",
    [CLOSE_BAD_COMMANDS] = "bad-commands",
    [CLOSE_TLS] = "tls",
    [CLOSE_LOGIN_LIMIT] = "login-limit",
    [CLOSE_CROWDED] = "crowded",
    [CLOSE_LOGIN_TIMEOUT] = "login-timeout",
    [CLOSE_IDLE_TIMEOUT] = "idle-timeout",
    [CLOSE_WRITE_TIMEOUT] = "write-timeout",
    [CLOSE_DRAIN] = "drain",
};

const char *
close_reason_name(CloseReason reason)
{
    return reason_names[reason];
}

gint
session_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (gint)now.tv_sec;
}

Pop4Session *
session_new(Server *server, const ListenerSettings *listener, int fd, const char *peer)
{
    Pop4Session *session = g_new0(Pop4Session, 1);

    session->deadline = G_MAXINT;
    session->id = server_next_session_id(server);
    session->server = server;
    session->listener = listener;
    session->stage = listener->proxy_protocol ? STAGE_PROXY : STAGE_CONNECTED;
    session->set = server_pin_set(server);
    session->connection.fd = fd;
    session->state = POP4_STATE_AUTHORIZATION;
    session->login_end = session_clock() + (gint)session->set->login_timeout;
    session->login_octets = G_MAXUINT64;
    session->login_commands = G_MAXUINT;
    g_strlcpy(session->peer, peer, sizeof session->peer);
    return session;
}

void
session_set_deadline(Pop4Session *session, gint when, CloseReason reason)
{
    g_atomic_int_set(&session->deadline_reason, reason);
    g_atomic_int_set(&session->deadline, when);
}

void
session_set_write_deadline(Pop4Session *session)
{
    gint end = session_clock() + (gint)session->set->write_timeout;

    /* Whatever a stranger does, the time to log in runs. */
    if (session->state == POP4_STATE_AUTHORIZATION && session->login_end < end)
        session_set_deadline(session, session->login_end, CLOSE_LOGIN_TIMEOUT);
    else
        session_set_deadline(session, end, CLOSE_WRITE_TIMEOUT);
}

static void
free_data(Pop4Session *session)
{
    SessionData *next;

    for (SessionData *data = session->data; data != NULL; data = next) {
        next = data->next;
        if (data->destroy != NULL && data->data != NULL)
            data->destroy(data->data);
        g_free(data);
    }
    session->data = NULL;
}

void
session_leave_maildrop(Pop4Session *session)
{
    output_clear(&session->output);
    exchange_clear(session);
    suspension_clear(session);
    free_data(session);
    g_clear_pointer(&session->maildrop, maildrop_close);
}

void
session_free(Pop4Session *session)
{
    session_leave_maildrop(session);
    buffer_wipe(&session->input);
    g_clear_pointer(&session->identity, pop4_identity_free);
    /* What these are told comes while they still send. */
    connection_close(&session->connection,
                     session->closing == CLOSE_BAD_COMMANDS || session->closing == CLOSE_TLS);
    extension_set_unref(session->set);
    g_free(session);
}

guint64
pop4_session_get_id(const Pop4Session *session)
{
    return session->id;
}

Pop4State
pop4_session_get_state(const Pop4Session *session)
{
    return session->state;
}

const Pop4Identity *
pop4_session_get_identity(const Pop4Session *session)
{
    return session->identity;
}

Pop4Maildrop *
pop4_session_get_maildrop(const Pop4Session *session)
{
    return session->maildrop;
}

const char *
pop4_session_get_peer(const Pop4Session *session)
{
    return session->peer;
}

const char *
pop4_session_get_listener(const Pop4Session *session)
{
    return session->listener->name;
}

void
pop4_session_limit_login(Pop4Session *session, guint seconds, guint64 octets, guint commands)
{
    if (seconds > 0)
        session->login_end =
            MIN(session->login_end, session_clock() + (gint)MIN(seconds, G_MAXINT / 2));
    if (octets > 0)
        session->login_octets = octets;
    if (commands > 0)
        session->login_commands = commands;
}

guint64
pop4_session_get_command_number(const Pop4Session *session)
{
    return session->command_number;
}

gconstpointer
pop4_session_get_settings(const Pop4Session *session, const char *plugin)
{
    const Extension *extension = extension_set_find(session->set, plugin);

    g_return_val_if_fail(extension != NULL, NULL);
    return extension->settings;
}

gpointer
pop4_session_get_instance(const Pop4Session *session, const char *plugin)
{
    const Extension *extension = extension_set_find(session->set, plugin);

    g_return_val_if_fail(extension != NULL, NULL);
    return extension->instance;
}

static SessionData *
find_data(const Pop4Session *session, const char *plugin)
{
    for (SessionData *data = session->data; data != NULL; data = data->next) {
        if (data->plugin == plugin || g_str_equal(data->plugin, plugin))
            return data;
    }
    return NULL;
}

void
pop4_session_set_data(Pop4Session *session, const char *plugin, gpointer data,
                      GDestroyNotify destroy)
{
    SessionData *entry = find_data(session, plugin);

    if (entry == NULL) {
        entry = g_new0(SessionData, 1);
        entry->plugin = plugin;
        entry->next = session->data;
        session->data = entry;
    } else if (entry->destroy != NULL && entry->data != NULL) {
        entry->destroy(entry->data);
    }
    entry->data = data;
    entry->destroy = destroy;
}

gpointer
pop4_session_get_data(const Pop4Session *session, const char *plugin)
{
    const SessionData *entry = find_data(session, plugin);

    return entry != NULL ? entry->data : NULL;
}

void
pop4_session_close(Pop4Session *session)
{
    if (session->closing == CLOSE_NOT)
        session->closing = CLOSE_REQUESTED;
}
