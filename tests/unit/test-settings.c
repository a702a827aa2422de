/* The server's configuration as a whole. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "settings.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* The tests run in a folder of their own, so that the path in a fault is known. */
#define FILE_NAME "t.conf"
#define SERVER "[server]\nhostname = mail.example.org\nplugin-dir = .\n"
#define LISTENER "[listener a]\nport = 0\n"

static Settings *
load(const char *text, char **faults_out)
{
    g_autoptr(Faults) faults = faults_new();
    GString *found = g_string_new(NULL);

    g_assert_true(g_file_set_contents(FILE_NAME, text, -1, NULL));
    Settings *settings = settings_load(FILE_NAME, faults);
    for (guint i = 0; i < faults_count(faults); i++)
        g_string_append_printf(found, "%s\n", faults_get(faults, i));
    *faults_out = g_string_free(found, FALSE);
    return settings;
}

typedef struct {
    const char *sentence;
    const char *text;
    const char *expected;
} Case;

static const Case cases[] = {
    {"the least that will do", SERVER LISTENER, ""},
    {"an IPv6 listener", SERVER "[listener a]\naddress = ::1\n", ""},
    {"plugins' groups are left to others", SERVER LISTENER "[plugin x]\nanything = 1\n", ""},
    {"no listener", SERVER, "t.conf:1: there is no [listener NAME] group\n"},
    {"a listener without a name", SERVER "[listener]\nport = 0\n",
     "t.conf:4: [listener]: unknown group\n"
     "t.conf:1: there is no [listener NAME] group\n"},
    {"an unknown group", SERVER LISTENER "[server2]\n", "t.conf:6: [server2]: unknown group\n"},
    {"a plugin's group without a name", SERVER LISTENER "[plugin]\n",
     "t.conf:6: [plugin]: unknown group\n"},
    {"an unknown key of the server", SERVER "host = x\n" LISTENER,
     "t.conf:4: [server] host: unknown key\n"},
    {"an unknown key of a listener", SERVER LISTENER "ports = 1\n",
     "t.conf:6: [listener a] ports: unknown key\n"},
    {"a port that is none", SERVER "[listener a]\nport = 65536\n",
     "t.conf:5: [listener a] port: must be a number from 0 to 65535, not \"65536\"\n"},
    {"an address that is none", SERVER "[listener a]\naddress = localhost\n",
     "t.conf:5: [listener a] address: must be an IPv4 or IPv6 address, not \"localhost\"\n"},
    {"less idle time than RFC 1939 asks for", SERVER "idle-timeout-seconds = 599\n" LISTENER,
     "t.conf:4: [server] idle-timeout-seconds: must be a number from 600 to 86400, not "
     "\"599\"\n"},
    {"a log level that is none", SERVER "log-level = loud\n" LISTENER,
     "t.conf:4: [server] log-level: must be one of error|warning|info|debug, not \"loud\"\n"},
    {"a host name that would break a line",
     "[server]\nhostname = a\\nb\nplugin-dir = .\n" LISTENER,
     "t.conf:2: [server] hostname: must be a host name, not \"a\nb\"\n"},
    {"an empty host name", "[server]\nhostname =\nplugin-dir = .\n" LISTENER,
     "t.conf:2: [server] hostname: must be a host name, not \"\"\n"},
    {"no folder of plugins", "[server]\nhostname = a\nplugin-dir = ./none\n" LISTENER,
     "t.conf:3: [server] plugin-dir: \"./none\" is no folder\n"},
    {"a file as the folder of plugins",
     "[server]\nhostname = a\nplugin-dir = t.conf\n" LISTENER,
     "t.conf:3: [server] plugin-dir: \"t.conf\" is no folder\n"},
    {"escapes that are none",
     "[server]\nhostname = a\nplugin-dir = \\q\n[listener a]\naddress = \\q\n",
     "t.conf:3: [server] plugin-dir: Key file contains key “plugin-dir” which has a value that "
     "cannot be interpreted.\n"
     "t.conf:5: [listener a] address: Key file contains key “address” which has a value that "
     "cannot be interpreted.\n"},
    {"every fault is told",
     "[server]\nhostname = a b\nplugin-dir = /none\nworkers = many\n[listener a]\nport = x\n"
     "address = y\n[nobody]\n",
     "t.conf:4: [server] workers: must be a number from 0 to 1024, not \"many\"\n"
     "t.conf:2: [server] hostname: must be a host name, not \"a b\"\n"
     "t.conf:3: [server] plugin-dir: \"/none\" is no folder\n"
     "t.conf:6: [listener a] port: must be a number from 0 to 65535, not \"x\"\n"
     "t.conf:7: [listener a] address: must be an IPv4 or IPv6 address, not \"y\"\n"
     "t.conf:8: [nobody]: unknown group\n"},
};

