/* SPDX-License-Identifier: MIT */

#include "listing.h"

#include "name.h"

#include <string.h>

static void
change_clear(gpointer data)
{
    g_free(((Change *)data)->name);
}

GArray *
changes_new(void)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(Change));

    g_array_set_clear_func(changes, change_clear);
    return changes;
}

void
changes_add(GArray *changes, ChangeKind kind, const char *name, const ListingEntry *entry)
{
    Change change = {.kind = kind, .name = g_strdup(name)};

    if (entry != NULL)
        change.entry = *entry;
    g_array_append_val(changes, change);
}

/* The first message whose name does not come before @unique. */
static guint
lower_bound(const Listing *listing, const char *unique)
{
    guint from = 0, to = listing_count(listing);

    while (from < to) {
        guint middle = from + (to - from) / 2;
        if (name_compare(listing_get_name(listing, middle), unique) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

gboolean
listing_find(const Listing *listing, const char *name, guint *index_out)
{
    gsize length = name_unique_length(name);
    g_autofree char *unique = g_strndup(name, length);

    /* Names that begin with the unique part stand side by side, other messages' among them. */
    for (guint i = lower_bound(listing, unique); i < listing_count(listing); i++) {
        const char *found = listing_get_name(listing, i);
        if (strncmp(found, unique, length) != 0)
            return FALSE;
        if (name_unique_length(found) == length) {
            *index_out = i;
            return TRUE;
        }
    }
    return FALSE;
}

static gboolean
is_same_entry(const ListingEntry *a, const ListingEntry *b)
{
    return a->inode == b->inode && a->flags == b->flags && a->octets == b->octets &&
           a->disk_size == b->disk_size;
}

static void
compare_one(const Listing *old, guint at, const Listing *now, guint to, GArray *changes)
{
    const ListingEntry *before = listing_get(old, at), *after = listing_get(now, to);
    const char *name = listing_get_name(now, to);
    gboolean same_name = strcmp(listing_get_name(old, at), name) == 0;

    if (before->octets != after->octets) {
        /* Another message under the old one's name: no client may take it for that one. */
        changes_add(changes, CHANGE_GONE, name, NULL);
        changes_add(changes, CHANGE_ARRIVED, name, after);
    } else if (!same_name && name_get_flags(listing_get_name(old, at)) != name_get_flags(name))
        changes_add(changes, CHANGE_FLAGS, name, after);
    else if (!same_name || !is_same_entry(before, after))
        changes_add(changes, CHANGE_RENAMED, name, after);
}

void
listing_compare(const Listing *old, const Listing *now, GArray *changes)
{
    guint at;

    for (guint i = 0, hint = 0; i < listing_count(old); i++) {
        const char *name = listing_get_name(old, i);
        /* Most names stand in the same order in both. */
        if (hint < listing_count(now) && strcmp(listing_get_name(now, hint), name) == 0)
            at = hint;
        else if (!listing_find(now, name, &at)) {
            changes_add(changes, CHANGE_GONE, name, NULL);
            continue;
        }
        compare_one(old, i, now, at, changes);
        hint = at + 1;
    }
    for (guint i = 0, hint = 0; i < listing_count(now); i++) {
        const char *name = listing_get_name(now, i);
        if (hint < listing_count(old) && strcmp(listing_get_name(old, hint), name) == 0)
            at = hint;
        else if (!listing_find(old, name, &at)) {
            changes_add(changes, CHANGE_ARRIVED, name, listing_get(now, i));
            continue;
        }
        hint = at + 1;
    }
}

/* Messages of @old that a change replaces or takes away: their places in it. */
static GHashTable *
find_replaced(const Listing *old, const GArray *changes)
{
    GHashTable *replaced = g_hash_table_new(NULL, NULL);
    guint at;

    for (guint i = 0; i < changes->len; i++) {
        if (listing_find(old, g_array_index(changes, Change, i).name, &at))
            g_hash_table_add(replaced, GUINT_TO_POINTER(at));
    }
    return replaced;
}

/* The last word on each message. */
static GHashTable *
find_last(const GArray *changes)
{
    GHashTable *last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < changes->len; i++) {
        Change *change = &g_array_index(changes, Change, i);
        g_hash_table_replace(last, g_strndup(change->name, name_unique_length(change->name)),
                             change);
    }
    return last;
}

Listing *
listing_apply(const Listing *old, const GArray *changes)
{
    g_autoptr(GHashTable) replaced = find_replaced(old, changes);
    g_autoptr(GHashTable) last = find_last(changes);
    ListingBuilder *builder = listing_builder_new();
    GHashTableIter iter;
    gpointer value;

    for (guint i = 0; i < listing_count(old); i++) {
        if (!g_hash_table_contains(replaced, GUINT_TO_POINTER(i)))
            listing_builder_add(builder, listing_get_name(old, i), listing_get(old, i));
    }
    listing_builder_sorted(builder);
    g_hash_table_iter_init(&iter, last);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Change *change = value;
        if (change->kind != CHANGE_GONE)
            listing_builder_add(builder, change->name, &change->entry);
    }
    Listing *listing = listing_builder_finish(builder);
    listing_set_stamp(listing, listing_get_stamp(old));
    listing_set_mark(listing, listing_get_mark(old));
    return listing;
}
