/* A maildrop on a store: its marks, and views that show a part of it. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "config.h"

#include "maildrop.h"

#include "body.h"
#include "header.h"

#include <pop4/error.h>
#include <pop4/identity.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* The store: message N has the octets and the unique-id of texts[N - 1]. */
static const char *const texts[] = {"1", "22", "333", "4444", "55555"};
static GString *removed; /* what the store was told to remove */
static guint closed;

static gpointer
fake_open(gpointer instance, const Pop4Identity *identity, GError **error)
{
    return (gpointer)texts;
}

static guint
fake_count(gpointer drop)
{
    return G_N_ELEMENTS(texts);
}

static guint64
fake_size(gpointer drop, guint number)
{
    return strlen(texts[number - 1]);
}

static const char *
fake_uid(gpointer drop, guint number)
{
    return texts[number - 1];
}

static Pop4Body *
fake_open_body(gpointer drop, guint number, GError **error)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(texts[number - 1], strlen(texts[number - 1]));

    return pop4_body_new_for_bytes(bytes);
}

static gboolean
fake_remove(gpointer drop, const guint *numbers, guint count, GError **error)
{
    for (guint i = 0; i < count; i++)
        g_string_append_printf(removed, "%u;", numbers[i]);
    return TRUE;
}

static void
fake_close(gpointer drop)
{
    closed++;
}

static const Pop4Store fake_store = {
    .open = fake_open,
    .count = fake_count,
    .size = fake_size,
    .uid = fake_uid,
    .open_body = fake_open_body,
    .remove = fake_remove,
    .close = fake_close,
};
static const Pop4Plugin fake_plugin = {POP4_PLUGIN_ABI, .name = "fake", .store = &fake_store};

static Pop4Maildrop *
open_maildrop(void)
{
    const Extension extension = {.plugin = &fake_plugin};
    g_autoptr(Pop4Identity) identity = pop4_identity_new("tim");

    return maildrop_open(&extension, identity, NULL);
}

/* "number size uid;" of what is not marked, and the totals, which must agree. */
static void
assert_shows(Pop4Maildrop *maildrop, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);
    guint64 octets = 0, told;
    guint unmarked = 0;

    for (guint i = 1; i <= pop4_maildrop_get_count(maildrop); i++) {
        if (pop4_maildrop_is_marked(maildrop, i))
            continue;
        unmarked++;
        octets += pop4_maildrop_get_size(maildrop, i);
        g_string_append_printf(found, "%u %" G_GUINT64_FORMAT " %s;", i,
                               pop4_maildrop_get_size(maildrop, i),
                               pop4_maildrop_get_uid(maildrop, i));
    }
    g_assert_cmpstr(found->str, ==, expected);
    g_assert_cmpuint(pop4_maildrop_get_unmarked(maildrop, &told), ==, unmarked);
    g_assert_cmpuint(told, ==, octets);
}

static void
assert_removes(Pop4Maildrop *maildrop, const char *expected)
{
    guint count;

    removed = g_string_new(NULL);
    g_assert_true(maildrop_commit(maildrop, &count, NULL));
    g_assert_cmpstr(removed->str, ==, expected);
    g_string_free(removed, TRUE);
}

static void
test_whole(void)
{
    g_autoptr(Pop4Maildrop) maildrop = open_maildrop();

    maildrop_settle(maildrop);
    g_assert_true(pop4_maildrop_mark(maildrop, 2, NULL));
    g_assert_false(pop4_maildrop_mark(maildrop, 2, NULL));
    g_assert_false(pop4_maildrop_mark(maildrop, 6, NULL));
    g_assert_false(pop4_maildrop_mark(maildrop, 0, NULL));
    assert_shows(maildrop, "1 1 1;3 3 333;4 4 4444;5 5 55555;");
    pop4_maildrop_unmark_all(maildrop);
    assert_removes(maildrop, "");
    g_assert_true(pop4_maildrop_mark(maildrop, 5, NULL));
    g_assert_true(pop4_maildrop_mark(maildrop, 1, NULL));
    assert_removes(maildrop, "1;5;");
    closed = 0;
    g_clear_pointer(&maildrop, maildrop_close);
    g_assert_cmpuint(closed, ==, 1);
}

