/* How much each login may send: messages an hour, recipients a day, how many at once. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

/* 0 = no limit. */
typedef struct {
    guint64 messages_per_hour;
    guint64 recipients_per_day;
    guint64 parallel;
} QuotaLimits;

/* Any thread. */
typedef struct Quota Quota;

Quota *quota_new(void);
void quota_free(Quota *quota);

/* Whether a message could go now, before there is one. @now: seconds of a steady clock.
 * %POP4_ERROR_TEMPORARY */
gboolean quota_check(Quota *quota, const char *login, const QuotaLimits *limits, gint64 now,
                     GError **error);

/* Takes what the message needs; every success is followed by one quota_end(). */
gboolean quota_begin(Quota *quota, const char *login, const QuotaLimits *limits,
                     guint recipients, gint64 now, GError **error);

/* @gives_back: nothing has been sent. */
void quota_end(Quota *quota, const char *login, guint recipients, gboolean gives_back);
