/* Open Maildirs while an MTA, an IMAP server and accidents are at work beside us. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pop4/error.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether message @number is given, or refused in the way of something that changed. */
static gboolean
opens(Drop *drop, guint number)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Body) body = drop_open_body(drop, number, &error);

    if (body == NULL)
        g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    else
        g_assert_no_error(error);
    return body != NULL;
}

static void
assert_listed(const char *maildir, const char *expected)
{
    g_autoptr(Drop) drop = maildir_open(maildir);
    g_autofree char *found = maildir_list(drop);

    g_assert_cmpstr(found, ==, expected);
}

static void
test_messages(void)
{
    char *maildir = maildir_new();

    maildir_deliver(maildir, "new", "2.b", "a\n");
    maildir_deliver(maildir, "cur", "1.a:2,S", "a\r\nb\r\n");
    maildir_deliver(maildir, "new", "10.c", "");
    maildir_deliver(maildir, "new", "3.d e", "x");
    maildir_deliver(maildir, "tmp", "4.t", "not delivered\n");
    maildir_deliver(maildir, "cur", ".hidden", "no message\n");
    assert_listed(maildir, "6 1.a;3 2.b;3 "
                           "c111cb375943b0b79641f15cd1ec28820917278b80da340b5e74ab6d7ee976b9;"
                           "0 10.c;");
    maildir_free(maildir);
}

/* Twice from the folders, then from an index that is sure. */
static void
test_index_is_used(void)
{
    char *maildir = maildir_new();

    maildir_deliver(maildir, "new", "1.a", "one\n");
    assert_listed(maildir, "5 1.a;");
    maildir_age(maildir);
    assert_listed(maildir, "5 1.a;");
    maildir_age(maildir);
    assert_listed(maildir, "5 1.a;");
    maildir_deliver(maildir, "new", "2.b", "two\n\n");
    assert_listed(maildir, "5 1.a;7 2.b;");
    maildir_deliver(maildir, "cur", "0.z:2,", "zero\n");
    assert_listed(maildir, "6 0.z;5 1.a;7 2.b;");
    maildir_remove(maildir, "1.a:2,");
    assert_listed(maildir, "6 0.z;7 2.b;");
    maildir_rename(maildir, "2.b:2,", "2.b:2,FS");
    assert_listed(maildir, "6 0.z;7 2.b;");
    maildir_free(maildir);
}

static guint64
index_inode(const char *maildir)
{
    g_autofree char *path = maildir_path(maildir, "pop4d.index", NULL);
    struct stat status;

    g_assert_cmpint(stat(path, &status), ==, 0);
    return status.st_ino;
}

/* A change within the grain of the clock leaves the folder's time as it was. */
static void
test_same_time(void)
{
    char *maildir = maildir_new();
    g_autofree char *cur = maildir_path(maildir, "cur", NULL);
    struct stat status;

    maildir_deliver(maildir, "cur", "1.a:2,", "one\n");
    maildir_deliver(maildir, "cur", "2.b:2,", "two\n");
    drop_close(maildir_open(maildir));
    g_assert_cmpint(stat(cur, &status), ==, 0);
    const struct timespec times[] = {status.st_atim, status.st_mtim};
    maildir_deliver(maildir, "cur", "3.c:2,", "three\n");
    maildir_rename(maildir, "1.a:2,", "1.a:2,S");
    maildir_remove(maildir, "2.b:2,");
    g_assert_cmpint(utimensat(AT_FDCWD, cur, times, 0), ==, 0);
    assert_listed(maildir, "5 1.a;7 3.c;");
    maildir_free(maildir);
}

/* Written when it would say something new, and only then. */
static void
test_index_is_kept(void)
{
    char *maildir = maildir_new();
    g_autofree char *folder = maildir_path(maildir, "cur", "0.folder:2,");

    maildir_deliver(maildir, "cur", "1.a:2,", "one\n");
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0); /* left out: never sure */
    drop_close(maildir_open(maildir));
    guint64 first = index_inode(maildir);
    maildir_age(maildir);
    drop_close(maildir_open(maildir));
    g_assert_cmpuint(index_inode(maildir), ==, first);
    maildir_rename(maildir, "1.a:2,", "1.a:2,S");
    drop_close(maildir_open(maildir));
    guint64 second = index_inode(maildir);
    g_assert_cmpuint(second, !=, first);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    maildir_age(maildir);
    drop_close(maildir_open(maildir)); /* sure from here on */
    g_assert_cmpuint(index_inode(maildir), !=, second);
    maildir_free(maildir);
}

