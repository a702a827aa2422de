/* The one symbol a plugin exports. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <gmodule.h>
#include <pop4/authenticator.h>
#include <pop4/command.h>
#include <pop4/directory.h>
#include <pop4/folders.h>
#include <pop4/setting.h>
#include <pop4/store.h>
#include <pop4/submission.h>

G_BEGIN_DECLS

/*
 * MINOR rises when a field is appended to Pop4Plugin or Pop4Hooks; the daemon reads such a
 * field only from plugins of that MINOR or later. Anything else, a longer row in a table
 * included, raises MAJOR.
 */
#define POP4_ABI_MAJOR 1
#define POP4_ABI_MINOR 3

/* A line of the CAPA reply (RFC 2449). */
typedef struct {
    const char *name; /* the tag, and the line when @render is NULL; NULL ends a table */
    guint states;     /* Pop4State, or-ed */
    /* (nullable): appends to @line, which holds the tag; FALSE leaves the line out. */
    gboolean (*render)(const Pop4Session *session, GString *line);
} Pop4Capability;

/* Each hook is optional and runs on the session's thread, in the order of the plugins. */
typedef struct {
    /* Before the greeting. An error is told instead of a greeting, and the connection closes;
     * where a TLS handshake comes first, it closes without a word. */
    gboolean (*connected)(Pop4Session *session, GError **error);
    void (*logged_in)(Pop4Session *session);
    /* @error says why: POP4_ERROR_AUTH, IN_USE, TEMPORARY ... */
    void (*login_failed)(Pop4Session *session, const char *user, const GError *error);
    /* Before a command's handler; an error is its reply. */
    gboolean (*command)(Pop4Session *session, const Pop4Command *command, GError **error);
    /* After a command's handler; @error is what it failed with, NULL when it succeeded. */
    void (*command_done)(Pop4Session *session, const Pop4Command *command, const GError *error);
    /* A whole message has been handed to the network. */
    void (*retrieved)(Pop4Session *session, guint number, guint64 octets);
    void (*closed)(Pop4Session *session);

    /* Since ABI 1.1. */

    /* The greeting: appends to @line, which holds what others have said, " <stamp@host>". */
    void (*greeting)(Pop4Session *session, GString *line);
    /* TLS has begun by a command: what the client has told before is to be forgotten. */
    void (*secured)(Pop4Session *session);
    /* Before the maildrop is opened for somebody who has proved to be @identity; an error
     * refuses the login. */
    gboolean (*logging_in)(Pop4Session *session, const Pop4Identity *identity, GError **error);

    /* Since ABI 1.2. */

    /* A message has been sent through the session, or not. */
    void (*submitted)(Pop4Session *session, const Pop4Submission *submission);
    /* The maildrop is open, the session not yet in TRANSACTION: the place to look through it
     * and for pop4_maildrop_restrict(). May block. An error refuses the login, and the maildrop
     * is closed again. */
    gboolean (*opened)(Pop4Session *session, const Pop4Identity *identity,
                       Pop4Maildrop *maildrop, GError **error);
} Pop4Hooks;

struct Pop4Plugin {
    /* These two never move: they protect the rest. */
    guint16 abi_major, abi_minor;

    const char *name;
    const char *summary;
    const Pop4Command *commands;            /* (nullable) */
    const Pop4Capability *capabilities;     /* (nullable) */
    const Pop4Hooks *hooks;                 /* (nullable) */
    const Pop4Setting *settings;            /* (nullable) */
    gsize settings_size;                    /* of the struct that @settings fill */
    const Pop4Store *store;                 /* (nullable) */
    const Pop4Authenticator *authenticator; /* (nullable) */

    /**
     * start:
     * @settings: the filled struct; lives until stop()
     * @instance_out: (out): what this use of the plugin works with
     *
     * Called when the plugin is switched on or its settings change, before a session can reach
     * it. Several instances can live at once: each serves the sessions that began under its
     * settings. Main thread. (nullable)
     */
    gboolean (*start)(gconstpointer settings, gpointer *instance_out, GError **error);

    /* After the last session of the instance has ended, on whatever thread ended it. (nullable)
     */
    void (*stop)(gpointer instance);

    /* Since ABI 1.1. */
    const Pop4Directory *directory; /* (nullable) */

    /* Since ABI 1.3. */
    const Pop4Folders *folders; /* (nullable): of @store */
};

/**
 * POP4_PLUGIN:
 * @id: the plugin's name, "-" written as "_"; the module is called `<name>.so`
 *
 * Declares the symbol the daemon looks for. Give it an initialiser that starts with
 * %POP4_PLUGIN_ABI.
 */
#define POP4_PLUGIN(id) G_MODULE_EXPORT const Pop4Plugin pop4_plugin_##id
#define POP4_PLUGIN_ABI .abi_major = POP4_ABI_MAJOR, .abi_minor = POP4_ABI_MINOR

G_END_DECLS
