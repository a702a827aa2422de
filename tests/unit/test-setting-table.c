/* Settings filled from their rows: types, defaults, bounds and every fault. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "setting-table.h"

#include <string.h>

typedef struct {
    char *text;
    guint64 number;
    gboolean flag;
    guint kind;
    char **words;
    GHashTable *options;
    char *must;
} Filled;

#define AT(member) G_STRUCT_OFFSET(Filled, member)

static const Pop4Setting table[] = {
    {.key = "text",
     .type = POP4_SETTING_STRING,
     .offset = AT(text),
     .initial = "some text",
     .flags = POP4_SETTING_RESTART},
    {.key = "number",
     .type = POP4_SETTING_UINT,
     .offset = AT(number),
     .initial = "5",
     .min = 1,
     .max = 10},
    {.key = "flag",
     .type = POP4_SETTING_BOOL,
     .offset = AT(flag),
     .initial = "yes",
     .flags = POP4_SETTING_RESTART},
    {.key = "kind",
     .type = POP4_SETTING_CHOICE,
     .offset = AT(kind),
     .initial = "shared",
     .choices = "exclusive|shared"},
    {.key = "words", .type = POP4_SETTING_LIST, .offset = AT(words), .initial = "a;b"},
    {.key = "option.",
     .type = POP4_SETTING_MAP,
     .offset = AT(options),
     .flags = POP4_SETTING_RESTART},
    {.key = "must",
     .type = POP4_SETTING_STRING,
     .offset = AT(must),
     .flags = POP4_SETTING_REQUIRED | POP4_SETTING_SECRET},
    {.key = NULL},
};

/* Fills @filled from "[t]" and @keys; the faults, a line each. */
static char *
fill(const char *keys, Filled *filled)
{
    g_autoptr(Faults) faults = faults_new();
    g_autofree char *text = g_strconcat("[t]\n", keys, NULL);
    g_autoptr(SettingFile) file = setting_file_parse("t.conf", text, strlen(text), faults);
    GString *found = g_string_new(NULL);

    g_assert_nonnull(file);
    *filled = (Filled){0};
    setting_table_fill(table, file, "t", filled, faults);
    for (guint i = 0; i < faults_count(faults); i++)
        g_string_append_printf(found, "%s\n", faults_get(faults, i));
    return g_string_free(found, FALSE);
}

typedef struct {
    const char *sentence;
    const char *keys; /* from line 2 on */
    const char *expected;
} Case;

#define BOUNDS "t.conf:3: [t] number: must be a number from 1 to 10, not "

static const Case cases[] = {
    {"the least", "must = x\nnumber = 1\n", ""},
    {"the most", "must = x\nnumber = 10\n", ""},
    {"below the bounds", "must = x\nnumber = 0\n", BOUNDS "\"0\"\n"},
    {"above the bounds", "must = x\nnumber = 11\n", BOUNDS "\"11\"\n"},
    {"negative", "must = x\nnumber = -1\n", BOUNDS "\"-1\"\n"},
    {"too large for any number", "must = x\nnumber = 18446744073709551617\n",
     BOUNDS "\"18446744073709551617\"\n"},
    {"no number", "must = x\nnumber = five\n", BOUNDS "\"five\"\n"},
    {"a number and more", "must = x\nnumber = 5s\n", BOUNDS "\"5s\"\n"},
    {"no octet of a number", "must = x\nnumber =\n", BOUNDS "\"\"\n"},
    {"neither yes nor no", "must = x\nflag = maybe\n",
     "t.conf:3: [t] flag: must be yes or no, not \"maybe\"\n"},
    {"yes in another case", "must = x\nflag = Yes\n",
     "t.conf:3: [t] flag: must be yes or no, not \"Yes\"\n"},
    {"none of the choices", "must = x\nkind = other\n",
     "t.conf:3: [t] kind: must be one of exclusive|shared, not \"other\"\n"},
    {"the start of a choice", "must = x\nkind = exclus\n",
     "t.conf:3: [t] kind: must be one of exclusive|shared, not \"exclus\"\n"},
    {"two choices", "must = x\nkind = exclusive|shared\n",
     "t.conf:3: [t] kind: must be one of exclusive|shared, not \"exclusive|shared\"\n"},
    {"an unknown key", "must = x\nnope = 1\n", "t.conf:3: [t] nope: unknown key\n"},
    {"a key in another case", "must = x\nText = 1\n", "t.conf:3: [t] Text: unknown key\n"},
    {"a map without a name", "must = x\noption. = 1\n", "t.conf:3: [t] option.: unknown key\n"},
    {"a map without its dot", "must = x\noption = 1\n", "t.conf:3: [t] option: unknown key\n"},
    {"a key that must be set", "", "t.conf:1: [t] must: must be set\n"},
    {"an empty one is set", "must =\n", ""},
    {"an escape that is none", "must = x\ntext = \\q\n",
     "t.conf:3: [t] text: Key file contains key “text” which has a value that "
     "cannot be interpreted.\n"},
    {"such an escape in a map", "must = x\noption.A = \\q\n",
     "t.conf:3: [t] option.A: Key file contains key “option.A” which has a value "
     "that cannot be interpreted.\n"},
    {"every fault is told", "zzz = 1\nkind = z\nflag = z\nyyy = 1\nnumber = z\n",
     "t.conf:2: [t] zzz: unknown key\n"
     "t.conf:5: [t] yyy: unknown key\n"
     "t.conf:6: [t] number: must be a number from 1 to 10, not \"z\"\n"
     "t.conf:4: [t] flag: must be yes or no, not \"z\"\n"
     "t.conf:3: [t] kind: must be one of exclusive|shared, not \"z\"\n"
     "t.conf:1: [t] must: must be set\n"},
};

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    Filled filled;
    g_autofree char *found = fill(c->keys, &filled);

    g_assert_cmpstr(found, ==, c->expected);
    setting_table_clear(table, &filled);
}

