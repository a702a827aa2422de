/* Lines of the file: what is taken, what is refused and how that is told, what is made. */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"
#include "table.h"

#include <string.h>

#define TIM "tim " KEY_256

static Table *
parse(const char *text, gsize size, GError **error)
{
    char *copy = g_malloc(size + 1);

    memcpy(copy, text, size);
    copy[size] = '\0';
    return table_parse(copy, size, "FILE", error);
}

static void
test_taken(void)
{
    static const struct {
        const char *sentence, *input;
        const char *logins; /* with their schemes, and "+" where there is a secret */
    } rows[] = {
        {"an empty file", "", ""},
        {"one account", TIM "\n", "tim:256"},
        {"no line end at the end", TIM, "tim:256"},
        {"comments and empty lines", "# tom " KEY_256 "\n\n \t\n\t# x\n" TIM "\n\n", "tim:256"},
        {"a comment may hold quotes, colons, 8 bits", "# \"caf\303\251\": x=y\n" TIM,
         "tim:256"},
        {"blanks around", " \ttim \t " KEY_256 "\t\n", "tim:256"},
        {"every scheme", TIM " " KEY_1 " " KEY_512 "\n", "tim:256,512,1"},
        {"another order", "tim " KEY_1 " " KEY_512 "\n", "tim:512,1"},
        {"a secret", TIM " secret=cGVuY2ls\n", "tim:256+pencil"},
        {"the secret first", "tim secret=cGVuY2ls " KEY_1 "\n", "tim:1+pencil"},
        {"a secret with blanks", TIM " secret=c2UgY3JldA==\n", "tim:256+se cret"},
        {"several accounts",
         TIM "\ntom " KEY_1 "\n"
             "ann@example.org " KEY_512 "\n",
         "tim:256 tom:1 ann@example.org:512"},
        {"case counts", TIM "\nTim " KEY_1 "\n", "tim:256 Tim:1"},
        {"any UTF-8", "j\303\274rgen@b\303\274cher.example " KEY_256 "\n",
         "j\303\274rgen@b\303\274cher.example:256"},
        {"a # in a login", "t#m " KEY_256 "\n", "t#m:256"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Table) table = parse(rows[i].input, strlen(rows[i].input), &error);
        g_autoptr(GString) logins = g_string_new(NULL);
        if (table == NULL)
            g_error("%s: %s", rows[i].sentence, error->message);
        for (guint j = 0; j < table_count(table); j++) {
            const Entry *entry = table_get(table, j);
            g_assert_true(table_find(table, entry->login) == entry);
            g_string_append_printf(logins, "%s%s:", j > 0 ? " " : "", entry->login);
            for (guint hash = 0; hash < SCRAM_HASHES; hash++) {
                if (entry->keys[hash] != NULL)
                    g_string_append_printf(logins, "%s,",
                                           scram_name((ScramHash)hash) + strlen("SCRAM-SHA-"));
            }
            g_string_truncate(logins, logins->len - 1);
            if (entry->secret != NULL)
                g_string_append_printf(logins, "+%s", entry->secret);
        }
        if (!g_str_equal(logins->str, rows[i].logins))
            g_error("%s: %s", rows[i].sentence, logins->str);
    }
}

static void
test_refused(void)
{
#define ROW(sentence, input, fault) \
    { \
        sentence, input, sizeof(input) - 1, fault \
    }
    static const struct {
        const char *sentence, *input;
        gsize size;
        const char *fault;
    } rows[] = {
        ROW("a login alone", "tim\n", "FILE:1: there is no key*"),
        ROW("a secret alone", "tim secret=cGVuY2ls\n", "FILE:1: there is no key*"),
        ROW("a key alone", KEY_256 "\n", "FILE:1: there is no login*"),
        ROW("two keys alone", KEY_256 " " KEY_1 "\n", "FILE:1: there is no login*"),
        ROW("a secret first", "secret=cGVuY2ls " KEY_256 "\n", "FILE:1: there is no login*"),
        ROW("the fourth line", "# x\n\n" TIM "\ntom\n" TIM "\n", "FILE:4: there is no key*"),
        ROW("a bad key", "tim SCRAM-SHA-256$1:QQ==$QQ==:QQ==\n", "FILE:1: *iterations*"),
        ROW("a clear password", "tim hunter2\n", "FILE:1: *scheme*"),
        ROW("a comment behind", TIM " # x\n", "FILE:1: *scheme*"),
        ROW("two of a scheme", TIM " " KEY_256 "\n", "FILE:1: *two keys of one scheme"),
        ROW("a login twice", TIM "\n# x\ntim " KEY_1 "\n", "FILE:3: *stands in line 1, too"),
        ROW("two secrets", TIM " secret=QQ== secret=Qg==\n", "FILE:1: *two secrets"),
        ROW("an empty secret", TIM " secret=\n", "FILE:1: *not empty"),
        ROW("a secret in clear", TIM " secret=hunter2\n", "FILE:1: *base64*"),
        ROW("a secret with a NUL", TIM " secret=YQBi\n", "FILE:1: *control characters"),
        ROW("a secret with a line end", TIM " secret=YQo=\n", "FILE:1: *control characters"),
        ROW("a NUL", "ti\0m " KEY_256 "\n", "FILE:1: *control character"),
        ROW("a NUL behind", TIM "\0\n", "FILE:1: *control character"),
        ROW("a bell in a comment", TIM "\n# \a\n", "FILE:2: *control character"),
        ROW("a delete", "ti\177m " KEY_256 "\n", "FILE:1: *control character"),
        ROW("a control character of ISO 8859", "ti\302\205m " KEY_256 "\n",
            "FILE:1: *control character"),
        ROW("CRLF", TIM "\r\n", "FILE:1: *CRLF*"),
        ROW("Latin-1", "j\374rgen " KEY_256 "\n", "FILE:1: that is not UTF-8"),
        ROW("half a character at the end", TIM "\n# \303", "FILE:2: that is not UTF-8"),
        ROW("a byte order mark", "\357\273\277" TIM "\n", "FILE:1: *byte order mark"),
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Table) table = parse(rows[i].input, rows[i].size, &error);
        if (table != NULL || !g_pattern_match_simple(rows[i].fault, error->message))
            g_error("%s: %s", rows[i].sentence, table != NULL ? "taken" : error->message);
        g_assert_null(strstr(error->message, "tim"));
        g_assert_null(strstr(error->message, "hunter2"));
        g_assert_null(strchr(error->message, '$'));
    }
}

