/* SPDX-License-Identifier: MIT */

#include "ledger.h"

#include <pthread.h>

#define BUCKETS 65536
#define QUIET_SECONDS 60

/* Entries that one call removes at most, so that none holds the lock for long. */
#define TRIM_STEPS 4

typedef struct Entry Entry;

struct Entry {
    guint64 key;
    Entry *next;           /* in the bucket */
    Entry *before, *after; /* by use, the oldest first, while it has no sessions */
    guint32 failures;
    guint32 since; /* when the time to forgive the next one began */
    guint32 sessions;
    guint32 quiet_until[LEDGER_MATTERS];
};

struct Ledger {
    pthread_mutex_t lock; /* guards what follows */
    guint count;
    Entry idle; /* the ring of entries without sessions: its after is the oldest */
    Entry *buckets[BUCKETS];
};

Ledger *
ledger_new(void)
{
    Ledger *ledger = g_new0(Ledger, 1);

    pthread_mutex_init(&ledger->lock, NULL);
    ledger->idle.before = ledger->idle.after = &ledger->idle;
    return ledger;
}

void
ledger_free(Ledger *ledger)
{
    for (guint i = 0; i < BUCKETS; i++) {
        for (Entry *entry = ledger->buckets[i], *next; entry != NULL; entry = next) {
            next = entry->next;
            g_free(entry);
        }
    }
    pthread_mutex_destroy(&ledger->lock);
    g_free(ledger);
}

static Entry **
place_of(Ledger *ledger, guint64 key)
{
    Entry **place = &ledger->buckets[key % BUCKETS];

    while (*place != NULL && (*place)->key != key)
        place = &(*place)->next;
    return place;
}

static void
take_out(Entry *entry)
{
    entry->before->after = entry->after;
    entry->after->before = entry->before;
}

static void
put_newest(Ledger *ledger, Entry *entry)
{
    entry->after = &ledger->idle;
    entry->before = ledger->idle.before;
    entry->before->after = entry->after->before = entry;
}

static void
touch(Ledger *ledger, Entry *entry)
{
    if (entry->sessions > 0)
        return;
    take_out(entry);
    put_newest(ledger, entry);
}

static void
drop(Ledger *ledger, Entry *entry)
{
    *place_of(ledger, entry->key) = entry->next;
    take_out(entry);
    g_free(entry);
    ledger->count--;
}

static void
decay(Entry *entry, const LedgerTerms *terms, guint32 now)
{
    guint32 passed = now > entry->since ? now - entry->since : 0;
    guint32 forgiven = passed / terms->forgive_seconds;

    entry->failures -= MIN(forgiven, entry->failures);
    entry->since += forgiven * terms->forgive_seconds;
}

/* The newest stays in any case: it is what the call is about. */
static void
trim(Ledger *ledger, const LedgerTerms *terms, guint32 now)
{
    for (guint i = 0; i < TRIM_STEPS && ledger->idle.after != ledger->idle.before; i++) {
        Entry *oldest = ledger->idle.after;
        decay(oldest, terms, now);
        if (ledger->count <= terms->entries && oldest->failures > 0)
            return;
        drop(ledger, oldest);
    }
}

/* The entry of @key, the newest of those without sessions if it is new or one of them. */
static Entry *
obtain(Ledger *ledger, guint64 key, const LedgerTerms *terms, guint32 now)
{
    Entry **place = place_of(ledger, key);

    if (*place != NULL) {
        touch(ledger, *place);
    } else {
        *place = g_new0(Entry, 1);
        (*place)->key = key;
        (*place)->since = now;
        put_newest(ledger, *place);
        ledger->count++;
    }
    Entry *entry = *place;
    decay(entry, terms, now);
    trim(ledger, terms, now);
    return entry;
}

guint
ledger_fail(Ledger *ledger, guint64 key, const LedgerTerms *terms, guint32 now)
{
    pthread_mutex_lock(&ledger->lock);
    Entry *entry = obtain(ledger, key, terms, now);
    if (entry->failures == 0)
        entry->since = now;
    entry->failures = MIN(entry->failures + 1, terms->failures);
    guint failures = entry->failures;
    pthread_mutex_unlock(&ledger->lock);
    return failures;
}

guint
ledger_get_failures(Ledger *ledger, guint64 key, const LedgerTerms *terms, guint32 now)
{
    guint failures = 0;

    pthread_mutex_lock(&ledger->lock);
    Entry *entry = *place_of(ledger, key);
    if (entry != NULL) {
        touch(ledger, entry);
        decay(entry, terms, now);
        failures = entry->failures;
    }
    pthread_mutex_unlock(&ledger->lock);
    return failures;
}

void
ledger_forgive(Ledger *ledger, guint64 key)
{
    pthread_mutex_lock(&ledger->lock);
    Entry *entry = *place_of(ledger, key);
    if (entry != NULL)
        entry->failures = 0;
    if (entry != NULL && entry->sessions == 0)
        drop(ledger, entry);
    pthread_mutex_unlock(&ledger->lock);
}

gboolean
ledger_enter(Ledger *ledger, guint64 key, guint limit, const LedgerTerms *terms, guint32 now)
{
    pthread_mutex_lock(&ledger->lock);
    Entry *entry = obtain(ledger, key, terms, now);
    gboolean enters = limit == 0 || entry->sessions < limit;
    if (enters && entry->sessions++ == 0)
        take_out(entry);
    pthread_mutex_unlock(&ledger->lock);
    return enters;
}

void
ledger_leave(Ledger *ledger, guint64 key)
{
    pthread_mutex_lock(&ledger->lock);
    Entry *entry = *place_of(ledger, key);
    g_assert(entry != NULL && entry->sessions > 0);
    if (--entry->sessions == 0) {
        put_newest(ledger, entry);
        /* Nothing is left to remember of it. */
        if (entry->failures == 0)
            drop(ledger, entry);
    }
    pthread_mutex_unlock(&ledger->lock);
}

gboolean
ledger_tell(Ledger *ledger, guint64 key, LedgerMatter matter, guint32 now)
{
    gboolean is_news = TRUE;

    pthread_mutex_lock(&ledger->lock);
    Entry *entry = *place_of(ledger, key);
    if (entry != NULL) {
        is_news = now >= entry->quiet_until[matter];
        if (is_news)
            entry->quiet_until[matter] = now + QUIET_SECONDS;
    }
    pthread_mutex_unlock(&ledger->lock);
    return is_news;
}

guint
ledger_count(Ledger *ledger)
{
    pthread_mutex_lock(&ledger->lock);
    guint count = ledger->count;
    pthread_mutex_unlock(&ledger->lock);
    return count;
}
