/* Messages on their way to the wire: line ends, dots, and the lines of TOP. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "body.h"

#include <pop4/reply.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct {
    const char *sentence;
    const char *text;
    guint lines;
    const char *expected;
} Case;

#define ALL POP4_ALL_LINES

static const Case cases[] = {
    {"nothing", "", ALL, ".\r\n"},
    {"LF becomes CRLF", "a\nb\n", ALL, "a\r\nb\r\n.\r\n"},
    {"CRLF stays", "a\r\nb\r\n", ALL, "a\r\nb\r\n.\r\n"},
    {"both in one message", "a\r\nb\n\n\r\n", ALL, "a\r\nb\r\n\r\n\r\n.\r\n"},
    {"a lone CR stays", "a\rb\n", ALL, "a\rb\r\n.\r\n"},
    {"CR CR LF stays", "a\r\r\n", ALL, "a\r\r\n.\r\n"},
    {"a missing line end is added", "a\nb", ALL, "a\r\nb\r\n.\r\n"},
    {"a CR at the end is an octet", "a\r", ALL, "a\r\r\n.\r\n"},
    {"a dot at the start is doubled", ".\n.a\n", ALL, "..\r\n..a\r\n.\r\n"},
    {"two dots become three", "..\n", ALL, "...\r\n.\r\n"},
    {"a dot behind a lone CR is none", "a\r.\n", ALL, "a\r.\r\n.\r\n"},
    {"a dot inside a line stays", "a.b\n", ALL, "a.b\r\n.\r\n"},
    {"a last dot without line end", "a\n.", ALL, "a\r\n..\r\n.\r\n"},
    {"no lines: header and empty line", "h\n\na\nb\n", 0, "h\r\n\r\n.\r\n"},
    {"one line", "h\n\na\nb\n", 1, "h\r\n\r\na\r\n.\r\n"},
    {"as many lines as there are", "h\n\na\nb\n", 2, "h\r\n\r\na\r\nb\r\n.\r\n"},
    {"more lines than there are", "h\n\na\nb\n", 99, "h\r\n\r\na\r\nb\r\n.\r\n"},
    {"empty lines of the body count", "h\n\n\n\na\n", 2, "h\r\n\r\n\r\n\r\n.\r\n"},
    {"the empty line may be CRLF", "h\r\n\r\na\r\nb\r\n", 1, "h\r\n\r\na\r\n.\r\n"},
    {"a line of one CR is not empty", "h\n\r\r\n\na\n", 0, "h\r\n\r\r\n\r\n.\r\n"},
    {"a message of a header only", "h\ni\n", 0, "h\r\ni\r\n.\r\n"},
    {"a header without line end", "h\ni", 0, "h\r\ni\r\n.\r\n"},
    {"a body without header", "\na\nb\n", 1, "\r\na\r\n.\r\n"},
    {"a last line without end counts", "h\n\na\nb", 1, "h\r\n\r\na\r\n.\r\n"},
    {"a last line without end is ended", "h\n\na\nb", 2, "h\r\n\r\na\r\nb\r\n.\r\n"},
    {"dots of TOP", ".h\n\n.a\n.b\n", 1, "..h\r\n\r\n..a\r\n.\r\n"},
};

static char *
encode_in_pieces(const char *text, gsize length, gsize first, gsize step, guint lines)
{
    WireEncoder encoder;
    Buffer output = {0};

    wire_encoder_init(&encoder, lines);
    for (gsize at = 0, piece = first; at < length;
         at += piece, piece = MIN(step, length - at)) {
        g_autofree char *exact = g_memdup2(text + at, piece);
        wire_encoder_add(&encoder, exact, piece, &output);
    }
    wire_encoder_end(&encoder, &output);
    char *wire = g_strndup(buffer_head(&output), buffer_length(&output));
    buffer_wipe(&output);
    return wire;
}

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    gsize length = strlen(c->text);
    g_autofree char *whole = encode_in_pieces(c->text, length, length, length, c->lines);
    g_autofree char *trickled = encode_in_pieces(c->text, length, 1, 1, c->lines);

    g_assert_cmpstr(whole, ==, c->expected);
    g_assert_cmpstr(trickled, ==, c->expected);
    for (gsize cut = 1; cut < length; cut++) {
        g_autofree char *split = encode_in_pieces(c->text, length, cut, length, c->lines);
        g_assert_cmpstr(split, ==, c->expected);
    }
}

/* RFC 1939, sections 3 and 7, written down line by line. */
static char *
encode_naively(const char *text, guint limit)
{
    GString *wire = g_string_new(NULL);
    gboolean in_header = TRUE;
    guint sent = 0;

    while (*text != '\0' && (in_header || sent < limit)) {
        gsize length = strcspn(text, "\n");
        gboolean ended = text[length] == '\n';
        gsize content = ended && length > 0 && text[length - 1] == '\r' ? length - 1 : length;

        if (content > 0 && text[0] == '.')
            g_string_append_c(wire, '.');
        g_string_append_len(wire, text, (gssize)content);
        g_string_append(wire, "\r\n");
        if (!in_header)
            sent++;
        if (content == 0)
            in_header = FALSE;
        text += length + (ended ? 1 : 0);
    }
    g_string_append(wire, ".\r\n");
    return g_string_free(wire, FALSE);
}