/* Whatever has become of the file: the same messages, and a whole index again. */
static void
test_damaged_index(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, "pop4d.index", NULL);
    g_autofree char *whole = NULL;
    gsize length;

    maildir_deliver(maildir, "cur", "1.a:2,", "one\n");
    maildir_deliver(maildir, "cur", "2.b:2,", ".two\n\n");
    maildir_age(maildir);
    assert_listed(maildir, "5 1.a;8 2.b;");
    g_assert_true(g_file_get_contents(path, &whole, &length, NULL));
    for (gsize at = 0; at < length; at++) {
        g_autofree char *damaged = g_memdup2(whole, length);
        g_autofree char *mended = NULL;
        damaged[at] ^= 0x41;
        for (guint cut = 0; cut < 2; cut++) {
            g_assert_true(g_file_set_contents_full(path, damaged, (gssize)(cut ? at : length),
                                                   G_FILE_SET_CONTENTS_NONE, 0600, NULL));
            assert_listed(maildir, "5 1.a;8 2.b;");
        }
        g_assert_true(g_file_get_contents(path, &mended, NULL, NULL));
        g_assert_cmpmem(mended, length, whole, length);
    }
    maildir_free(maildir);
}

/* What others do within a session: numbers stay, and nothing is given for something else. */
static void
test_beside_us(void)
{
    char *maildir = maildir_new();

    maildir_deliver(maildir, "new", "1.a", "one\n");
    maildir_deliver(maildir, "new", "2.b", "two\n");
    maildir_deliver(maildir, "new", "3.c", "three\n");
    g_autoptr(Drop) drop = maildir_open(maildir);
    maildir_deliver(maildir, "new", "0.n", "new\n");
    maildir_rename(maildir, "1.a:2,", "1.a,S=4:2,S");
    maildir_remove(maildir, "2.b:2,");
    g_autofree char *list = maildir_list(drop);
    g_assert_cmpstr(list, ==, "5 1.a;5 2.b;7 3.c;");
    g_assert_true(opens(drop, 1));
    g_assert_false(opens(drop, 2));
    g_assert_true(opens(drop, 3));
    drop_close(g_steal_pointer(&drop));
    assert_listed(maildir, "5 0.n;5 1.a;7 3.c;");
    maildir_free(maildir);
}

static void
write_over(const char *maildir, const char *name, const char *text)
{
    g_autofree char *path = maildir_path(maildir, "cur", name);
    FILE *file = g_fopen(path, "r+");

    g_assert_nonnull(file);
    g_assert_cmpint(ftruncate(fileno(file), 0), ==, 0);
    fputs(text, file);
    g_assert_cmpint(fclose(file), ==, 0);
}

/* Nobody may write to a message, but if somebody does, its announced size is kept or refused.
 */
static void
test_written_over(void)
{
    static const struct {
        const char *text;
        gboolean opens;
    } changes[] = {{"two\n", TRUE}, {"tw\r\n", FALSE}, {"longer\n", FALSE},
                   {"", FALSE},     {".wo\n", TRUE},   {"t\n\n\n", FALSE}};

    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        char *maildir = maildir_new();
        const struct timespec past[] = {{.tv_sec = 5}, {.tv_sec = 5}};
        g_autofree char *path = maildir_path(maildir, "cur", "1.a:2,");
        maildir_deliver(maildir, "cur", "1.a:2,", "one\n");
        g_assert_cmpint(utimensat(AT_FDCWD, path, past, 0), ==, 0);
        g_autoptr(Drop) drop = maildir_open(maildir);
        write_over(maildir, "1.a:2,", changes[i].text);
        g_assert_true(opens(drop, 1) == changes[i].opens);
        drop_close(g_steal_pointer(&drop));
        /* After a refusal the next session knows better. */
        g_autofree char *wire = maildir_wire(changes[i].text);
        g_autofree char *expected = g_strdup_printf("%zu 1.a;", strlen(wire));
        assert_listed(maildir, expected);
        maildir_free(maildir);
    }
}

