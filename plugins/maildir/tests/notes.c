/* The notes of a folder: what is kept is found again, for that message and no other, and a file
 * that is spoilt or full costs notes, nothing else. */
/* SPDX-License-Identifier: MIT */

#include "notes.h"

#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static const NoteKey some = {"kind", "1.a", 1000};

static void
keep(const char *maildir, const NoteKey *key, const char *text)
{
    g_autoptr(GBytes) note = g_bytes_new(text, strlen(text));

    notes_add(maildir, key, note);
}

/* @text: (nullable) */
static void
assert_note(const char *maildir, const NoteKey *key, const char *text)
{
    g_autoptr(GBytes) found = notes_find(maildir, key);

    if (text == NULL)
        g_assert_null(found);
    else {
        g_autoptr(GBytes) expected = g_bytes_new(text, strlen(text));
        g_assert_nonnull(found);
        g_assert_true(g_bytes_equal(found, expected));
    }
}

static void
test_round_trip(void)
{
    char *maildir = maildir_new();
    const NoteKey other_name = {"kin", "d1.a", 1000}, other_uid = {"kind", "1.ab", 1000},
                  other_time = {"kind", "1.a", 1001};

    assert_note(maildir, &some, NULL);
    keep(maildir, &some, "one");
    keep(maildir, &other_uid, "");
    assert_note(maildir, &some, "one");
    assert_note(maildir, &other_uid, "");
    assert_note(maildir, &other_name, NULL);
    assert_note(maildir, &other_time, NULL);
    keep(maildir, &other_time, "two");
    assert_note(maildir, &other_time, "two");
    maildir_free(maildir);
}

static void
test_bounds(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, "", "pop4d.notes");
    g_autofree char *large = g_strnfill(60000, 'x'), *too_large = g_strnfill(70000, 'x');
    GStatBuf status;

    keep(maildir, &some, too_large);
    assert_note(maildir, &some, NULL);
    for (int i = 0; i < 100; i++) {
        g_autofree char *uid = g_strdup_printf("%d.a", i);
        const NoteKey key = {"kind", uid, i};
        keep(maildir, &key, large);
        assert_note(maildir, &key, large);
    }
    g_assert_cmpint(g_stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_size, <=, 1 << 20);
    g_assert_cmpint(status.st_size, >, 1 << 19);
    assert_note(maildir, &(const NoteKey){"kind", "0.a", 0}, NULL);
    assert_note(maildir, &(const NoteKey){"kind", "95.a", 95}, large);
    maildir_free(maildir);
}

/* Whatever lies there, the next note is kept, and found. */
static void
test_spoilt(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, "", "pop4d.notes");
    g_autofree char *octets = NULL;
    gsize length;

    keep(maildir, &some, "one");
    g_assert_true(g_file_get_contents(path, &octets, &length, NULL));
    for (gsize cut = 0; cut < length; cut++) {
        g_assert_true(g_file_set_contents(path, octets, (gssize)cut, NULL));
        assert_note(maildir, &some, NULL);
        keep(maildir, &some, "two");
        assert_note(maildir, &some, "two");
    }
    for (gsize at = 0; at < length; at++) {
        octets[at] = (char)(octets[at] ^ 0xff);
        g_assert_true(g_file_set_contents(path, octets, (gssize)length, NULL));
        octets[at] = (char)(octets[at] ^ 0xff);
        const NoteKey later = {"kind", "2.b", 1};
        keep(maildir, &later, "two");
        assert_note(maildir, &later, "two");
    }
    maildir_free(maildir);
}

/* A folder in the file's place: nothing is kept, and nothing breaks. */
static void
test_no_file(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, "", "pop4d.notes");

    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    keep(maildir, &some, "one");
    assert_note(maildir, &some, NULL);
    g_assert_cmpint(g_rmdir(path), ==, 0);
    maildir_limit_files(16);
    keep(maildir, &some, "one");
    maildir_limit_files(G_MAXUINT64);
    assert_note(maildir, &some, NULL);
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/notes/round trip", test_round_trip);
    g_test_add_func("/maildir/notes/bounds", test_bounds);
    g_test_add_func("/maildir/notes/spoilt", test_spoilt);
    g_test_add_func("/maildir/notes/no file, no room", test_no_file);
    return g_test_run();
}
