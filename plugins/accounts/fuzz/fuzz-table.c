/* Any file of accounts: refused with its place and no key shown, or every account found. */
/* SPDX-License-Identifier: MIT */

#include "table.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static void
walk(const Table *table)
{
    for (guint i = 0; i < table_count(table); i++) {
        const Entry *entry = table_get(table, i);
        Key key;
        g_assert(entry->login[0] != '\0' && g_utf8_validate(entry->login, -1, NULL));
        g_assert(table_find(table, entry->login) == entry);
        g_assert(entry->secret == NULL || entry->secret[0] != '\0');
        g_assert(key_parse(entry_best_key(entry), &key, NULL));
        g_assert(key.iterations >= KEY_ITERATIONS_MIN && key.salt_size <= KEY_SALT_MAX);
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    g_autoptr(GError) error = NULL;
    /* On the heap in its exact size, so that a read behind the end is seen. */
    char *text = g_malloc(size + 1);

    memcpy(text, octets, size);
    text[size] = '\0';
    g_autoptr(Table) table = table_parse(text, size, "file", &error);
    g_assert((table == NULL) == (error != NULL));
    if (table != NULL)
        walk(table);
    else
        g_assert(g_str_has_prefix(error->message, "file:") &&
                 strchr(error->message, '$') == NULL);
    return 0;
}
