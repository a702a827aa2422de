/* SPDX-License-Identifier: MIT */

#include "watch.h"

#include "file.h"

#include <pop4/log.h>
#include <pthread.h>
#include <unistd.h>

struct Watch {
    char *path;
    pthread_mutex_t lock; /* guards these two, for as long as a copy takes */
    Table *table;
    FileState seen; /* the state that table has, or that was refused for good */

    pthread_mutex_t reading; /* held by the one that reads; guards what follows */
    FileState told;          /* the state whose refusal was logged last */
    int held;                /* the file last read, so that its inode is not given again */
};

/* (transfer full) */
static Table *
peek(Watch *watch, const FileState *now, gboolean *changed_out)
{
    pthread_mutex_lock(&watch->lock);
    Table *table = watch->table != NULL ? table_ref(watch->table) : NULL;
    *changed_out = !file_state_equal(now, &watch->seen);
    pthread_mutex_unlock(&watch->lock);
    return table;
}

/* @table: (transfer full) (nullable): NULL = the present one stays */
static void
settle(Watch *watch, Table *table, const FileState *state)
{
    Table *before = NULL;

    pthread_mutex_lock(&watch->lock);
    watch->seen = *state;
    if (table != NULL) {
        before = watch->table;
        watch->table = table;
    }
    pthread_mutex_unlock(&watch->lock);
    /* Outside the lock: to wipe a large one takes time. */
    g_clear_pointer(&before, table_unref);
}

/* (transfer full) (nullable) */
static Table *
read_table(Watch *watch, FileState *state_out, GError **error)
{
    int fd = file_open(watch->path, state_out, error);
    if (fd < 0)
        return NULL;

    if (watch->held >= 0)
        close(watch->held);
    watch->held = fd;
    char *text = file_read(fd, state_out, watch->path, error);
    return text != NULL ? table_parse(text, state_out->size, watch->path, error) : NULL;
}

static gboolean
take(Watch *watch, FileState *state_out, GError **error)
{
    Table *table = read_table(watch, state_out, error);

    if (table == NULL)
        return FALSE;
    g_autofree char *count = g_strdup_printf("%u", table_count(table));
    pop4_log(NULL, POP4_LOG_INFO, "accounts-read", "count", count, NULL);
    settle(watch, table, state_out);
    return TRUE;
}

static void
refuse(Watch *watch, const FileState *state, const GError *error)
{
    if (!file_state_equal(state, &watch->told))
        pop4_log(NULL, POP4_LOG_WARNING, "accounts-refused", "reason", error->message, NULL);
    watch->told = *state;
    /* The file is not to blame for a full table of descriptors: the next lookup tries again. */
    if (error->domain != G_FILE_ERROR)
        settle(watch, NULL, state);
}

/* With @reading held. */
static void
reread(Watch *watch)
{
    g_autoptr(GError) error = NULL;
    FileState state = file_stat(watch->path);
    gboolean changed;

    /* Another may have read it since the caller looked. */
    table_unref(peek(watch, &state, &changed));
    if (changed && !take(watch, &state, &error))
        refuse(watch, &state, error);
}

Table *
watch_get_table(Watch *watch)
{
    FileState now = file_stat(watch->path);
    gboolean changed;
    Table *table = peek(watch, &now, &changed);

    if (!changed || pthread_mutex_trylock(&watch->reading) != 0)
        return table;
    table_unref(table);
    reread(watch);
    table = peek(watch, &now, &changed);
    pthread_mutex_unlock(&watch->reading);
    return table;
}

Watch *
watch_new(const char *path, GError **error)
{
    g_autoptr(Watch) watch = g_new0(Watch, 1);
    FileState state;

    watch->path = g_strdup(path);
    watch->held = -1;
    pthread_mutex_init(&watch->lock, NULL);
    pthread_mutex_init(&watch->reading, NULL);
    return take(watch, &state, error) ? g_steal_pointer(&watch) : NULL;
}

void
watch_free(Watch *watch)
{
    g_clear_pointer(&watch->table, table_unref);
    if (watch->held >= 0)
        close(watch->held);
    pthread_mutex_destroy(&watch->lock);
    pthread_mutex_destroy(&watch->reading);
    g_free(watch->path);
    g_free(watch);
}
