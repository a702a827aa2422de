/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "hash-password.h"
#include "inspect.h"
#include "log.h"
#include "privileges.h"
#include "server.h"
#include "setting-table.h"
#include "systemd.h"
#include "tls-context.h"

#include <glib-unix.h>
#include <malloc.h>
#include <pop4/log.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>

#define DEFAULT_FILE "/etc/pop4d/pop4d.conf"

/* Seconds behind the drain in which the last sessions are closed. */
#define DRAIN_MARGIN 10

static struct {
    char *file;
    char *plugin_dir;
    char *describe;
    char **schemes;
    char *login;
    gboolean check, list_plugins, help_config, hash_password, keep_secret, version;
} options;

static const GOptionEntry option_entries[] = {
    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options.file, "Configuration (" DEFAULT_FILE ")",
     "FILE"},
    {"check", 0, 0, G_OPTION_ARG_NONE, &options.check,
     "Check the configuration, tell every fault of it, and end", NULL},
    {"list-plugins", 0, 0, G_OPTION_ARG_NONE, &options.list_plugins,
     "List the plugins there are", NULL},
    {"describe", 0, 0, G_OPTION_ARG_STRING, &options.describe,
     "Tell a plugin's commands, capabilities and settings", "PLUGIN"},
    {"plugin-dir", 0, 0, G_OPTION_ARG_FILENAME, &options.plugin_dir,
     "Where --list-plugins, --describe and --hash-password look (" PLUGINDIR ")", "DIR"},
    {"hash-password", 0, 0, G_OPTION_ARG_NONE, &options.hash_password,
     "Make the line of the account LOGIN out of a password from standard input", NULL},
    {"scheme", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.schemes,
     "A key to put into that line (SCRAM-SHA-256); may be given again", "SCHEME"},
    {"keep-secret", 0, 0, G_OPTION_ARG_NONE, &options.keep_secret,
     "Put the password itself there, too, for APOP, CRAM-MD5 and DIGEST-MD5", NULL},
    {"help-config", 0, 0, G_OPTION_ARG_NONE, &options.help_config,
     "Tell the settings of the server, its listeners and TLS", NULL},
    {"version", 0, 0, G_OPTION_ARG_NONE, &options.version, "Tell the version", NULL},
    {NULL},
};

/* What the main thread's callbacks share. */
typedef struct {
    Server *server;
    GMainLoop *loop;
    const char *file;
    gint64 drain_end; /* monotonic microseconds; 0 = not draining */
} Main;

static int
report_faults(const Faults *faults)
{
    for (guint i = 0; i < faults_count(faults); i++)
        g_printerr("%s\n", faults_get(faults, i));
    return EX_CONFIG;
}

static int
check_file(const char *file)
{
    g_autoptr(Faults) faults = faults_new();
    g_autoptr(Settings) settings = settings_load(file, faults);

    if (settings != NULL)
        server_set_hostname(settings->server.hostname);
    if (settings != NULL)
        privileges_check(settings, faults);
    g_autoptr(TlsContext) tls = settings != NULL ? tls_context_new(settings, faults) : NULL;
    g_autoptr(ExtensionSet) set =
        settings != NULL ? extension_set_build(settings, NULL, tls, PLUGINS_ALL, faults) : NULL;

    if (set == NULL)
        return report_faults(faults);
    g_print("%s: no faults\n", file);
    return EXIT_SUCCESS;
}

static void
print_table(const char *group, const Pop4Setting *row)
{
    g_print("[%s]\n", group);
    for (; row->key != NULL; row++) {
        g_autofree char *type = setting_table_describe_type(row);
        g_print("  %s (%s%s%s%s)\n      %s\n", row->key, type,
                row->initial != NULL ? ", default " : "",
                row->initial != NULL ? row->initial : "",
                row->flags & POP4_SETTING_RESTART ? ", at the next start" : "", row->help);
    }
}

