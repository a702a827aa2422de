/* What fields say, and text in UTF-8: of fields and of parts. */
/* SPDX-License-Identifier: MIT */

#include "message.h"

#include <string.h>
#include <unistd.h>

static void
test_facts(void)
{
    static const struct {
        const char *header, *facts;
    } rows[] = {
        {"content-type : text/plain; charset=\"x y\"", FACTS_NONE},
        {"Content-Type: (a (b) \\) c) text/html (d); charset=(e) utf-8 (f)",
         "7bit text/html utf-8 - -"},
        {"Content-Type: text/html; charset=utf-8\nContent-Type: image/png",
         "7bit text/html utf-8 - -"},
        {"Content-Type: text/html charset=utf-8", FACTS_NONE},
        {"Content-Type: text", FACTS_NONE},
        {"Content-Type: text/", FACTS_NONE},
        {"Content-Type: /plain", FACTS_NONE},
        {"Content-Type: te\303\244t/plain", FACTS_NONE},
        {"Content-Type: a/b; charset=-", "7bit a/b - - -"},
        {"Content-Type: a/b;;charset;=x; charset*=us-ascii'en'koi8-r", "7bit a/b koi8-r - -"},
        {"Content-Transfer-Encoding: (x) Quoted-Printable (y)",
         "quoted-printable text/plain - - -"},
        {"Content-Transfer-Encoding: two words", FACTS_NONE},
        {"Content-Disposition: INLINE", "7bit text/plain - inline -"},
        {"Content-Disposition: attachment; filename=a b; size=3",
         "7bit text/plain - attachment a b"},
        {"Content-Disposition: attachment; filename=\"a\\\"\tb;c\"",
         "7bit text/plain - attachment a\" b;c"},
        {"Content-Disposition: attachment; filename=\"=?utf-8?q?=c3=a4?= =?utf-8?b?w7Y?=.x\"",
         "7bit text/plain - attachment \303\244\303\266.x"},
        {"Content-Disposition: attachment; filename*=iso-8859-2''%b1; filename=b",
         "7bit text/plain - attachment \304\205"},
        {"Content-Disposition: attachment; filename*=no-such''%c3%a4%ff",
         "7bit text/plain - attachment \303\244\357\277\275"},
        {"Content-Disposition: attachment; filename*=%41", "7bit text/plain - attachment A"},
        {"Content-Disposition: attachment; filename*1*=%A4; filename*0*=utf-8'en'a%C3;"
         " filename*2=b; filename*4=d",
         "7bit text/plain - attachment a\303\244b"},
        {"Content-Disposition: attachment; filename=\" \t\"", "7bit text/plain - attachment -"},
        {"Content-Disposition: attachment; filename*=''a%00%0Ab",
         "7bit text/plain - attachment a\357\277\275 b"},
        {"Content-Disposition: attachment; filename=\"unclosed",
         "7bit text/plain - attachment unclosed"},
        {"Content-Type: text/plain; name=a.txt", "7bit text/plain - - a.txt"},
        {"Content-Type: text/plain; name=a.txt\nContent-Disposition: inline; filename=b.txt",
         "7bit text/plain - inline b.txt"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(rows[i].header, "\n\n", NULL);
        MessageRow row = {rows[i].header,
                          text,
                          {{"0", rows[i].facts, text, ""}, {"1", rows[i].facts, text, ""}}};
        message_assert(&row, FALSE);
        message_assert(&row, TRUE);
    }
}

static char *
decode(const char *message, gsize step)
{
    int fd = message_file(message, strlen(message));
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, strlen(message), NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(MimeText) text = mime_text_new(fd, mime_tree_find(tree, "1"), &error);
    GString *out = g_string_new(NULL);
    gsize got;

    close(fd);
    g_assert_no_error(error);
    do {
        char buffer[64];
        got = step;
        g_assert_true(mime_text_read(text, buffer, &got, &error));
        g_string_append_len(out, buffer, (gssize)got);
    } while (got > 0);
    g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
    return g_string_free(out, FALSE);
}

static void
test_text(void)
{
    static const struct {
        const char *charset, *encoding, *body, *expected;
    } rows[] = {
        {"utf-8", "8bit", "\303\244\n", "\303\244\n"},
        {"us-ascii", "7bit", "a\r\n\377b\303", "a\r\n\357\277\275b\357\277\275"},
        {"utf-8", "quoted-printable", "a=00b=F5=BC=90=91=ED=A0=80",
         "a\357\277\275b\357\277\275\357\277\275\357\277\275\357\277\275"
         "\357\277\275\357\277\275\357\277\275"},
        {"no-such", "8bit", "\303\244\377", "\303\244\357\277\275"},
        {"//", "8bit", "a", "a"},
        {"iso-8859-1", "quoted-printable", "=E4=\n=93_\n", "\303\244\342\200\234_\n"},
        {"ISO-8859-15", "quoted-printable", "=A4=ZZ=", "\342\202\254=ZZ"},
        {"utf-8", "base64", "w6TD\nts\n36=", "\303\244\303\266\357\277\275\357\277\275"},
        {"utf-8", "base64", "%%%%", ""},
        {"utf-8", "base64", "w6R", "\303\244"},
        {"utf-8", "base64", "YWI", "ab"},
        {"utf-8", "base64", "YWI=YWI=", "ab"},
        {"iso-2022-jp", "7bit", "\033$B$\"\033(B.", "\343\201\202."},
        {"shift_jis", "8bit", "\202\240", "\343\201\202"},
        {"gb2312", "8bit", "\304\343\377", "\344\275\240\357\277\275"},
        {"utf-16le", "base64", "5AAA2GEA", "\303\244\357\277\275a"},
        {"utf-7", "7bit", "a+AOQ-b", "a\303\244b"},
        {"utf-8", "8bit", "", ""},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *message =
            g_strdup_printf("Content-Type: text/plain; charset=\"%s\"\n"
                            "Content-Transfer-Encoding: %s\n\n%s",
                            rows[i].charset, rows[i].encoding, rows[i].body);
        for (gsize step = 1; step <= 64; step += 21) {
            g_autofree char *text = decode(message, step);
            g_test_message("%s in %s", rows[i].charset, rows[i].encoding);
            g_assert_cmpstr(text, ==, rows[i].expected);
        }
    }
}

/* Characters that lie across the blocks in which it is read. */
static void
test_long_text(void)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    while (expected->len < 100000)
        g_string_append_printf(expected, "%" G_GSIZE_FORMAT "\342\202\254\303\244\n",
                               expected->len);
    g_autofree char *encoded = g_base64_encode((const guchar *)expected->str, expected->len);
    g_autofree char *message = g_strconcat("Content-Type: text/plain; charset=utf-8\n"
                                           "Content-Transfer-Encoding: base64\n\n",
                                           encoded, NULL);
    g_autofree char *text = decode(message, 63);
    g_assert_cmpstr(text, ==, expected->str);

    g_autofree char *plain =
        g_strconcat("Content-Type: text/plain; charset=utf-8\n\n", expected->str, NULL);
    g_autofree char *same = decode(plain, 61);
    g_assert_cmpstr(same, ==, expected->str);
}

