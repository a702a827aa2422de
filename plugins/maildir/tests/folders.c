/* Names of folders, tokens, and the history that those stand for a place in. */
/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fixture.h"
#include "history.h"
#include "layout.h"
#include "token.h"
#include "tree.h"
#include "utf7.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

static void
test_utf7(void)
{
    static const struct {
        const char *text, *encoded;
    } names[] = {
        {"", ""},
        {"Sent Items", "Sent Items"},
        {"&", "&-"},
        {"Q&A", "Q&-A"},
        {"台北", "&U,BTFw-"}, /* RFC 3501, section 5.1.3 */
        {"日本語", "&ZeVnLIqe-"},
        {"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
        {"Entwürfe", "Entw&APw-rfe"},
        {"😀", "&2D3eAA-"},
        {"ä&ö", "&AOQ-&-&APY-"},
        {"\t", "&AAk-"},
    };
    static const char *const wrong[] = {
        "&",     "&U,BTFw", "&AOQ", "&AOR-", "&AGE-",      "\xc3\xa4", "&U,BTFw=-",
        "&2D0-", "&3gA-",   "&A-",  "&AAA-", "&AOQ-&APY-", "&/////w-", "&AOQ AOQ-"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *encoded = utf7_encode(names[i].text);
        g_autofree char *text = utf7_decode(names[i].encoded);
        g_assert_cmpstr(encoded, ==, names[i].encoded);
        g_assert_cmpstr(text, ==, names[i].text);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_null(utf7_decode(wrong[i]));
}

static void
test_layout(void)
{
    static const struct {
        const char *folder, *directory;
    } names[] = {
        {"INBOX", ""},
        {"A", ".A"},
        {"A/B c", ".A.B c"},
        {"Ärger/&", ".&AMQ-rger.&-"},
    };
    static const char *const no_folders[] = {"A",     ".",      "..",     "..A",  ".A.",
                                             ".A..B", ".&AAo-", ".&AC8-", ".\xff"};
    g_autofree char *long_name = g_strnfill(300, 'x');

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *directory = layout_get_directory(names[i].folder, NULL);
        g_assert_cmpstr(directory, ==, names[i].directory);
        if (directory[0] == '\0')
            continue;
        g_autofree char *folder = layout_get_folder(directory);
        g_assert_cmpstr(folder, ==, names[i].folder);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(no_folders); i++)
        g_assert_null(layout_get_folder(no_folders[i]));
    g_autofree char *normal = layout_get_folder(".A&Awg-rger");
    g_assert_cmpstr(normal, ==, "Ärger");
    g_autoptr(GError) error = NULL;
    g_assert_null(layout_get_directory("a.b", &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_FAILED);
    g_clear_error(&error);
    g_assert_null(layout_get_directory(long_name, &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_FAILED);
}

/* Whoever has written a folder's name in another form of Unicode finds it served. */
static void
test_other_form(void)
{
    char *maildir = maildir_new();
    g_autofree char *cur = maildir_path(maildir, ".A&Awg-rger", "cur");
    g_autoptr(GError) error = NULL;

    g_assert_cmpint(g_mkdir_with_parents(cur, 0700), ==, 0);
    g_autofree char *found = layout_find(maildir, "Ärger", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found, ==, ".A&Awg-rger");
    g_assert_null(layout_find(maildir, "Arger", &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_FAILED);
    maildir_free(maildir);
}

static void
test_token(void)
{
    static const char *const wrong[] = {"",
                                        "1",
                                        "1.2",
                                        "1.2.3.4",
                                        "1.2.3 ",
                                        "01.2.3",
                                        "1.2.0x3",
                                        "-1.2.3",
                                        "1.2.",
                                        "1.2.3g",
                                        "1.2.11111111111111111",
                                        " 1.2.3",
                                        "1.2.A"};
    ListingMark mark = {G_MAXUINT64, 72, 0xabc}, found;
    g_autofree char *token = token_new(mark);

    g_assert_cmpstr(token, ==, "ffffffffffffffff.48.abc");
    g_assert_true(token_parse(token, &found));
    g_assert_cmpmem(&mark, sizeof mark, &found, sizeof found);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(token_parse(wrong[i], &found));
}

static void
append(History *history, ListingMark *mark, const char *name, guint count)
{
    g_autoptr(GArray) changes = changes_new();
    ListingEntry entry = {.octets = 10, .disk_size = 9, .inode = 7};

    for (guint i = 0; i < count; i++)
        changes_add(changes, i % 4 == 3 ? CHANGE_GONE : CHANGE_ARRIVED, name, &entry);
    g_assert_true(history_append(history, mark, changes, (ListingStamp){.cur = 3, .new = 4}));
}

static guint
count_since(History *history, ListingMark mark, ListingMark *end_out)
{
    g_autoptr(GArray) changes = changes_new();
    ListingStamp stamp = {0};

    if (!history_read(history, &mark, changes, &stamp))
        return G_MAXUINT;
    g_assert_true(stamp.new == 0 || stamp.new == 4);
    *end_out = mark;
    return changes->len;
}

static void
test_history(void)
{
    char *maildir = maildir_new();
    g_autoptr(History) history = history_begin(maildir, HISTORY_NAME);
    ListingMark start = history_get_start(history), middle = start, end, found;

    append(history, &middle, "1.a:2,", 1);
    end = middle;
    append(history, &end, "2.b:2,S", 2);
    g_assert_true(history_sync(history));
    g_autoptr(History) again = history_open(maildir, HISTORY_NAME);
    g_assert_cmpuint(count_since(again, start, &found), ==, 3);
    g_assert_cmpmem(&found, sizeof found, &end, sizeof end);
    g_assert_cmpuint(count_since(again, middle, &found), ==, 2);
    g_assert_cmpuint(count_since(again, end, &found), ==, 0);

    /* Places that are none, and those of another history that went the same way. */
    ListingMark other = middle;
    other.chain++;
    g_assert_cmpuint(count_since(again, other, &found), ==, G_MAXUINT);
    other = middle;
    other.position += 8;
    g_assert_cmpuint(count_since(again, other, &found), ==, G_MAXUINT);
    other.position = end.position + 800;
    g_assert_cmpuint(count_since(again, other, &found), ==, G_MAXUINT);
    g_autoptr(History) fresh = history_begin(maildir, HISTORY_NAME);
    ListingMark place = history_get_start(fresh);
    append(fresh, &place, "1.a:2,", 1);
    g_assert_cmpuint(place.position, ==, middle.position);
    g_assert_cmpuint(count_since(fresh, middle, &found), ==, G_MAXUINT);
    maildir_free(maildir);
}

/* A mailbox put back from a copy, in which other things happen then. */
static void
test_restored(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = g_strconcat(maildir, HISTORY_NAME, NULL);
    g_autofree char *copy = NULL;
    gsize length;
    ListingMark mark, lost, found;

    History *history = history_begin(maildir, HISTORY_NAME);
    mark = history_get_start(history);
    append(history, &mark, "1.a:2,", 1);
    g_assert_true(g_file_get_contents(path, &copy, &length, NULL));
    lost = mark;
    append(history, &lost, "2.b:2,", 1);
    history_close(history);
    g_assert_true(g_file_set_contents(path, copy, (gssize)length, NULL));
    g_autoptr(History) back = history_open(maildir, HISTORY_NAME);
    g_assert_cmpuint(count_since(back, lost, &found), ==, G_MAXUINT);
    ListingMark now = mark;
    append(back, &now, "3.c:2,", 1);
    g_assert_cmpuint(now.position, ==, lost.position);
    g_assert_cmpuint(count_since(back, lost, &found), ==, G_MAXUINT);
    g_assert_cmpuint(count_since(back, mark, &found), ==, 1);
    maildir_free(maildir);
}

/* Every octet, changed: what is read is a beginning of what was written, or nothing. */
static void
test_damage(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = g_strconcat(maildir, HISTORY_NAME, NULL);
    g_autofree char *whole = NULL;
    gsize length;

    History *history = history_begin(maildir, HISTORY_NAME);
    ListingMark start = history_get_start(history), end = start, found;
    append(history, &end, "1.a:2,", 3);
    history_close(history);
    g_assert_true(g_file_get_contents(path, &whole, &length, NULL));
    for (gsize at = 0; at < length; at++) {
        g_autofree char *damaged = g_memdup2(whole, length);
        damaged[at] ^= 0x55;
        g_assert_true(g_file_set_contents(path, damaged, (gssize)length, NULL));
        g_autoptr(History) opened = history_open(maildir, HISTORY_NAME);
        guint count = opened != NULL ? count_since(opened, start, &found) : G_MAXUINT;
        g_assert_true(count < 3 || count == G_MAXUINT || found.position < end.position);
    }
    for (gsize cut = 0; cut < length; cut++) {
        g_assert_true(g_file_set_contents(path, whole, (gssize)cut, NULL));
        g_autoptr(History) opened = history_open(maildir, HISTORY_NAME);
        if (opened == NULL || count_since(opened, start, &found) == G_MAXUINT)
            continue;
        g_assert_cmpuint(found.position, <, end.position);
        /* What is left half written does not stand in the way of what comes. */
        append(opened, &found, "9.z:2,", 1);
        g_assert_cmpuint(count_since(opened, start, &found), >=, 1);
    }
    maildir_free(maildir);
}

static void
test_bounded(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = g_strconcat(maildir, HISTORY_NAME, NULL);
    g_autoptr(History) history = history_begin(maildir, HISTORY_NAME);
    ListingMark start = history_get_start(history), end = start, late = start, found;
    GStatBuf status;

    while (end.position < (16u << 20)) {
        late = end;
        append(history, &end, "1700000000.M000001P1.a-host-name.example.org:2,", 500);
        g_assert_cmpint(g_stat(path, &status), ==, 0);
        g_assert_cmpint(status.st_size, <, 5 << 20);
    }
    g_assert_cmpuint(count_since(history, start, &found), ==, G_MAXUINT);
    g_assert_cmpuint(count_since(history, late, &found), ==, 500);
    g_autoptr(History) again = history_open(maildir, HISTORY_NAME);
    g_assert_cmpuint(count_since(again, late, &found), ==, 500);
    g_assert_cmpmem(&found, sizeof found, &end, sizeof end);
    maildir_free(maildir);
}

/* What cannot be carried out is tried again, and no other plan takes its place. */
static void
test_stuck_plan(void)
{
    char *maildir = maildir_new();
    g_autofree char *path = maildir_path(maildir, "", "pop4d.rename");
    g_autofree char *long_name = g_strnfill(300, 'x');
    g_autofree char *plan = g_strdup_printf(".A/.B\n.C/.%s\n", long_name);
    g_autoptr(GError) error = NULL;
    g_autoptr(Drop) drop = maildir_open(maildir);

    g_assert_true(tree_create(drop, "A", NULL));
    g_assert_true(tree_create(drop, "C", NULL));
    g_assert_true(g_file_set_contents(path, plan, -1, NULL));
    tree_recover(maildir);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_false(tree_rename(drop, "B", "D", &error));
    g_assert_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY);
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_true(tree_rename(drop, "B", "D", NULL)); /* so far it was carried out */
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    g_clear_pointer(&drop, drop_close);
    maildir_free(maildir);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/folders/modified UTF-7", test_utf7);
    g_test_add_func("/maildir/folders/directories", test_layout);
    g_test_add_func("/maildir/folders/a name that is not in NFC", test_other_form);
    g_test_add_func("/maildir/folders/tokens", test_token);
    g_test_add_func("/maildir/folders/a rename that cannot end", test_stuck_plan);
    g_test_add_func("/maildir/history/places", test_history);
    g_test_add_func("/maildir/history/a mailbox that was restored", test_restored);
    g_test_add_func("/maildir/history/damage", test_damage);
    g_test_add_func("/maildir/history/bounded", test_bounded);
    return g_test_run();
}
