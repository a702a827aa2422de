/* SPDX-License-Identifier: MIT */

#include "view.h"

#include "name.h"

#include <string.h>

typedef struct {
    ListingEntry entry;
    char *name;
} Item;

struct View {
    Listing *base;
    guint extra;         /* how many numbers lie above the base */
    GHashTable *items;   /* (nullable): number -> Item, of what is not as in the base */
    GHashTable *arrived; /* (nullable): unique part -> number above the base */
    guint8 *gone;        /* (nullable): a bit a message */
    gsize gone_size;     /* octets of it */
    ListingStamp stamp;
    ListingMark mark;
};

static void
item_free(gpointer data)
{
    Item *item = data;

    g_free(item->name);
    g_free(item);
}

View *
view_new(Listing *listing)
{
    View *view = g_new0(View, 1);

    view->base = listing;
    view->stamp = listing_get_stamp(listing);
    view->mark = listing_get_mark(listing);
    return view;
}

void
view_free(View *view)
{
    if (view == NULL)
        return;
    listing_free(view->base);
    g_clear_pointer(&view->items, g_hash_table_unref);
    g_clear_pointer(&view->arrived, g_hash_table_unref);
    g_free(view->gone);
    g_free(view);
}

guint
view_count(const View *view)
{
    return listing_count(view->base) + view->extra;
}

static const Item *
find_item(const View *view, guint number)
{
    return view->items != NULL ? g_hash_table_lookup(view->items, GUINT_TO_POINTER(number))
                               : NULL;
}

const ListingEntry *
view_get(const View *view, guint number)
{
    const Item *item = find_item(view, number);

    return item != NULL ? &item->entry : listing_get(view->base, number - 1);
}

const char *
view_get_name(const View *view, guint number)
{
    const Item *item = find_item(view, number);

    return item != NULL ? item->name : listing_get_name(view->base, number - 1);
}

gboolean
view_is_gone(const View *view, guint number)
{
    return number / 8 < view->gone_size && (view->gone[number / 8] & (1 << number % 8)) != 0;
}

static void
set_gone(View *view, guint number)
{
    gsize size = view_count(view) / 8 + 1;

    if (size > view->gone_size) {
        view->gone = g_realloc(view->gone, size);
        memset(view->gone + view->gone_size, 0, size - view->gone_size);
        view->gone_size = size;
    }
    view->gone[number / 8] |= (guint8)(1 << number % 8);
}

gboolean
view_find(const View *view, const char *name, guint *number_out)
{
    g_autofree char *unique = g_strndup(name, name_unique_length(name));
    guint number = 0;

    if (view->arrived != NULL)
        number = GPOINTER_TO_UINT(g_hash_table_lookup(view->arrived, unique));
    if (number == 0 && listing_find(view->base, name, &number))
        number++;
    if (number == 0 || view_is_gone(view, number))
        return FALSE;
    *number_out = number;
    return TRUE;
}

static void
set_item(View *view, guint number, const Change *change)
{
    Item *item = g_new(Item, 1);

    if (view->items == NULL)
        view->items = g_hash_table_new_full(NULL, NULL, NULL, item_free);
    item->entry = change->entry;
    item->name = g_strdup(change->name);
    g_hash_table_replace(view->items, GUINT_TO_POINTER(number), item);
}

static void
add_arrived(View *view, const Change *change)
{
    guint number = view_count(view) + 1;

    if (view->arrived == NULL)
        view->arrived = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_replace(view->arrived,
                         g_strndup(change->name, name_unique_length(change->name)),
                         GUINT_TO_POINTER(number));
    set_item(view, number, change);
    view->extra++;
}

void
view_apply(View *view, const GArray *changes, GArray *gone)
{
    for (guint i = 0; i < changes->len; i++) {
        const Change *change = &g_array_index(changes, Change, i);
        guint number;
        gboolean known = view_find(view, change->name, &number);

        if (change->kind != CHANGE_GONE) {
            if (known)
                set_item(view, number, change);
            else
                add_arrived(view, change);
        } else if (known) {
            set_gone(view, number);
            if (gone != NULL)
                g_array_append_val(gone, number);
        }
    }
}

ListingStamp *
view_stamp(View *view)
{
    return &view->stamp;
}

ListingMark *
view_mark(View *view)
{
    return &view->mark;
}

Listing *
view_list(const View *view)
{
    ListingBuilder *builder = listing_builder_new();
    guint base = listing_count(view->base);

    for (guint number = 1; number <= base; number++) {
        if (!view_is_gone(view, number) && find_item(view, number) == NULL)
            listing_builder_add(builder, listing_get_name(view->base, number - 1),
                                listing_get(view->base, number - 1));
    }
    listing_builder_sorted(builder);
    for (guint number = 1; number <= view_count(view); number++) {
        const Item *item = find_item(view, number);
        if (item != NULL && !view_is_gone(view, number))
            listing_builder_add(builder, item->name, &item->entry);
    }
    Listing *listing = listing_builder_finish(builder);
    listing_set_stamp(listing, view->stamp);
    listing_set_mark(listing, view->mark);
    return listing;
}

GHashTable *
view_list_new(const View *view)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint number = 1; number <= view_count(view); number++) {
        const ListingEntry *entry = view_get(view, number);
        if (!view_is_gone(view, number) && (entry->flags & LISTING_IN_NEW) != 0)
            g_hash_table_insert(names, (gpointer)view_get_name(view, number), (gpointer)entry);
    }
    return names;
}
