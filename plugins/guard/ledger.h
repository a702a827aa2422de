/* What is remembered of addresses or accounts: failures that are forgiven with time, and
 * sessions. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/*
 * Any thread. Keys are hashes already. @now is in seconds of a clock that never goes back; it
 * is read before the lock is taken, so that it may be a little behind another thread's.
 */
typedef struct Ledger Ledger;

/* The bounds that hold for a call: those of the settings that the caller's session has. */
typedef struct {
    guint entries;         /* remembered at most; beyond it those with sessions and one more */
    guint failures;        /* counted at most of one entry */
    guint forgive_seconds; /* in which one failure is forgiven, at least 1 */
} LedgerTerms;

/* What a log may have been told of an entry. */
typedef enum {
    LEDGER_DELAYED,
    LEDGER_REFUSED,
    LEDGER_LIMITED,
    LEDGER_MATTERS,
} LedgerMatter;

Ledger *ledger_new(void);
void ledger_free(Ledger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Ledger, ledger_free)

/* Counts a failure; how many there are with it. */
guint ledger_fail(Ledger *ledger, guint64 key, const LedgerTerms *terms, guint32 now);

/* How many failures are not forgiven yet. To be asked for is to be used. */
guint ledger_get_failures(Ledger *ledger, guint64 key, const LedgerTerms *terms, guint32 now);

void ledger_forgive(Ledger *ledger, guint64 key);

/* Counts a session; FALSE, and nothing counted, when @limit are there already; 0 is no limit.
 */
gboolean ledger_enter(Ledger *ledger, guint64 key, guint limit, const LedgerTerms *terms,
                      guint32 now);

/* Once for each ledger_enter(). */
void ledger_leave(Ledger *ledger, guint64 key);

/* Whether a matter is news: not told of the entry within a minute. */
gboolean ledger_tell(Ledger *ledger, guint64 key, LedgerMatter matter, guint32 now);

guint ledger_count(Ledger *ledger);
