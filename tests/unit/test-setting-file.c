/* A configuration file: what may stand in it, and where a fault stands. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "setting-file.h"

#include <string.h>

#define NOT_A_LINE "this is no [group], no key = value and no # comment"

typedef struct {
    const char *sentence;
    const char *text;
    gsize length;         /* 0 = up to the NUL */
    const char *expected; /* the faults, a line each */
} Case;

static const Case cases[] = {
    {"nothing at all", "", 0, ""},
    {"blank lines and comments", "\n  \n# x = 1\n\t# [a\n", 0, ""},
    {"groups and keys", "[a]\nx = 1\ny=2\n\n[b c]\nx = 1\n", 0, ""},
    {"CRLF line ends", "[a]\r\nx = 1\r\n", 0, ""},
    {"no last line end", "[a]\nx = 1", 0, ""},
    {"an empty value", "[a]\nx =\n", 0, ""},
    {"a value with = and #", "[a]\nx = y = z # w\n", 0, ""},
    {"a key without a group", "x = 1\n", 0, "t.conf:1: a key needs a [group] above it\n"},
    {"a line of something else", "[a]\n\nnonsense\n", 0, "t.conf:3: " NOT_A_LINE "\n"},
    {"a value without a key", "[a]\n = 1\n", 0, "t.conf:2: " NOT_A_LINE "\n"},
    {"a group that is not closed", "[a]\n[b\n", 0, "t.conf:2: a group is written [name]\n"},
    {"a group with something behind", "[a] x\n", 0, "t.conf:1: a group is written [name]\n"},
    {"a key twice", "[a]\nx=1\ny=2\nx =3\n", 0, "t.conf:4: [a] x: stands at line 2 already\n"},
    {"a key in two groups", "[a]\nx=1\n[b]\nx=2\n", 0, ""},
    {"a group twice", "[a]\n[b]\n[a]\n", 0, "t.conf:3: [a] stands at line 1 already\n"},
    {"every fault is told", "x=1\n[a\n[b]\ny\ny=1\ny=2\n[b]\n", 0,
     "t.conf:1: a key needs a [group] above it\n"
     "t.conf:2: a group is written [name]\n"
     "t.conf:4: " NOT_A_LINE "\n"
     "t.conf:6: [b] y: stands at line 5 already\n"
     "t.conf:7: [b] stands at line 3 already\n"},
    {"NUL", "[a]\nx = \0\n", 10, "t.conf:1: the file is not UTF-8 text\n"},
    {"another character set", "[a]\nx = \xfc\n", 0, "t.conf:1: the file is not UTF-8 text\n"},
};

static char *
show(const Faults *faults)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < faults_count(faults); i++)
        g_string_append_printf(text, "%s\n", faults_get(faults, i));
    return g_string_free(text, FALSE);
}

static SettingFile *
parse(const char *text, gsize length, Faults *faults)
{
    g_autofree char *exact = g_memdup2(length > 0 ? text : "", MAX(length, 1));

    return setting_file_parse("t.conf", exact, length, faults);
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    gsize length = c->length != 0 ? c->length : strlen(c->text);
    g_autoptr(Faults) faults = faults_new();
    g_autoptr(SettingFile) file = parse(c->text, length, faults);
    g_autofree char *found = show(faults);

    g_assert_cmpstr(found, ==, c->expected);
    g_assert_true((file != NULL) == (c->expected[0] == '\0'));
}

static SettingFile *
parse_good(const char *text)
{
    g_autoptr(Faults) faults = faults_new();
    SettingFile *file = parse(text, strlen(text), faults);

    g_assert_cmpuint(faults_count(faults), ==, 0);
    g_assert_nonnull(file);
    return file;
}