static void
test_defaults(void)
{
    Filled filled;
    g_autofree char *faults = fill("must = x\n", &filled);
    g_autofree char *words = g_strjoinv("|", filled.words);

    g_assert_cmpstr(faults, ==, "");
    g_assert_cmpstr(filled.text, ==, "some text");
    g_assert_cmpuint(filled.number, ==, 5);
    g_assert_true(filled.flag);
    g_assert_cmpuint(filled.kind, ==, 1);
    g_assert_cmpstr(words, ==, "a|b");
    g_assert_cmpuint(g_hash_table_size(filled.options), ==, 0);
    setting_table_clear(table, &filled);
}

static void
test_values(void)
{
    Filled filled;
    g_autofree char *faults = fill("text = \\sx\nnumber = 7\nflag = false\nkind = exclusive\n"
                                   "words = one; two ;three\noption.A = 1\noption.b c = 2\n"
                                   "must = secret\n",
                                   &filled);
    g_autofree char *words = g_strjoinv("|", filled.words);

    g_assert_cmpstr(faults, ==, "");
    g_assert_cmpstr(filled.text, ==, " x");
    g_assert_cmpuint(filled.number, ==, 7);
    g_assert_false(filled.flag);
    g_assert_cmpuint(filled.kind, ==, 0);
    g_assert_cmpstr(words, ==, "one|two|three");
    g_assert_cmpuint(g_hash_table_size(filled.options), ==, 2);
    g_assert_cmpstr(g_hash_table_lookup(filled.options, "A"), ==, "1");
    g_assert_cmpstr(g_hash_table_lookup(filled.options, "b c"), ==, "2");
    g_assert_cmpstr(filled.must, ==, "secret");
    setting_table_clear(table, &filled);
}

static void
test_empty_list(void)
{
    Filled filled;
    g_autofree char *faults = fill("must = x\nwords =\n", &filled);

    g_assert_cmpstr(faults, ==, "");
    g_assert_null(filled.words[0]);
    setting_table_clear(table, &filled);
}

/* A group that is not in the file gives the defaults, and a plugin may have no settings. */
static void
test_no_group(void)
{
    g_autoptr(Faults) faults = faults_new();
    g_autoptr(SettingFile) file = setting_file_parse("t.conf", "[o]\nx = 1\n", 10, faults);
    Filled filled = {0};

    setting_table_fill(table, file, "t", &filled, faults);
    g_assert_cmpuint(faults_count(faults), ==, 1);
    g_assert_cmpstr(faults_get(faults, 0), ==, "t.conf:1: [t] must: must be set");
    g_assert_cmpuint(filled.number, ==, 5);
    setting_table_clear(table, &filled);

    setting_table_fill(NULL, file, "t", NULL, faults);
    g_assert_cmpuint(faults_count(faults), ==, 1);
    setting_table_fill(NULL, file, "o", NULL, faults);
    g_assert_cmpstr(faults_get(faults, 1), ==, "t.conf:2: [o] x: unknown key");
    setting_table_clear(NULL, NULL);
}

