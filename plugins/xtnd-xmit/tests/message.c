/* Messages on their way in and out: line ends, limits, what the header asks for, what is cut.
 */
/* SPDX-License-Identifier: MIT */

#include "addresses.h"
#include "parcel.h"

#include <pop4/error.h>
#include <string.h>

#define HEAD "From: a@x.example\r\n"

static Spool *
spool_of(const char *text, gsize length, gsize step)
{
    Spool *spool = spool_new(g_get_tmp_dir(), 1 << 20);
    g_autoptr(GError) error = NULL;

    for (gsize i = 0; i < length; i += step)
        g_assert_true(spool_write(spool, text + i, MIN(step, length - i), &error));
    g_assert_true(spool_finish(spool, &error));
    return spool;
}

static char *
content_of(const Spool *spool)
{
    gsize length = (gsize)spool_get_length(spool);
    char *text = g_malloc0(length + 1);

    g_assert_true(spool_read(spool, 0, text, length, NULL));
    return text;
}

static void
test_line_ends(void)
{
    static const struct {
        const char *sentence, *text, *expected;
    } rows[] = {
        {"CRLF stays", "a\r\nb\r\n", "a\r\nb\r\n"},
        {"a bare LF", "a\nb\r\n", "a\r\nb\r\n"},
        {"a bare CR", "a\rb\r\n", "a\r\nb\r\n"},
        {"CR CR LF", "a\r\r\n", "a\r\n\r\n"},
        {"LF CR", "a\n\r", "a\r\n\r\n"},
        {"a CR at the end", "a\r", "a\r\n"},
        {"no end", "a", "a"},
        {"nothing", "", ""},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (gsize step = 1; step <= strlen(rows[i].text) + 1; step++) {
            g_autoptr(Spool) spool = spool_of(rows[i].text, strlen(rows[i].text), step);
            g_autofree char *content = content_of(spool);
            g_test_message("%s", rows[i].sentence);
            g_assert_cmpstr(content, ==, rows[i].expected);
        }
    }
}

/* Past 64 KiB it is in a file, and the same. */
static void
test_large(void)
{
    g_autoptr(GString) text = g_string_new(NULL);

    while (text->len < 300000)
        g_string_append_printf(text, "%" G_GSIZE_FORMAT " \303\274\r\n", text->len);
    g_autoptr(Spool) spool = spool_of(text->str, text->len, 4093);
    g_autofree char *content = content_of(spool);
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
    g_assert_cmpstr(content, ==, text->str);
    g_assert_cmpstr(spool_get_digest(spool), ==, digest);
    g_assert_true(spool_has_8bit(spool));
}

