/* Base64 as a client sends it: what is taken, what is refused. */
/* SPDX-License-Identifier: MIT */

#include "octets.h"

#include <string.h>

static void
test_good(void)
{
    static const struct {
        const char *text, *octets;
        gsize length;
    } rows[] = {
        {"", "", 0},
        {"Zg==", "f", 1},
        {"Zm8=", "fo", 2},
        {"Zm9v", "foo", 3},
        {"Zm9vYmFy", "foobar", 6},
        {"AHRpbQBzZSBjcmV0", "\0tim\0se cret", 12},
        {"+/+/", "\373\377\277", 3},
        {"AAAA", "\0\0\0", 3},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_auto(Octets) octets = {0};
        g_assert_true(octets_decode(rows[i].text, &octets));
        g_assert_cmpmem(octets.data, octets.length, rows[i].octets, rows[i].length);
        g_assert_cmpint(octets.data[octets.length], ==, '\0');
    }
}

static void
test_bad(void)
{
    static const char *const rows[] = {
        "=",     "==",    "====",     "Z",        "Zg",     "Zg=",
        "Zm9",   "Zm9vY", "Zg=a",     "Z===",     "!!!!",   "Zm 9v",
        " Zm9v", "Zm9v ", "Zm9\xc3v", "Zg==Zg==", "-_-_",   "*",
        "Zm9v*", "Zm9v=", "Zm9v====", "Zm9v\tab", "Zm\r\n", "\x01\x02\x03\x04",
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        Octets octets = {0};
        if (octets_decode(rows[i], &octets))
            g_error("\"%s\" was taken for base64", rows[i]);
        g_assert_null(octets.data);
    }
}

/* The longest that a line can hold, in a block of its exact size. */
static void
test_long(void)
{
    gsize length = 65532;
    char *text = g_malloc(length + 1);
    g_auto(Octets) octets = {0};

    memset(text, 'B', length);
    text[length] = '\0';
    g_assert_true(octets_decode(text, &octets));
    g_free(text);
    g_assert_cmpuint(octets.length, ==, length / 4 * 3);
    for (gsize i = 0; i < octets.length; i++)
        g_assert_cmpint(octets.data[i], ==, "\x04\x10\x41"[i % 3]);
    octets_clear(&octets);
    g_assert_null(octets.data);
    g_assert_cmpuint(octets.length, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sasl/octets/good", test_good);
    g_test_add_func("/sasl/octets/bad", test_bad);
    g_test_add_func("/sasl/octets/long", test_long);
    return g_test_run();
}
