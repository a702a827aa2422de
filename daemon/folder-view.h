/* An open folder of a session: a store's numbers, and which of them are marked or gone. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/store.h>

typedef struct {
    const Pop4Store *store; /* its plugin stays resident */
    gpointer handle;        /* owned: what the store's open() gave, or its folders' open() */
    guint count;
    guint marked, gone;
    guint64 octets; /* of those that are neither */
    guint8 *marks;  /* (nullable): a bit a message, made by the first mark */
    guint8 *absent; /* (nullable): the same of those that are gone */
    gsize size;     /* octets of each of the two */
    guint *places;  /* (nullable): the store's number of each message, where it has more */
} FolderView;

/* @handle: (transfer full) */
void folder_view_init(FolderView *view, const Pop4Store *store, gpointer handle);

/* Closes the handle. */
void folder_view_clear(FolderView *view);

/* See pop4_maildrop_restrict(). */
void folder_view_restrict(FolderView *view, const guint *numbers, guint count);

/* The number by which the store knows a message. */
guint folder_view_place(const FolderView *view, guint number);
guint64 folder_view_size(const FolderView *view, guint number);

gboolean folder_view_is_marked(const FolderView *view, guint number);
gboolean folder_view_is_gone(const FolderView *view, guint number);

/* A message that is neither. */
gboolean folder_view_mark(FolderView *view, guint number);
void folder_view_unmark_all(FolderView *view);

/* Takes over new messages, and the numbers of those that have gone. */
void folder_view_update(FolderView *view, const guint *gone, guint count);

/* (transfer full) (nullable): the store's numbers of the marked messages that are not gone;
 * NULL when there are none. */
guint *folder_view_get_marked(const FolderView *view, guint *count_out);
