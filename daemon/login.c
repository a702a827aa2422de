/* From AUTHORIZATION to TRANSACTION to UPDATE (RFC 1939, sections 4 to 6). */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "hooks.h"
#include "maildrop.h"
#include "metrics.h"
#include "reply.h"
#include "server.h"
#include "session-list.h"

#include <pop4/pop4.h>

static const Extension *
next_authenticator(const Pop4Session *session, guint *index)
{
    const GPtrArray *extensions = session->set->extensions;

    while (*index < extensions->len) {
        const Extension *extension = g_ptr_array_index(extensions, (*index)++);
        if (extension->plugin->authenticator != NULL)
            return extension;
    }
    return NULL;
}

gboolean
pop4_session_accepts_password(const Pop4Session *session)
{
    guint index = 0;

    return session->state == POP4_STATE_AUTHORIZATION &&
           pop4_session_allows_plaintext(session) &&
           next_authenticator(session, &index) != NULL;
}

/* The first that knows the user decides; one that cannot tell decides, too, since nobody may be
 * told that a good password is wrong. */
Pop4Identity *
pop4_session_check_password(const Pop4Session *session, const char *user, const char *password,
                            GError **error)
{
    const Extension *extension;
    guint index = 0;

    while ((extension = next_authenticator(session, &index)) != NULL) {
        g_clear_error(error);
        Pop4Identity *identity = extension->plugin->authenticator->check_password(
            extension->instance, session, user, password, error);
        if (identity != NULL ||
            (error != NULL && !g_error_matches(*error, POP4_ERROR, POP4_ERROR_AUTH)))
            return identity;
    }
    if (error != NULL && *error == NULL)
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "No way to check a password is configured");
    return NULL;
}

static const Extension *
next_directory(const Pop4Session *session, guint *index)
{
    const GPtrArray *extensions = session->set->extensions;

    while (*index < extensions->len) {
        const Extension *extension = g_ptr_array_index(extensions, (*index)++);
        if (extension->plugin->directory != NULL)
            return extension;
    }
    return NULL;
}

gboolean
pop4_session_has_directory(const Pop4Session *session)
{
    guint index = 0;

    return next_directory(session, &index) != NULL;
}

Pop4Account *
pop4_session_find_account(const Pop4Session *session, const char *user, GError **error)
{
    g_autoptr(GError) reason = NULL;
    const Extension *extension;
    guint index = 0;

    while ((extension = next_directory(session, &index)) != NULL) {
        g_clear_error(&reason);
        Pop4Account *account =
            extension->plugin->directory->lookup(extension->instance, user, &reason);
        if (account != NULL)
            return account;
        if (!g_error_matches(reason, POP4_ERROR, POP4_ERROR_AUTH))
            break;
    }
    if (reason == NULL)
        g_set_error_literal(&reason, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "No directory of accounts is configured");
    g_propagate_error(error, g_steal_pointer(&reason));
    return NULL;
}

/* A store knows maildrops by their owners alone. */
static Pop4Maildrop *
open_for_owner(const Extension *store, const Pop4Identity *identity, GError **error)
{
    const char *owner = pop4_identity_get_owner(identity);
    g_autoptr(Pop4Identity) other = owner != NULL ? pop4_identity_new(owner) : NULL;

    return maildrop_open(store, other != NULL ? other : identity, error);
}

static gboolean
open_maildrop(Pop4Session *session, const Pop4Identity *identity, GError **error)
{
    if (session->state != POP4_STATE_AUTHORIZATION) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "You are logged in already");
        return FALSE;
    }
    if (session->set->store == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                            "No mail store is configured");
        return FALSE;
    }
    if (!hooks_logging_in(session, identity, error))
        return FALSE;
    g_autoptr(Pop4Maildrop) maildrop = open_for_owner(session->set->store, identity, error);
    if (maildrop == NULL || !hooks_opened(session, identity, maildrop, error))
        return FALSE;
    maildrop_settle(maildrop);
    session->maildrop = g_steal_pointer(&maildrop);
    return TRUE;
}

gboolean
pop4_session_login(Pop4Session *session, Pop4Identity *identity, GError **error)
{
    g_autoptr(Pop4Identity) owned = identity;

    if (!open_maildrop(session, identity, error))
        return FALSE;

    session->identity = g_steal_pointer(&owned);
    session->state = POP4_STATE_TRANSACTION;
    session_list_note_login(server_get_sessions(session->server), session);
    metrics_add(METRIC_LOGINS, 1);

    guint64 octets;
    guint count = pop4_maildrop_get_unmarked(session->maildrop, &octets);
    g_autofree char *count_text = g_strdup_printf("%u", count);
    g_autofree char *octets_text = g_strdup_printf("%" G_GUINT64_FORMAT, octets);
    const char *tls = pop4_session_get_tls_version(session);
    pop4_log(session, POP4_LOG_INFO, "login", "user", pop4_identity_get_login(identity),
             "master", pop4_identity_get_master(identity), "owner",
             pop4_identity_get_owner(identity), "messages", count_text, "octets", octets_text,
             "tls", tls, NULL);
    hooks_logged_in(session);
    return TRUE;
}

void
pop4_session_login_failed(Pop4Session *session, const char *mechanism, const char *user,
                          const GError *error)
{
    metrics_add(METRIC_LOGINS_FAILED, 1);
    pop4_log(session, POP4_LOG_INFO, "login-failed", "mechanism", mechanism, "code",
             reply_code(error), "reason", error->message, "user", user, NULL);
    hooks_login_failed(session, user, error);
}

gboolean
pop4_session_finish(Pop4Session *session, GError **error)
{
    guint removed = 0;

    session->closing = CLOSE_QUIT;
    if (session->maildrop == NULL)
        return TRUE;

    gboolean done = maildrop_commit(session->maildrop, &removed, error);
    /* The next session of this user may begin as soon as the client has the reply. */
    g_clear_pointer(&session->maildrop, maildrop_close);
    if (done) {
        session->deleted = removed;
        metrics_add(METRIC_MESSAGES_DELETED, removed);
    }
    return done;
}
