/* Names of files, unique-ids and paths: whatever a login or a folder holds. */
/* SPDX-License-Identifier: MIT */

#include "name.h"
#include "path-template.h"

#include <pop4/error.h>
#include <string.h>

static void
test_uids(void)
{
    static const struct {
        const char *name, *uid; /* NULL = a hash */
    } uids[] = {
        {"1700000000.M1P2.host", "1700000000.M1P2.host"},
        {"1700000000.M1P2.host:2,", "1700000000.M1P2.host"},
        {"1700000000.M1P2.host:2,FS", "1700000000.M1P2.host"},
        {"1700000000.M1P2.host,S=5,W=6:2,RS", "1700000000.M1P2.host"},
        {"1700000000.M1P2.host,U=5:2,a,b", "1700000000.M1P2.host"},
        {"x", "x"},
        {"!~", "!~"},
        {"a b", NULL},
        {"a\tb", NULL},
        {"a\177", NULL},
        {"caf\xc3\xa9", NULL},
        {"\xff:2,S", NULL},
        {":2,S", NULL},
        {",S=1", NULL},
        {"0123456789012345678901234567890123456789012345678901234567890123456789",
         "0123456789012345678901234567890123456789012345678901234567890123456789"},
        {"01234567890123456789012345678901234567890123456789012345678901234567890", NULL},
    };

    for (guint i = 0; i < G_N_ELEMENTS(uids); i++) {
        g_autofree char *exact = g_memdup2(uids[i].name, strlen(uids[i].name) + 1);
        char uid[NAME_UID_SIZE];
        name_get_uid(exact, uid);
        if (uids[i].uid != NULL) {
            g_assert_cmpstr(uid, ==, uids[i].uid);
            continue;
        }
        g_autofree char *hash = g_compute_checksum_for_data(
            G_CHECKSUM_SHA256, (const guchar *)exact, name_unique_length(exact));
        g_assert_cmpstr(uid, ==, hash);
        g_assert_cmpuint(strlen(uid), ==, 64);
    }
}

/* Flags and sizes change; the unique-id must not. */
static void
test_uids_stay(void)
{
    static const char *const uniques[] = {"1.a.b", "a b", "\xfc"};
    static const char *const tails[] = {"",        ":2,", ":2,S", ",S=1", ",S=1,W=2:2,FRS",
                                        ",S=9:2,T"};

    for (guint i = 0; i < G_N_ELEMENTS(uniques); i++) {
        char first[NAME_UID_SIZE], other[NAME_UID_SIZE];
        name_get_uid(uniques[i], first);
        for (guint j = 0; j < G_N_ELEMENTS(tails); j++) {
            g_autofree char *name = g_strconcat(uniques[i], tails[j], NULL);
            name_get_uid(name, other);
            g_assert_cmpstr(other, ==, first);
        }
    }
}

static void
test_fields(void)
{
    static const struct {
        const char *name;
        char which;
        gint64 value; /* -1 = none */
    } fields[] = {
        {"1.a,S=5", 'S', 5},
        {"1.a,S=5,W=6:2,S", 'W', 6},
        {"1.a,W=6,S=5:2,", 'S', 5},
        {"1.a,S=0", 'S', 0},
        {"1.a", 'S', -1},
        {"1.a:2,S=5", 'S', -1}, /* flags are no fields */
        {"1.a,S=", 'S', -1},
        {"1.a,S=x", 'S', -1},
        {"1.a,S=5x", 'S', -1},
        {"1.a,S=-5", 'S', -1},
        {"1.a,S= 5", 'S', -1},
        {"1.a,s=5", 'S', -1},
        {"1.a,XS=5", 'S', -1},
        {"1.aS=5", 'S', -1},
        {"1.a,S=x,S=5", 'S', 5},
        {"1.a,,S=5", 'S', 5},
        {"1.a,S=99999999999999999999999", 'S', -1},
        {"", 'S', -1},
        {",", 'S', -1},
    };

    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *exact = g_memdup2(fields[i].name, strlen(fields[i].name) + 1);
        guint64 value = 4711;
        gboolean found = name_get_field(exact, fields[i].which, &value);
        g_assert_true(found == (fields[i].value >= 0));
        g_assert_cmpuint(value, ==, found ? (guint64)fields[i].value : 4711);
    }
}

