/* Deep, large, odd and damaged: messages, and trees kept as octets. */
/* SPDX-License-Identifier: MIT */

#include "message.h"

#include <pop4/error.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
assert_nested(guint levels, const char *type, guint expected)
{
    g_autoptr(GString) text = g_string_new(NULL);
    gboolean multipart = g_str_has_prefix(type, "multipart");

    for (guint i = 0; i < levels; i++) {
        g_string_append_printf(text, "Content-Type: %s; boundary=b%u\n\n", type, i);
        if (multipart)
            g_string_append_printf(text, "--b%u\n", i);
    }
    g_string_append(text, "\nx\n");
    for (guint i = levels; multipart && i-- > 0;)
        g_string_append_printf(text, "--b%u--\n", i);

    int fd = message_file(text->str, text->len);
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, text->len, NULL);
    const MimePart *last = mime_tree_get(tree, mime_tree_count(tree) - 1);
    g_assert_cmpuint(mime_tree_count(tree), ==, expected);
    g_assert_cmpuint(strlen(last->path), ==, 2 * (expected - 1) - 1);
    g_assert_cmpstr(last->type, ==, levels < expected ? "text/plain" : type);
    g_assert_nonnull(strstr(text->str + last->body_offset, "x\n"));
    g_assert_cmpuint(last->body_offset + last->body_length, >=,
                     (guint64)(strstr(text->str, "\nx\n") + 2 - text->str));
    message_assert_round_trip(tree, text->len);
    close(fd);
}

/* "0", and a number more a level; what is deeper is in the last of them. */
static void
test_depth(void)
{
    assert_nested(15, "multipart/mixed", 16);
    assert_nested(16, "multipart/mixed", 17);
    assert_nested(17, "multipart/mixed", 17);
    assert_nested(40, "multipart/mixed", 17);
    assert_nested(15, "message/rfc822", 17);
    assert_nested(40, "message/rfc822", 17);
}

static void
test_many_parts(void)
{
    g_autoptr(GString) text = g_string_new(MIXED);

    for (guint i = 1; i <= 5000; i++)
        g_string_append_printf(text, "--out\nA: b\n\n%u\n", i);
    g_string_append(text, "--out--\n");

    int fd = message_file(text->str, text->len);
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, text->len, NULL);
    g_assert_cmpuint(mime_tree_count(tree), ==, MIME_PARTS_MAX);
    for (guint i = 1; i < MIME_PARTS_MAX; i++) {
        const MimePart *part = mime_tree_get(tree, i);
        g_autofree char *body = message_cut(fd, part->body_offset, part->body_length);
        g_autofree char *number = g_strdup_printf("%u", i);
        g_assert_cmpstr(part->path, ==, number);
        g_assert_cmpstr(body, ==, number);
    }
    g_assert_cmpuint(mime_tree_get(tree, 0)->body_length, ==, text->len - strlen(MIXED));
    message_assert_round_trip(tree, text->len);
    close(fd);
}

static void
test_odd_octets(void)
{
    static const char nul[] = "Content-Type: image/png\nA: \0\n\nb\0c\n";
    g_autoptr(GString) endless = g_string_new("Content-Type: image/png\n");

    int fd = message_file(nul, sizeof nul - 1);
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, sizeof nul - 1, NULL);
    g_assert_cmpuint(mime_tree_count(tree), ==, 2);
    g_assert_cmpstr(mime_tree_get(tree, 1)->type, ==, "text/plain");
    g_assert_cmpuint(mime_tree_get(tree, 1)->body_length, ==, 4);
    close(fd);

    while (endless->len < 1 << 20)
        g_string_append(endless, "X-Header: again\n");
    fd = message_file(endless->str, endless->len);
    g_autoptr(MimeTree) other = mime_tree_parse(fd, endless->len, NULL);
    g_assert_cmpuint(mime_tree_count(other), ==, 2);
    g_assert_cmpstr(mime_tree_get(other, 1)->type, ==, "text/plain");
    g_assert_cmpuint(mime_tree_get(other, 1)->header_length, ==, endless->len);

    g_autoptr(GError) error = NULL;
    g_assert_null(mime_tree_parse(fd, endless->len + 1, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    close(fd);
}

/* Lines of every length around that of a block, with either end, before a boundary. */
static void
test_long_lines(void)
{
    static const char *const ends[] = {"\n", "\r\n"};

    for (guint size = 65400; size < 65600; size++) {
        for (guint i = 0; i < G_N_ELEMENTS(ends); i++) {
            g_autofree char *line = g_strnfill(size, 'a');
            g_autofree char *text =
                g_strconcat(MIXED "--out", ends[i], ends[i], line, "\r", ends[i], line, ends[i],
                            "--out--", ends[i], NULL);
            int fd = message_file(text, strlen(text));
            g_autoptr(MimeTree) tree = mime_tree_parse(fd, strlen(text), NULL);
            g_assert_cmpuint(mime_tree_count(tree), ==, 2);
            const MimePart *part = mime_tree_get(tree, 1);
            guint64 bare = ends[i][0] == '\n' ? 0 : 1; /* CR CR LF is a CR more */
            g_assert_cmpuint(part->body_length, ==, 2 * size + 2 + bare);
            g_assert_cmpuint(part->body_wire, ==, 2 * size + 4 + bare);
            close(fd);
        }
    }
}

/* Each octet changed, each end cut off, then the same with a good checksum: no tree, or one
 * that lies within the file. */
static void
test_damage(void)
{
    static const char text[] = MIXED "--out\n" HTML "<p>\n--out\n" PDF "QUJD\n--out--\n";
    guint64 file_length = strlen(text);
    int fd = message_file(text, strlen(text));
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, file_length, NULL);
    g_autoptr(GBytes) octets = mime_tree_serialise(tree);
    gsize size;
    gconstpointer data = g_bytes_get_data(octets, &size);

    close(fd);
    for (gsize i = 0; i < size; i++) {
        g_autofree guint8 *shorter = g_memdup2(data, i);
        g_assert_null(mime_tree_deserialise(shorter, i, file_length));
        mime_tree_mend(shorter, i);
        g_assert_null(mime_tree_deserialise(shorter, i, file_length));
        for (guint bit = 0; bit < 8; bit++) {
            g_autofree guint8 *copy = g_memdup2(data, size);
            copy[i] ^= (guint8)(1 << bit);
            g_assert_null(mime_tree_deserialise(copy, size, file_length));
            mime_tree_mend(copy, size);
            g_autoptr(MimeTree) other = mime_tree_deserialise(copy, size, file_length);
            for (guint j = 0; other != NULL && j < mime_tree_count(other); j++) {
                const MimePart *part = mime_tree_get(other, j);
                g_assert_cmpuint(part->header_offset, <=, part->body_offset);
                g_assert_cmpuint(part->body_offset, <=, file_length);
                g_assert_cmpuint(part->body_length, <=, file_length - part->body_offset);
            }
        }
    }
}

