/* Lines out of whatever pieces a client's octets come in. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "line-reader.h"

#include <string.h>

typedef struct {
    const char *sentence;
    const char *input;
    gsize length; /* 0 = up to the NUL */
    gsize limit;
    const char *expected; /* "[line]", "<long>", "<nul>" */
} Case;

static const Case cases[] = {
    {"nothing is no line", "", 0, 8, ""},
    {"half a line is no line", "NOOP", 0, 8, ""},
    {"CRLF ends a line", "NOOP\r\n", 0, 8, "[NOOP]"},
    {"a bare LF ends a line", "NOOP\n", 0, 8, "[NOOP]"},
    {"an empty line is a line", "\r\n\n\r\n", 0, 8, "[][][]"},
    {"a lone CR is an octet of the line", "a\rb\r\n", 0, 8, "[a\rb]"},
    {"only one CR belongs to the line end", "a\r\r\n", 0, 8, "[a\r]"},
    {"a CR alone ends nothing", "a\r", 0, 8, ""},
    {"lines come in their order", "a\r\nb\nc\r\nd", 0, 8, "[a][b][c]"},
    {"eight-bit octets pass", "\xc3\xbc\xff\r\n", 0, 8, "[\xc3\xbc\xff]"},
    {"NUL is refused", "a\0b\r\nc\r\n", 8, 8, "<nul>[c]"},
    {"NUL before the line end is refused", "a\0\r\nc\r\n", 7, 8, "<nul>[c]"},
    {"NUL alone is refused", "\0\nc\n", 4, 8, "<nul>[c]"},
    {"the limit counts the CRLF", "123456\r\nx\r\n", 0, 8, "[123456][x]"},
    {"the limit counts the LF", "1234567\nx\r\n", 0, 8, "[1234567][x]"},
    {"one octet over, CRLF", "1234567\r\nx\r\n", 0, 8, "<long>[x]"},
    {"one octet over, LF", "12345678\nx\r\n", 0, 8, "<long>[x]"},
    {"far over is told once", "123456789012345678901234567890\r\nx\r\n", 0, 8, "<long>[x]"},
    {"over without a line end is told once", "12345678901234567890", 0, 8, "<long>"},
    {"just the limit without a line end", "12345678", 0, 8, "<long>"},
    {"one below the limit waits", "1234567", 0, 8, ""},
    {"each long line is told", "123456789\r\n123456789\n\r\n", 0, 8, "<long><long>[]"},
    {"NUL in a long line is a long line", "12345\0006789\r\nx\r\n", 15, 8, "<long>[x]"},
    {"a CR that would fill the limit", "1234567\r", 0, 8, "<long>"},
};

/* Each piece lies at the end of its block of memory, so that an octet read too far shows. */
static void
append_exactly(Buffer *input, const char *octets, gsize size)
{
    gsize kept = buffer_length(input);
    char *data = g_malloc(MAX(kept + size, 1));

    if (kept > 0)
        memcpy(data, buffer_head(input), kept);
    if (size > 0)
        memcpy(data + kept, octets, size);
    g_free(input->data);
    *input = (Buffer){data, 0, kept + size, kept + size};
}

static void
take_lines(LineReader *reader, Buffer *input, gsize limit, GString *found)
{
    for (;;) {
        char *line = NULL;
        gsize length = 0;

        switch (line_reader_next(reader, input, limit, &line, &length)) {
        case LINE_NONE:
            return;
        case LINE_READY:
            g_assert_cmpuint(strlen(line), ==, length);
            g_string_append_printf(found, "[%s]", line);
            break;
        case LINE_TOO_LONG:
            g_string_append(found, "<long>");
            break;
        case LINE_HAS_NUL:
            g_string_append(found, "<nul>");
            break;
        }
    }
}

/* @first octets, then pieces of @step. */
static char *
read_in_pieces(const char *text, gsize length, gsize first, gsize step, gsize limit)
{
    LineReader reader = {0};
    Buffer input = {0};
    GString *found = g_string_new(NULL);

    for (gsize at = 0, piece = first; at < length;
         at += piece, piece = MIN(step, length - at)) {
        append_exactly(&input, text + at, piece);
        take_lines(&reader, &input, limit, found);
    }
    buffer_wipe(&input);
    return g_string_free(found, FALSE);
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    gsize length = c->length != 0 ? c->length : strlen(c->input);
    g_autofree char *whole = read_in_pieces(c->input, length, length, length, c->limit);
    g_autofree char *trickled = read_in_pieces(c->input, length, 1, 1, c->limit);

    g_assert_cmpstr(whole, ==, c->expected);
    g_assert_cmpstr(trickled, ==, c->expected);
    for (gsize cut = 1; cut < length; cut++) {
        g_autofree char *split = read_in_pieces(c->input, length, cut, length, c->limit);
        g_assert_cmpstr(split, ==, c->expected);
    }
}

/* A line may be longer once its verb is known: the octets kept so far still count. */
static void
test_raised_limit(void)
{
    LineReader reader = {0};
    Buffer input = {0};
    char *line;
    gsize length;

    buffer_append(&input, "1234567", 7);
    g_assert_cmpint(line_reader_next(&reader, &input, 8, &line, &length), ==, LINE_NONE);
    buffer_append(&input, "8901\r\n", 6);
    g_assert_cmpint(line_reader_next(&reader, &input, 16, &line, &length), ==, LINE_READY);
    g_assert_cmpstr(line, ==, "12345678901");
    g_assert_cmpuint(length, ==, 11);
    g_assert_cmpuint(buffer_length(&input), ==, 0);
    buffer_wipe(&input);
}

/* What lies behind an over-long line is not searched again and again, and not kept. */
static void
test_long_line_is_not_kept(void)
{
    LineReader reader = {0};
    Buffer input = {0};
    GString *found = g_string_new(NULL);
    g_autofree char *block = g_strnfill(4096, 'x');

    for (guint i = 0; i < 64; i++) {
        buffer_append(&input, block, 4096);
        take_lines(&reader, &input, 512, found);
        g_assert_cmpuint(buffer_length(&input), ==, 0);
    }
    buffer_append(&input, "\r\nNOOP\r\n", 8);
    take_lines(&reader, &input, 512, found);
    g_assert_cmpstr(found->str, ==, "<long>[NOOP]");
    g_string_free(found, TRUE);
    buffer_wipe(&input);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/line-reader/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/line-reader/the limit may rise", test_raised_limit);
    g_test_add_func("/line-reader/a long line is not kept", test_long_line_is_not_kept);
    return g_test_run();
}
