/* The index file: what is written is read back, and nothing else is. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "index.h"

#include "fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "pop4d.index"

static Listing *
some_listing(guint count)
{
    ListingBuilder *builder = listing_builder_new();

    for (guint i = count; i > 0; i--) { /* not in their order */
        g_autofree char *name =
            g_strdup_printf("%u.M%uP1.host:2,%s", i * 3, i, i % 2 ? "S" : "");
        ListingEntry entry = {.octets = 100 + i,
                              .disk_size = 90 + i,
                              .mtime = 1000 + i,
                              .inode = 7 * i,
                              .flags = i % 3 == 0 ? LISTING_WIRE_READY : 0};
        listing_builder_add(builder, name, &entry);
    }
    return listing_builder_finish(builder);
}

static void
assert_same(const Listing *a, const Listing *b)
{
    g_assert_cmpuint(listing_count(a), ==, listing_count(b));
    for (guint i = 0; i < listing_count(a); i++) {
        const ListingEntry *one = listing_get(a, i);
        const ListingEntry *other = listing_get(b, i);
        g_assert_cmpstr(listing_get_name(a, i), ==, listing_get_name(b, i));
        g_assert_cmpuint(one->octets, ==, other->octets);
        g_assert_cmpuint(one->disk_size, ==, other->disk_size);
        g_assert_cmpint(one->mtime, ==, other->mtime);
        g_assert_cmpuint(one->inode, ==, other->inode);
        g_assert_cmpuint(one->flags, ==, other->flags);
    }
}

static void
test_round_trip(void)
{
    for (guint count = 0; count < 40; count++) {
        g_autoptr(Listing) listing = some_listing(count);
        gsize length;
        listing_set_stamp(listing, (ListingStamp){.cur = 5, .new = 6});
        gconstpointer octets = listing_serialise(listing, &length);
        g_autoptr(Listing) found = listing_parse(g_memdup2(octets, length), length);
        g_assert_nonnull(found);
        assert_same(found, listing);
        g_assert_cmpint(listing_get_stamp(found).cur, ==, 5);
        g_assert_cmpint(listing_get_stamp(found).new, ==, 6);
        for (guint i = 0; i < count; i++)
            g_assert_cmpuint(listing_get(found, i)->octets, ==, 101 + i); /* sorted */
    }
}

static void
test_equal(void)
{
    g_autoptr(Listing) listing = some_listing(5);
    g_autoptr(Listing) same = some_listing(5);
    g_autoptr(Listing) more = some_listing(6);
    ListingEntry entry = *listing_get(listing, 0);
    ListingBuilder *other = listing_builder_new();
    ListingBuilder *renamed = listing_builder_new();
    ListingBuilder *grown = listing_builder_new();

    listing_set_stamp(same, (ListingStamp){.cur = 5, .new = 6});
    g_assert_true(listing_equal(listing, same));
    g_assert_false(listing_equal(listing, more));
    listing_builder_add(other, "1.a:2,S", &entry);
    listing_builder_add(renamed, "1.a:2,T", &entry);
    entry.octets++;
    listing_builder_add(grown, "1.a:2,S", &entry);
    g_autoptr(Listing) one = listing_builder_finish(other);
    g_autoptr(Listing) two = listing_builder_finish(renamed);
    g_autoptr(Listing) three = listing_builder_finish(grown);
    g_assert_false(listing_equal(one, two));
    g_assert_false(listing_equal(one, three));
}

/* Every octet, changed in every bit and in all of them. */
static void
test_flipped_octets(void)
{
    static const guchar flips[] = {1, 2, 4, 8, 16, 32, 64, 128, 255};
    g_autoptr(Listing) listing = some_listing(5);
    gsize length;
    const char *octets = listing_serialise(listing, &length);

    for (gsize at = 0; at < length; at++) {
        for (guint i = 0; i < G_N_ELEMENTS(flips); i++) {
            char *damaged = g_memdup2(octets, length);
            damaged[at] ^= (char)flips[i];
            g_autoptr(Listing) found = listing_parse(damaged, length);
            g_assert_null(found);
        }
    }
}

static void
test_cut_and_longer(void)
{
    g_autoptr(Listing) listing = some_listing(5);
    gsize length;
    const char *octets = listing_serialise(listing, &length);

    for (gsize cut = 0; cut < length; cut++) {
        char *damaged = g_malloc(MAX(cut, 1));
        memcpy(damaged, octets, cut);
        g_assert_null(listing_parse(damaged, cut));
    }
    for (gsize more = 1; more < 64; more++) {
        char *damaged = g_malloc0(length + more);
        memcpy(damaged, octets, length);
        g_assert_null(listing_parse(damaged, length + more));
    }
}

