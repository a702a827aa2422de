/* SPDX-License-Identifier: MIT */

#include "state.h"

#include "arrivals.h"
#include "delivery.h"
#include "folder.h"
#include "history.h"
#include "index.h"
#include "scan.h"

#include <errno.h>
#include <pop4/log.h>
#include <string.h>

/* A history grows so long behind an index before that is written anew, octets at least. */
#define TAIL_MAX 65536

static gboolean
is_at(const char *maildir, const char *folder, gint64 time)
{
    gint64 now;

    return time != 0 && folder_get_mtime(maildir, folder, &now, NULL) && now == time;
}

/* Mail that cannot be taken out of new/ is served from there. */
static Listing *
add_left_mail(const char *maildir, Listing *listing, gint64 *new_out, GError **error)
{
    g_autoptr(GHashTable) nothing = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) left = changes_new();
    g_autoptr(Listing) owned = listing;
    gint64 mtime;
    guint found, at;

    if (!arrivals_compare(maildir, nothing, &mtime, left, &found, error))
        return NULL;
    for (guint i = left->len; i > 0; i--) {
        if (listing_find(listing, g_array_index(left, Change, i - 1).name, &at))
            g_array_remove_index(left, i - 1);
    }
    *new_out = mtime;
    return left->len > 0 ? listing_apply(listing, left) : g_steal_pointer(&owned);
}

/* Both folders anew. (transfer full) (nullable) */
static Listing *
read_folders(const char *maildir, const Listing *old, ListingStamp *stamp, GError **error)
{
    if (!delivery_take(maildir, &stamp->new, error))
        return NULL;
    Listing *listing = scan_cur(maildir, old, &stamp->cur, error);
    if (listing != NULL && stamp->new == FOLDER_NEVER)
        return add_left_mail(maildir, listing, &stamp->new, error);
    return listing;
}

static gboolean
update_all(const char *maildir, const StateKnown *known, ListingStamp *stamp, GArray *changes,
           GError **error)
{
    g_autoptr(Listing) old = known->list(known->view);
    g_autoptr(Listing) now = read_folders(maildir, old, stamp, error);

    if (now == NULL)
        return FALSE;
    listing_compare(old, now, changes);
    return TRUE;
}

/* Only new/ has changed. @done_out: FALSE when it takes more than a look there. */
static gboolean
update_new(const char *maildir, const StateKnown *known, ListingStamp *stamp, GArray *changes,
           gboolean *done_out, GError **error)
{
    g_autoptr(GHashTable) before = known->list_new(known->view);
    gint64 cur = stamp->cur;
    guint found;

    if (!arrivals_compare(maildir, before, &stamp->new, changes, &found, error))
        return FALSE;
    for (guint i = changes->len; i > 0; i--) {
        const Change *change = &g_array_index(changes, Change, i - 1);
        /* Another file in cur/ has the same unique name: that one is the message. */
        if (change->kind == CHANGE_ARRIVED && known->knows(known->view, change->name) &&
            !g_hash_table_contains(before, change->name))
            g_array_remove_index(changes, i - 1);
    }
    /* What is missing in new/ may lie in cur/ by now. */
    *done_out = found <= ARRIVALS_MAX && is_at(maildir, "/cur", cur);
    if (!*done_out)
        g_array_set_size(changes, 0);
    return TRUE;
}

gboolean
state_update(const char *maildir, const StateKnown *known, ListingStamp *stamp, GArray *changes,
             GError **error)
{
    gboolean done = FALSE;

    if (is_at(maildir, "/cur", stamp->cur)) {
        if (is_at(maildir, "/new", stamp->new))
            return TRUE;
        /* What counts is how old the folders' times were when they were taken, however long the
         * reading lasts. */
        gint64 began = index_clock(maildir), cur = stamp->cur;
        if (!update_new(maildir, known, stamp, changes, &done, error))
            return FALSE;
        if (done) {
            *stamp = index_judge(*stamp, began);
            stamp->cur = cur;
            return TRUE;
        }
    }
    gint64 began = index_clock(maildir);
    if (!update_all(maildir, known, stamp, changes, error))
        return FALSE;
    *stamp = index_judge(*stamp, began);
    return TRUE;
}

static gboolean
record(const char *maildir, ListingMark *mark, const GArray *changes, ListingStamp stamp,
       gboolean sync)
{
    g_autoptr(History) history = history_open(maildir, HISTORY_NAME);

    return history != NULL && history_append(history, mark, changes, stamp) &&
           (!sync || history_sync(history));
}

