/* What became of the messages of the last hour, so that one sent again is not delivered twice.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* Any thread. */
typedef struct Recent Recent;

typedef enum {
    RECENT_NEW,     /* go on, and tell recent_end() */
    RECENT_RUNNING, /* it is on its way */
    RECENT_SENT,
} RecentState;

Recent *recent_new(void);
void recent_free(Recent *recent);

/* @key: names the message; @now: seconds of a steady clock. */
RecentState recent_begin(Recent *recent, const char *key, gint64 now);

/* @sent: a mail server has it; else it may be sent again. */
void recent_end(Recent *recent, const char *key, gboolean sent, gint64 now);
