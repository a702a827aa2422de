/* SPDX-License-Identifier: MIT */

#include "sync.h"

#include "drop-struct.h"
#include "history.h"
#include "index.h"
#include "token.h"

#include <errno.h>
#include <pop4/error.h>
#include <string.h>

static gboolean
fail_to_write(GError **error)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The changes cannot be kept: %s",
                g_strerror(errno));
    return FALSE;
}

/* An index to begin with, and an empty history. */
static gboolean
begin_history(Drop *drop, GError **error)
{
    g_autoptr(History) history = history_begin(drop->maildir, HISTORY_NAME);
    g_autoptr(Listing) listing = view_list(drop->view);

    if (history == NULL)
        return fail_to_write(error);
    ListingMark mark = history_get_start(history);
    listing_set_mark(listing, mark);
    if (!index_write(drop->maildir, listing, *view_stamp(drop->view)))
        return fail_to_write(error);
    *view_mark(drop->view) = mark;
    return TRUE;
}

gboolean
sync_prepare(Drop *drop, GError **error)
{
    if (!drop_update(drop, TRUE, error))
        return FALSE;
    return view_mark(drop->view)->incarnation != 0 || begin_history(drop, error);
}

gboolean
sync_settle(Drop *drop, GError **error)
{
    g_autoptr(History) history = history_open(drop->maildir, HISTORY_NAME);

    return (history != NULL && history_sync(history)) || fail_to_write(error);
}

static void
tell(const Drop *drop, Pop4ChangeKind kind, const char *name, Pop4ChangeFunc each,
     gpointer state)
{
    char uid[NAME_UID_SIZE];
    Pop4Change change = {.kind = kind, .uid = uid};

    name_get_uid(name, uid);
    if (kind != POP4_CHANGE_GONE) {
        if (!view_find(drop->view, name, &change.number))
            return;
        change.octets = view_get(drop->view, change.number)->octets;
        change.flags = name_get_flags(view_get_name(drop->view, change.number));
    }
    each(NULL, &change, state);
}

static void
tell_all(const Drop *drop, Pop4ChangeFunc each, gpointer state)
{
    for (guint number = 1; number <= view_count(drop->view); number++) {
        if (!view_is_gone(drop->view, number))
            tell(drop, POP4_CHANGE_ARRIVED, view_get_name(drop->view, number), each, state);
    }
}

/* What a run of changes comes to for one message. */
typedef struct {
    const char *name;
    gboolean was_there, is_there, went, flags;
} Sum;

/* In the order in which they first changed. (transfer full) (element-type Sum) */
static GPtrArray *
sum_up(const GArray *changes)
{
    GPtrArray *sums = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) by_unique =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < changes->len; i++) {
        const Change *change = &g_array_index(changes, Change, i);
        g_autofree char *unique = g_strndup(change->name, name_unique_length(change->name));
        Sum *sum = g_hash_table_lookup(by_unique, unique);
        if (sum == NULL) {
            sum = g_new0(Sum, 1);
            sum->was_there = change->kind != CHANGE_ARRIVED;
            g_hash_table_insert(by_unique, g_steal_pointer(&unique), sum);
            g_ptr_array_add(sums, sum);
        }
        sum->name = change->name;
        sum->is_there = change->kind != CHANGE_GONE;
        sum->went |= change->kind == CHANGE_GONE;
        sum->flags |= change->kind == CHANGE_FLAGS;
    }
    return sums;
}

static void
tell_sum(const Drop *drop, const Sum *sum, Pop4ChangeFunc each, gpointer state)
{
    /* A message that went and came back need not be the one that went. */
    if (sum->was_there && sum->went)
        tell(drop, POP4_CHANGE_GONE, sum->name, each, state);
    if (sum->is_there && (!sum->was_there || sum->went))
        tell(drop, POP4_CHANGE_ARRIVED, sum->name, each, state);
    else if (sum->is_there && sum->flags)
        tell(drop, POP4_CHANGE_FLAGS, sum->name, each, state);
}

gboolean
sync_since(Drop *drop, const ListingMark *from, Pop4ChangeFunc each, gpointer state)
{
    g_autoptr(GArray) changes = changes_new();

    if (from == NULL) {
        tell_all(drop, each, state);
        return TRUE;
    }
    ListingMark mark = *from;
    g_autoptr(History) history = history_open(drop->maildir, HISTORY_NAME);
    if (history == NULL || !history_read(history, &mark, changes, NULL))
        return FALSE;
    g_autoptr(GPtrArray) sums = sum_up(changes);
    for (guint i = 0; i < sums->len; i++)
        tell_sum(drop, g_ptr_array_index(sums, i), each, state);
    return TRUE;
}

static gboolean
is_same(const ListingMark *a, const ListingMark *b)
{
    return a->incarnation == b->incarnation && a->position == b->position &&
           a->chain == b->chain;
}

static gboolean
fail_reset(GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_RESET,
                        "This token tells nothing any more: ask without one");
    return FALSE;
}

static char *
sync_held(Drop *drop, const char *token, Pop4ChangeFunc each, gpointer state, GError **error)
{
    ListingMark from;

    if (!sync_prepare(drop, error))
        return NULL;
    if (token != NULL && !token_parse(token, &from)) {
        fail_reset(error);
        return NULL;
    }
    const ListingMark *now = view_mark(drop->view);
    /* What a token was given for is on disk. */
    if ((token == NULL || !is_same(&from, now)) && !sync_settle(drop, error))
        return NULL;
    if (!sync_since(drop, token != NULL ? &from : NULL, each, state)) {
        fail_reset(error);
        return NULL;
    }
    return token_new(*now);
}

char *
sync_folder(gpointer data, const char *token, GArray *gone, Pop4ChangeFunc each, gpointer state,
            GError **error)
{
    Drop *drop = data;

    if (!drop_hold(drop, error))
        return NULL;
    char *now = sync_held(drop, token, each, state, error);
    drop_release(drop);
    drop_tell_gone(drop, gone);
    return now;
}
