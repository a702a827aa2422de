/* SPDX-License-Identifier: MIT */

#include "message.h"

#include <string.h>
#include <unistd.h>

int
message_file(const char *text, gsize length)
{
    g_autofree char *name = NULL;
    int fd = g_file_open_tmp("mime-XXXXXX", &name, NULL);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(unlink(name), ==, 0);
    g_assert_cmpint(write(fd, text, length), ==, (gssize)length);
    return fd;
}

char *
message_cut(int fd, guint64 offset, guint64 length)
{
    char *text = g_malloc0(length + 1);

    g_assert_cmpint(pread(fd, text, length, (off_t)offset), ==, (gssize)length);
    return text;
}

/* What the wire carries of a text with LF line ends. */
static guint64
wire_of(const char *text)
{
    guint64 octets = 0;

    for (const char *c = text; *c != '\0'; c++)
        octets += *c == '\n' ? 2 : 1;
    return octets == 0 || g_str_has_suffix(text, "\n") ? octets : octets + 2;
}

static char *
with_crlf(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    return g_strjoinv("\r\n", lines);
}

static const char *
or_none(const char *text)
{
    return text != NULL ? text : "-";
}

static void
assert_equal_trees(const MimeTree *a, const MimeTree *b)
{
    g_autoptr(GBytes) one = mime_tree_serialise(a);
    g_autoptr(GBytes) other = mime_tree_serialise(b);

    g_assert_true(g_bytes_equal(one, other));
}

void
message_assert_round_trip(const MimeTree *tree, guint64 length)
{
    g_autoptr(GBytes) octets = mime_tree_serialise(tree);
    gsize size;
    gconstpointer data = g_bytes_get_data(octets, &size);
    g_autoptr(MimeTree) again = mime_tree_deserialise(data, size, length);

    g_assert_nonnull(again);
    g_assert_cmpuint(mime_tree_count(again), ==, mime_tree_count(tree));
    assert_equal_trees(tree, again);
    g_assert_null(mime_tree_deserialise(data, size, length + 1));
}

static void
assert_part(int fd, const MimePart *part, const MessagePart *expected, gboolean crlf)
{
    g_autofree char *facts =
        g_strdup_printf("%s %s %s %s %s", part->encoding, part->type, or_none(part->charset),
                        or_none(part->disposition), or_none(part->filename));
    g_autofree char *header = message_cut(fd, part->header_offset, part->header_length);
    g_autofree char *body = message_cut(fd, part->body_offset, part->body_length);
    g_autofree char *expected_header =
        crlf ? with_crlf(expected->header) : g_strdup(expected->header);
    g_autofree char *expected_body =
        crlf ? with_crlf(expected->body) : g_strdup(expected->body);

    g_test_message("part %s", expected->path);
    g_assert_cmpstr(part->path, ==, expected->path);
    g_assert_cmpstr(facts, ==, expected->facts);
    g_assert_cmpstr(header, ==, expected_header);
    g_assert_cmpstr(body, ==, expected_body);
    g_assert_cmpuint(part->header_wire, ==, wire_of(expected->header));
    g_assert_cmpuint(part->body_wire, ==, wire_of(expected->body));
    g_assert_cmpuint(part->body_offset, ==, part->header_offset + part->header_length);
}

void
message_assert(const MessageRow *row, gboolean crlf)
{
    g_autofree char *text = crlf ? with_crlf(row->text) : g_strdup(row->text);
    int fd = message_file(text, strlen(text));
    g_autoptr(GError) error = NULL;
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, strlen(text), &error);
    guint count = 0;

    g_test_message("%s, %s", row->sentence, crlf ? "CRLF" : "LF");
    g_assert_no_error(error);
    for (; row->parts[count].path != NULL; count++) {
        const MimePart *part = mime_tree_find(tree, row->parts[count].path);
        g_assert_nonnull(part);
        g_assert_true(part == mime_tree_get(tree, count));
        assert_part(fd, part, &row->parts[count], crlf);
    }
    g_assert_cmpuint(mime_tree_count(tree), ==, count);
    g_assert_null(mime_tree_find(tree, "9"));
    message_assert_round_trip(tree, strlen(text));
    close(fd);
}

void
message_assert_all(const MessageRow *rows, guint count)
{
    for (guint i = 0; i < count; i++) {
        message_assert(&rows[i], FALSE);
        message_assert(&rows[i], TRUE);
    }
}
