/* Folders, flags and changes of a session's maildrop, as commands see them. Since ABI 1.3. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/body.h>
#include <pop4/folders.h>

G_BEGIN_DECLS

/*
 * All on the session's thread; what takes a GError may block, so its command says so. Folder
 * names are UTF-8 in NFC, "/" between components, checked by the caller; "INBOX" in any case is
 * the INBOX. The functions of <pop4/maildrop.h> are about the selected folder: the INBOX to
 * begin with. Where the store has no folders, or the session sees but a part of its maildrop,
 * these fail with %POP4_ERROR_FAILED.
 */

POP4_API gboolean pop4_maildrop_has_folders(const Pop4Maildrop *maildrop);

/* Borrowed until another is selected. */
POP4_API const char *pop4_maildrop_get_folder(const Pop4Maildrop *maildrop);

/**
 * pop4_maildrop_select_folder:
 *
 * Marks in other folders stay. A folder with marks, and the INBOX, keeps its numbers and gets
 * new mail above them; another is numbered anew.
 */
POP4_API gboolean pop4_maildrop_select_folder(Pop4Maildrop *maildrop, const char *name,
                                              GError **error);

/* @parent: "" for all */
POP4_API gboolean pop4_maildrop_list_folders(Pop4Maildrop *maildrop, const char *parent,
                                             Pop4FolderFunc each, gpointer state,
                                             GError **error);
POP4_API gboolean pop4_maildrop_create_folder(Pop4Maildrop *maildrop, const char *name,
                                              GError **error);

/* Neither the INBOX, nor the selected folder, nor one with marks, nor what such one is below.
 */
POP4_API gboolean pop4_maildrop_remove_folder(Pop4Maildrop *maildrop, const char *name,
                                              GError **error);
POP4_API gboolean pop4_maildrop_rename_folder(Pop4Maildrop *maildrop, const char *name,
                                              const char *to, GError **error);

/* @numbers: ascending, each passed by pop4_maildrop_check(). @done_out: how many were moved,
 * also on failure. */
POP4_API gboolean pop4_maildrop_move(Pop4Maildrop *maildrop, const guint *numbers, guint count,
                                     const char *to, guint *done_out, GError **error);
POP4_API gboolean pop4_maildrop_copy(Pop4Maildrop *maildrop, const guint *numbers, guint count,
                                     const char *to, GError **error);

/* A message that is being stored. */
typedef struct Pop4Append Pop4Append;

POP4_API Pop4Append *pop4_maildrop_append(Pop4Maildrop *maildrop, const char *to, guint flags,
                                          GError **error);
POP4_API gboolean pop4_append_write(Pop4Append *append, const char *data, gsize length,
                                    GError **error);
/* (transfer full) (nullable): the unique-id, once the message is on disk */
POP4_API char *pop4_append_finish(Pop4Append *append, GError **error);
POP4_API void pop4_append_free(Pop4Append *append);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Append, pop4_append_free)

/* Pop4Flags, or-ed; from memory. */
POP4_API guint pop4_maildrop_get_flags(const Pop4Maildrop *maildrop, guint number);

/* @numbers: as in pop4_maildrop_move(). @changed_out: messages that have other flags now */
POP4_API gboolean pop4_maildrop_change_flags(Pop4Maildrop *maildrop, const guint *numbers,
                                             guint count, guint add, guint remove,
                                             guint *changed_out, GError **error);

/* Looks at the selected folder: new messages get numbers above all others. */
POP4_API gboolean pop4_maildrop_refresh(Pop4Maildrop *maildrop, gboolean *changed_out,
                                        GError **error);

/* See Pop4Folders, sync() and sync_all(); refreshes the selected folder. (transfer full)
 * (nullable) */
POP4_API char *pop4_maildrop_sync(Pop4Maildrop *maildrop, const char *token,
                                  Pop4ChangeFunc each, gpointer state, GError **error);
POP4_API char *pop4_maildrop_sync_all(Pop4Maildrop *maildrop, const char *token,
                                      Pop4ChangeFunc each, gpointer state, GError **error);

/* A note of a message of the selected folder: see Pop4Folders, get_note(). (transfer full)
 * (nullable) */
POP4_API GBytes *pop4_maildrop_get_note(const Pop4Maildrop *maildrop, guint number,
                                        const char *name);
POP4_API void pop4_maildrop_set_note(Pop4Maildrop *maildrop, guint number, const char *name,
                                     GBytes *note);

/* A watch on the selected folder: see Pop4Folders, watch(). */
typedef struct Pop4Watch Pop4Watch;

POP4_API Pop4Watch *pop4_maildrop_watch(Pop4Maildrop *maildrop, void (*changed)(gpointer data),
                                        gpointer data, GError **error);
POP4_API void pop4_watch_free(Pop4Watch *watch);

G_END_DECLS
