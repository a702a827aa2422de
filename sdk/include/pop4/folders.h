/* Folders of a mail store: the optional second table beside Pop4Store. Since ABI 1.3. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

G_BEGIN_DECLS

typedef enum {
    POP4_FLAG_SEEN = 1 << 0,
    POP4_FLAG_ANSWERED = 1 << 1,
    POP4_FLAG_FLAGGED = 1 << 2,
    POP4_FLAG_DRAFT = 1 << 3,
    POP4_FLAG_FORWARDED = 1 << 4,
} Pop4Flags;

typedef struct {
    const char *name; /* "INBOX", or components with "/" between them, UTF-8 in NFC */
    guint messages;
    guint unseen;
    guint64 octets;
} Pop4Folder;

typedef void (*Pop4FolderFunc)(const Pop4Folder *folder, gpointer state);

typedef enum {
    POP4_CHANGE_ARRIVED = '+',
    POP4_CHANGE_FLAGS = '=',
    POP4_CHANGE_GONE = '-',
} Pop4ChangeKind;

/* What has become of a message. @number is 0 when it is gone. */
typedef struct {
    Pop4ChangeKind kind;
    guint number;
    const char *uid;
    guint64 octets;
    guint flags; /* Pop4Flags, or-ed */
} Pop4Change;

/* @folder: (nullable): the folder that has changed, where several are asked for */
typedef void (*Pop4ChangeFunc)(const char *folder, const Pop4Change *change, gpointer state);

/*
 * A drop is what Pop4Store's open() gave; it stands for the INBOX and for all folders. A folder
 * is what open() below gave: Pop4Store's count(), size(), uid(), open_body(), remove() and
 * close() take it as they take a drop, and so does what takes a folder here take a drop. The
 * core closes folders before their drop, and checks numbers. Names come checked: NFC, without
 * empty components, "." or "..", "INBOX" in capitals. Calls run on the session's thread, in
 * commands that may block; an error is %POP4_ERROR_FAILED when the client asks for what cannot
 * be, %POP4_ERROR_TEMPORARY when it may be so later.
 */
typedef struct {
    /* Tells every folder below @parent ("" = all), INBOX first, then by name. */
    gboolean (*list)(gpointer drop, const char *parent, Pop4FolderFunc each, gpointer state,
                     GError **error);

    /* (transfer full) (nullable) */
    gpointer (*open)(gpointer drop, const char *name, GError **error);

    /* With parents that are missing. */
    gboolean (*create)(gpointer drop, const char *name, GError **error);

    /* Only an empty one without children. */
    gboolean (*remove)(gpointer drop, const char *name, GError **error);

    /* With all that is below; what a crash leaves half done is completed by the next open(). */
    gboolean (*rename)(gpointer drop, const char *name, const char *to, GError **error);

    /**
     * refresh:
     * @gone: (element-type guint): gets the numbers of messages that have gone since
     *
     * Looks at the folder again: new messages get numbers above all others, and no number
     * shifts. Gone messages are still counted by count().
     */
    gboolean (*refresh)(gpointer folder, GArray *gone, gboolean *changed_out, GError **error);

    guint (*flags)(gpointer folder, guint number);

    /* @changed_out: how many messages have other flags now. On failure those before the
     * failing one are changed. */
    gboolean (*set_flags)(gpointer folder, const guint *numbers, guint count, guint add,
                          guint remove, guint *changed_out, GError **error);

    /**
     * move:
     * @done_out: (out): how many were moved, also on failure; those come first in @numbers
     *
     * At once, atomically a message, which keeps its unique-id. Returns when it is on disk.
     */
    gboolean (*move)(gpointer folder, const guint *numbers, guint count, const char *to,
                     guint *done_out, GError **error);

    /* All of them or, with an error, none. Each copy has a new unique-id. */
    gboolean (*copy)(gpointer folder, const guint *numbers, guint count, const char *to,
                     GError **error);

    /* (transfer full) (nullable): a message that is to be stored, with those flags. */
    gpointer (*append)(gpointer drop, const char *to, guint flags, GError **error);
    gboolean (*append_write)(gpointer append, const char *data, gsize length, GError **error);
    /* (transfer full) (nullable): the unique-id, once the message is on disk. */
    char *(*append_finish)(gpointer append, GError **error);
    /* Frees; without append_finish() nothing stays. */
    void (*append_free)(gpointer append);

    /**
     * sync:
     * @token: (nullable): from an earlier call, of any session; NULL tells every message
     * @gone: as in refresh()
     * @each: told the change of each message since @token; needs no folder name
     * @state: passed to @each
     *
     * Refreshes, too.
     *
     * Returns: (transfer full) (nullable): the token of the present state, 1 to 64 characters
     *     from 0x21 to 0x7E; NULL with %POP4_ERROR_RESET when @token tells nothing any more
     */
    char *(*sync)(gpointer folder, const char *token, GArray *gone, Pop4ChangeFunc each,
                  gpointer state, GError **error);

    /* The same for all folders: numbers are those that open() would give. @each is called with
     * a folder's name and no change before that folder's changes. */
    char *(*sync_all)(gpointer drop, const char *token, Pop4ChangeFunc each, gpointer state,
                      GError **error);

    /**
     * watch:
     * @changed: called once, on any thread, as soon as something in the folder may be new
     *
     * Both (nullable): a store that cannot tell has none of the two.
     *
     * Returns: (transfer full) (nullable): for unwatch(), which any thread may call but not
     *     @changed itself; when it has returned @changed is not running
     */
    gpointer (*watch)(gpointer folder, void (*changed)(gpointer data), gpointer data,
                      GError **error);
    void (*unwatch)(gpointer watch);

    /**
     * get_note, set_note:
     * @name: of the note: that of the plugin that keeps it
     *
     * A note is what a plugin keeps with a message to find again, in any session, until the
     * message has changed or left the folder. It is a cache: the store may forget it, need not
     * keep a large one, and may give back octets that a crash has spoilt. Both (nullable).
     *
     * get_note() returns: (transfer full) (nullable)
     */
    GBytes *(*get_note)(gpointer folder, guint number, const char *name);
    void (*set_note)(gpointer folder, guint number, const char *name, GBytes *note);
} Pop4Folders;

G_END_DECLS
