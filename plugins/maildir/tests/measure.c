/* The octets of messages on the wire, counted as they lie on disk. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "measure.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define BLOCK 65536

static int
file_with(const char *text, gsize length)
{
    int fd = memfd_create("message", MFD_CLOEXEC);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(write(fd, text, length), ==, (gssize)length);
    return fd;
}

/* Octet by octet, as RFC 1939, section 11 counts. */
static Measure
count_naively(const char *text, gsize length)
{
    Measure count = {.octets = length, .wire_ready = TRUE};

    for (gsize i = 0; i < length; i++) {
        gboolean starts_line = i == 0 || text[i - 1] == '\n';
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) {
            count.octets++;
            count.wire_ready = FALSE;
        }
        if (text[i] == '.' && starts_line)
            count.wire_ready = FALSE;
    }
    if (length > 0 && text[length - 1] != '\n') {
        count.octets += 2;
        count.wire_ready = FALSE;
    }
    return count;
}

static void
check(const char *text, gsize length)
{
    Measure expected = count_naively(text, length);
    Measure found = {0};
    int fd = file_with(text, length);

    g_assert_true(measure_file(fd, &found));
    g_assert_cmpuint(found.octets, ==, expected.octets);
    g_assert_cmpint(found.wire_ready, ==, expected.wire_ready);
    close(fd);
}

static void
test_cases(void)
{
    static const struct {
        const char *text;
        gsize length;
        guint64 octets;
        gboolean wire_ready;
    } cases[] = {
        {"", 0, 0, TRUE},
        {"a\r\nb\r\n", 6, 6, TRUE},
        {"a\nb\n", 4, 6, FALSE},
        {"a\r\nb\n", 5, 6, FALSE},
        {"a\rb\r\n", 5, 5, TRUE},
        {"a\r", 2, 4, FALSE},
        {"a\r\n\r\nb", 6, 8, FALSE},
        {"\n", 1, 2, FALSE},
        {"\r\n", 2, 2, TRUE},
        {".\r\n", 3, 3, FALSE},
        {"a\r\n.b\r\n", 7, 7, FALSE},
        {"a.\r\n", 4, 4, TRUE},
        {"a\r.\r\n", 5, 5, TRUE},
        {"a\0b\r\n", 5, 5, TRUE},
        {"\0", 1, 3, FALSE},
    };

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        Measure found = {0};
        int fd = file_with(cases[i].text, cases[i].length);
        g_assert_true(measure_file(fd, &found));
        g_assert_cmpuint(found.octets, ==, cases[i].octets);
        g_assert_cmpint(found.wire_ready, ==, cases[i].wire_ready);
        close(fd);
        check(cases[i].text, cases[i].length);
    }
}

/* Line ends and dots around the place where a block of the reader ends. */
static void
test_blocks(void)
{
    static const char *const pieces[] = {"\r\n",  "\n", "\r",     "\n.",
                                         "\r\n.", ".",  "\r\r\n", "\n\n"};

    for (guint i = 0; i < G_N_ELEMENTS(pieces); i++) {
        for (gsize at = BLOCK - 4; at <= BLOCK + 2; at++) {
            g_autoptr(GString) text = g_string_new(NULL);
            g_autofree char *filler = g_strnfill(at, 'x');
            g_string_append(text, filler);
            g_string_append(text, pieces[i]);
            check(text->str, text->len);
            g_string_append(text, "\r\n");
            check(text->str, text->len);
            g_string_append(text, filler);
            g_string_append(text, ".\r\n");
            check(text->str, text->len);
        }
    }
}

static void
test_random(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1939);

    for (guint round = 0; round < 400; round++) {
        gsize length = round % 40 == 0 ? BLOCK + (gsize)g_rand_int_range(rand, -3, 70000)
                                       : (gsize)g_rand_int_range(rand, 0, 40);
        g_autofree char *text = g_malloc(length + 1);
        gint letters = g_rand_int_range(rand, 2, 7);
        for (gsize i = 0; i < length; i++)
            text[i] = "\r\n.a\0b"[g_rand_int_range(rand, 0, MIN(letters, 6))];
        check(text, length);
    }
}

/* A size that others vouch for: only the last line end has to be looked at. */
static void
test_believe(void)
{
    static const struct {
        const char *text;
        guint64 claimed, octets;
    } cases[] = {{"", 0, 0}, {"a\nb\n", 6, 6}, {"a\nb", 4, 6}, {"a\r\n", 3, 3}, {"a\r", 2, 4}};

    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        gsize length = strlen(cases[i].text);
        Measure found = {0};
        int fd = file_with(cases[i].text, length);
        g_assert_true(measure_believe(fd, length, cases[i].claimed, &found));
        g_assert_cmpuint(found.octets, ==, cases[i].octets);
        g_assert_cmpuint(found.octets, ==, count_naively(cases[i].text, length).octets);
        g_assert_false(found.wire_ready);
        close(fd);
    }
}

static void
test_unreadable(void)
{
    Measure found = {.octets = 4711};
    int ends[2];

    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_false(measure_file(ends[0], &found));
    g_assert_false(measure_believe(ends[0], 5, 5, &found));
    g_assert_cmpuint(found.octets, ==, 4711);
    close(ends[0]);
    close(ends[1]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/measure/line ends and dots", test_cases);
    g_test_add_func("/maildir/measure/ends of blocks", test_blocks);
    g_test_add_func("/maildir/measure/random text", test_random);
    g_test_add_func("/maildir/measure/sizes of others", test_believe);
    g_test_add_func("/maildir/measure/what cannot be read", test_unreadable);
    return g_test_run();
}
