/* The parts of messages, whole and broken: numbers, places, sizes. */
/* SPDX-License-Identifier: MIT */

#include "message.h"

#include <string.h>
#include <unistd.h>

static void
test_whole(void)
{
    static const MessageRow rows[] = {
        {"a text",
         "Subject: x\n\na\nb\n",
         {{"0", FACTS_NONE, "Subject: x\n\n", "a\nb\n"},
          {"1", FACTS_NONE, "Subject: x\n\n", "a\nb\n"}}},
        {"no line end at the end",
         "Subject: x\n\na",
         {{"0", FACTS_NONE, "Subject: x\n\n", "a"}, {"1", FACTS_NONE, "Subject: x\n\n", "a"}}},
        {"a header alone",
         "A: b\n\n",
         {{"0", FACTS_NONE, "A: b\n\n", ""}, {"1", FACTS_NONE, "A: b\n\n", ""}}},
        {"an attachment alone",
         PDF "QUJD\n",
         {{"0", "base64 application/pdf - attachment ä b.pdf", PDF, "QUJD\n"},
          {"1", "base64 application/pdf - attachment ä b.pdf", PDF, "QUJD\n"}}},
        {"mixed",
         MIXED "preamble\n--out\n" HTML "<p>\n\n--out  \n" PDF "QUJD\n--out--\nepilogue\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "preamble\n--out\n" HTML "<p>\n\n--out  \n" PDF "QUJD\n--out--\nepilogue\n"},
          {"1", "8bit text/html utf-8 - -", HTML, "<p>\n"},
          {"2", "base64 application/pdf - attachment ä b.pdf", PDF, "QUJD"}}},
        {"an alternative in it",
         MIXED "--out\n" ALTERNATIVE "--in ner\n\na\n--in ner\n" HTML
               "b\n--in ner--\n\n--out\n\nc\n--out--",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\n" ALTERNATIVE "--in ner\n\na\n--in ner\n" HTML
           "b\n--in ner--\n\n--out\n\nc\n--out--"},
          {"1", "7bit multipart/alternative - - -", ALTERNATIVE,
           "--in ner\n\na\n--in ner\n" HTML "b\n--in ner--\n"},
          {"1.1", FACTS_NONE, "\n", "a"},
          {"1.2", "8bit text/html utf-8 - -", HTML, "b"},
          {"2", FACTS_NONE, "\n", "c"}}},
        {"a message as an attachment, a text",
         MIXED "--out\nContent-Type: message/rfc822\n\nSubject: y\n\na\n--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\nContent-Type: message/rfc822\n\nSubject: y\n\na\n--out--\n"},
          {"1", "7bit message/rfc822 - - -", "Content-Type: message/rfc822\n\n",
           "Subject: y\n\na"},
          {"1.1", FACTS_NONE, "Subject: y\n\n", "a"}}},
        {"a message that is a message",
         "Content-Type: message/rfc822\n\n" MIXED "--out\n\na\n--out--\n",
         {{"0", "7bit message/rfc822 - - -", "Content-Type: message/rfc822\n\n",
           MIXED "--out\n\na\n--out--\n"},
          {"1", "7bit message/rfc822 - - -", "Content-Type: message/rfc822\n\n",
           MIXED "--out\n\na\n--out--\n"},
          {"1.1", FACTS_NONE, "\n", "a"}}},
        {"an encoded message is not looked into",
         "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ==\n",
         {{"0", "base64 message/rfc822 - - -",
           "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n", "QQ==\n"},
          {"1", "base64 message/rfc822 - - -",
           "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n", "QQ==\n"}}},
        {"a digest",
         "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: y\n\na\n--d--\n",
         {{"0", "7bit multipart/digest - - -", "Content-Type: multipart/digest; boundary=d\n\n",
           "--d\n\nSubject: y\n\na\n--d--\n"},
          {"1", "7bit message/rfc822 - - -", "\n", "Subject: y\n\na"},
          {"1.1", FACTS_NONE, "Subject: y\n\n", "a"}}},
        {"one boundary begins as the other does",
         "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
         "Content-Type: multipart/mixed; boundary=ab\n\n--ab\n\nx\n--ab--\n--a--\n",
         {{"0", "7bit multipart/mixed - - -", "Content-Type: multipart/mixed; boundary=a\n\n",
           "--a\nContent-Type: multipart/mixed; boundary=ab\n\n--ab\n\nx\n--ab--\n--a--\n"},
          {"1", "7bit multipart/mixed - - -", "Content-Type: multipart/mixed; boundary=ab\n\n",
           "--ab\n\nx\n--ab--"},
          {"1.1", FACTS_NONE, "\n", "x"}}},
    };

    message_assert_all(rows, G_N_ELEMENTS(rows));
}

