/* A command line taken apart. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "args.h"

#include <pop4/error.h>
#include <string.h>

typedef struct {
    const char *sentence;
    const char *input;
    const char *expected; /* each argument in brackets; "overflow" behind them */
} Case;

static const Case cases[] = {
    {"no argument", "", ""},
    {"blanks are no argument", " \t  ", ""},
    {"one", "1", "[1]"},
    {"two", "1 20", "[1][20]"},
    {"blanks around and between are skipped", "  1 \t 20\t", "[1][20]"},
    {"other octets belong to a word", "a\xff\rb", "[a\xff\rb]"},
    {"as many as fit", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
     "[1][2][3][4][5][6][7][8][9][10][11][12][13][14][15][16]"},
    {"one more", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
     "[1][2][3][4][5][6][7][8][9][10][11][12][13][14][15][16]overflow"},
};

static char *
show(const Pop4Args *args)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < pop4_args_count(args); i++)
        g_string_append_printf(text, "[%s]", pop4_args_get(args, i));
    g_string_append(text, args->overflow ? "overflow" : "");
    return g_string_free(text, FALSE);
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *line = g_memdup2(c->input, strlen(c->input) + 1);
    Pop4Args args;

    args_parse(&args, line);
    g_autofree char *found = show(&args);
    g_assert_cmpstr(found, ==, c->expected);
}

static void
test_raw(void)
{
    static const struct {
        const char *input, *expected;
    } raws[] = {{"", ""}, {" ", "[ ]"}, {" a  b ", "[ a  b ]"}, {"secret", "[secret]"}};

    for (guint i = 0; i < G_N_ELEMENTS(raws); i++) {
        g_autofree char *line = g_strdup(raws[i].input);
        Pop4Args args;
        args_parse_raw(&args, line);
        g_autofree char *found = show(&args);
        g_assert_cmpstr(found, ==, raws[i].expected);
    }
}

static void
test_next_word(void)
{
    g_autofree char *line = g_strdup(" PASS  two words");
    char *rest = line;

    g_assert_cmpstr(args_next_word(&rest), ==, "PASS");
    g_assert_cmpstr(rest, ==, " two words"); /* one blank is the separator, no more */
    g_assert_cmpstr(args_next_word(&rest), ==, "two");
    g_assert_cmpstr(args_next_word(&rest), ==, "words");
    g_assert_cmpstr(args_next_word(&rest), ==, "");
    g_assert_cmpstr(args_next_word(&rest), ==, "");
}

static void
test_numbers(void)
{
    static const struct {
        const char *text;
        gboolean good;
        guint value;
    } numbers[] = {
        {"0", TRUE, 0},
        {"7", TRUE, 7},
        {"007", TRUE, 7},
        {"4294967295", TRUE, G_MAXUINT},
        {"4294967296", TRUE, G_MAXUINT},
        {"99999999999999999999999999", TRUE, G_MAXUINT},
        {"-1", FALSE, 0},
        {"+1", FALSE, 0},
        {"1x", FALSE, 0},
        {"0x10", FALSE, 0},
        {"1.5", FALSE, 0},
        {"one", FALSE, 0},
        {"\xd9\xa1", FALSE, 0}, /* a digit of another script */
    };

    for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
        Pop4Args args = {.argv = {numbers[i].text}, .argc = 1};
        g_autoptr(GError) error = NULL;
        guint value = 4711;

        g_assert_true(pop4_args_get_uint(&args, 0, &value, &error) == numbers[i].good);
        g_assert_cmpuint(value, ==, numbers[i].good ? numbers[i].value : 4711);
        if (!numbers[i].good)
            g_assert_error(error, POP4_ERROR, POP4_ERROR_SYNTAX);
        else
            g_assert_no_error(error);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/args/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/args/the raw argument keeps its blanks", test_raw);
    g_test_add_func("/args/words one by one", test_next_word);
    g_test_add_func("/args/numbers", test_numbers);
    return g_test_run();
}