static long
peak_kib(void)
{
    struct rusage usage;

    g_assert_cmpint(getrusage(RUSAGE_SELF, &usage), ==, 0);
    return usage.ru_maxrss;
}

/* Twenty MiB of attachment, and as much in one line, cost a few blocks. */
static void
test_memory(void)
{
    static const char head[] = MIXED "--out\n" PDF;
    static const char tail[] = "\n--out--\n";
    char line[1025];
    int fd = message_file(head, strlen(head));

    memset(line, 'U', sizeof line);
    for (guint i = 0; i < 20 * 1024; i++) {
        line[1024] = i < 10 * 1024 ? '\n' : 'U';
        g_assert_cmpint(write(fd, line, sizeof line), ==, sizeof line);
    }
    g_assert_cmpint(write(fd, tail, strlen(tail)), ==, (gssize)strlen(tail));

    guint64 length = strlen(head) + 20 * 1024 * sizeof line + strlen(tail);
    long before = peak_kib();
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, length, NULL);
    const MimePart *part = mime_tree_find(tree, "1");
    g_assert_cmpuint(part->body_length, ==, 20 * 1024 * sizeof line);
    g_assert_cmpuint(part->body_wire, ==, part->body_length + 10 * 1024 + 2);

    g_autoptr(MimeText) text = mime_text_new(fd, part, NULL);
    char buffer[4096];
    gsize got;
    do {
        got = sizeof buffer;
        g_assert_true(mime_text_read(text, buffer, &got, NULL));
    } while (got > 0);
    g_assert_cmpint(peak_kib() - before, <, 8192);
    close(fd);
}

/* As many parts as fit into a message cost no more than those that are listed. */
static void
test_hostile_memory(void)
{
    g_autoptr(GString) some = g_string_new(NULL);
    int fd = message_file(MIXED, strlen(MIXED));

    while (some->len < 60000)
        g_string_append(some, "--out\n\n");
    for (guint i = 0; i < 100; i++)
        g_assert_cmpint(write(fd, some->str, some->len), ==, (gssize)some->len);
    g_assert_cmpint(write(fd, "--out--\n", 8), ==, 8);

    long before = peak_kib();
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, strlen(MIXED) + 100 * some->len + 8, NULL);
    g_assert_cmpuint(mime_tree_count(tree), ==, MIME_PARTS_MAX);
    g_assert_cmpint(peak_kib() - before, <, 8192);
    close(fd);
}

static gpointer
parse_again(gpointer data)
{
    const char *text = data;

    for (guint i = 0; i < 50; i++) {
        int fd = message_file(text, strlen(text));
        g_autoptr(MimeTree) tree = mime_tree_parse(fd, strlen(text), NULL);
        g_autofree char *subject = mime_decode_header("=?koi8-r?q?=c1?=", 99);
        g_assert_cmpuint(mime_tree_count(tree), ==, 3);
        g_assert_cmpstr(mime_tree_get(tree, 2)->filename, ==, "ä b.pdf");
        g_assert_cmpstr(subject, ==, "\320\260");
        close(fd);
    }
    return NULL;
}

static void
test_threads(void)
{
    static char text[] = MIXED "--out\n" HTML "<p>\n--out\n" PDF "QUJD\n--out--\n";
    GThread *threads[8];

    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        threads[i] = g_thread_new("parse", parse_again, text);
    for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
        g_assert_null(g_thread_join(threads[i]));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mime-limits/depth", test_depth);
    g_test_add_func("/mime-limits/many-parts", test_many_parts);
    g_test_add_func("/mime-limits/odd-octets", test_odd_octets);
    g_test_add_func("/mime-limits/long-lines", test_long_lines);
    g_test_add_func("/mime-limits/damage", test_damage);
    g_test_add_func("/mime-limits/memory", test_memory);
    g_test_add_func("/mime-limits/hostile-memory", test_hostile_memory);
    g_test_add_func("/mime-limits/threads", test_threads);
    return g_test_run();
}