/* Times that somebody has set back: what is listed can be out of date, a body never is. */
static void
test_equal_times(void)
{
    char *maildir = maildir_new();

    maildir_deliver(maildir, "new", "1.a", "one\n");
    maildir_deliver(maildir, "new", "2.b", "two\n");
    drop_close(maildir_open(maildir));
    maildir_age(maildir);
    drop_close(maildir_open(maildir)); /* the index is sure from here on */
    maildir_remove(maildir, "1.a:2,");
    maildir_deliver(maildir, "cur", "1.a:2,S", "another message\n");
    maildir_rename(maildir, "2.b:2,", "2.b:2,S");
    maildir_deliver(maildir, "cur", "3.c:2,", "three\n");
    maildir_age(maildir);

    g_autoptr(Drop) drop = maildir_open(maildir);
    for (guint number = 1; number <= drop_count(drop); number++) {
        static const struct {
            const char *uid;
            guint64 size;
        } now[] = {{"1.a", 17}, {"2.b", 5}, {"3.c", 7}};
        if (!opens(drop, number))
            continue;
        for (guint i = 0; i < G_N_ELEMENTS(now); i++) {
            if (g_str_equal(drop_uid(drop, number), now[i].uid))
                g_assert_cmpuint(drop_size(drop, number), ==, now[i].size);
        }
    }
    g_assert_true(opens(drop, drop_count(drop) >= 2 ? 2 : 1));
    drop_close(g_steal_pointer(&drop));
    assert_listed(maildir, "17 1.a;5 2.b;7 3.c;"); /* the refusal has thrown the index away */
    maildir_free(maildir);
}

/* ",W=" only where ",S=" is the size on disk. */
static void
test_sizes_in_names(void)
{
    char *maildir = maildir_new();

    maildir_deliver(maildir, "cur", "1.a,S=4,W=6:2,", "a\nb\n");
    maildir_deliver(maildir, "cur", "2.b,S=3,W=99:2,", "a\nb\n");
    maildir_deliver(maildir, "cur", "3.c,W=99:2,", "a\nb\n");
    maildir_deliver(maildir, "cur", "4.d,S=4,W=99:2,", "a\nb\n");
    maildir_deliver(maildir, "cur", "5.e,S=4,W=3:2,", "a\nb\n");
    assert_listed(maildir, "6 1.a;6 2.b;6 3.c;6 4.d;6 5.e;");
    maildir_free(maildir);
}

/* What is no message, or cannot be read, is left out; it costs the others nothing. */
static void
test_unreadable(void)
{
    char *maildir = maildir_new();
    g_autofree char *dangling = maildir_path(maildir, "cur", "1.dangling:2,");
    g_autofree char *link = maildir_path(maildir, "cur", "2.link:2,");
    g_autofree char *folder = maildir_path(maildir, "cur", "3.folder:2,");
    g_autofree char *fifo = maildir_path(maildir, "cur", "4.fifo:2,");

    g_assert_cmpint(symlink("/nonexistent", dangling), ==, 0);
    g_assert_cmpint(symlink("/etc/passwd", link), ==, 0);
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    maildir_deliver(maildir, "cur", "5.e:2,", "five\n");
    for (guint round = 0; round < 3; round++) {
        assert_listed(maildir, "6 5.e;");
        maildir_age(maildir);
    }
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    maildir_deliver(maildir, "cur", "3.folder:2,", "mended\n");
    maildir_age(maildir); /* no sure index as long as something was left out */
    assert_listed(maildir, "8 3.folder;6 5.e;");
    maildir_free(maildir);
}

/* Two files with one unique name: one message, and always the same. */
static void
test_duplicates(void)
{
    char *maildir = maildir_new();

    maildir_deliver(maildir, "cur", "1.a:2,S", "seen\n");
    maildir_deliver(maildir, "cur", "1.a:2,", "one\n");
    maildir_deliver(maildir, "new", "1.a", "new again\n");
    for (guint round = 0; round < 3; round++) {
        assert_listed(maildir, "5 1.a;");
        maildir_age(maildir);
    }
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/drop/messages", test_messages);
    g_test_add_func("/maildir/drop/the index and what is newer", test_index_is_used);
    g_test_add_func("/maildir/drop/changes within a tick", test_same_time);
    g_test_add_func("/maildir/drop/the index is kept", test_index_is_kept);
    g_test_add_func("/maildir/drop/a damaged index", test_damaged_index);
    g_test_add_func("/maildir/drop/others at work", test_beside_us);
    g_test_add_func("/maildir/drop/messages written over", test_written_over);
    g_test_add_func("/maildir/drop/times set back", test_equal_times);
    g_test_add_func("/maildir/drop/sizes in names", test_sizes_in_names);
    g_test_add_func("/maildir/drop/unreadable messages", test_unreadable);
    g_test_add_func("/maildir/drop/duplicates", test_duplicates);
    return g_test_run();
}