static int
help_config(void)
{
    print_table("server", server_setting_table);
    print_table("listener NAME", listener_setting_table);
    print_table("tls", tls_setting_table);
    print_table("tls SERVER-NAME", tls_name_setting_table);
    g_print("[plugin NAME]\n  see pop4d --describe NAME\n");
    return EXIT_SUCCESS;
}

static gboolean
on_sweep(gpointer data)
{
    Main *self = data;

    server_sweep(self->server);
    if (self->drain_end == 0)
        return G_SOURCE_CONTINUE;
    if (server_count_sessions(self->server) == 0)
        g_main_loop_quit(self->loop);
    else if (g_get_monotonic_time() >= self->drain_end)
        server_end_sessions(self->server);
    return G_SOURCE_CONTINUE;
}

/* While draining a closer look, so that the end does not wait for the next second. */
static gboolean
on_drain_tick(gpointer data)
{
    const Main *self = data;

    if (server_count_sessions(self->server) == 0)
        g_main_loop_quit(self->loop);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_terminate(gpointer data)
{
    Main *self = data;

    if (self->drain_end != 0) {
        server_end_sessions(self->server); /* asked twice */
        return G_SOURCE_CONTINUE;
    }
    self->drain_end = g_get_monotonic_time() +
                      (gint64)server_drain_seconds(self->server) * G_TIME_SPAN_SECOND;
    g_autofree char *state = g_strdup_printf(
        "STOPPING=1\nSTATUS=Draining\nEXTEND_TIMEOUT_USEC=%" G_GUINT64_FORMAT,
        (guint64)(server_drain_seconds(self->server) + DRAIN_MARGIN) * G_TIME_SPAN_SECOND);
    systemd_notify(state);
    pop4_log(NULL, POP4_LOG_INFO, "draining", NULL);
    server_drain(self->server);
    g_timeout_add(20, on_drain_tick, self);
    return G_SOURCE_CONTINUE;
}

/* Who has said that it ends does not begin anew. */
static void
notify_reloading(const Main *self)
{
    g_autofree char *state = g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
                                             g_get_monotonic_time());

    if (self->drain_end == 0)
        systemd_notify(state);
}

static void
notify_ready(const Main *self)
{
    g_autofree char *state = g_strdup_printf("READY=1\nSTATUS=Serving %u sessions",
                                             server_count_sessions(self->server));

    if (self->drain_end == 0)
        systemd_notify(state);
}

