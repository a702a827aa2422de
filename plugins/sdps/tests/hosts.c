/* Logins of hosts and their users, and what an administrator can get wrong. */
/* SPDX-License-Identifier: MIT */

#include "hosts.h"

#include <pop4/error.h>
#include <string.h>

/* "key value|key value" */
static GHashTable *
make_map(const char *text)
{
    GHashTable *map = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) pairs = g_strsplit(text, "|", -1);

    for (char **pair = pairs; *pair != NULL; pair++) {
        g_auto(GStrv) words = g_strsplit(*pair, " ", 2);
        g_hash_table_insert(map, g_strdup(words[0]), g_strdup(words[1]));
    }
    return map;
}

static Hosts *
make_hosts(const char *domain, const char *maildrops, const char *passwords, GError **error)
{
    g_autoptr(GHashTable) maildrop_map = make_map(maildrops);
    g_autoptr(GHashTable) password_map = make_map(passwords);

    return hosts_new(domain, maildrop_map, password_map, error);
}

static void
test_logins(void)
{
    static const struct {
        const char *login, *user, *made; /* made: NULL when it is nobody's */
    } logins[] = {
        {"punt", NULL, "punt.demon.example"},
        {"PUNT", NULL, "punt.demon.example"},
        {"punt.demon.example", NULL, "punt.demon.example"},
        {"Punt.Demon.Example", NULL, "punt.demon.example"},
        {"fred+punt", "fred", "fred@punt.demon.example"},
        {"fred@punt", "fred", "fred@punt.demon.example"},
        {"Fred+PUNT.demon.example", "fred", "fred@punt.demon.example"},
        {"fred@punt.demon.example", "fred", "fred@punt.demon.example"},
        {"a+b+punt", "a+b", "a+b@punt.demon.example"},
        {"a+b@punt", "a+b", "a+b@punt.demon.example"},
        {"a@b@punt", "a@b", "a@b@punt.demon.example"},
        {"a b@punt", "a b", "a b@punt.demon.example"},
        {"other", NULL, NULL},
        {"fred+other", NULL, NULL},
        {"fred@punt.other.example", NULL, NULL},
        {"fred@punt.demon.example.demon.example", NULL, NULL},
        {"@punt", NULL, NULL},
        {"+punt", NULL, NULL},
        {"fred@", NULL, NULL},
        {"punt@", NULL, NULL},
        {"punt+", NULL, NULL},
        {"fred+punt@elsewhere", NULL, NULL},
        {"demon.example", NULL, NULL},
        {".demon.example", NULL, NULL},
        {"", NULL, NULL},
        {"@", NULL, NULL},
        {"fred:punt", NULL, NULL},
    };
    g_autoptr(Hosts) hosts = make_hosts("Demon.example", "Punt box", "", NULL);

    for (guint i = 0; i < G_N_ELEMENTS(logins); i++) {
        g_autofree char *user = NULL, *again = NULL;
        g_test_message("%s", logins[i].login);
        const Host *host = hosts_find(hosts, logins[i].login, &user);
        g_assert_cmpstr(user, ==, logins[i].user);
        g_assert_true((host != NULL) == (logins[i].made != NULL));
        if (host == NULL)
            continue;
        g_autofree char *made = hosts_make_login(hosts, host, user);
        g_assert_cmpstr(made, ==, logins[i].made);
        g_assert_true(hosts_find(hosts, made, &again) == host); /* it is a login itself */
        g_assert_cmpstr(again, ==, user);
    }
}

static void
test_no_domain(void)
{
    g_autoptr(Hosts) hosts = make_hosts("", "punt box|other.example box", "", NULL);
    g_autofree char *user = NULL, *other = NULL, *none = NULL;
    const Host *host = hosts_find(hosts, "fred+punt", &user);
    g_autofree char *login = hosts_make_login(hosts, host, user);

    g_assert_cmpstr(login, ==, "fred@punt");
    g_assert_nonnull(hosts_find(hosts, "fred@other.example", &other));
    g_assert_null(hosts_find(hosts, "punt.demon.example", &none));

    g_autoptr(Hosts) dotted = make_hosts(".demon.example", "punt box", "", NULL);
    g_assert_nonnull(hosts_find(dotted, "punt.demon.example", &none));
}

static void
test_passwords(void)
{
    g_autoptr(Hosts) hosts =
        make_hosts("demon.example", "punt box|bare box", "punt.demon.example one;or two", NULL);
    g_autofree char *user = NULL;
    const Host *punt = hosts_find(hosts, "punt", &user);
    const Host *bare = hosts_find(hosts, "bare", &user);
    static const char *const wrong[] = {"",    "o",       "on",    "oneo", "one;or two", "two",
                                        "One", "or  two", "one\n", "or",   "oneone"};

    g_assert_true(host_takes_password(punt, "one"));
    g_assert_true(host_takes_password(punt, "or two"));
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(host_takes_password(punt, wrong[i]));
    g_assert_null(bare->passwords);
    g_assert_false(host_takes_password(bare, ""));
}

static void
test_faults(void)
{
    static const struct {
        const char *maildrops, *passwords, *fault;
    } settings[] = {
        {"punt ", "", "maildrop.punt: it names no login"},
        {"a@b box", "", "maildrop.a@b: this is no name of a host"},
        {"a+b box", "", "maildrop.a+b: this is no name of a host"},
        {".demon.example box", "", "maildrop..demon.example: this is no name of a host"},
        {"punt fred+punt", "", "maildrop.punt: its login is that of a user of a host"},
        {"punt fred@punt.demon.example", "",
         "maildrop.punt: its login is that of a user of a host"},
        {"", "punt one", "password.punt: the host has no maildrop"},
        {"punt box", "punt ", "password.punt: a password is empty"},
        {"punt box", "punt one;", "password.punt: a password is empty"},
        {"punt box", "punt ;one", "password.punt: a password is empty"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(
            make_hosts("demon.example", settings[i].maildrops, settings[i].passwords, &error));
        g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
        g_assert_cmpstr(error->message, ==, settings[i].fault);
    }
    g_autoptr(GError) twice = NULL;
    g_assert_null(make_hosts("demon.example", "punt box|Punt box", "", &twice));
    g_assert_nonnull(strstr(twice->message, "the host stands there twice"));
    g_clear_error(&twice);
    g_assert_null(make_hosts("demon.example", "punt box", "punt x|PUNT y", &twice));
    g_assert_nonnull(strstr(twice->message, "the host stands there twice"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sdps/hosts/logins", test_logins);
    g_test_add_func("/sdps/hosts/without a domain", test_no_domain);
    g_test_add_func("/sdps/hosts/passwords", test_passwords);
    g_test_add_func("/sdps/hosts/faults", test_faults);
    return g_test_run();
}
