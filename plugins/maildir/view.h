/* The messages of a folder as one session numbers them. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "listing.h"

/* Numbers run from 1 and never shift: what comes later gets numbers above, what goes leaves
 * its number. */
typedef struct View View;

View *view_new(Listing *listing); /* (transfer full) */
void view_free(View *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(View, view_free)

/* Gone ones included. */
guint view_count(const View *view);
const ListingEntry *view_get(const View *view, guint number);
const char *view_get_name(const View *view, guint number);
gboolean view_is_gone(const View *view, guint number);

/* The message with the unique part of @name; FALSE when there is none, or it is gone. */
gboolean view_find(const View *view, const char *name, guint *number_out);

/* @gone: (nullable) (element-type guint): gets the numbers of those that go */
void view_apply(View *view, const GArray *changes, GArray *gone);

/* How far the view is: see listing.h. */
ListingStamp *view_stamp(View *view);
ListingMark *view_mark(View *view);

/* (transfer full): those that are not gone, in the order of a listing. */
Listing *view_list(const View *view);

/* (transfer full) (element-type utf8 ListingEntry): those in new/, by name. */
GHashTable *view_list_new(const View *view);
