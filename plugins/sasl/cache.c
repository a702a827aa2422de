/* SPDX-License-Identifier: MIT */

#include "cache.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

typedef struct {
    guint8 key[CACHE_KEY_SIZE];
    gint64 expires; /* monotonic microseconds */
} Entry;

struct Cache {
    guint8 secret[CACHE_KEY_SIZE];
    gint64 lifetime; /* microseconds */
    guint limit;

    pthread_mutex_t lock; /* guards what follows */
    GHashTable *entries;  /* Entry, found by its key */
    GQueue order;         /* the same, oldest first */
};

static guint
hash_key(gconstpointer key)
{
    guint hash;

    memcpy(&hash, key, sizeof hash); /* it is a hash already */
    return hash;
}

static gboolean
equal_keys(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, CACHE_KEY_SIZE) == 0;
}

static void
make_secret(guint8 *secret, gsize size)
{
    while (getrandom(secret, size, 0) != (gssize)size)
        g_assert(errno == EINTR);
}

Cache *
cache_new(guint64 seconds, guint entries)
{
    Cache *cache = g_new0(Cache, 1);

    make_secret(cache->secret, sizeof cache->secret);
    cache->lifetime = (gint64)seconds * G_TIME_SPAN_SECOND;
    cache->limit = entries;
    pthread_mutex_init(&cache->lock, NULL);
    cache->entries = g_hash_table_new(hash_key, equal_keys);
    g_queue_init(&cache->order);
    return cache;
}

static void
entry_free(gpointer data)
{
    explicit_bzero(data, sizeof(Entry));
    g_free(data);
}

void
cache_free(Cache *cache)
{
    g_hash_table_unref(cache->entries);
    g_queue_clear_full(&cache->order, entry_free);
    pthread_mutex_destroy(&cache->lock);
    explicit_bzero(cache->secret, sizeof cache->secret);
    g_free(cache);
}

void
cache_make_key(const Cache *cache, const char *user, const char *password, gsize length,
               guint8 key[CACHE_KEY_SIZE])
{
    static const guchar block[64];
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, cache->secret, sizeof cache->secret);
    gsize size = CACHE_KEY_SIZE;

    /* With the NUL, so that no end of a name can be the start of a password. */
    g_hmac_update(hmac, (const guchar *)user, (gssize)strlen(user) + 1);
    g_hmac_update(hmac, (const guchar *)password, (gssize)length);
    /* GLib frees its buffer of one block as it stands: without the password in it. */
    g_hmac_update(hmac, block, sizeof block);
    g_hmac_get_digest(hmac, key, &size);
    g_hmac_unref(hmac);
}

static void
drop_oldest(Cache *cache)
{
    Entry *entry = g_queue_pop_head(&cache->order);

    g_hash_table_remove(cache->entries, entry->key);
    entry_free(entry);
}

/* With the lock held. All live equally long, so the oldest expire first. */
static void
drop_expired(Cache *cache, gint64 now)
{
    const Entry *entry;

    while ((entry = g_queue_peek_head(&cache->order)) != NULL && entry->expires <= now)
        drop_oldest(cache);
}

gboolean
cache_has(Cache *cache, const guint8 key[CACHE_KEY_SIZE], gint64 now)
{
    pthread_mutex_lock(&cache->lock);
    drop_expired(cache, now);
    gboolean has = g_hash_table_contains(cache->entries, key);
    pthread_mutex_unlock(&cache->lock);
    return has;
}

void
cache_add(Cache *cache, const guint8 key[CACHE_KEY_SIZE], gint64 now)
{
    pthread_mutex_lock(&cache->lock);
    drop_expired(cache, now);
    if (!g_hash_table_contains(cache->entries, key)) {
        if (g_queue_get_length(&cache->order) >= cache->limit)
            drop_oldest(cache);
        Entry *entry = g_new(Entry, 1);
        memcpy(entry->key, key, CACHE_KEY_SIZE);
        entry->expires = now + cache->lifetime;
        g_hash_table_add(cache->entries, entry);
        g_queue_push_tail(&cache->order, entry);
    }
    pthread_mutex_unlock(&cache->lock);
}