/* Nobody is told that all is well while the workers take nothing. */
static gboolean
on_watchdog(gpointer data)
{
    const Main *self = data;

    if (server_is_alive(self->server))
        systemd_notify("WATCHDOG=1");
    else
        pop4_log(NULL, POP4_LOG_WARNING, "workers-stuck", NULL);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_reload(gpointer data)
{
    Main *self = data;
    g_autoptr(Faults) faults = faults_new();

    notify_reloading(self);
    if (!server_reload(self->server, self->file, faults)) {
        for (guint i = 0; i < faults_count(faults); i++)
            pop4_log(NULL, POP4_LOG_ERROR, "config-fault", "fault", faults_get(faults, i),
                     NULL);
        pop4_log(NULL, POP4_LOG_ERROR, "reload-refused", NULL);
    }
    notify_ready(self);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_metrics(gpointer data)
{
    Main *self = data;

    server_log_metrics(self->server);
    return G_SOURCE_CONTINUE;
}

static void
prepare_process(void)
{
    struct rlimit limit;

    signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    /* Sessions move between threads, so arenas of their own would only scatter the memory. */
    mallopt(M_ARENA_MAX, 2);
}

static void
serve_until_stopped(Main *self)
{
    self->loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGHUP, on_reload, self);
    g_unix_signal_add(SIGTERM, on_terminate, self);
    g_unix_signal_add(SIGINT, on_terminate, self);
    g_unix_signal_add(SIGUSR1, on_metrics, self);
    g_timeout_add_seconds(1, on_sweep, self);
    if (systemd_watchdog_interval() > 0) {
        server_is_alive(self->server); /* the first tick hears of the answer */
        g_timeout_add((guint)MAX(systemd_watchdog_interval() / 2000, 1), on_watchdog, self);
    }
    pop4_log(NULL, POP4_LOG_INFO, "ready", "version", PACKAGE_VERSION, NULL);
    notify_ready(self);
    g_main_loop_run(self->loop);
    g_main_loop_unref(self->loop);
}

static int
serve(const char *file)
{
    Main self = {.file = file};
    g_autoptr(Faults) faults = faults_new();
    g_autoptr(GError) error = NULL;
    Settings *settings = settings_load(file, faults);

    if (settings == NULL)
        return report_faults(faults);
    prepare_process();
    tls_context_init_library();
    self.server = server_new(settings, faults, &error);
    if (self.server == NULL && faults_count(faults) > 0)
        return report_faults(faults);
    if (self.server == NULL || !server_start(self.server, &error)) {
        g_printerr("pop4d: %s\n", error->message);
        g_clear_pointer(&self.server, server_free);
        return EX_UNAVAILABLE;
    }
    serve_until_stopped(&self);
    server_log_metrics(self.server);
    server_free(self.server);
    pop4_log(NULL, POP4_LOG_INFO, "stopped", NULL);
    return EXIT_SUCCESS;
}

/* (transfer full): the configuration's, where nobody says otherwise. Of its faults the rest is
 * not asked about here. */
static char *
find_plugin_dir(void)
{
    g_autoptr(Faults) faults = faults_new();
    g_autoptr(Settings) settings = NULL;

    if (options.plugin_dir != NULL)
        return g_strdup(options.plugin_dir);
    settings = settings_load(options.file != NULL ? options.file : DEFAULT_FILE, faults);
    if (settings == NULL && options.file != NULL) {
        report_faults(faults);
        return NULL;
    }
    return g_strdup(settings != NULL ? settings->server.plugin_dir : PLUGINDIR);
}

static int
make_account(void)
{
    g_autofree char *plugin_dir = find_plugin_dir();

    if (plugin_dir == NULL)
        return EX_CONFIG;
    return hash_password(plugin_dir, options.login, (const char *const *)options.schemes,
                         options.keep_secret);
}

/* (nullable): what is wrong with them */
static const char *
take_arguments(int argc, char **argv)
{
    if (!options.hash_password && (options.schemes != NULL || options.keep_secret))
        return "--scheme and --keep-secret belong to --hash-password";
    if (argc > (options.hash_password ? 2 : 1))
        return options.hash_password ? "there is one login" : "there are no arguments";
    options.login = g_strdup(argc > 1 ? argv[1] : NULL);
    return NULL;
}

static int
run(void)
{
    const char *file = options.file != NULL ? options.file : DEFAULT_FILE;
    const char *plugin_dir = options.plugin_dir != NULL ? options.plugin_dir : PLUGINDIR;

    if (options.version) {
        g_print("%s\n", PACKAGE_STRING);
        return EXIT_SUCCESS;
    }
    if (options.help_config)
        return help_config();
    if (options.hash_password)
        return make_account();
    if (options.list_plugins)
        return inspect_list(plugin_dir);
    if (options.describe != NULL)
        return inspect_describe(plugin_dir, options.describe);
    if (options.check)
        return check_file(file);
    return serve(file);
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    log_init();
    g_option_context_set_summary(context, "Serves mail over POP3; see pop4d(8).");
    g_option_context_add_main_entries(context, option_entries, NULL);
    const char *fault = g_option_context_parse(context, &argc, &argv, &error)
                            ? take_arguments(argc, argv)
                            : error->message;
    if (fault != NULL) {
        g_printerr("pop4d: %s\n", fault);
        return EX_USAGE;
    }
    int status = run();
    g_free(options.file);
    g_free(options.plugin_dir);
    g_free(options.describe);
    g_free(options.login);
    g_strfreev(options.schemes);
    return status;
}
