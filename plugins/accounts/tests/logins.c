/* The plugin as the core sees it: who logs in, what a lookup gives, what happens to the file.
 */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TIM "tim " KEY_256 "\n"
#define TOM "tom " KEY_1 "\n"

static gpointer
start(const char *path, const char *domain)
{
    g_autoptr(GError) error = NULL;
    gpointer instance = fixture_start(path, domain, &error);

    g_assert_no_error(error);
    return instance;
}

static gboolean
knows(gpointer instance, const char *user)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Pop4Account) account =
        pop4_plugin_accounts.directory->lookup(instance, user, &error);

    if (account == NULL)
        g_assert_error(error, POP4_ERROR, POP4_ERROR_AUTH);
    return account != NULL;
}

static void
test_passwords(void)
{
    static const struct {
        const char *user, *password, *login; /* NULL: refused */
    } rows[] = {
        {"tim", "pencil", "tim"},
        {"tim", "pencil", "tim"}, /* from memory */
        {"tim", "Pencil", NULL},
        {"tim", "", NULL},
        {"tim", "pencil", "tim"},
        {"tom", "pencil", "tom"},
        {"ann", "pencil", "ann@example.org"},
        {"ann@example.org", "pencil", "ann@example.org"},
        {"ann", "pencil", "ann@example.org"},
        {"tim@example.org", "pencil", NULL},
        {"ann@example.com", "pencil", NULL},
        {"Tim", "pencil", NULL},
        {"nobody", "pencil", NULL},
        {"nobody", "pencil", NULL},
        {"", "pencil", NULL},
        {"bob", "pencil", "bob"}, /* not bob@example.org */
        {"bob", "stylo", NULL},
    };
    g_autofree char *path = fixture_path("accounts");

    fixture_write(path,
                  TIM TOM "ann@example.org " KEY_512 "\nbob " KEY_1 " " KEY_256 "\n"
                          "bob@example.org " KEY_1 "\n",
                  0600);
    gpointer instance = start(path, "example.org");
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *login = fixture_log_in(instance, rows[i].user, rows[i].password);
        if (g_strcmp0(login, rows[i].login) != 0)
            g_error("row %u, %s: %s", i, rows[i].user, login != NULL ? login : "refused");
    }
    pop4_plugin_accounts.stop(instance);
    fixture_expect_log("accounts-read count=5\n");
}

static void
test_nobody(void)
{
    g_autofree char *path = fixture_path("nobody");

    fixture_write(path, "# nobody yet\n", 0600);
    gpointer instance = start(path, NULL);
    g_assert_null(fixture_log_in(instance, "tim", "pencil"));
    g_assert_false(knows(instance, "tim"));
    pop4_plugin_accounts.stop(instance);
    fixture_expect_log("accounts-read count=0\n");
}