/* Everything goes by the new numbers; what is outside cannot be reached. */
static void
test_view(void)
{
    g_autoptr(Pop4Maildrop) maildrop = open_maildrop();
    g_autoptr(GError) error = NULL;

    pop4_maildrop_restrict(maildrop, (const guint[]){2, 3, 5}, 3);
    maildrop_settle(maildrop);
    assert_shows(maildrop, "1 2 22;2 3 333;3 5 55555;");
    g_assert_false(pop4_maildrop_check(maildrop, 4, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_FAILED);
    g_autoptr(Pop4Body) body = pop4_maildrop_open_body(maildrop, 3, NULL);
    g_assert_cmpuint(pop4_body_get_length(body), ==, 5);
    g_assert_cmpuint(body_get_number(body), ==, 3);
    g_assert_true(pop4_maildrop_mark(maildrop, 3, NULL));
    assert_shows(maildrop, "1 2 22;2 3 333;");
    pop4_maildrop_unmark_all(maildrop);
    assert_shows(maildrop, "1 2 22;2 3 333;3 5 55555;");
    g_assert_true(pop4_maildrop_mark(maildrop, 3, NULL));
    g_assert_true(pop4_maildrop_mark(maildrop, 2, NULL));
    assert_removes(maildrop, "3;5;");
}

static void
test_view_of_a_view(void)
{
    g_autoptr(Pop4Maildrop) maildrop = open_maildrop();

    pop4_maildrop_restrict(maildrop, (const guint[]){2, 4, 5}, 3);
    pop4_maildrop_restrict(maildrop, (const guint[]){1, 3}, 2);
    assert_shows(maildrop, "1 2 22;2 5 55555;");
    pop4_maildrop_restrict(maildrop, NULL, 0);
    assert_shows(maildrop, "");
    g_assert_false(pop4_maildrop_check(maildrop, 1, NULL));
    assert_removes(maildrop, "");
}

/* How much of @octets is the header, from memory and from a file, with the octet behind the
 * limit not there at all. */
static void
assert_header(const char *octets, gsize length, gsize limit, gsize expected)
{
    g_autoptr(GBytes) bytes = g_bytes_new(octets, length);
    int fd = memfd_create("message", MFD_CLOEXEC);
    Pop4Body *bodies[] = {pop4_body_new_for_bytes(bytes),
                          pop4_body_new_for_fd(fd, 3, length, 0)};

    g_assert_cmpint(pwrite(fd, octets, length, 3), ==, (gssize)length);
    for (guint i = 0; i < G_N_ELEMENTS(bodies); i++) {
        gsize got;
        g_autofree char *header = header_read(bodies[i], limit, &got);
        g_assert_cmpmem(header, got, octets, expected);
        g_assert_cmpint(header[got], ==, '\0');
        pop4_body_free(bodies[i]);
    }
}

static void
test_headers(void)
{
    static const char nuls[] = "A\0: 1\n\0\n\nbody\n";
    static const struct {
        const char *text;
        gsize limit, expected;
    } messages[] = {
        {"A: 1\nB: 2\n\nbody\n\n", 100, 10},
        {"A: 1\r\nB: 2\r\n\r\nbody\r\n\r\n", 100, 12},
        {"A: 1\nB: 2\n\r\nbody\n", 100, 10},
        {"A: 1\r\n\nbody\n", 100, 6},
        {"A: 1\n\r\r\nB: 2\n\n", 100, 13}, /* CR CR LF is no empty line */
        {"\nbody\n", 100, 0},
        {"\r\nbody\n", 100, 0},
        {"A: 1\nB: 2\n", 100, 10},
        {"A: 1\nB: 2", 100, 9},
        {"A: 1\nB: 2\n\nbody\n", 7, 7},
        {"A: 1\nB: 2\n\nbody\n", 0, 0},
        {"", 100, 0},
        {"\n", 100, 0},
        {"\r", 100, 1},
    };

    for (guint i = 0; i < G_N_ELEMENTS(messages); i++)
        assert_header(messages[i].text, strlen(messages[i].text), messages[i].limit,
                      messages[i].expected);
    assert_header(nuls, sizeof nuls - 1, 100, 8);
}

/* The empty line at each place around the end of a block. */
static void
test_long_headers(void)
{
    for (gsize length = 4085; length <= 4105; length++) {
        for (gsize ends = 1; ends <= 2; ends++) {
            g_autofree char *field = g_strnfill(length, 'x');
            g_autofree char *text =
                g_strconcat(field, ends == 1 ? "\n\nbody\n" : "\r\n\r\nbody", NULL);
            assert_header(text, strlen(text), G_MAXSIZE, length + ends);
            assert_header(text, strlen(text), 4080, 4080);
        }
    }
}

static void
test_unreadable(void)
{
    g_autoptr(Pop4Maildrop) maildrop = open_maildrop();
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Body) body =
        pop4_body_new_for_fd(memfd_create("short", MFD_CLOEXEC), 0, 1, 0);
    gsize length;

    g_assert_null(header_read(body, 100, NULL));
    g_autofree char *header = pop4_maildrop_read_header(maildrop, 3, 100, &length, NULL);
    g_assert_cmpmem(header, length, "333", 3);
    g_assert_null(pop4_maildrop_read_header(maildrop, 6, 100, &length, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_FAILED);
}

static void
refuse(gboolean settled, const guint *numbers, guint count)
{
    g_autoptr(Pop4Maildrop) maildrop = open_maildrop();

    if (settled)
        maildrop_settle(maildrop);
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_CRITICAL, "*assertion*failed*");
    pop4_maildrop_restrict(maildrop, numbers, count);
    g_test_assert_expected_messages();
    g_assert_cmpuint(pop4_maildrop_get_count(maildrop), ==, G_N_ELEMENTS(texts));
}

static void
test_mistakes(void)
{
    refuse(TRUE, (const guint[]){1}, 1);
    refuse(FALSE, (const guint[]){0, 1}, 2);
    refuse(FALSE, (const guint[]){2, 2}, 2);
    refuse(FALSE, (const guint[]){3, 1}, 2);
    refuse(FALSE, (const guint[]){5, 6}, 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildrop/all of it", test_whole);
    g_test_add_func("/maildrop/a view", test_view);
    g_test_add_func("/maildrop/a view of a view", test_view_of_a_view);
    g_test_add_func("/maildrop/headers", test_headers);
    g_test_add_func("/maildrop/headers around a block", test_long_headers);
    g_test_add_func("/maildrop/messages that cannot be read", test_unreadable);
    g_test_add_func("/maildrop/mistakes of a plugin", test_mistakes);
    return g_test_run();
}
