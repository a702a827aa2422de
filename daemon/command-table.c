/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "command-table.h"

#include <pop4/error.h>
#include <string.h>

/* Longer ones are no verbs. */
#define VERB_MAX 64

struct CommandTable {
    GHashTable *by_verb;  /* upper-case verb, borrowed -> const Pop4Command */
    GHashTable *prefixes; /* first words of verbs with a subverb */
};

CommandTable *
command_table_new(void)
{
    CommandTable *table = g_new0(CommandTable, 1);

    table->by_verb = g_hash_table_new(g_str_hash, g_str_equal);
    table->prefixes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return table;
}

void
command_table_free(CommandTable *table)
{
    g_hash_table_unref(table->by_verb);
    g_hash_table_unref(table->prefixes);
    g_free(table);
}

static void
insert(CommandTable *table, const Pop4Command *command)
{
    const char *space = strchr(command->verb, ' ');

    g_hash_table_insert(table->by_verb, (gpointer)command->verb, (gpointer)command);
    if (space != NULL)
        g_hash_table_add(table->prefixes,
                         g_strndup(command->verb, (gsize)(space - command->verb)));
}

gboolean
command_table_check(const CommandTable *table, const Pop4Plugin *plugin, GError **error)
{
    /* A plugin may give a verb twice itself, too. */
    g_autoptr(GHashTable) own = g_hash_table_new(g_str_hash, g_str_equal);

    for (const Pop4Command *row = plugin->commands; row != NULL && row->verb != NULL; row++) {
        if (g_hash_table_contains(table->by_verb, row->verb) ||
            !g_hash_table_add(own, (gpointer)row->verb)) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                        "plugin %s: the verb %s is already taken", plugin->name, row->verb);
            return FALSE;
        }
    }
    return TRUE;
}

void
command_table_add(CommandTable *table, const Pop4Plugin *plugin)
{
    for (const Pop4Command *row = plugin->commands; row != NULL && row->verb != NULL; row++)
        insert(table, row);
}

static gpointer
find_upper(GHashTable *hash, const char *verb, gsize length)
{
    char upper[VERB_MAX];

    if (length >= sizeof upper)
        return NULL;
    for (gsize i = 0; i < length; i++)
        upper[i] = g_ascii_toupper(verb[i]);
    upper[length] = '\0';
    return g_hash_table_lookup(hash, upper);
}

const Pop4Command *
command_table_find(const CommandTable *table, const char *verb)
{
    return find_upper(table->by_verb, verb, strlen(verb));
}

gboolean
command_table_has_subverbs(const CommandTable *table, const char *verb)
{
    return g_hash_table_size(table->prefixes) > 0 &&
           find_upper(table->prefixes, verb, strlen(verb)) != NULL;
}

gsize
command_table_line_limit(const CommandTable *table, const char *line, gsize length)
{
    /* A verb and its subverb stand within this; the line itself may have no end yet. */
    g_autofree char *head = g_strndup(line, MIN(length, 2 * VERB_MAX));
    g_auto(GStrv) words = g_strsplit_set(g_strchug(head), " \t", 3);
    const Pop4Command *command = NULL;

    if (words[0] != NULL && words[1] != NULL && command_table_has_subverbs(table, words[0])) {
        g_autofree char *both = g_strconcat(words[0], " ", words[1], NULL);
        command = command_table_find(table, both);
    }
    if (command == NULL && words[0] != NULL)
        command = command_table_find(table, words[0]);
    return command != NULL && command->max_line != 0 ? command->max_line : POP4_LINE_MAX;
}
