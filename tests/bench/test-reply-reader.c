/* Replies, well-formed and not, whole and byte by byte. */
/* SPDX-License-Identifier: MIT */

#include "reply-reader.h"

#include <string.h>

#include "load-error.h"

typedef struct {
    const char *sentence;
    const char *input;
    const char *left; /* of the input after the reply; NULL when it must be refused */
    gboolean multiline;
    guint64 octets;
    guint64 lines;
} Case;

static const Case cases[] = {
    {"a status line is a reply", "+OK\r\n", "", FALSE, 0, 0},
    {"what follows a reply stays", "+OK 2 320\r\n+OK\r\n", "+OK\r\n", FALSE, 0, 0},
    {"a dot ends many lines", "+OK\r\na\r\nbc\r\n.\r\n+OK", "+OK", TRUE, 7, 2},
    {"there may be no lines", "+OK\r\n.\r\n", "", TRUE, 0, 0},
    {"an empty line counts", "+OK\r\n\r\n.\r\n", "", TRUE, 2, 1},
    {"a stuffed dot does not count", "+OK\r\n..\r\n...a\r\n.\r\n", "", TRUE, 3 + 5, 2},
    {"a dot within a line is text", "+OK\r\na.\r\n.\r\n", "", TRUE, 4, 1},
    {"a CR within a line is text", "+OK\r\na\rb\r\n.\r\n", "", TRUE, 5, 1},
    {"-ERR is refused", "-ERR no\r\n", NULL, FALSE, 0, 0},
    {"+OKAY is refused", "+OKAY\r\n", NULL, FALSE, 0, 0},
    {"a status line needs CR", "+OK\n", NULL, FALSE, 0, 0},
    {"a line needs CR", "+OK\r\na\n.\r\n", NULL, TRUE, 0, 0},
    {"an empty line needs CR", "+OK\r\na\r\n\n.\r\n", NULL, TRUE, 0, 0},
    {"a dot must be stuffed", "+OK\r\n.a\r\n.\r\n", NULL, TRUE, 0, 0},
    {"the last line needs LF", "+OK\r\n.\ra\r\n", NULL, TRUE, 0, 0},
};

/* Copies each piece to a block of just its size, so that a look past it is seen. */
static gboolean
feed(const Case *row, gsize piece, ReplyReader *reader, gsize *used_out)
{
    gsize length = strlen(row->input);

    *used_out = 0;
    reply_reader_start(reader, row->multiline);
    while (*used_out < length && reader->state != REPLY_DONE) {
        g_autoptr(GError) error = NULL;
        gsize size = MIN(piece, length - *used_out);
        g_autofree char *copy = g_memdup2(row->input + *used_out, size);
        gsize used = 0;

        if (!reply_reader_feed(reader, copy, size, &used, &error)) {
            g_assert_error(error, LOAD_ERROR, LOAD_ERROR_REPLY);
            return FALSE;
        }
        *used_out += used;
    }
    return TRUE;
}

static void
test_reply(gconstpointer data)
{
    const Case *row = data;

    for (gsize piece = 1; piece <= strlen(row->input); piece++) {
        ReplyReader reader;
        gsize used;
        gboolean ok = feed(row, piece, &reader, &used);

        g_assert_cmpint(ok, ==, row->left != NULL);
        if (!ok)
            continue;
        g_assert_cmpint(reader.state, ==, REPLY_DONE);
        g_assert_cmpstr(row->input + used, ==, row->left);
        g_assert_cmpuint(reader.octets, ==, row->octets);
        g_assert_cmpuint(reader.lines, ==, row->lines);
    }
}

static void
test_number(void)
{
    ReplyReader reader;
    gsize used;

    reply_reader_start(&reader, FALSE);
    g_assert_true(reply_reader_feed(&reader, "+OK 120 octets\r\n", 16, &used, NULL));
    g_assert_cmpuint(reply_reader_get_number(&reader), ==, 120);
}

static void
test_long_status(void)
{
    g_autofree char *line = g_strnfill(REPLY_STATUS_MAX + 1, 'x');
    g_autoptr(GError) error = NULL;
    ReplyReader reader;
    gsize used;

    reply_reader_start(&reader, FALSE);
    g_assert_false(reply_reader_feed(&reader, line, strlen(line), &used, &error));
    g_assert_error(error, LOAD_ERROR, LOAD_ERROR_REPLY);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/reply-reader/%s", cases[i].sentence);

        g_test_add_data_func(path, &cases[i], test_reply);
    }
    g_test_add_func("/reply-reader/the first number is found", test_number);
    g_test_add_func("/reply-reader/512 octets are enough", test_long_status);
    return g_test_run();
}