static void
test_garbage(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1939);

    for (guint round = 0; round < 2000; round++) {
        gsize length = (gsize)g_rand_int_range(rand, 0, 300);
        guchar *octets = g_malloc(MAX(length, 1));
        for (gsize i = 0; i < length; i++)
            octets[i] = (guchar)g_rand_int_range(rand, 0, 256);
        g_assert_null(listing_parse(octets, length));
    }
}

static void
test_file(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, FILE_NAME, NULL);
    g_autoptr(Listing) listing = some_listing(20);

    g_assert_null(index_read(maildir));
    g_assert_true(index_write(maildir, listing, (ListingStamp){.cur = 5, .new = 6}));
    g_autoptr(Listing) found = index_read(maildir);
    g_assert_nonnull(found);
    assert_same(found, listing);
    g_assert_cmpint(listing_get_stamp(found).cur, ==, 5);
    index_remove(maildir);
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_null(index_read(maildir));
    maildir_free(maildir);
}

/* A change within the grain of the clock would not show in the time of the folder. */
static void
test_unsure_stamp(void)
{
    char *maildir = maildir_new();
    g_autoptr(Listing) listing = some_listing(1);
    gint64 now = g_get_real_time() * 1000;

    g_assert_true(index_write(maildir, listing, (ListingStamp){.cur = now, .new = 6}));
    g_autoptr(Listing) found = index_read(maildir);
    g_assert_cmpint(listing_get_stamp(found).cur, ==, 0);
    g_assert_true(
        index_write(maildir, listing, (ListingStamp){.cur = 5, .new = G_MAXINT64 / 2}));
    g_autoptr(Listing) never = index_read(maildir);
    g_assert_cmpint(listing_get_stamp(never).cur, ==, 5);
    g_assert_cmpint(listing_get_stamp(never).new, ==, 0);
    maildir_free(maildir);
}

/* Neither followed nor waited for. */
static void
test_no_file(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, FILE_NAME, NULL);
    g_autofree char *other = maildir_path(maildir, "other", NULL);
    g_autoptr(Listing) listing = some_listing(3);

    g_assert_true(index_write(maildir, listing, (ListingStamp){.cur = 5, .new = 6}));
    g_assert_cmpint(g_rename(path, other), ==, 0);
    g_assert_cmpint(symlink(other, path), ==, 0);
    g_assert_null(index_read(maildir));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    g_assert_null(index_read(maildir));
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_mkdir(path, 0700), ==, 0);
    g_assert_null(index_read(maildir));
    g_assert_false(index_write(maildir, listing, (ListingStamp){.cur = 5, .new = 6}));
    maildir_free(maildir);
}

/* On a disk that is full what was there stays whole, and no half of a file is left. */
static void
test_no_room(void)
{
    char *maildir = maildir_new();
    g_autofree char *temporary = maildir_path(maildir, FILE_NAME ".tmp", NULL);
    g_autoptr(Listing) old = some_listing(3);
    g_autoptr(Listing) larger = some_listing(20);

    g_assert_true(index_write(maildir, old, (ListingStamp){.cur = 5, .new = 6}));
    maildir_limit_files(64);
    gboolean written = index_write(maildir, larger, (ListingStamp){.cur = 5, .new = 6});
    int reason = errno;
    maildir_limit_files(G_MAXUINT64);
    g_assert_false(written);
    g_assert_cmpint(reason, ==, EFBIG);
    g_autoptr(Listing) found = index_read(maildir);
    g_assert_nonnull(found);
    assert_same(found, old);
    g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/listing/round trip", test_round_trip);
    g_test_add_func("/maildir/listing/equal", test_equal);
    g_test_add_func("/maildir/listing/every octet changed", test_flipped_octets);
    g_test_add_func("/maildir/listing/cut short and longer", test_cut_and_longer);
    g_test_add_func("/maildir/listing/garbage", test_garbage);
    g_test_add_func("/maildir/index/file", test_file);
    g_test_add_func("/maildir/index/a stamp that is too young", test_unsure_stamp);
    g_test_add_func("/maildir/index/something else of that name", test_no_file);
    g_test_add_func("/maildir/index/no room", test_no_room);
    return g_test_run();
}
