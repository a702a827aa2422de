/* SPDX-License-Identifier: MIT */

#include "library.h"

#include "auxprop.h"
#include "properties.h"

#include <pop4/error.h>
#include <pop4/log.h>
#include <pthread.h>
#include <sasl/sasl.h>
#include <string.h>

/* The options asked for while the library came up, with our answers; "" for none. NULL before.
 * Main thread. */
static GHashTable *settled;

/* (nullable): the options to answer from; only while the library comes up. */
static GHashTable *present;

static void *
mutex_new(void)
{
    pthread_mutex_t *mutex = g_new(pthread_mutex_t, 1);

    pthread_mutex_init(mutex, NULL);
    return mutex;
}

static int
mutex_lock(void *mutex)
{
    pthread_mutex_lock(mutex);
    return SASL_OK;
}

static int
mutex_unlock(void *mutex)
{
    pthread_mutex_unlock(mutex);
    return SASL_OK;
}

static void
mutex_free(void *mutex)
{
    pthread_mutex_destroy(mutex);
    g_free(mutex);
}

static int
log_message(void *context, int level, const char *message)
{
    /* Levels behind DEBUG can hold passwords. What fails to load is told by start(). */
    if (level != SASL_LOG_NONE && level <= SASL_LOG_DEBUG)
        pop4_log(NULL, POP4_LOG_DEBUG, "sasl", "text", message, NULL);
    return SASL_OK;
}

/* A login's own callback comes first; libsasl2 asks here for what that does not know. */
static int
get_option(void *context, const char *plugin, const char *option, const char **result,
           unsigned *length)
{
    if (present == NULL)
        return SASL_FAIL;

    const char *value = g_hash_table_lookup(present, option);
    char *kept = g_strdup(value != NULL ? value : "");
    g_hash_table_insert(settled, g_strdup(option), kept);
    if (value == NULL)
        return SASL_FAIL;
    *result = kept;
    if (length != NULL)
        *length = (unsigned)strlen(kept);
    return SASL_OK;
}

/* Without a name libsasl2 reads no configuration file: every option is in ours. */
static gboolean
bring_up(GError **error)
{
    static const sasl_callback_t callbacks[] = {
        {SASL_CB_LOG, LIBRARY_CALLBACK(log_message), NULL},
        {SASL_CB_GETOPT, LIBRARY_CALLBACK(get_option), NULL},
        {SASL_CB_LIST_END, NULL, NULL},
    };

    properties_init();
    sasl_set_mutex(mutex_new, mutex_lock, mutex_unlock, mutex_free);
    int result = sasl_server_init(callbacks, NULL);
    if (result == SASL_OK)
        result = auxprop_add();
    if (result == SASL_OK)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "libsasl2: %s",
                sasl_errstring(result, NULL, NULL));
    return FALSE;
}

static gboolean
check_settled(GHashTable *options, GError **error)
{
    GHashTableIter iter;
    gpointer name, value;

    g_hash_table_iter_init(&iter, settled);
    while (g_hash_table_iter_next(&iter, &name, &value)) {
        const char *wanted = g_hash_table_lookup(options, name);
        if (g_str_equal(wanted != NULL ? wanted : "", value))
            continue;
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "option.%s: libsasl2 reads it once in a process: restart to change it",
                    (const char *)name);
        return FALSE;
    }
    return TRUE;
}

gboolean
library_init(GHashTable *options, GError **error)
{
    if (settled != NULL)
        return check_settled(options, error);

    settled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    present = options;
    gboolean good = bring_up(error);
    present = NULL;
    if (!good)
        g_clear_pointer(&settled, g_hash_table_unref);
    return good;
}
