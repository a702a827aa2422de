/* Remembers for a while which names and passwords were right, as keyed hashes. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct Cache Cache;

#define CACHE_KEY_SIZE 32

/* @seconds: how long a success is remembered; @entries: how many at most, the oldest go first.
 */
Cache *cache_new(guint64 seconds, guint entries);
void cache_free(Cache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cache, cache_free)

/* HMAC-SHA-256 under a key that lives as long as the cache. Any thread. */
void cache_make_key(const Cache *cache, const char *user, const char *password, gsize length,
                    guint8 key[CACHE_KEY_SIZE]);

/* @now: g_get_monotonic_time(). Any thread. */
gboolean cache_has(Cache *cache, const guint8 key[CACHE_KEY_SIZE], gint64 now);
void cache_add(Cache *cache, const guint8 key[CACHE_KEY_SIZE], gint64 now);