/* The order is one: no two names are both before each other, and it has no circles. */
static void
test_order(void)
{
    static const char *const sorted[] = {"0",
                                         "00.a",
                                         "1",
                                         "1.a",
                                         "2.a",
                                         "2.a:2,S",
                                         "2.b",
                                         "010.a",
                                         "10",
                                         "10.a",
                                         "10.b",
                                         "099.x",
                                         "18446744073709551615.a",
                                         "18446744073709551616.a",
                                         "99999999999999999999999.a",
                                         "abc",
                                         "b",
                                         "\xc3"};
    guint count = G_N_ELEMENTS(sorted);

    for (guint i = 0; i < count; i++) {
        for (guint j = 0; j < count; j++) {
            int order = name_compare(sorted[i], sorted[j]);
            g_assert_cmpint((order > 0) - (order < 0), ==, (i > j) - (i < j));
        }
    }
}

static void
test_templates(void)
{
    static const struct {
        const char *template, *fault;
    } templates[] = {
        {"/srv/%d/%n", NULL},
        {"/srv/%u/100%%", NULL},
        {"/", NULL},
        {"srv/%u", "the path \"srv/%u\" is not absolute"},
        {"", "the path \"\" is not absolute"},
        {"~/Maildir", "the path \"~/Maildir\" is not absolute"},
        {"/srv/%h", "\"%h\" in the path is none of %u, %n, %d and %%"},
        {"/srv/%", "\"%\" in the path is none of %u, %n, %d and %%"},
        {"/srv/%%%", "\"%\" in the path is none of %u, %n, %d and %%"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(templates); i++) {
        g_autoptr(GError) error = NULL;
        gboolean good = path_template_check(templates[i].template, &error);
        g_assert_true(good == (templates[i].fault == NULL));
        if (!good)
            g_assert_cmpstr(error->message, ==, templates[i].fault);
    }
}

static void
test_logins(void)
{
    static const struct {
        const char *template, *login, *path; /* NULL = refused */
    } logins[] = {
        {"/m/%u", "jo", "/m/jo"},
        {"/m/%u", "jo@example.org", "/m/jo@example.org"},
        {"/m/%d/%n", "jo@example.org", "/m/example.org/jo"},
        {"/m/%d/%n", "a@b@example.org", "/m/example.org/a@b"},
        {"/m/%n%%", "jo", "/m/jo%"},
        {"/m/%n", "%u", "/m/%u"}, /* not expanded again */
        {"/m/%u", "jo smith", "/m/jo smith"},
        {"/m/%u", "j\xc3\xb6", "/m/j\xc3\xb6"},
        {"/m", "../x", "/m"}, /* a path that is the same for all */
        {"/m/%u", "", NULL},
        {"/m/%u", ".", NULL},
        {"/m/%u", "..", NULL},
        {"/m/%u", ".hidden", NULL},
        {"/m/%u", "../jo", NULL},
        {"/m/%u", "a/b", NULL},
        {"/m/%u", "/etc", NULL},
        {"/m/%u", "jo\n", NULL},
        {"/m/%u", "jo\177", NULL},
        {"/m/%u", "\001", NULL},
        {"/m/%d/%n", "jo", NULL}, /* no domain */
        {"/m/%d/%n", "@example.org", NULL},
        {"/m/%d/%n", "jo@", NULL},
        {"/m/%d/%n", "jo@..", NULL},
        {"/m/%d/%n", "..@example.org", NULL},
        {"/m/%d/%n", "jo@a/b", NULL},
        {"/m/%n", "jo@/..", "/m/jo"}, /* a part that is not asked for */
    };

    for (guint i = 0; i < G_N_ELEMENTS(logins); i++) {
        Pop4Identity *identity = pop4_identity_new(logins[i].login);
        g_autoptr(GError) error = NULL;
        g_autofree char *path = path_template_expand(logins[i].template, identity, &error);
        g_assert_cmpstr(path, ==, logins[i].path);
        if (logins[i].path == NULL)
            g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
        pop4_identity_free(identity);
    }
}

/* A name of a folder has at most 255 octets. */
static void
test_long_logins(void)
{
    for (gsize length = 254; length <= 257; length++) {
        g_autofree char *login = g_strnfill(length, 'x');
        Pop4Identity *identity = pop4_identity_new(login);
        g_autofree char *path = path_template_expand("/m/%u", identity, NULL);
        g_assert_true((path != NULL) == (length <= 255));
        pop4_identity_free(identity);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/maildir/name/unique-ids", test_uids);
    g_test_add_func("/maildir/name/unique-ids stay", test_uids_stay);
    g_test_add_func("/maildir/name/fields", test_fields);
    g_test_add_func("/maildir/name/order", test_order);
    g_test_add_func("/maildir/path/templates", test_templates);
    g_test_add_func("/maildir/path/logins", test_logins);
    g_test_add_func("/maildir/path/long logins", test_long_logins);
    return g_test_run();
}
