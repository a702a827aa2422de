/* All commands of an extension set, by verb. Filled when the set is built, read-only
 * afterwards. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/plugin.h>

typedef struct CommandTable CommandTable;

CommandTable *command_table_new(void);
void command_table_free(CommandTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CommandTable, command_table_free)

/* Fails if another plugin already owns one of @plugin's verbs. */
gboolean command_table_check(const CommandTable *table, const Pop4Plugin *plugin,
                             GError **error);

/* Only what command_table_check() has let pass. */
void command_table_add(CommandTable *table, const Pop4Plugin *plugin);

/* Any case. (nullable) */
const Pop4Command *command_table_find(const CommandTable *table, const char *verb);

/* Whether @verb is the first word of verbs with a subverb, as XTND in "XTND XMIT". */
gboolean command_table_has_subverbs(const CommandTable *table, const char *verb);

/* Octets of a line that begins like @line, up to @length octets of it. */
gsize command_table_line_limit(const CommandTable *table, const char *line, gsize length);