static void
test_random(void)
{
    static const guint limits[] = {ALL, 0, 1, 2, 5};
    g_autoptr(GRand) rand = g_rand_new_with_seed(1939);

    for (guint round = 0; round < 5000; round++) {
        guint limit = limits[round % G_N_ELEMENTS(limits)];
        gsize length = (gsize)g_rand_int_range(rand, 0, 40);
        g_autofree char *text = g_new0(char, length + 1);
        for (gsize i = 0; i < length; i++)
            text[i] = "\n\n\r.a"[g_rand_int_range(rand, 0, 5)];

        g_autofree char *expected = encode_naively(text, limit);
        gsize first = length > 0 ? (gsize)g_rand_int_range(rand, 1, (gint)length + 1) : 0;
        gsize step = (gsize)g_rand_int_range(rand, 1, 8);
        g_autofree char *found = encode_in_pieces(text, length, first, step, limit);
        g_assert_cmpstr(found, ==, expected);
    }
}

static int
file_with(const char *text, gsize length)
{
    int fd = memfd_create("body", MFD_CLOEXEC);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, text, length), ==, (gssize)length);
    return fd;
}

/* All that a source gives; NULL when it breaks. */
static char *
drain(Source *source)
{
    Buffer output = {0};
    SourceResult result = SOURCE_MORE;

    if (source->left > 0) {
        char *room = buffer_reserve(&output, source->left);
        gssize got = pread(source->fd, room, source->left, (off_t)source->offset);
        g_assert_cmpint(got, ==, (gssize)source->left);
        buffer_added(&output, (gsize)got);
    }
    while (result == SOURCE_MORE)
        result = source->fill(source, &output);
    char *wire =
        result == SOURCE_DONE ? g_strndup(buffer_head(&output), buffer_length(&output)) : NULL;
    source->free(source);
    buffer_wipe(&output);
    return wire;
}

/* Long enough for several blocks and for sendfile(). */
static char *
long_message(const char *line_end)
{
    GString *text = g_string_new("Subject: x");

    g_string_append(text, line_end);
    g_string_append(text, line_end);
    for (guint i = 0; i < 20000; i++)
        g_string_append_printf(text, "line %u%s", i, line_end);
    return g_string_free(text, FALSE);
}

static void
test_bodies(void)
{
    g_autofree char *stored = long_message("\n");
    g_autofree char *expected = encode_naively(stored, ALL);
    g_autofree char *top = encode_naively(stored, 3);
    g_autofree char *ready = long_message("\r\n");
    gsize length = strlen(stored);
    g_autoptr(GBytes) bytes = g_bytes_new(stored, length);

    g_autofree char *a = drain(
        body_source_new(pop4_body_new_for_fd(file_with(stored, length), 0, length, 0), ALL));
    g_assert_true(g_str_equal(a, expected));
    g_autofree char *b = drain(body_source_new(pop4_body_new_for_bytes(bytes), ALL));
    g_assert_true(g_str_equal(b, expected));
    g_autofree char *c =
        drain(body_source_new(pop4_body_new_for_fd(file_with(ready, strlen(ready)), 0,
                                                   strlen(ready), POP4_BODY_WIRE_READY),
                              ALL));
    g_assert_true(g_str_equal(c, expected));
    g_autofree char *d =
        drain(body_source_new(pop4_body_new_for_fd(file_with(ready, strlen(ready)), 0,
                                                   strlen(ready), POP4_BODY_WIRE_READY),
                              3));
    g_assert_true(g_str_equal(d, top));
    /* A part of a file: the message "b". */
    g_autofree char *e =
        drain(body_source_new(pop4_body_new_for_fd(file_with("a\nb\nc\n", 6), 2, 2, 0), ALL));
    g_assert_cmpstr(e, ==, "b\r\n.\r\n");
}

/* No client must take half a message for a whole one. */
static void
test_short_files(void)
{
    static const guint flags[] = {0, POP4_BODY_WIRE_READY};

    for (guint i = 0; i < G_N_ELEMENTS(flags); i++) {
        Pop4Body *body = pop4_body_new_for_fd(file_with("a\r\n", 3), 0, 6, flags[i]);
        g_autofree char *wire = drain(body_source_new(body, ALL));
        g_assert_null(wire);
    }
    /* The lines of TOP are there before the place where the file has been cut. */
    Pop4Body *body = pop4_body_new_for_fd(file_with("h\n\na\n", 5), 0, 99, 0);
    g_autofree char *wire = drain(body_source_new(body, 1));
    g_assert_cmpstr(wire, ==, "h\r\n\r\na\r\n.\r\n");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/wire-encoder/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/wire-encoder/random text, as written down line by line", test_random);
    g_test_add_func("/body/files, bytes and parts", test_bodies);
    g_test_add_func("/body/a file that became shorter", test_short_files);
    return g_test_run();
}