static void
test_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *found = NULL;
    g_autoptr(Settings) settings = load(c->text, &found);

    g_assert_cmpstr(found, ==, c->expected);
    g_assert_nonnull(settings);
}

static void
test_no_settings(void)
{
    g_autoptr(Faults) faults = faults_new();
    g_autofree char *found = NULL;

    g_assert_null(load("[server\n", &found));
    g_assert_cmpstr(found, ==, "t.conf:1: a group is written [name]\n");
    g_assert_null(settings_load("none.conf", faults));
    g_assert_cmpuint(faults_count(faults), ==, 1);
}

static void
test_defaults(void)
{
    g_autofree char *found = NULL;
    g_autoptr(Settings) settings = load("[server]\nplugin-dir = .\n[listener a]\n", &found);
    const ListenerSettings *listener = g_ptr_array_index(settings->listeners, 0);
    g_autofree char *plugins = g_strjoinv("|", settings->server.plugins);

    g_assert_cmpstr(found, ==, "");
    g_assert_cmpstr(settings->server.hostname, ==, g_get_host_name());
    g_assert_cmpstr(plugins, ==, "pop3|uidl|stls|accounts|sasl|maildir");
    g_assert_cmpuint(settings->server.idle_timeout, ==, 600);
    g_assert_cmpuint(settings->server.login_timeout, ==, 120);
    g_assert_cmpuint(settings->server.write_timeout, ==, 600);
    g_assert_cmpuint(settings->server.max_bad_commands, ==, 20);
    g_assert_cmpuint(settings->server.log_level, ==, 2);
    g_assert_cmpstr(listener->name, ==, "a");
    g_assert_cmpstr(listener->address, ==, "127.0.0.1");
    g_assert_cmpuint(listener->port, ==, 110);
}

static void
test_group_names(void)
{
    g_assert_cmpstr(settings_group_name("listener pop3", "listener"), ==, "pop3");
    g_assert_cmpstr(settings_group_name("plugin a b", "plugin"), ==, "a b");
    g_assert_null(settings_group_name("listener", "listener"));
    g_assert_null(settings_group_name("listener ", "listener"));
    g_assert_null(settings_group_name("listeners x", "listener"));
    g_assert_null(settings_group_name("plugin x", "listener"));
}

static void
test_restart(void)
{
    static const struct {
        const char *text, *expected;
    } changes[] = {
        {SERVER LISTENER, NULL},
        {SERVER "log-level = debug\nmax-sessions = 5\nplugins = x\n" LISTENER, NULL},
        {SERVER "workers = 3\n" LISTENER, "[server] workers"},
        {SERVER "[listener a]\nport = 1\naddress = ::1\n",
         "[listener a] address [listener a] port"},
        {SERVER LISTENER "[listener b]\nport = 0\n", "[listener b]"},
        {SERVER "[listener b]\nport = 0\n", "[listener b] [listener a]"},
    };
    g_autofree char *found = NULL;
    g_autoptr(Settings) before = load(SERVER LISTENER, &found);

    for (guint i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autofree char *faults = NULL;
        g_autoptr(Settings) after = load(changes[i].text, &faults);
        g_autofree char *diff = settings_diff_restart(before, after);
        g_assert_cmpstr(faults, ==, "");
        g_assert_cmpstr(diff, ==, changes[i].expected);
    }
}

int
main(int argc, char **argv)
{
    g_autofree char *dir = g_dir_make_tmp("pop4d-XXXXXX", NULL);

    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(chdir(dir), ==, 0);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/settings/", cases[i].sentence, NULL);
        g_test_add_data_func(path, &cases[i], test_case);
    }
    g_test_add_func("/settings/a file that cannot be used", test_no_settings);
    g_test_add_func("/settings/defaults", test_defaults);
    g_test_add_func("/settings/names of groups", test_group_names);
    g_test_add_func("/settings/what waits for a restart", test_restart);
    int status = g_test_run();
    g_unlink(FILE_NAME);
    g_assert_cmpint(chdir("/"), ==, 0);
    g_rmdir(dir);
    return status;
}