static void
test_lookup(void)
{
    g_autofree char *path = fixture_path("lookup");
    g_autoptr(GError) error = NULL;

    fixture_write(path, "tim@example.org " KEY_256 " " KEY_1 " secret=cGVuY2ls\n" TOM, 0640);
    gpointer instance = start(path, "example.org");
    g_autoptr(Pop4Account) tim =
        pop4_plugin_accounts.directory->lookup(instance, "tim", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(pop4_account_get_login(tim), ==, "tim@example.org");
    g_assert_cmpstr(pop4_account_get_key(tim, "SCRAM-SHA-256"), ==, KEY_256);
    g_assert_cmpstr(pop4_account_get_key(tim, "SCRAM-SHA-1"), ==, KEY_1);
    g_assert_null(pop4_account_get_key(tim, "SCRAM-SHA-512"));
    g_assert_cmpstr(pop4_account_get_secret(tim), ==, "pencil");
    g_autoptr(Pop4Account) tom =
        pop4_plugin_accounts.directory->lookup(instance, "tom", &error);
    g_assert_null(pop4_account_get_secret(tom));
    g_assert_false(knows(instance, "ann"));
    pop4_plugin_accounts.stop(instance);
    g_free(fixture_take_log());
}

/* A new password counts at once, for an old one that was remembered, too. */
static void
test_replaced(void)
{
    g_autofree char *path = fixture_path("replaced");

    fixture_write(path, TIM, 0600);
    gpointer instance = start(path, NULL);
    g_autofree char *first = fixture_log_in(instance, "tim", "pencil");
    g_assert_cmpstr(first, ==, "tim");
    g_autofree char *line =
        pop4_plugin_accounts.directory->make_entry("tim", "stylo", NULL, FALSE, NULL);
    fixture_write(path, line, 0600);
    g_assert_null(fixture_log_in(instance, "tim", "pencil"));
    g_autofree char *second = fixture_log_in(instance, "tim", "stylo");
    g_assert_cmpstr(second, ==, "tim");
    fixture_write(path, TOM, 0600);
    g_assert_null(fixture_log_in(instance, "tim", "stylo"));
    g_assert_true(knows(instance, "tom"));
    pop4_plugin_accounts.stop(instance);
    fixture_expect_log("accounts-read count=1\naccounts-read count=1\naccounts-read count=1\n");
}

static void
test_kept(void)
{
    g_autofree char *path = fixture_path("kept");
    g_autofree char *aside = fixture_path("aside");

    fixture_write(path, TIM, 0600);
    gpointer instance = start(path, NULL);
    fixture_expect_log("accounts-read count=1\n");
    fixture_write(path, TOM "tim\n", 0600);
    for (guint i = 0; i < 3; i++)
        g_assert_true(knows(instance, "tim") && !knows(instance, "tom"));
    fixture_expect_log("accounts-refused reason=*/kept:2: there is no key behind the login\n");
    g_assert_cmpint(g_chmod(path, 0644), ==, 0);
    for (guint i = 0; i < 3; i++)
        g_assert_true(knows(instance, "tim"));
    fixture_expect_log("accounts-refused reason=*/kept: others may read*\n");
    g_assert_cmpint(g_rename(path, aside), ==, 0);
    for (guint i = 0; i < 3; i++)
        g_assert_true(knows(instance, "tim"));
    fixture_expect_log("accounts-refused reason=*/kept: No such file or directory\n");
    fixture_write(path, TOM, 0600);
    g_assert_true(!knows(instance, "tim") && knows(instance, "tom"));
    fixture_expect_log("accounts-read count=1\n");
    /* the one before, back again */
    fixture_write(path, "tim\n", 0600);
    g_assert_true(knows(instance, "tom"));
    fixture_expect_log("accounts-refused*");
    fixture_write(path, TOM, 0600);
    g_assert_true(knows(instance, "tom"));
    fixture_expect_log("accounts-read count=1\n");
    pop4_plugin_accounts.stop(instance);
}

static void
check_mode(const char *path, guint mode, gboolean taken)
{
    g_autoptr(GError) error = NULL;

    fixture_write(path, TIM, mode);
    gpointer instance = fixture_start(path, NULL, &error);
    if ((instance != NULL) != taken)
        g_error("mode %o: %s", mode, instance != NULL ? "taken" : error->message);
    if (instance != NULL)
        pop4_plugin_accounts.stop(instance);
    else
        g_assert_nonnull(strstr(error->message, "needs mode 0640 or less"));
}

static void
test_modes(void)
{
    static const guint good[] = {0400, 0600, 0640, 0440, 0700, 0650};
    static const guint bad[] = {0604, 0602, 0601, 0644, 0660, 0620, 0666, 0642};
    g_autofree char *path = fixture_path("modes");

    for (guint i = 0; i < G_N_ELEMENTS(good); i++)
        check_mode(path, good[i], TRUE);
    for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
        check_mode(path, bad[i], FALSE);
    g_free(fixture_take_log());
}

static void
check_refused(const char *path, const char *fault)
{
    g_autoptr(GError) error = NULL;

    g_assert_null(fixture_start(path, NULL, &error));
    if (!g_pattern_match_simple(fault, error->message))
        g_error("%s: %s", path, error->message);
}

static void
test_kinds(void)
{
    g_autofree char *file = fixture_path("kinds");
    g_autofree char *link = fixture_path("link");
    g_autofree char *fifo = fixture_path("fifo");
    g_autofree char *dir = fixture_path("dir");

    fixture_write(file, TIM, 0600);
    g_assert_cmpint(symlink(file, link), ==, 0);
    g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
    g_assert_cmpint(mkdir(dir, 0700), ==, 0);
    check_refused(link, "*/link: is a symbolic link*");
    check_refused(fifo, "*/fifo: is no regular file");
    check_refused(dir, "*/dir: is no regular file");
    check_refused("/nowhere/accounts", "/nowhere/accounts: No such file*");
    fixture_write(file, TIM TIM, 0600);
    check_refused(file, "*/kinds:2: the login stands in line 1, too");
    fixture_expect_log("");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/accounts/logins/passwords", test_passwords);
    g_test_add_func("/accounts/logins/nobody", test_nobody);
    g_test_add_func("/accounts/logins/lookup", test_lookup);
    g_test_add_func("/accounts/logins/replaced", test_replaced);
    g_test_add_func("/accounts/logins/kept", test_kept);
    g_test_add_func("/accounts/logins/modes", test_modes);
    g_test_add_func("/accounts/logins/kinds", test_kinds);
    int status = g_test_run();
    fixture_remove_folder();
    return status;
}