void
state_record(const char *maildir, ListingMark *mark, const GArray *changes, ListingStamp stamp,
             gboolean sync)
{
    if (mark->incarnation == 0 || record(maildir, mark, changes, stamp, sync))
        return;
    /* Half a history would tell lies. */
    pop4_log(NULL, POP4_LOG_WARNING, "history-not-written", "maildir", maildir, "reason",
             g_strerror(errno), NULL);
    history_remove(maildir, HISTORY_NAME);
    *mark = (ListingMark){0};
}

static void keep_index(const char *maildir, Listing *listing);

/* The index, with what the history tells since. @from_out: where the index stands in it.
 * (transfer full) (nullable) */
static Listing *
load(const char *maildir, guint64 *from_out)
{
    g_autoptr(Listing) index = index_read(maildir);
    g_autoptr(GArray) changes = changes_new();

    if (index == NULL || listing_get_mark(index).incarnation == 0)
        return g_steal_pointer(&index);
    ListingMark mark = listing_get_mark(index);
    ListingStamp stamp = listing_get_stamp(index);
    *from_out = mark.position;
    g_autoptr(History) history = history_open(maildir, HISTORY_NAME);
    if (history == NULL || !history_read(history, &mark, changes, &stamp)) {
        mark = (ListingMark){0};
        stamp = (ListingStamp){0};
        g_array_set_size(changes, 0);
    }
    if (changes->len > 0) {
        Listing *newer = listing_apply(index, changes);
        listing_free(index);
        index = newer;
    }
    listing_set_mark(index, mark);
    listing_set_stamp(index, stamp);
    return g_steal_pointer(&index);
}

static Listing *
list_copy(gpointer view)
{
    g_autoptr(GArray) nothing = changes_new();

    return listing_apply(view, nothing);
}

static GHashTable *
list_new(gpointer view)
{
    const Listing *listing = view;
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < listing_count(listing); i++) {
        if (listing_get(listing, i)->flags & LISTING_IN_NEW)
            g_hash_table_insert(names, (gpointer)listing_get_name(listing, i),
                                (gpointer)listing_get(listing, i));
    }
    return names;
}

static gboolean
knows(gpointer view, const char *name)
{
    guint index;

    return listing_find(view, name, &index);
}

/* Whether the tail of the history is so long that an index behind it is worth a write. */
static gboolean
is_long_tail(guint64 from, const Listing *listing)
{
    return listing_get_mark(listing).position - from >
           MAX(TAIL_MAX, listing_count(listing) * sizeof(ListingEntry) / 2);
}

static void
keep_index(const char *maildir, Listing *listing)
{
    /* An index that has left its history may not be found beside it by another session. */
    if (listing_get_mark(listing).incarnation == 0)
        history_remove(maildir, HISTORY_NAME);
    if (!index_write(maildir, listing, listing_get_stamp(listing)))
        pop4_log(NULL, POP4_LOG_WARNING, "index-not-written", "maildir", maildir, "reason",
                 g_strerror(errno), NULL);
}

/* As long as cur/ is unsure all is read again, whatever is known of new/. */
static gboolean
is_same_stamp(ListingStamp a, ListingStamp b)
{
    return a.cur == b.cur && (a.cur == 0 || a.new == b.new);
}

static Listing *
load_first(const char *maildir, GError **error)
{
    ListingStamp stamp = {0};
    gint64 began = index_clock(maildir);
    Listing *listing = read_folders(maildir, NULL, &stamp, error);

    if (listing == NULL)
        return NULL;
    listing_set_stamp(listing, index_judge(stamp, began));
    keep_index(maildir, listing);
    return listing;
}

Listing *
state_load(const char *maildir, GError **error)
{
    guint64 from = 0;
    g_autoptr(Listing) listing = load(maildir, &from);
    g_autoptr(GArray) changes = changes_new();
    StateKnown known = {list_copy, list_new, knows, listing};

    if (listing == NULL)
        return load_first(maildir, error);
    ListingStamp before = listing_get_stamp(listing), stamp = before;
    ListingMark mark = listing_get_mark(listing);
    if (!state_update(maildir, &known, &stamp, changes, error))
        return NULL;
    if (changes->len == 0 && is_same_stamp(stamp, before))
        return g_steal_pointer(&listing);
    if (changes->len > 0) {
        Listing *newer = listing_apply(listing, changes);
        listing_free(listing);
        listing = newer;
    }
    state_record(maildir, &mark, changes, stamp, FALSE);
    listing_set_stamp(listing, stamp);
    listing_set_mark(listing, mark);
    /* An index that would be as it was, and unsure again, is not worth a write: that of a
     * folder with a message that is always left out, or of a client that comes every second. */
    if (mark.incarnation == 0 || is_long_tail(from, listing))
        keep_index(maildir, listing);
    return g_steal_pointer(&listing);
}