static void
test_header_text(void)
{
    static const struct {
        const char *raw, *expected;
        gsize limit;
    } rows[] = {
        {" hello\r\n world\r\n", "hello world", 99},
        {"a\n\tb\tc\001d\r\ne", "a b c d  e", 99},
        {"a\r b", "a b", 99},
        {"\001 a \177", "a", 99},
        {"=?utf-8?q?a_=c3=A4?=", "a \303\244", 99},
        {"=?UTF-8*en?B?w6Q=?=", "\303\244", 99},
        {"=?utf-8?b?w6Q?= =?utf-8?Q?=c3?=\r\n =?utf-8?q?=b6?= b", "\303\244\303\266 b", 99},
        {"=?iso-8859-1?q?=e4?= =?utf-8?q?=c3=b6?=", "\303\244\303\266", 99},
        {"=?iso-8859-1?q?=e4?= - =?utf-8?q?=c3?=", "\303\244 - \357\277\275", 99},
        {"(=?utf-8?q?a?=)", "(a)", 99},
        {"=?no-such?q?a=ff?=", "a\357\277\275", 99},
        {"=?iso-2022-jp?b?GyRCJCIbKEI=?=", "\343\201\202", 99},
        {"=?utf-8?q?a=0d=0a=09b?=", "a   b", 99},
        {"=?utf-8?x?a?= =?utf-8?q?a =??q?a?=", "=?utf-8?x?a?= =?utf-8?q?a =??q?a?=", 99},
        {"=?utf-8?q?", "=?utf-8?q?", 99},
        {"a=b=?", "a=b=?", 99},
        {"a\377\303\244", "a\357\277\275\303\244", 99},
        {"ab\303\244", "ab", 3},
        {"ab\303\244", "ab\303\244", 4},
        {"ab c", "ab", 3},
        {"abc", "", 0},
        {"", "", 99},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = mime_decode_header(rows[i].raw, rows[i].limit);
        g_test_message("%s", rows[i].raw);
        g_assert_cmpstr(text, ==, rows[i].expected);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mime-text/facts", test_facts);
    g_test_add_func("/mime-text/text", test_text);
    g_test_add_func("/mime-text/long-text", test_long_text);
    g_test_add_func("/mime-text/header-text", test_header_text);
    return g_test_run();
}
