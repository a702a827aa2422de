/* Whatever comes in whatever pieces: lines within their limit, data that reads the same, and an
 * encoded text that decodes to itself. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "body.h"
#include "dot-reader.h"
#include "line-reader.h"

#include <pop4/reply.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

/* The pieces the input comes in: sizes from its own first octet. */
static gsize
next_piece(guint8 seed, gsize at, gsize size)
{
    return MIN(size - at, 1 + (seed * 31 + at * 7) % 13);
}

static void
check_lines(const char *text, gsize size, guint8 seed, gsize limit)
{
    LineReader reader = {0};
    Buffer input = {0};
    char *line;
    gsize length;

    for (gsize at = 0; at < size;) {
        gsize piece = next_piece(seed, at, size);
        buffer_append(&input, text + at, piece);
        at += piece;
        LineResult result;
        while ((result = line_reader_next(&reader, &input, limit, &line, &length)) !=
               LINE_NONE) {
            if (result != LINE_READY)
                continue;
            g_assert(length < limit);
            g_assert(strlen(line) == length);
            g_assert(strchr(line, '\n') == NULL);
        }
        g_assert(buffer_length(&input) < limit);
    }
    buffer_wipe(&input);
}

static void
append(gpointer data, const char *octets, gsize length)
{
    g_string_append_len(data, octets, (gssize)length);
}

/* What the encoder makes of a text, a client reads back with CRLF line ends and nothing else.
 */
static void
check_encoder(const char *text, gsize size, guint8 seed)
{
    WireEncoder encoder;
    DotReader reader;
    Buffer wire = {0};
    g_autoptr(GString) back = g_string_new(NULL);
    g_autoptr(GString) expected = g_string_new(NULL);
    gboolean whole;

    wire_encoder_init(&encoder, POP4_ALL_LINES);
    for (gsize at = 0; at < size;) {
        gsize piece = next_piece(seed, at, size);
        wire_encoder_add(&encoder, text + at, piece, &wire);
        at += piece;
    }
    wire_encoder_end(&encoder, &wire);

    for (gsize i = 0; i < size; i++) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
            g_string_append_c(expected, '\r');
        g_string_append_c(expected, text[i]);
    }
    if (size > 0 && text[size - 1] != '\n')
        g_string_append(expected, "\r\n");

    dot_reader_init(&reader);
    gsize used = dot_reader_feed(&reader, buffer_head(&wire), buffer_length(&wire), append,
                                 back, &whole);
    g_assert(whole && used == buffer_length(&wire));
    g_assert(g_string_equal(back, expected));
    buffer_wipe(&wire);
}

/* The same octets in one piece and in many. */
static void
check_dot_reader(const char *text, gsize size, guint8 seed)
{
    DotReader once, often;
    g_autoptr(GString) first = g_string_new(NULL);
    g_autoptr(GString) second = g_string_new(NULL);
    gboolean whole_once, whole_often = FALSE;
    gsize used = 0;

    dot_reader_init(&once);
    dot_reader_init(&often);
    gsize expected = dot_reader_feed(&once, text, size, append, first, &whole_once);
    while (used < size && !whole_often)
        used += dot_reader_feed(&often, text + used, next_piece(seed, used, size), append,
                                second, &whole_often);
    g_assert(used == expected);
    g_assert(size == 0 || whole_once == whole_often);
    g_assert(g_string_equal(first, second));
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    if (size < 1)
        return 0;
    g_autofree char *text = g_memdup2(octets + 1, size - 1);

    check_lines(text, size - 1, octets[0], 512);
    check_lines(text, size - 1, octets[0], 8);
    check_dot_reader(text, size - 1, octets[0]);
    check_encoder(text, size - 1, octets[0]);
    return 0;
}
