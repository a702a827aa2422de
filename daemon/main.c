/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "inspect.h"
#include "log.h"
#include "privileges.h"
#include "server.h"
#include "setting-table.h"
#include "systemd.h"

#include <glib-unix.h>
#include <malloc.h>
#include <pop4/log.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sysexits.h>

#define DEFAULT_FILE "/etc/pop4d/pop4d.conf"

static struct {
    char *file;
    char *plugin_dir;
    char *describe;
    gboolean check, list_plugins, help_config, version;
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
     "Where --list-plugins and --describe look (" PLUGINDIR ")", "DIR"},
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
    systemd_notify("STOPPING=1");
    pop4_log(NULL, POP4_LOG_INFO, "draining", NULL);
    server_drain(self->server);
    g_timeout_add(20, on_drain_tick, self);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_reload(gpointer data)
{
    Main *self = data;
    g_autoptr(Faults) faults = faults_new();
    g_autofree char *state = g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT,
                                             g_get_monotonic_time());

    systemd_notify(state);
    if (!server_reload(self->server, self->file, faults)) {
        for (guint i = 0; i < faults_count(faults); i++)
            pop4_log(NULL, POP4_LOG_ERROR, "config-fault", "fault", faults_get(faults, i),
                     NULL);
        pop4_log(NULL, POP4_LOG_ERROR, "reload-refused", NULL);
    }
    systemd_notify("READY=1");
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
    pop4_log(NULL, POP4_LOG_INFO, "ready", "version", PACKAGE_VERSION, NULL);
    systemd_notify("READY=1");
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
    if (!g_option_context_parse(context, &argc, &argv, &error) || argc > 1) {
        g_printerr("pop4d: %s\n", error != NULL ? error->message : "there are no arguments");
        return EX_USAGE;
    }
    int status = run();
    g_free(options.file);
    g_free(options.plugin_dir);
    g_free(options.describe);
    return status;
}
