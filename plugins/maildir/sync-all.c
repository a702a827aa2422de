/* Changes of all folders: a history of where their own histories stood. */
/* SPDX-License-Identifier: MIT */

#include "drop-struct.h"
#include "history.h"
#include "layout.h"
#include "sync.h"
#include "token.h"
#include "tree.h"

#include <errno.h>
#include <pop4/error.h>
#include <string.h>

/* In the Maildir of the INBOX. */
#define FOLDERS_NAME "/pop4d.folders"

/* A history whose head is cut has forgotten folders, so a longer one is begun anew. */
#define LENGTH_MAX (2u << 20)

/* A folder stands in the history as a message does: what it is called there, and where its own
 * history stood. */
static char *
record_name(const char *directory)
{
    return g_strconcat("f", directory, NULL);
}

static ListingEntry
record_mark(ListingMark mark)
{
    return (ListingEntry){
        .disk_size = mark.position, .mtime = (gint64)mark.chain, .inode = mark.incarnation};
}

static ListingMark
read_mark(const ListingEntry *entry)
{
    return (ListingMark){entry->inode, entry->disk_size, (guint64)entry->mtime};
}

/* Where each folder stood after the first @count records. (transfer full) (element-type utf8
 * Change): by the names of records */
static GHashTable *
replay(const GArray *records, guint count)
{
    GHashTable *marks = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < count; i++) {
        Change *record = &g_array_index(records, Change, i);
        if (record->kind == CHANGE_GONE)
            g_hash_table_remove(marks, record->name);
        else
            g_hash_table_replace(marks, record->name, record);
    }
    return marks;
}

typedef struct {
    History *history;
    ListingMark end;
    GArray *records;
    GHashTable *before; /* at the client's token; (nullable): it knows nothing */
    Pop4ChangeFunc each;
    gpointer state;
    const char *folder; /* that is being told */
    gboolean named;     /* its name has been told */
} Round;

static void
round_clear(Round *round)
{
    g_clear_pointer(&round->history, history_close);
    g_clear_pointer(&round->records, g_array_unref);
    g_clear_pointer(&round->before, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Round, round_clear)

static gboolean
fail(Pop4Error code, const char *text, GError **error)
{
    g_set_error_literal(error, POP4_ERROR, (int)code, text);
    return FALSE;
}

static gboolean
fail_reset(GError **error)
{
    return fail(POP4_ERROR_RESET, "This token tells nothing any more: ask without one", error);
}

/* The history of the folders, as far as it goes. */
static gboolean
open_history(const Drop *root, Round *round, GError **error)
{
    round->history = history_open(root->maildir, FOLDERS_NAME);
    if (round->history != NULL) {
        round->end = history_get_start(round->history);
        if (history_read(round->history, &round->end, round->records, NULL) &&
            round->end.position <= LENGTH_MAX)
            return TRUE;
        g_clear_pointer(&round->history, history_close);
    }
    g_array_set_size(round->records, 0);
    round->history = history_begin(root->maildir, FOLDERS_NAME);
    if (round->history == NULL)
        return fail(POP4_ERROR_TEMPORARY, "The changes cannot be kept", error);
    round->end = history_get_start(round->history);
    return TRUE;
}

static gboolean
find_token(Round *round, const char *token, GError **error)
{
    g_autoptr(GArray) since = changes_new();
    ListingMark mark;

    if (token == NULL)
        return TRUE;
    if (!token_parse(token, &mark) || !history_read(round->history, &mark, since, NULL))
        return fail_reset(error);
    round->before = replay(round->records, round->records->len - since->len);
    return TRUE;
}

static void
tell_name(Round *round)
{
    if (!round->named)
        round->each(round->folder, NULL, round->state);
    round->named = TRUE;
}

static void
tell_change(const char *folder, const Pop4Change *change, gpointer state)
{
    Round *round = state;

    (void)folder;
    tell_name(round);
    round->each(round->folder, change, round->state);
}

static gboolean
tell_folder(Drop *drop, const char *name, Round *round, GError **error)
{
    const Change *before =
        round->before != NULL ? g_hash_table_lookup(round->before, name) : NULL;
    ListingMark mark = before != NULL ? read_mark(&before->entry) : (ListingMark){0};

    if (before == NULL)
        tell_name(round);
    return sync_since(drop, before != NULL ? &mark : NULL, tell_change, round) ||
           fail_reset(error);
}

static gboolean
is_same(const ListingEntry *a, const ListingEntry *b)
{
    return a->disk_size == b->disk_size && a->mtime == b->mtime && a->inode == b->inode;
}

/* Tells one folder, and writes down where it stands now. */
static gboolean
sync_one(Drop *root, const TreeFolder *folder, GHashTable *known, GArray *changes, Round *round,
         GError **error)
{
    g_autofree char *path = layout_get_path(root->maildir, folder->directory);
    g_autofree char *name = record_name(folder->directory);
    const Change *old = g_hash_table_lookup(known, name);
    g_autoptr(Drop) drop = drop_open_folder(root, path, error);

    round->folder = folder->name;
    round->named = FALSE;
    if (drop == NULL || !sync_prepare(drop, error))
        return FALSE;
    ListingEntry now = record_mark(*view_mark(drop->view));
    if (old == NULL || !is_same(&old->entry, &now)) {
        if (!sync_settle(drop, error))
            return FALSE;
        changes_add(changes, old == NULL ? CHANGE_ARRIVED : CHANGE_FLAGS, name, &now);
    }
    g_hash_table_remove(known, name);
    return tell_folder(drop, name, round, error);
}

/* There is no line that tells of a folder that is gone. */
static gboolean
is_any_missing(const Round *round, const GPtrArray *folders)
{
    guint there = 0;

    if (round->before == NULL)
        return FALSE;
    for (guint i = 0; i < folders->len; i++) {
        const TreeFolder *folder = g_ptr_array_index(folders, i);
        g_autofree char *name = record_name(folder->directory);
        there += g_hash_table_contains(round->before, name) ? 1 : 0;
    }
    return there < g_hash_table_size(round->before);
}

static gboolean
sync_folders(Drop *root, Round *round, GError **error)
{
    g_autoptr(GPtrArray) folders = tree_find_all(root->maildir, "", error);
    g_autoptr(GHashTable) known = replay(round->records, round->records->len);
    g_autoptr(GArray) changes = changes_new();
    GHashTableIter iter;
    gpointer name;

    for (guint i = 0; folders != NULL && i < folders->len; i++) {
        if (!sync_one(root, g_ptr_array_index(folders, i), known, changes, round, error))
            return FALSE;
    }
    if (folders == NULL)
        return FALSE;
    g_hash_table_iter_init(&iter, known);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        changes_add(changes, CHANGE_GONE, name, NULL);
    if (is_any_missing(round, folders))
        return fail_reset(error);
    if (changes->len > 0 &&
        (!history_append(round->history, &round->end, changes, (ListingStamp){0}) ||
         !history_sync(round->history)))
        return fail(POP4_ERROR_TEMPORARY, "The changes cannot be kept", error);
    return TRUE;
}

char *
sync_all(gpointer data, const char *token, Pop4ChangeFunc each, gpointer state, GError **error)
{
    Drop *root = data;
    g_auto(Round) round = {.records = changes_new(), .each = each, .state = state};

    if (!drop_hold(root, error))
        return NULL;
    gboolean done = open_history(root, &round, error) && find_token(&round, token, error) &&
                    sync_folders(root, &round, error);
    drop_release(root);
    return done ? token_new(round.end) : NULL;
}
