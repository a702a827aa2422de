/* SPDX-License-Identifier: MIT */

#include "quota.h"

#include <pop4/error.h>
#include <pthread.h>

#define HOUR 3600
#define DAY 86400

/* Used amounts leak away at the rate that the limit allows: no burst at the turn of an hour. */
typedef struct {
    double messages, recipients; /* used */
    gint64 when;
    guint parallel;
} Account;

struct Quota {
    pthread_mutex_t mutex;
    GHashTable *accounts;
    guint prune_at;
};

Quota *
quota_new(void)
{
    Quota *quota = g_new0(Quota, 1);

    pthread_mutex_init(&quota->mutex, NULL);
    quota->accounts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    quota->prune_at = 1024;
    return quota;
}

void
quota_free(Quota *quota)
{
    g_hash_table_unref(quota->accounts);
    pthread_mutex_destroy(&quota->mutex);
    g_free(quota);
}

static gboolean
is_done_with(gpointer login, gpointer value, gpointer now)
{
    const Account *account = value;

    return account->parallel == 0 && *(const gint64 *)now - account->when > DAY;
}

static Account *
find(Quota *quota, const char *login, gint64 now)
{
    Account *account = g_hash_table_lookup(quota->accounts, login);

    if (account != NULL)
        return account;
    if (g_hash_table_size(quota->accounts) >= quota->prune_at) {
        g_hash_table_foreach_remove(quota->accounts, is_done_with, &now);
        quota->prune_at = 2 * g_hash_table_size(quota->accounts) + 1024;
    }
    account = g_new0(Account, 1);
    account->when = now;
    g_hash_table_insert(quota->accounts, g_strdup(login), account);
    return account;
}

static void
leak(Account *account, const QuotaLimits *limits, gint64 now)
{
    double seconds = (double)(now - account->when);

    account->messages -= seconds * (double)limits->messages_per_hour / HOUR;
    account->recipients -= seconds * (double)limits->recipients_per_day / DAY;
    account->messages = MAX(account->messages, 0);
    account->recipients = MAX(account->recipients, 0);
    account->when = now;
}

static gboolean
allow(const Account *account, const QuotaLimits *limits, guint recipients, GError **error)
{
    const char *reason = NULL;

    if (limits->parallel != 0 && account->parallel >= limits->parallel)
        reason = "too many of your messages are on their way";
    else if (limits->messages_per_hour != 0 &&
             account->messages + 1 > (double)limits->messages_per_hour)
        reason = "too many messages in an hour";
    else if (limits->recipients_per_day != 0 &&
             account->recipients + recipients > (double)limits->recipients_per_day)
        reason = "too many recipients in a day";
    if (reason != NULL)
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "%s, try again later", reason);
    return reason == NULL;
}

gboolean
quota_check(Quota *quota, const char *login, const QuotaLimits *limits, gint64 now,
            GError **error)
{
    pthread_mutex_lock(&quota->mutex);
    Account *account = find(quota, login, now);
    leak(account, limits, now);
    gboolean allowed = allow(account, limits, 1, error);
    pthread_mutex_unlock(&quota->mutex);
    return allowed;
}

gboolean
quota_begin(Quota *quota, const char *login, const QuotaLimits *limits, guint recipients,
            gint64 now, GError **error)
{
    pthread_mutex_lock(&quota->mutex);
    Account *account = find(quota, login, now);
    leak(account, limits, now);
    gboolean allowed = allow(account, limits, recipients, error);
    if (allowed) {
        account->messages++;
        account->recipients += recipients;
        account->parallel++;
    }
    pthread_mutex_unlock(&quota->mutex);
    return allowed;
}

void
quota_end(Quota *quota, const char *login, guint recipients, gboolean gives_back)
{
    pthread_mutex_lock(&quota->mutex);
    Account *account = g_hash_table_lookup(quota->accounts, login);
    g_assert(account != NULL && account->parallel > 0);
    account->parallel--;
    if (gives_back) {
        account->messages = MAX(account->messages - 1, 0);
        account->recipients = MAX(account->recipients - recipients, 0);
    }
    pthread_mutex_unlock(&quota->mutex);
}
