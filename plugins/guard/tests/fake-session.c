/* SPDX-License-Identifier: MIT */

#include "fake-session.h"

struct Pop4Identity {
    char *login;
};

static GString *log_text;

GQuark
pop4_error_quark(void)
{
    return g_quark_from_static_string("pop4-error-quark");
}

Pop4Identity *
pop4_identity_new(const char *login)
{
    Pop4Identity *identity = g_new0(Pop4Identity, 1);

    identity->login = g_strdup(login);
    return identity;
}

void
pop4_identity_free(Pop4Identity *identity)
{
    g_free(identity->login);
    g_free(identity);
}

const char *
pop4_identity_get_login(const Pop4Identity *identity)
{
    return identity->login;
}

const Pop4Identity *
pop4_session_get_identity(const Pop4Session *session)
{
    return session->identity;
}

const char *
pop4_session_get_peer(const Pop4Session *session)
{
    return session->peer;
}

gpointer
pop4_session_get_instance(const Pop4Session *session, const char *plugin)
{
    return session->instance;
}

void
pop4_session_set_data(Pop4Session *session, const char *plugin, gpointer data,
                      GDestroyNotify destroy)
{
    if (session->destroy != NULL && session->data != NULL)
        session->destroy(session->data);
    session->data = data;
    session->destroy = destroy;
}

gpointer
pop4_session_get_data(const Pop4Session *session, const char *plugin)
{
    return session->data;
}

void
pop4_session_limit_login(Pop4Session *session, guint seconds, guint64 octets, guint commands)
{
    session->limited = TRUE;
    session->limit_seconds = seconds;
    session->limit_octets = octets;
    session->limit_commands = commands;
}

void
pop4_session_delay(Pop4Session *session, guint seconds)
{
    session->delay = MAX(session->delay, seconds);
}

void
pop4_session_close(Pop4Session *session)
{
    session->closing = TRUE;
}

void
pop4_log(const Pop4Session *session, Pop4LogLevel level, const char *event, ...)
{
    const char *key;
    va_list pairs;

    if (log_text == NULL)
        log_text = g_string_new(NULL);
    g_string_append_printf(log_text, "%s %s", level == POP4_LOG_INFO ? "info" : "debug", event);
    va_start(pairs, event);
    while ((key = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL)
            g_string_append_printf(log_text, " %s=%s", key, value);
    }
    va_end(pairs);
    g_string_append_c(log_text, '\n');
}

char *
fake_session_take_log(void)
{
    return log_text != NULL ? g_string_free(g_steal_pointer(&log_text), FALSE) : g_strdup("");
}

Pop4Session *
fake_session_new(const Pop4Plugin *plugin, gpointer instance, const char *peer, GError **error)
{
    Pop4Session *session = g_new0(Pop4Session, 1);

    session->peer = peer;
    session->instance = instance;
    if (plugin->hooks->connected(session, error))
        return session;
    fake_session_free(session);
    return NULL;
}

void
fake_session_free(Pop4Session *session)
{
    pop4_session_set_data(session, "guard", NULL, NULL);
    g_clear_pointer(&session->identity, pop4_identity_free);
    g_free(session);
}
