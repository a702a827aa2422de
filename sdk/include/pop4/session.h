/* What a plugin may ask of a session, and where it keeps its own per-session state. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/command.h>
#include <pop4/types.h>

G_BEGIN_DECLS

/* All on the session's thread. Strings are borrowed. */

/* Unique in this process. */
POP4_API guint64 pop4_session_get_id(const Pop4Session *session);
POP4_API Pop4State pop4_session_get_state(const Pop4Session *session);

/* (nullable): NULL before login; the maildrop also behind pop4_session_finish(). */
POP4_API const Pop4Identity *pop4_session_get_identity(const Pop4Session *session);
POP4_API Pop4Maildrop *pop4_session_get_maildrop(const Pop4Session *session);

/* The client's address without its port, "127.0.0.1" or "2001:db8::1". */
POP4_API const char *pop4_session_get_peer(const Pop4Session *session);

/* The name of the listener that the client came by. */
POP4_API const char *pop4_session_get_listener(const Pop4Session *session);

/* Counts the commands of the session from 1, the present one included. */
POP4_API guint64 pop4_session_get_command_number(const Pop4Session *session);

/**
 * pop4_session_get_settings:
 * @plugin: the calling plugin's name
 *
 * The settings struct of the plugin, as filled for the extension set of this session.
 * Immutable.
 */
POP4_API gconstpointer pop4_session_get_settings(const Pop4Session *session,
                                                 const char *plugin);

/* What the plugin's start() gave for those settings. */
POP4_API gpointer pop4_session_get_instance(const Pop4Session *session, const char *plugin);

/**
 * pop4_session_set_data:
 * @plugin: the calling plugin's name
 * @data: (transfer full) (nullable): state to keep until the session closes
 * @destroy: (nullable): frees @data
 */
POP4_API void pop4_session_set_data(Pop4Session *session, const char *plugin, gpointer data,
                                    GDestroyNotify destroy);
POP4_API gpointer pop4_session_get_data(const Pop4Session *session, const char *plugin);

/* Whether a name and a password as they are could log in on this session now: somebody checks
 * them, and pop4_session_allows_plaintext(). */
POP4_API gboolean pop4_session_accepts_password(const Pop4Session *session);

/**
 * pop4_session_check_password:
 *
 * Asks the authenticators of the session's extension set. May block.
 *
 * Returns: (transfer full) (nullable): who that is
 */
POP4_API Pop4Identity *pop4_session_check_password(const Pop4Session *session, const char *user,
                                                   const char *password, GError **error);

/* Whether pop4_session_find_account() has anybody to ask. */
POP4_API gboolean pop4_session_has_directory(const Pop4Session *session);

/**
 * pop4_session_find_account:
 *
 * Asks the directories of the session's extension set, as Pop4Directory's lookup. May block.
 *
 * Returns: (transfer full) (nullable): the first that one of them knows
 */
POP4_API Pop4Account *pop4_session_find_account(const Pop4Session *session, const char *user,
                                                GError **error);

/**
 * pop4_session_login:
 * @identity: (transfer full): who has proved to be whom, freed on failure too
 *
 * Opens and locks the maildrop and enters TRANSACTION. May block. Afterwards the handler
 * replies.
 */
POP4_API gboolean pop4_session_login(Pop4Session *session, Pop4Identity *identity,
                                     GError **error);

/* Counts and logs a refused attempt, once each; @mechanism is "PASS", "PLAIN", ...; @user is ""
 * when the name is not known. */
POP4_API void pop4_session_login_failed(Pop4Session *session, const char *mechanism,
                                        const char *user, const GError *error);

/**
 * pop4_session_finish:
 *
 * In TRANSACTION the UPDATE state: removes the marked messages (RFC 1939, section 6); in
 * AUTHORIZATION nothing is to be removed. Either way the connection closes behind the reply,
 * also when an error is returned. May block.
 */
POP4_API gboolean pop4_session_finish(Pop4Session *session, GError **error);

/**
 * pop4_session_limit_login:
 * @seconds: from now to the login
 * @octets: that the client may send until then
 * @commands: that it may send until then
 *
 * From the connected hook. Whoever exceeds a limit is closed; 0 leaves it as the server has it.
 */
POP4_API void pop4_session_limit_login(Pop4Session *session, guint seconds, guint64 octets,
                                       guint commands);

/**
 * pop4_session_delay:
 * @seconds: how long
 *
 * What the session has still to send, the reply of the present command included, waits that
 * long, and no thread with it. The longest delay asked for counts.
 */
POP4_API void pop4_session_delay(Pop4Session *session, guint seconds);

/* Closes the connection behind the reply. Removes nothing. */
POP4_API void pop4_session_close(Pop4Session *session);

G_END_DECLS