static void
test_made(void)
{
    static const struct {
        const char *sentence, *login, *schemes;
        gboolean keep_secret;
        const char *expected;
    } rows[] = {
        {"the usual", "tim", NULL, FALSE, "tim SCRAM-SHA-256$4096:*$*:*"},
        {"no schemes", "tim", "", FALSE, "tim SCRAM-SHA-256$4096:*$*:*"},
        {"one scheme", "tim", "SCRAM-SHA-1", FALSE, "tim SCRAM-SHA-1$4096:*$*:*"},
        {"two", "t@x", "SCRAM-SHA-512 SCRAM-SHA-1", FALSE,
         "t@x SCRAM-SHA-512$4096:* SCRAM-SHA-1$4096:*"},
        {"one twice", "tim", "SCRAM-SHA-1 SCRAM-SHA-1", FALSE, "tim SCRAM-SHA-1$4096:*$*:*"},
        {"the secret, too", "tim", NULL, TRUE, "tim SCRAM-SHA-256$4096:* secret=cGVuY2ls"},
        {"no login", NULL, NULL, TRUE, "SCRAM-SHA-256$4096:* secret=cGVuY2ls"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(GStrv) schemes =
            rows[i].schemes != NULL ? g_strsplit(rows[i].schemes, " ", -1) : NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *line = pop4_plugin_accounts.directory->make_entry(
            rows[i].login, "pencil", (const char *const *)schemes, rows[i].keep_secret, &error);
        g_assert_no_error(error);
        if (!g_pattern_match_simple(rows[i].expected, line) ||
            (rows[i].keep_secret == FALSE && strstr(line, "secret=") != NULL))
            g_error("%s: %s", rows[i].sentence, line);
        g_autofree char *whole = g_strconcat(rows[i].login != NULL ? "" : "x ", line, NULL);
        g_autoptr(Table) table = parse(whole, strlen(whole), &error);
        g_assert_no_error(error);
        g_assert_cmpuint(table_count(table), ==, 1);
    }
}

static void
test_not_made(void)
{
    static const struct {
        const char *login, *password, *scheme, *fault;
    } rows[] = {
        {"tim", "", NULL, "*password is empty"},
        {"tim", "se\tcret", NULL, "*password holds control characters"},
        {"tim", "secret\r", NULL, "*password holds control characters"},
        {"tim", "secret", "PLAIN", "PLAIN is no scheme of these: *"},
        {"tim", "secret", "scram-sha-256", "* is no scheme of these: *"},
        {"", "secret", NULL, "a login is*"},
        {"t im", "secret", NULL, "a login is*"},
        {"#tim", "secret", NULL, "a login is*"},
        {"t\nim", "secret", NULL, "a login is*"},
        {"j\374rgen", "secret", NULL, "a login is*"},
        {"secret=x", "secret", NULL, "there is no login*"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *schemes[] = {"SCRAM-SHA-256", rows[i].scheme, NULL};
        g_autoptr(GError) error = NULL;
        g_autofree char *line = pop4_plugin_accounts.directory->make_entry(
            rows[i].login, rows[i].password, schemes, TRUE, &error);
        g_assert_null(line);
        g_assert_nonnull(error);
        if (!g_pattern_match_simple(rows[i].fault, error->message))
            g_error("row %u: %s", i, error->message);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accounts/lines/taken", test_taken);
    g_test_add_func("/accounts/lines/refused", test_refused);
    g_test_add_func("/accounts/lines/made", test_made);
    g_test_add_func("/accounts/lines/not-made", test_not_made);
    return g_test_run();
}