static void
test_refused_octets(void)
{
    g_autoptr(Spool) small = spool_new(g_get_tmp_dir(), 10);
    g_autoptr(Spool) whole = spool_new(g_get_tmp_dir(), 10);
    g_autoptr(Spool) nowhere = spool_new("/proc/none", 1 << 20);
    g_autofree char *much = g_strnfill(70000, 'x');
    g_autoptr(GError) error = NULL;

    g_assert_true(spool_write(small, "0123456789", 10, &error));
    g_assert_false(spool_write(small, "a", 1, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    g_clear_error(&error);
    g_assert_false(spool_write(whole, "a\0b", 3, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    g_clear_error(&error);
    g_assert_false(spool_write(nowhere, much, 70000, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
}

static void
test_headers(void)
{
    static const struct {
        const char *sentence, *text, *recipients; /* NULL = refused */
        const char *rest;                         /* without Bcc; NULL = all */
    } rows[] = {
        {"To, Cc and Bcc",
         HEAD "To: b@x.example\r\nCc: c@x.example\r\nBcc: d@x.example\r\n\r\nBcc: e\r\n",
         "b@x.example c@x.example d@x.example",
         HEAD "To: b@x.example\r\nCc: c@x.example\r\n\r\nBcc: e\r\n"},
        {"a folded Bcc at the end of all",
         HEAD "To: b@x.example\r\nbcc:\r\n\tc@x.example,\r\n  d@x.example\r\n",
         "b@x.example c@x.example d@x.example", HEAD "To: b@x.example\r\n"},
        {"two Bcc side by side", HEAD "Bcc: b@x.example\r\nBCC: c@x.example\r\n\r\n",
         "b@x.example c@x.example", HEAD "\r\n"},
        {"each once", HEAD "To: b@x.example, B@X.example\r\nCc: b@x.example\r\n\r\n",
         "b@x.example", NULL},
        {"sent on",
         "Resent-From: a@x.example\r\nResent-To: b@x.example\r\nResent-Bcc: c@x.example\r\n"
         "Received: x\r\nResent-To: old@x.example\r\nFrom: z@x.example\r\nTo: "
         "y@x.example\r\n\r\n",
         "b@x.example c@x.example",
         "Resent-From: a@x.example\r\nResent-To: b@x.example\r\n"
         "Received: x\r\nResent-To: old@x.example\r\nFrom: z@x.example\r\nTo: "
         "y@x.example\r\n\r\n"},
        {"no From", "To: b@x.example\r\n\r\n", NULL, NULL},
        {"two Froms", HEAD HEAD "To: b@x.example\r\n\r\n", NULL, NULL},
        {"two Senders",
         HEAD "Sender: a@x.example\r\nSender: b@x.example\r\nTo: b@x.example\r\n\r\n", NULL,
         NULL},
        {"two in Sender", HEAD "Sender: a@x.example, b@x.example\r\nTo: b@x.example\r\n\r\n",
         NULL, NULL},
        {"nobody", HEAD "Subject: x\r\n\r\nTo: b@x.example\r\n", NULL, NULL},
        {"a line that is no field", HEAD "To: b@x.example\r\nhello\r\n\r\n", NULL, NULL},
        {"a blank before the colon", HEAD "To: b@x.example\r\nBcc : c@x.example\r\n\r\n", NULL,
         NULL},
        {"a continuation first", " x\r\n" HEAD "To: b@x.example\r\n\r\n", NULL, NULL},
        {"mbox's line", "From a@x.example Tue\r\n" HEAD "To: b@x.example\r\n\r\n", NULL, NULL},
        {"empty", "", NULL, NULL},
        {"no header", "\r\nTo: b@x.example\r\n", NULL, NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_test_message("%s", rows[i].sentence);
        Spool *spool = spool_of(rows[i].text, strlen(rows[i].text), 7);
        g_autoptr(Message) message = message_read(spool, &error);
        if (rows[i].recipients == NULL) {
            g_assert_null(message);
            g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
            spool_free(spool);
            continue;
        }
        g_assert_no_error(error);
        g_autoptr(GPtrArray) list = g_ptr_array_new();
        for (guint j = 0; j < message->recipients->len; j++)
            g_ptr_array_add(list, message->recipients->pdata[j]);
        g_ptr_array_add(list, NULL);
        g_autofree char *joined = g_strjoinv(" ", (char **)list->pdata);
        g_assert_cmpstr(joined, ==, rows[i].recipients);

        const char *rest = rows[i].rest != NULL ? rows[i].rest : rows[i].text;
        g_autofree char *expected = g_strconcat("Received: y\r\n", rest, NULL);
        g_autoptr(Parcel) parcel =
            parcel_new("a@x.example", message, g_string_new("Received: y\r\n"), spool);
        g_assert_cmpuint(parcel_get_length(parcel), ==, strlen(expected));
        for (gsize step = 1; step < 40; step++) {
            g_autoptr(GString) out = g_string_new(NULL);
            char block[40];
            gsize got;
            parcel_rewind(parcel);
            do {
                g_assert_true(parcel_read(parcel, block, step, &got, &error));
                g_string_append_len(out, block, (gssize)got);
            } while (got > 0);
            g_assert_cmpstr(out->str, ==, expected);
        }
    }
}

static void
test_many_recipients(void)
{
    g_autoptr(GString) text = g_string_new(HEAD "To: first@x.example");
    g_autoptr(GError) error = NULL;

    for (guint i = 0; i < 12000; i++)
        g_string_append_printf(text, ",\r\n %c%u@x.example", i % 2 == 0 ? 'a' : 'A', i / 2);
    g_string_append(text, "\r\n\r\n");
    g_autoptr(Spool) spool = spool_of(text->str, text->len, 8192);
    g_autoptr(Message) message = message_read(spool, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(message->recipients->len, ==, 6001);
    g_assert_cmpstr(message->recipients->pdata[0], ==, "first@x.example");
    g_assert_cmpstr(message->recipients->pdata[6000], ==, "a5999@x.example");
}

static void
test_long_header(void)
{
    g_autoptr(GString) text = g_string_new(HEAD "To: b@x.example\r\n");
    g_autoptr(GError) error = NULL;

    while (text->len < 256 * 1024)
        g_string_append(text, "X-Much: more\r\n");
    g_string_append(text, "\r\n");
    g_autoptr(Spool) spool = spool_of(text->str, text->len, 8192);
    g_assert_null(message_read(spool, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    addresses_init();
    g_test_add_func("/xtnd-xmit/spool/line ends", test_line_ends);
    g_test_add_func("/xtnd-xmit/spool/large", test_large);
    g_test_add_func("/xtnd-xmit/spool/refused octets", test_refused_octets);
    g_test_add_func("/xtnd-xmit/message/headers", test_headers);
    g_test_add_func("/xtnd-xmit/message/many recipients", test_many_recipients);
    g_test_add_func("/xtnd-xmit/message/long header", test_long_header);
    return g_test_run();
}
