/* The accounts as one state of the file has them; but for what was proved, immutable. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "entry.h"

typedef struct Table Table;

/**
 * table_parse:
 * @text: (transfer full): @size octets and a NUL; wiped when nobody has use for it any more
 * @path: for errors, "PATH:LINE: what is wrong", which show no key
 *
 * Returns: (transfer full) (nullable)
 */
Table *table_parse(char *text, gsize size, const char *path, GError **error);
Table *table_ref(Table *table);
void table_unref(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_unref)

guint table_count(const Table *table);
Entry *table_get(const Table *table, guint index);

/* (nullable) */
Entry *table_find(const Table *table, const char *login);

/* Any thread: whether @proof is that of the last right password; that it is. */
gboolean table_is_proved(Table *table, const Entry *entry, const guint8 proof[SCRAM_MAC_SIZE]);
void table_prove(Table *table, Entry *entry, const guint8 proof[SCRAM_MAC_SIZE]);