/* Settings are the same when they print the same, whatever order they stood in. */
static void
test_print(void)
{
    Filled one, other;
    G_GNUC_UNUSED g_autofree char *a =
        fill("option.B = 2\noption.A = 1\nmust = x\nnumber = 7\n", &one);
    G_GNUC_UNUSED g_autofree char *b =
        fill("number = 07\nmust = x\noption.A = 1\noption.B = 2\n", &other);
    g_autofree char *first = setting_table_print(table, &one);
    g_autofree char *second = setting_table_print(table, &other);

    g_assert_cmpstr(a, ==, "");
    g_assert_cmpstr(b, ==, "");
    g_assert_cmpstr(first, ==, second);
    g_assert_cmpstr(first, ==,
                    "text = some text\nnumber = 7\nflag = 1\nkind = 1\nwords = a;b\n"
                    "option.A = 1\noption.B = 2\nmust = x\n");
    setting_table_clear(table, &one);
    setting_table_clear(table, &other);
}

static void
test_diff(void)
{
    static const struct {
        const char *keys, *expected;
    } diffs[] = {
        {"must = x\n", ""},
        {"must = y\nnumber = 7\nwords = z\nkind = exclusive\n", ""}, /* needs no restart */
        {"must = x\ntext = z\n", "[t] text "},
        {"must = x\noption.A = 1\n", "[t] option. "},
        {"must = x\noption.A = 1\nflag = no\ntext = z\n", "[t] text [t] flag [t] option. "},
    };
    Filled before;
    G_GNUC_UNUSED g_autofree char *none = fill("must = x\n", &before);

    g_assert_cmpstr(none, ==, "");
    for (guint i = 0; i < G_N_ELEMENTS(diffs); i++) {
        Filled after;
        G_GNUC_UNUSED g_autofree char *faults = fill(diffs[i].keys, &after);
        GString *diff = g_string_new(NULL);
        g_assert_cmpstr(faults, ==, "");
        setting_table_diff(table, "t", &before, &after, diff);
        g_assert_cmpstr(diff->str, ==, diffs[i].expected);
        g_string_free(diff, TRUE);
        setting_table_clear(table, &after);
    }
    setting_table_clear(table, &before);
}

/* Tables that a plugin brings are checked before a value is written by them. */
static void
test_check(void)
{
    static const struct {
        Pop4Setting row;
        const char *expected;
    } rows[] = {
        {{.key = "x", .type = POP4_SETTING_UINT, .offset = 8}, NULL},
        {{.key = "x", .type = POP4_SETTING_UINT, .offset = 9}, "a setting outside its struct"},
        {{.key = "x", .type = POP4_SETTING_BOOL, .offset = 12}, NULL},
        {{.key = "x", .type = POP4_SETTING_MAP + 1}, "a setting of unknown type"},
        {{.key = "x", .type = POP4_SETTING_CHOICE}, "a choice without choices"},
        {{.key = "x", .type = POP4_SETTING_MAP}, "a map whose key does not end in a dot"},
        {{.key = "x.", .type = POP4_SETTING_MAP}, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Pop4Setting brought[] = {rows[i].row, {.key = NULL}};
        g_assert_cmpstr(setting_table_check(brought, 16), ==, rows[i].expected);
    }
    g_assert_null(setting_table_check(NULL, 0));
    g_assert_null(setting_table_check(table, sizeof(Filled)));
}

static void
test_describe(void)
{
    static const char *const expected[] = {
        "text", "number from 1 to 10", "yes or no", "exclusive|shared", "list", "map", "text"};

    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *type = setting_table_describe_type(&table[i]);
        g_assert_cmpstr(type, ==, expected[i]);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/setting-table/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/setting-table/defaults", test_defaults);
    g_test_add_func("/setting-table/values of every type", test_values);
    g_test_add_func("/setting-table/an empty list", test_empty_list);
    g_test_add_func("/setting-table/no group, no table", test_no_group);
    g_test_add_func("/setting-table/equal settings print equally", test_print);
    g_test_add_func("/setting-table/what waits for a restart", test_diff);
    g_test_add_func("/setting-table/tables that are wrong", test_check);
    g_test_add_func("/setting-table/types in words", test_describe);
    return g_test_run();
}