static void
test_values(void)
{
    g_autoptr(SettingFile) file = parse_good("[a]\n"
                                             "plain = some text\n"
                                             "escaped = \\sx\\ty\\\\\n"
                                             "list = one; two ;;three\n"
                                             "option.X = 1\n"
                                             "[b c]\n");
    g_auto(GStrv) groups = setting_file_groups(file);
    g_auto(GStrv) keys = setting_file_keys(file, "a");
    g_auto(GStrv) none = setting_file_keys(file, "nowhere");
    g_autofree char *group_names = g_strjoinv("|", groups);
    g_autofree char *key_names = g_strjoinv("|", keys);

    g_assert_cmpstr(group_names, ==, "a|b c");
    g_assert_cmpstr(key_names, ==, "plain|escaped|list|option.X");
    g_assert_nonnull(none);
    g_assert_null(none[0]);
    g_assert_true(setting_file_has_group(file, "b c"));
    g_assert_false(setting_file_has_group(file, "b"));
    g_assert_cmpstr(setting_file_path(file), ==, "t.conf");

    g_autofree char *plain = setting_file_get(file, "a", "plain", NULL);
    g_autofree char *escaped = setting_file_get(file, "a", "escaped", NULL);
    g_auto(GStrv) list = setting_file_get_list(file, "a", "list", NULL);
    g_autofree char *items = g_strjoinv("|", list);
    g_assert_cmpstr(plain, ==, "some text");
    g_assert_cmpstr(escaped, ==, " x\ty\\");
    g_assert_cmpstr(items, ==, "one|two||three");
}

/* What is not there is no error; what cannot be read is one. */
static void
test_missing_values(void)
{
    g_autoptr(SettingFile) file = parse_good("[a]\nbad = \\q\n");
    g_autoptr(GError) error = NULL;

    g_assert_null(setting_file_get(file, "a", "x", &error));
    g_assert_no_error(error);
    g_assert_null(setting_file_get(file, "b", "x", &error));
    g_assert_no_error(error);
    g_assert_null(setting_file_get_list(file, "b", "x", &error));
    g_assert_no_error(error);
    g_assert_null(setting_file_get(file, "a", "bad", &error));
    g_assert_error(error, G_KEY_FILE_ERROR, G_KEY_FILE_ERROR_INVALID_VALUE);
}

static void
test_places(void)
{
    g_autoptr(SettingFile) file = parse_good("# x\n[a]\n\nx = 1\n[b]\nx = 2\n");
    g_autoptr(Faults) faults = faults_new();

    setting_file_fault(file, faults, "a", "x", "is %d", 1);
    setting_file_fault(file, faults, "b", "x", "is 2");
    setting_file_fault(file, faults, "a", "y", "is not there");
    setting_file_fault(file, faults, "b", NULL, "is a group");
    setting_file_fault(file, faults, "c", "x", "is nowhere");
    g_autofree char *found = show(faults);
    g_assert_cmpstr(found, ==,
                    "t.conf:4: [a] x: is 1\n"
                    "t.conf:6: [b] x: is 2\n"
                    "t.conf:2: [a] y: is not there\n"
                    "t.conf:5: [b]: is a group\n"
                    "t.conf:1: [c] x: is nowhere\n");
}

static void
test_no_file(void)
{
    g_autoptr(Faults) faults = faults_new();

    g_assert_null(setting_file_load("/nonexistent/t.conf", faults));
    g_assert_cmpuint(faults_count(faults), ==, 1);
    g_assert_true(g_str_has_prefix(faults_get(faults, 0), "/nonexistent/t.conf:1: "));
    g_assert_nonnull(strstr(faults_get(faults, 0), "No such file"));
    g_assert_null(setting_file_load("/", faults));
    g_assert_cmpuint(faults_count(faults), ==, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/setting-file/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/setting-file/values", test_values);
    g_test_add_func("/setting-file/values that are missing", test_missing_values);
    g_test_add_func("/setting-file/the place of a fault", test_places);
    g_test_add_func("/setting-file/no file", test_no_file);
    return g_test_run();
}