static void
test_broken(void)
{
    static const MessageRow rows[] = {
        {"nothing", "", {{"0", FACTS_NONE, "", ""}, {"1", FACTS_NONE, "", ""}}},
        {"no header",
         "hello world\nhow are you\n",
         {{"0", FACTS_NONE, "", "hello world\nhow are you\n"},
          {"1", FACTS_NONE, "", "hello world\nhow are you\n"}}},
        {"no empty line behind the header",
         "A: b\nhello\n",
         {{"0", FACTS_NONE, "A: b\n", "hello\n"}, {"1", FACTS_NONE, "A: b\n", "hello\n"}}},
        {"cut off in the header",
         "Content-Type: image/png\nSubj",
         {{"0", "7bit image/png - - -", "Content-Type: image/png\n", "Subj"},
          {"1", "7bit image/png - - -", "Content-Type: image/png\n", "Subj"}}},
        {"cut off in a field",
         "Content-Type: image/png",
         {{"0", "7bit image/png - - -", "Content-Type: image/png", ""},
          {"1", "7bit image/png - - -", "Content-Type: image/png", ""}}},
        {"a line of an mbox",
         "From a@b Tue\nA: b\n\nc\n",
         {{"0", FACTS_NONE, "From a@b Tue\nA: b\n\n", "c\n"},
          {"1", FACTS_NONE, "From a@b Tue\nA: b\n\n", "c\n"}}},
        {"no closing boundary",
         MIXED "--out\n\na\n--out\n\nb\n",
         {{"0", FACTS_NONE, MIXED, "--out\n\na\n--out\n\nb\n"},
          {"1", FACTS_NONE, MIXED, "--out\n\na\n--out\n\nb\n"}}},
        {"no boundary at all",
         MIXED "--other\n\na\n",
         {{"0", FACTS_NONE, MIXED, "--other\n\na\n"},
          {"1", FACTS_NONE, MIXED, "--other\n\na\n"}}},
        {"none named",
         "Content-Type: multipart/mixed\n\n--a\n",
         {{"0", FACTS_NONE, "Content-Type: multipart/mixed\n\n", "--a\n"},
          {"1", FACTS_NONE, "Content-Type: multipart/mixed\n\n", "--a\n"}}},
        {"no type",
         "Content-Type: garbage\n\na\n",
         {{"0", FACTS_NONE, "Content-Type: garbage\n\n", "a\n"},
          {"1", FACTS_NONE, "Content-Type: garbage\n\n", "a\n"}}},
        {"closed at once",
         MIXED "--out--\n",
         {{"0", FACTS_NONE, MIXED, "--out--\n"}, {"1", FACTS_NONE, MIXED, "--out--\n"}}},
        {"nothing between boundaries",
         MIXED "--out\n--out\nA: b\n--out\nA: b\n\n--out\n\na\n--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\n--out\nA: b\n--out\nA: b\n\n--out\n\na\n--out--\n"},
          {"1", FACTS_NONE, "", ""},
          {"2", FACTS_NONE, "A: b", ""},
          {"3", FACTS_NONE, "A: b\n", ""},
          {"4", FACTS_NONE, "\n", "a"}}},
        {"the inner multipart is not closed",
         MIXED "--out\n" ALTERNATIVE "--in ner\n\na\n--out\n\nb\n--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\n" ALTERNATIVE "--in ner\n\na\n--out\n\nb\n--out--\n"},
          {"1", "7bit multipart/alternative - - -", ALTERNATIVE, "--in ner\n\na"},
          {"1.1", FACTS_NONE, "\n", "a"},
          {"2", FACTS_NONE, "\n", "b"}}},
        {"the inner multipart has no parts",
         MIXED "--out\n" ALTERNATIVE "a\n--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED, "--out\n" ALTERNATIVE "a\n--out--\n"},
          {"1", FACTS_NONE, ALTERNATIVE, "a"}}},
        {"an attached message has no parts",
         MIXED "--out\nContent-Type: message/rfc822\n\n" ALTERNATIVE "a\n--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\nContent-Type: message/rfc822\n\n" ALTERNATIVE "a\n--out--\n"},
          {"1", "7bit message/rfc822 - - -", "Content-Type: message/rfc822\n\n",
           ALTERNATIVE "a"},
          {"1.1", FACTS_NONE, ALTERNATIVE, "a"}}},
        {"an attached message of nothing",
         MIXED "--out\nContent-Type: message/rfc822\n\n--out\n\na\n--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\nContent-Type: message/rfc822\n\n--out\n\na\n--out--\n"},
          {"1", "7bit message/rfc822 - - -", "Content-Type: message/rfc822\n", ""},
          {"1.1", FACTS_NONE, "", ""},
          {"2", FACTS_NONE, "\n", "a"}}},
        {"one boundary for both",
         MIXED "--out\nContent-Type: multipart/mixed; boundary=out\n\n--out\n\na\n--out--\n"
               "--out--\n",
         {{"0", "7bit multipart/mixed - - -", MIXED,
           "--out\nContent-Type: multipart/mixed; boundary=out\n\n--out\n\na\n--out--\n"
           "--out--\n"},
          {"1", "7bit multipart/mixed - - -", MIXED, "--out\n\na\n--out--"},
          {"1.1", FACTS_NONE, "\n", "a"}}},
    };

    message_assert_all(rows, G_N_ELEMENTS(rows));
}

