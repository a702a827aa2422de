/* Address lists: what each element is, and what none may be told to a mail server. */
/* SPDX-License-Identifier: MIT */

#include "addresses.h"

#include <pop4/error.h>
#include <string.h>

static void
test_lists(void)
{
    static const struct {
        const char *sentence, *list, *expected; /* NULL = refused */
    } rows[] = {
        {"a bare address", "a@x.example", "a@x.example"},
        {"with a name", "Ann <a@x.example>", "a@x.example"},
        {"several", "a@x.example, B <b@x.example>,c@x.example",
         "a@x.example b@x.example c@x.example"},
        {"a name with a comma and a semicolon", "\"B, ob; <x@y>\" <b@x.example>",
         "b@x.example"},
        {"an escaped quote", "\"B \\\" ob\" <b@x.example>", "b@x.example"},
        {"an encoded name", "=?utf-8?q?J=C3=BCrgen?= <j@x.example>", "j@x.example"},
        {"comments", "(one) a@x.example (two (nested), three)", "a@x.example"},
        {"a group", "friends: a@x.example, B <b@x.example>;", "a@x.example b@x.example"},
        {"an empty group", "undisclosed-recipients:;", ""},
        {"a group between others", "a@x.example, g: b@x.example;, c@x.example",
         "a@x.example b@x.example c@x.example"},
        {"empty elements", ", a@x.example,, ,", "a@x.example"},
        {"nothing", "", ""},
        {"a domain literal", "a@[192.0.2.1]", "a@[192.0.2.1]"},
        {"a quoted local part", "\"a b\"@x.example", "\"a b\"@x.example"},
        {"a source route", "<@one.example,@two.example:a@x.example>", "a@x.example"},
        {"UTF-8", "j\303\274@x.example", "j\303\274@x.example"},
        {"no domain", "root", NULL},
        {"two in one element", "a@x.example b@x.example", NULL},
        {"a semicolon for a comma", "a@x.example; b@x.example", NULL},
        {"an open angle", "Ann <a@x.example", NULL},
        {"an open quote", "\"Ann <a@x.example>", NULL},
        {"an open comment", "a@x.example (Ann", NULL},
        {"an open group", "g: a@x.example", NULL},
        {"a group in a group", "g: h: a@x.example;;", NULL},
        {"text behind the angle", "<a@x.example> b@x.example", NULL},
        {"text behind a group", "g:; b@x.example", NULL},
        {"two angles", "<a@x.example><b@x.example>", NULL},
        {"an empty angle", "Ann <>", NULL},
        {"a blank inside", "<a @x.example b>", NULL},
        {"an angle inside quotes", "\"a>b\"@x.example", NULL},
        {"an encoded word for an address", "=?utf-8?q?a=40x.example?=", NULL},
        {"two dots", "a..b@x.example", NULL},
        {"a dot at the end", "a.@x.example", NULL},
        {"an empty domain", "a@", NULL},
        {"blanks around dots (RFC 5322, section 4.4)", "a@x. example .org", "a@x.example.org"},
        {"a control octet", "a\001@x.example", NULL},
        {"no UTF-8", "a\377@x.example", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) error = NULL;
        g_test_message("%s", rows[i].sentence);
        gboolean good = addresses_parse(rows[i].list, found, &error);
        if (rows[i].expected == NULL) {
            g_assert_false(good);
            g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
            continue;
        }
        g_assert_no_error(error);
        g_ptr_array_add(found, NULL);
        g_autofree char *joined = g_strjoinv(" ", (char **)found->pdata);
        g_assert_cmpstr(joined, ==, rows[i].expected);
    }
}

static void
test_lengths(void)
{
    g_autofree char *local = g_strnfill(64, 'a');
    g_autofree char *longest = g_strconcat(local, "@x.example", NULL);
    g_autofree char *longer = g_strconcat("a", longest, NULL);
    g_autofree char *label = g_strnfill(253, 'b');
    g_autofree char *too_long = g_strconcat("a@", label, NULL);

    g_assert_true(address_is_sound(longest));
    g_assert_false(address_is_sound(longer));
    g_assert_false(address_is_sound(too_long));
    g_assert_true(address_equal("Ann@X.example", "ann@x.EXAMPLE"));
    g_assert_false(address_equal("ann@x.example", "ann@x.exampl"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    addresses_init();
    g_test_add_func("/xtnd-xmit/addresses/lists", test_lists);
    g_test_add_func("/xtnd-xmit/addresses/lengths", test_lengths);
    return g_test_run();
}
