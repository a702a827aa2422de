/* SPDX-License-Identifier: MIT */

#include "drop-struct.h"
#include "history.h"
#include "state.h"
#include "watch.h"

#include <unistd.h>

static void
apply(Drop *drop, const GArray *changes)
{
    if (changes->len == 0)
        return;
    if (drop->gone == NULL)
        drop->gone = g_array_new(FALSE, FALSE, sizeof(guint));
    view_apply(drop->view, changes, drop->gone);
    drop->changed = TRUE;
    /* The view knows later names than that look. */
    g_clear_pointer(&drop->renamed, g_hash_table_unref);
}

/* The present state, where the history does not lead from ours to it. */
static gboolean
adopt(Drop *drop, GError **error)
{
    g_autoptr(Listing) now = state_load(drop->maildir, error);
    g_autoptr(GArray) changes = changes_new();

    if (now == NULL)
        return FALSE;
    g_autoptr(Listing) before = view_list(drop->view);
    listing_compare(before, now, changes);
    apply(drop, changes);
    *view_mark(drop->view) = listing_get_mark(now);
    *view_stamp(drop->view) = listing_get_stamp(now);
    return TRUE;
}

static gboolean
has_history(const Drop *drop)
{
    g_autofree char *path = g_strconcat(drop->maildir, HISTORY_NAME, NULL);

    return access(path, F_OK) == 0;
}

gboolean
drop_catch_up(Drop *drop, GError **error)
{
    ListingMark *mark = view_mark(drop->view);
    g_autoptr(GArray) changes = changes_new();

    /* Alone as we are, or with others who have written nothing down. */
    if (mark->incarnation == 0 && !has_history(drop))
        return TRUE;
    g_autoptr(History) history = history_open(drop->maildir, HISTORY_NAME);
    if (history == NULL || !history_read(history, mark, changes, view_stamp(drop->view)))
        return adopt(drop, error);
    apply(drop, changes);
    return TRUE;
}

static Listing *
list(gpointer view)
{
    return view_list(view);
}

static GHashTable *
list_new(gpointer view)
{
    return view_list_new(view);
}

static gboolean
knows(gpointer view, const char *name)
{
    guint number;

    return view_find(view, name, &number);
}

gboolean
drop_update(Drop *drop, gboolean sync, GError **error)
{
    View *view = drop->view;
    StateKnown known = {list, list_new, knows, view};
    g_autoptr(GArray) changes = changes_new();

    if (!drop_catch_up(drop, error))
        return FALSE;
    ListingStamp stamp = *view_stamp(view);
    if (!state_update(drop->maildir, &known, &stamp, changes, error))
        return FALSE;
    if (changes->len > 0)
        state_record(drop->maildir, view_mark(view), changes, stamp, sync);
    *view_stamp(view) = stamp;
    apply(drop, changes);
    return TRUE;
}

void
drop_tell_gone(Drop *drop, GArray *gone)
{
    drop->changed = FALSE;
    if (drop->gone == NULL)
        return;
    if (gone != NULL)
        g_array_append_vals(gone, drop->gone->data, drop->gone->len);
    g_clear_pointer(&drop->gone, g_array_unref);
}

void
drop_record(Drop *drop, const GArray *changes)
{
    if (changes->len == 0)
        return;
    state_record(drop->maildir, view_mark(drop->view), changes, *view_stamp(drop->view), FALSE);
    view_apply(drop->view, changes, NULL);
}

gboolean
drop_refresh(gpointer data, GArray *gone, gboolean *changed_out, GError **error)
{
    Drop *drop = data;

    if (!drop_hold(drop, error))
        return FALSE;
    gboolean done = drop_update(drop, FALSE, error);
    drop_release(drop);
    if (!done)
        return FALSE;
    *changed_out = drop->changed;
    drop_tell_gone(drop, gone);
    return TRUE;
}

gpointer
drop_watch(gpointer data, void (*changed)(gpointer data), gpointer changed_data, GError **error)
{
    const Drop *drop = data;

    (void)error;
    return watch_new(drop->maildir, changed, changed_data);
}

void
drop_unwatch(gpointer watch)
{
    watch_free(watch);
}