/* The message of RFC 9051, section 6.4.5, with the numbers given there; 4 holds 4.1 and the
 * message 4.2, in which an alternative follows a text. */
static void
test_imap_numbers(void)
{
    static const char text[] =
        "Content-Type: multipart/mixed; boundary=a\n\n"
        "--a\nContent-Type: text/plain\n\n1\n"
        "--a\nContent-Type: application/octet-stream\n\n2\n"
        "--a\nContent-Type: message/rfc822\n\n"
        "Content-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\n3.1\n"
        "--b\nContent-Type: application/octet-stream\n\n3.2\n--b--\n"
        "--a\nContent-Type: multipart/mixed; boundary=c\n\n"
        "--c\nContent-Type: image/gif\n\n4.1\n"
        "--c\nContent-Type: message/rfc822\n\n"
        "Content-Type: multipart/mixed; boundary=d\n\n"
        "--d\nContent-Type: text/plain\n\n4.2.1\n"
        "--d\nContent-Type: multipart/alternative; boundary=e\n\n"
        "--e\nContent-Type: text/plain\n\n4.2.2.1\n"
        "--e\nContent-Type: text/richtext\n\n4.2.2.2\n--e--\n--d--\n--c--\n--a--\n";
    static const struct {
        const char *path, *type;
    } rows[] = {
        {"0", "multipart/mixed"},
        {"1", "text/plain"},
        {"2", "application/octet-stream"},
        {"3", "message/rfc822"},
        {"3.1", "text/plain"},
        {"3.2", "application/octet-stream"},
        {"4", "multipart/mixed"},
        {"4.1", "image/gif"},
        {"4.2", "message/rfc822"},
        {"4.2.1", "text/plain"},
        {"4.2.2", "multipart/alternative"},
        {"4.2.2.1", "text/plain"},
        {"4.2.2.2", "text/richtext"},
    };
    int fd = message_file(text, strlen(text));
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, strlen(text), NULL);

    g_assert_cmpuint(mime_tree_count(tree), ==, G_N_ELEMENTS(rows));
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        const MimePart *part = mime_tree_get(tree, i);
        g_assert_cmpstr(part->path, ==, rows[i].path);
        g_assert_cmpstr(part->type, ==, rows[i].type);
        if (strpbrk(rows[i].type, "xg") == NULL || strstr(rows[i].type, "multi") != NULL ||
            strstr(rows[i].type, "message") != NULL)
            continue;
        g_autofree char *body = message_cut(fd, part->body_offset, part->body_length);
        g_assert_cmpstr(body, ==, rows[i].path);
    }
    close(fd);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mime/whole", test_whole);
    g_test_add_func("/mime/broken", test_broken);
    g_test_add_func("/mime/imap-numbers", test_imap_numbers);
    return g_test_run();
}
