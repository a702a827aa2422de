/* An open Maildir: its lock and its listing. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/store.h>

typedef struct Drop Drop;

/* Make what is missing of it; let others in that share it, too. */
#define DROP_CREATE 1u
#define DROP_SHARED 2u

/* The tables of Pop4Store say what these promise. @maildir: its path, copied. @flags: DROP_...,
 * or-ed. */
Drop *drop_open(const char *maildir, guint flags, GError **error);
guint drop_count(gpointer drop);
guint64 drop_size(gpointer drop, guint number);
const char *drop_uid(gpointer drop, guint number);
Pop4Body *drop_open_body(gpointer drop, guint number, GError **error);
gboolean drop_remove(gpointer drop, const guint *numbers, guint count, GError **error);
void drop_close(gpointer drop);

/* Those of Pop4Folders. */
guint drop_flags(gpointer folder, guint number);
gboolean drop_set_flags(gpointer folder, const guint *numbers, guint count, guint add,
                        guint remove, guint *changed_out, GError **error);
gboolean drop_move(gpointer folder, const guint *numbers, guint count, const char *to,
                   guint *done_out, GError **error);
gboolean drop_copy(gpointer folder, const guint *numbers, guint count, const char *to,
                   GError **error);
gpointer drop_watch(gpointer folder, void (*changed)(gpointer data), gpointer data,
                    GError **error);
void drop_unwatch(gpointer watch);
GBytes *drop_get_note(gpointer folder, guint number, const char *name);
void drop_set_note(gpointer folder, guint number, const char *name, GBytes *note);
gpointer append_new(gpointer drop, const char *to, guint flags, GError **error);
gboolean append_write(gpointer append, const char *data, gsize length, GError **error);
char *append_finish(gpointer append, GError **error);
void append_free(gpointer append);
gboolean drop_refresh(gpointer drop, GArray *gone, gboolean *changed_out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drop, drop_close)
