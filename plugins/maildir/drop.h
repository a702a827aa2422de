/* An open Maildir: its lock and its listing. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/store.h>

typedef struct Drop Drop;

/* The tables of Pop4Store say what these promise. @maildir: its path, copied. */
Drop *drop_open(const char *maildir, gboolean create, GError **error);
guint drop_count(gpointer drop);
guint64 drop_size(gpointer drop, guint number);
const char *drop_uid(gpointer drop, guint number);
Pop4Body *drop_open_body(gpointer drop, guint number, GError **error);
gboolean drop_remove(gpointer drop, const guint *numbers, guint count, GError **error);
void drop_close(gpointer drop);
