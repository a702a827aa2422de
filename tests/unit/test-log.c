/* Log lines: whatever a client chose, one event stays one line with the fields it has. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "log.h"

#include "captured-stderr.h"
#include "session.h"

#include <string.h>

typedef struct {
    const char *sentence;
    const char *value;
    const char *expected;
} Case;

static const Case cases[] = {
    {"a word", "user", " key=user"},
    {"an address", "user+tag@example.org", " key=user+tag@example.org"},
    {"a path", "/srv/mail/x_y-z", " key=/srv/mail/x_y-z"},
    {"nothing", "", " key=\"\""},
    {"a blank", "a b", " key=\"a b\""},
    {"a quote", "a\"b", " key=\"a\\\"b\""},
    {"a backslash", "a\\b", " key=\"a\\\\b\""},
    {"a backslash before the end", "a\\", " key=\"a\\\\\""},
    {"an equals sign", "a=b", " key=\"a=b\""},
    {"a field that is none", "x rip=1.2.3.4", " key=\"x rip=1.2.3.4\""},
    {"a way out of the quotes", "x\" rip=1.2.3.4 y=\"", " key=\"x\\\" rip=1.2.3.4 y=\\\"\""},
    {"a line of its own", "x\nevent=login user=root", " key=\"x\\x0aevent=login user=root\""},
    {"CR and TAB", "\r\t", " key=\"\\x0d\\x09\""},
    {"an escape sequence", "\033[2J", " key=\"\\x1b[2J\""},
    {"DEL", "\177", " key=\"\\x7f\""},
    {"eight bits", "\xc3\xbc\x9b", " key=\"\\xc3\\xbc\\x9b\""},
};

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *exact = g_memdup2(c->value, strlen(c->value) + 1);
    g_autoptr(GString) line = g_string_new(NULL);

    log_append_pair(line, "key", exact);
    g_assert_cmpstr(line->str, ==, c->expected);
}

static void
test_long_values(void)
{
    static const gsize lengths[] = {255, 256, 257, 60000};

    for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *value = g_strnfill(lengths[i], 'x');
        g_autofree char *cut = g_strnfill(MIN(lengths[i], 256), 'x');
        g_autofree char *expected = lengths[i] <= 256 ? g_strdup_printf(" k=%s", cut)
                                                      : g_strdup_printf(" k=\"%s...\"", cut);
        g_autoptr(GString) line = g_string_new(NULL);
        log_append_pair(line, "k", value);
        g_assert_cmpstr(line->str, ==, expected);
    }
}

/* No octet, alone or beside any other, ends a value early. */
static void
test_all_octets(void)
{
    for (guint a = 1; a < 256; a++) {
        for (guint b = 1; b < 256; b++) {
            const char value[] = {(char)a, (char)b, ' ', '\0'};
            g_autoptr(GString) line = g_string_new(NULL);
            log_append_pair(line, "k", value);
            g_assert_true(g_str_has_prefix(line->str, " k=\""));
            const char *c = line->str + 4;
            while (*c != '"' && *c != '\0') {
                g_assert_true(*c >= 0x20 && *c < 0x7f);
                c += *c == '\\' ? 2 : 1;
            }
            g_assert_cmpstr(c, ==, "\"");
        }
    }
}

/* Without the time, which is different each time. */
static char *
logged(const Pop4Session *session, Pop4LogLevel level, const char *user)
{
    captured_stderr_begin();
    pop4_log(session, level, "login-failed", "user", user, "method", NULL, "reason", "why",
             NULL);
    g_autofree char *text = captured_stderr_end();
    g_autoptr(GRegex) time = g_regex_new(" time=\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\."
                                         "\\d{3}Z",
                                         0, 0, NULL);

    return g_regex_replace_literal(time, text, -1, 0, "", 0, NULL);
}

static void
test_lines(void)
{
    Pop4Session session = {.id = 7, .peer = "192.0.2.1"};
    g_autofree char *without = logged(NULL, POP4_LOG_ERROR, "root");
    g_autofree char *with = logged(&session, POP4_LOG_INFO, "x rip=1.2.3.4\nevent=login");

    g_assert_cmpstr(without, ==, "event=login-failed level=error user=root reason=why\n");
    /* The address stands before anything the client chose. */
    g_assert_cmpstr(with, ==,
                    "event=login-failed level=info session=7 rip=192.0.2.1 "
                    "user=\"x rip=1.2.3.4\\x0aevent=login\" reason=why\n");
}

static void
test_levels(void)
{
    for (guint threshold = POP4_LOG_ERROR; threshold <= POP4_LOG_DEBUG; threshold++) {
        log_set_level((Pop4LogLevel)threshold);
        for (guint level = POP4_LOG_ERROR; level <= POP4_LOG_DEBUG; level++) {
            g_autofree char *line = logged(NULL, (Pop4LogLevel)level, "x");
            g_assert_true((line[0] != '\0') == (level <= threshold));
            g_assert_true(log_is_on((Pop4LogLevel)level) == (level <= threshold));
        }
    }
    log_set_level(POP4_LOG_INFO);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/log/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/log/long values are cut", test_long_values);
    g_test_add_func("/log/no octet ends a value", test_all_octets);
    g_test_add_func("/log/whole lines", test_lines);
    g_test_add_func("/log/levels", test_levels);
    return g_test_run();
}
