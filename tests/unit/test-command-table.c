/* The verbs of an extension set. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "command-table.h"

#include <pop4/error.h>
#include <string.h>

static gboolean
run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    return FALSE;
}

static const Pop4Command mail_commands[] = {
    {.verb = "STAT", .run = run},      {.verb = "LONG", .run = run, .max_line = 4096},
    {.verb = "XTND XMIT", .run = run}, {.verb = "MORE", .run = run},
    {.verb = "MORE ONE", .run = run},  {.verb = NULL},
};

static const Pop4Command other_commands[] = {
    {.verb = "STATS", .run = run},
    {.verb = "XTND ARCHIVE", .run = run},
    {.verb = NULL},
};

static const Pop4Command stolen_commands[] = {
    {.verb = "MINE", .run = run},
    {.verb = "STAT", .run = run},
    {.verb = NULL},
};

static const Pop4Command stolen_subverb_commands[] = {
    {.verb = "XTND XMIT", .run = run},
    {.verb = NULL},
};

static const Pop4Command twice_commands[] = {
    {.verb = "ECHO", .run = run},
    {.verb = "ECHO", .run = run},
    {.verb = NULL},
};

static const Pop4Plugin mail = {.name = "mail", .commands = mail_commands};
static const Pop4Plugin other = {.name = "other", .commands = other_commands};
static const Pop4Plugin none = {.name = "none"};

static CommandTable *
new_table(void)
{
    CommandTable *table = command_table_new();

    g_assert_true(command_table_check(table, &mail, NULL));
    command_table_add(table, &mail);
    return table;
}

static void
test_find(void)
{
    g_autoptr(CommandTable) table = new_table();
    static const struct {
        const char *asked;
        const Pop4Command *found;
    } finds[] = {
        {"STAT", &mail_commands[0]},
        {"stat", &mail_commands[0]},
        {"sTaT", &mail_commands[0]},
        {"XTND XMIT", &mail_commands[2]},
        {"xtnd Xmit", &mail_commands[2]},
        {"MORE", &mail_commands[3]},
        {"more one", &mail_commands[4]},
        {"XTND", NULL},
        {"STATS", NULL},
        {"STA", NULL},
        {"", NULL},
        {"\xc5\xbf"
         "TAT",
         NULL}, /* a long s is no S */
    };

    for (guint i = 0; i < G_N_ELEMENTS(finds); i++) {
        g_autofree char *exact = g_memdup2(finds[i].asked, strlen(finds[i].asked) + 1);
        g_assert_true(command_table_find(table, exact) == finds[i].found);
    }
}

/* No buffer of fixed size gives way to a long verb. */
static void
test_long_verbs(void)
{
    g_autoptr(CommandTable) table = new_table();

    for (gsize length = 1; length < 300; length++) {
        g_autofree char *verb = g_strnfill(length, 's');
        g_assert_null(command_table_find(table, verb));
        g_assert_false(command_table_has_subverbs(table, verb));
        g_autofree char *exact = g_memdup2(verb, length);
        g_assert_cmpuint(command_table_line_limit(table, exact, length), ==, POP4_LINE_MAX);
    }
}

static void
test_subverbs(void)
{
    g_autoptr(CommandTable) empty = command_table_new();
    g_autoptr(CommandTable) table = new_table();

    g_assert_false(command_table_has_subverbs(empty, "XTND"));
    g_assert_true(command_table_has_subverbs(table, "XTND"));
    g_assert_true(command_table_has_subverbs(table, "xtnd"));
    g_assert_true(command_table_has_subverbs(table, "More"));
    g_assert_false(command_table_has_subverbs(table, "STAT"));
    g_assert_false(command_table_has_subverbs(table, "XTND XMIT"));
    g_assert_false(command_table_has_subverbs(table, ""));

    /* A subverb of another plugin stands beside those that are there. */
    g_assert_true(command_table_check(table, &other, NULL));
    command_table_add(table, &other);
    g_assert_true(command_table_find(table, "XTND ARCHIVE") == &other_commands[1]);
    g_assert_true(command_table_find(table, "XTND XMIT") == &mail_commands[2]);
    g_assert_true(command_table_find(table, "STATS") == &other_commands[0]);
}

static void
test_line_limits(void)
{
    g_autoptr(CommandTable) table = new_table();
    static const struct {
        const char *line;
        gsize limit;
    } limits[] = {
        {"STAT", POP4_LINE_MAX},     {"LONG 123", 4096},          {"long", 4096},
        {"LONGER x", POP4_LINE_MAX}, {"nonsense", POP4_LINE_MAX}, {"", POP4_LINE_MAX},
        {"LON", POP4_LINE_MAX},
    };

    for (guint i = 0; i < G_N_ELEMENTS(limits); i++) {
        gsize length = strlen(limits[i].line);
        g_autofree char *exact = g_memdup2(limits[i].line, length);
        g_assert_cmpuint(command_table_line_limit(table, length > 0 ? exact : "", length), ==,
                         limits[i].limit);
    }
}

static void
test_duplicates(void)
{
    g_autoptr(CommandTable) table = new_table();
    static const struct {
        Pop4Plugin plugin;
        const char *expected;
    } refusals[] = {
        {{.name = "thief", .commands = stolen_commands},
         "plugin thief: the verb STAT is already taken"},
        {{.name = "thief", .commands = stolen_subverb_commands},
         "plugin thief: the verb XTND XMIT is already taken"},
        {{.name = "twice", .commands = twice_commands},
         "plugin twice: the verb ECHO is already taken"},
        {{.name = "again", .commands = mail_commands},
         "plugin again: the verb STAT is already taken"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(command_table_check(table, &refusals[i].plugin, &error));
        g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
        g_assert_cmpstr(error->message, ==, refusals[i].expected);
    }
    /* A check adds nothing, and a plugin without commands fits everywhere. */
    g_assert_null(command_table_find(table, "MINE"));
    g_assert_true(command_table_check(table, &none, NULL));
    command_table_add(table, &none);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/command-table/verbs in any case", test_find);
    g_test_add_func("/command-table/verbs that are too long", test_long_verbs);
    g_test_add_func("/command-table/subverbs", test_subverbs);
    g_test_add_func("/command-table/line limits", test_line_limits);
    g_test_add_func("/command-table/a verb belongs to one plugin", test_duplicates);
    return g_test_run();
}
