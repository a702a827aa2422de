/* SPDX-License-Identifier: MIT */

#include "recent.h"

#include <pthread.h>

#define KEPT_SECONDS 3600
#define KEPT_MAX 100000

typedef struct {
    char *key;
    gint64 when;
    gboolean running;
} Entry;

struct Recent {
    pthread_mutex_t mutex;
    GHashTable *entries; /* key to Entry, owned here */
    GQueue sent;         /* Entry, oldest first */
};

static void
entry_free(gpointer data)
{
    Entry *entry = data;

    g_free(entry->key);
    g_free(entry);
}

Recent *
recent_new(void)
{
    Recent *recent = g_new0(Recent, 1);

    pthread_mutex_init(&recent->mutex, NULL);
    recent->entries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, entry_free);
    g_queue_init(&recent->sent);
    return recent;
}

void
recent_free(Recent *recent)
{
    g_queue_clear(&recent->sent);
    g_hash_table_unref(recent->entries);
    pthread_mutex_destroy(&recent->mutex);
    g_free(recent);
}

static void
expire(Recent *recent, gint64 now)
{
    const Entry *oldest;

    while ((oldest = g_queue_peek_head(&recent->sent)) != NULL &&
           (now - oldest->when > KEPT_SECONDS || recent->sent.length > KEPT_MAX)) {
        g_queue_pop_head(&recent->sent);
        g_hash_table_remove(recent->entries, oldest->key);
    }
}

RecentState
recent_begin(Recent *recent, const char *key, gint64 now)
{
    RecentState state = RECENT_NEW;

    pthread_mutex_lock(&recent->mutex);
    expire(recent, now);
    Entry *entry = g_hash_table_lookup(recent->entries, key);
    if (entry != NULL) {
        state = entry->running ? RECENT_RUNNING : RECENT_SENT;
    } else {
        entry = g_new0(Entry, 1);
        entry->key = g_strdup(key);
        entry->running = TRUE;
        g_hash_table_insert(recent->entries, entry->key, entry);
    }
    pthread_mutex_unlock(&recent->mutex);
    return state;
}

void
recent_end(Recent *recent, const char *key, gboolean sent, gint64 now)
{
    pthread_mutex_lock(&recent->mutex);
    Entry *entry = g_hash_table_lookup(recent->entries, key);
    g_assert(entry != NULL && entry->running);
    if (sent) {
        entry->running = FALSE;
        entry->when = now;
        g_queue_push_tail(&recent->sent, entry);
    } else {
        g_hash_table_remove(recent->entries, key);
    }
    pthread_mutex_unlock(&recent->mutex);
}
