/* Dot-terminated data, in whatever pieces it comes. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "dot-reader.h"

#include <string.h>

typedef struct {
    const char *sentence;
    const char *input;
    gsize length; /* 0 = up to the NUL */
    const char *expected;
    const char *rest; /* (nullable): what stays behind the end; NULL when there is none */
} Case;

static const Case cases[] = {
    {"no data at all", ".\r\n", 0, "", ""},
    {"a line", "a\r\n.\r\n", 0, "a\r\n", ""},
    {"what follows is not touched", "a\r\n.\r\nQUIT\r\n", 0, "a\r\n", "QUIT\r\n"},
    {"a doubled dot becomes one", "..a\r\n.\r\n", 0, ".a\r\n", ""},
    {"only the first dot goes", "...\r\n.\r\n", 0, "..\r\n", ""},
    {"a line of one dot", "..\r\n.\r\n", 0, ".\r\n", ""},
    {"a single dot stays", ".a\r\n.\r\n", 0, ".a\r\n", ""},
    {"dots inside a line stay", "a..b\r\n.\r\n", 0, "a..b\r\n", ""},
    {"empty lines stay", "\r\n\r\n.\r\n", 0, "\r\n\r\n", ""},
    {"CR CR LF ends a line", "a\r\r\n.\r\n", 0, "a\r\r\n", ""},
    {"no end behind a bare LF", "a\n.\r\nQUIT\r\n", 0, "a\n.\r\nQUIT\r\n", NULL},
    {"no end before a bare LF", "a\r\n.\nb\r\n", 0, "a\r\n.\nb\r\n", NULL},
    {"no end between bare LFs", "a\n.\nb\r\n", 0, "a\n.\nb\r\n", NULL},
    {"a doubled dot behind a bare LF stays", "a\n..b\r\n", 0, "a\n..b\r\n", NULL},
    {"no end behind a lone CR", "a\r.\r\nb\r\n", 0, "a\r.\r\nb\r\n", NULL},
    {"dot, CR, something else", "a\r\n.\rb\r\n", 0, "a\r\n.\rb\r\n", NULL},
    {"dot, CR, dot", "a\r\n.\r.\r\n", 0, "a\r\n.\r.\r\n", NULL},
    {"dot, CR, CR, LF", ".\r\r\n", 0, ".\r\r\n", NULL},
    {"the end behind such a line", ".\r\r\n.\r\nx", 0, ".\r\r\n", "x"},
    {"NUL and eight bits pass", "\0\xff\r\n.\r\n", 7, "\\000\\377\r\n", ""},
    {"a dot that begins a line is held back", "a\r\n.", 0, "a\r\n", NULL},
    {"dot and CR are held back", "a\r\n.\r", 0, "a\r\n", NULL},
};

static void
take(gpointer data, const char *octets, gsize length)
{
    g_string_append_len(data, octets, (gssize)length);
}

/* What the reader gives, escaped where it would end the string, then "|" and the rest. */
static char *
read_in_pieces(const Case *c, gsize length, gsize first, gsize step)
{
    DotReader reader;
    g_autoptr(GString) data = g_string_new(NULL);
    gboolean whole = FALSE;
    gsize at = 0;

    dot_reader_init(&reader);
    for (gsize piece = first; at < length && !whole; piece = MIN(step, length - at)) {
        g_autofree char *exact = g_memdup2(c->input + at, piece);
        gsize used = dot_reader_feed(&reader, exact, piece, take, data, &whole);
        g_assert_true(used == piece || whole);
        at += used;
    }
    g_autofree char *shown = g_new0(char, data->len * 4 + 1);
    for (gsize i = 0; i < data->len; i++) {
        guchar octet = (guchar)data->str[i];
        g_snprintf(shown + strlen(shown), 5, octet == 0 || octet > 127 ? "\\%03o" : "%c",
                   octet);
    }
    return whole ? g_strdup_printf("%s|%.*s", shown, (int)(length - at), c->input + at)
                 : g_strdup(shown);
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    gsize length = c->length != 0 ? c->length : strlen(c->input);
    g_autofree char *expected = c->rest != NULL ? g_strdup_printf("%s|%s", c->expected, c->rest)
                                                : g_strdup(c->expected);
    g_autofree char *whole = read_in_pieces(c, length, length, length);
    g_autofree char *trickled = read_in_pieces(c, length, 1, 1);

    g_assert_cmpstr(whole, ==, expected);
    g_assert_cmpstr(trickled, ==, expected);
    for (gsize cut = 1; cut < length; cut++) {
        g_autofree char *split = read_in_pieces(c, length, cut, length);
        g_assert_cmpstr(split, ==, expected);
    }
}

/* Text with doubled dots comes out as it was, wherever it is cut. */
static void
test_stuffed_random(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1939);

    for (guint round = 0; round < 2000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) stuffed = g_string_new(NULL);
        g_autoptr(GString) found = g_string_new(NULL);
        DotReader reader;
        gboolean whole = FALSE;

        for (gint lines = g_rand_int_range(rand, 0, 6); lines > 0; lines--) {
            gsize start = text->len;
            for (gint octets = g_rand_int_range(rand, 0, 5); octets > 0; octets--)
                g_string_append_c(text, ".\ra\n"[g_rand_int_range(rand, 0, 3)]);
            g_string_append(text, "\r\n");
            g_string_append(stuffed, text->str[start] == '.' ? "." : "");
            g_string_append(stuffed, text->str + start);
        }
        g_string_append(stuffed, ".\r\n");
        dot_reader_init(&reader);
        for (gsize at = 0; at < stuffed->len;) {
            gsize piece = (gsize)g_rand_int_range(rand, 1, 9);
            at += dot_reader_feed(&reader, stuffed->str + at, MIN(piece, stuffed->len - at),
                                  take, found, &whole);
            g_assert_true(whole == (at == stuffed->len));
        }
        g_assert_cmpstr(found->str, ==, text->str);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/dot-reader/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/dot-reader/stuffed text comes out as it was", test_stuffed_random);
    return g_test_run();
}
