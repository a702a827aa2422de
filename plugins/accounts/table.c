/* SPDX-License-Identifier: MIT */

#include "table.h"

#include <pop4/error.h>
#include <pthread.h>
#include <string.h>

struct Table {
    gint references; /* atomic */
    char *text;
    gsize size;
    GPtrArray *entries;   /* Entry, in the order of the file; they point into text */
    GHashTable *by_login; /* the same */
    pthread_mutex_t lock; /* guards the proofs of the entries */
};

Table *
table_ref(Table *table)
{
    g_atomic_int_inc(&table->references);
    return table;
}

static void
entry_free(gpointer data)
{
    explicit_bzero(data, sizeof(Entry));
    g_free(data);
}

void
table_unref(Table *table)
{
    if (!g_atomic_int_dec_and_test(&table->references))
        return;
    g_hash_table_unref(table->by_login);
    g_ptr_array_unref(table->entries);
    pthread_mutex_destroy(&table->lock);
    explicit_bzero(table->text, table->size);
    g_free(table->text);
    g_free(table);
}

static Table *
table_new(char *text, gsize size)
{
    Table *table = g_new0(Table, 1);

    table->references = 1;
    table->text = text;
    table->size = size;
    table->entries = g_ptr_array_new_with_free_func(entry_free);
    table->by_login = g_hash_table_new(g_str_hash, g_str_equal);
    pthread_mutex_init(&table->lock, NULL);
    return table;
}

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, what);
    return FALSE;
}

/* Those of ASCII and, behind the octet 0xC2, those above it. */
static gboolean
is_control(const char *octet)
{
    guchar first = (guchar)octet[0], second = (guchar)octet[1];

    return (g_ascii_iscntrl(octet[0]) && first != '\t') ||
           (first == 0xC2 && second >= 0x80 && second < 0xA0);
}

static gboolean
check_line(const char *line, gsize length, GError **error)
{
    if (length > 0 && line[length - 1] == '\r')
        return fail(error, "the line ends in CRLF, not LF");
    for (gsize i = 0; i < length; i++) {
        if (is_control(line + i))
            return fail(error, "there is a control character");
    }
    if (!g_utf8_validate(line, (gssize)length, NULL))
        return fail(error, "that is not UTF-8");
    return TRUE;
}

static gboolean
add_line(Table *table, char *line, gsize length, guint number, GError **error)
{
    Entry parsed;

    if (!check_line(line, length, error))
        return FALSE;
    if (entry_is_void(line))
        return TRUE;
    if (!entry_parse(line, &parsed, error))
        return FALSE;
    const Entry *other = table_find(table, parsed.login);
    if (other != NULL) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "the login stands in line %u, too",
                    other->number);
        return FALSE;
    }
    Entry *entry = g_new(Entry, 1);
    *entry = parsed;
    entry->number = number;
    g_ptr_array_add(table->entries, entry);
    g_hash_table_insert(table->by_login, (gpointer)entry->login, entry);
    return TRUE;
}

Table *
table_parse(char *text, gsize size, const char *path, GError **error)
{
    g_autoptr(Table) table = table_new(text, size);
    char *line = text, *end = text + size;

    for (guint number = 1; line < end; number++) {
        char *feed = memchr(line, '\n', (gsize)(end - line));
        if (feed == NULL)
            feed = end;
        *feed = '\0';
        if (!add_line(table, line, (gsize)(feed - line), number, error)) {
            g_prefix_error(error, "%s:%u: ", path, number);
            return NULL;
        }
        line = feed + 1;
    }
    return g_steal_pointer(&table);
}

guint
table_count(const Table *table)
{
    return table->entries->len;
}

Entry *
table_get(const Table *table, guint index)
{
    return g_ptr_array_index(table->entries, index);
}

Entry *
table_find(const Table *table, const char *login)
{
    return g_hash_table_lookup(table->by_login, login);
}

gboolean
table_is_proved(Table *table, const Entry *entry, const guint8 proof[SCRAM_MAC_SIZE])
{
    pthread_mutex_lock(&table->lock);
    gboolean is_proved = entry->is_proved && scram_equal(entry->proof, proof, SCRAM_MAC_SIZE);
    pthread_mutex_unlock(&table->lock);
    return is_proved;
}

void
table_prove(Table *table, Entry *entry, const guint8 proof[SCRAM_MAC_SIZE])
{
    pthread_mutex_lock(&table->lock);
    memcpy(entry->proof, proof, SCRAM_MAC_SIZE);
    entry->is_proved = TRUE;
    pthread_mutex_unlock(&table->lock);
}
