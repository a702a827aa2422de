/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "settings.h"

#include "setting-table.h"

#include <string.h>

#define SERVER(member) G_STRUCT_OFFSET(ServerSettings, member)
#define LISTENER(member) G_STRUCT_OFFSET(ListenerSettings, member)
#define TLS(member) G_STRUCT_OFFSET(TlsSettings, member)

const Pop4Setting server_setting_table[] = {
    {.key = "hostname",
     .type = POP4_SETTING_STRING,
     .offset = SERVER(hostname),
     .flags = POP4_SETTING_RESTART,
     .help = "The name in greetings; by default what gethostname() says"},
    {.key = "state-dir",
     .type = POP4_SETTING_STRING,
     .offset = SERVER(state_dir),
     .initial = "/var/lib/pop4d",
     .flags = POP4_SETTING_RESTART,
     .help = "Where the server keeps what it must remember"},
    {.key = "plugin-dir",
     .type = POP4_SETTING_STRING,
     .offset = SERVER(plugin_dir),
     .initial = PLUGINDIR,
     .help = "Where the plugins' modules lie"},
    {.key = "plugins",
     .type = POP4_SETTING_LIST,
     .offset = SERVER(plugins),
     .initial = "pop3;uidl;stls;accounts;sasl;maildir",
     .help = "The plugins that are on, in their order"},
    {.key = "user",
     .type = POP4_SETTING_STRING,
     .offset = SERVER(user),
     .flags = POP4_SETTING_RESTART,
     .help = "Whom the server becomes once it has bound its ports; must be set for root"},
    {.key = "group",
     .type = POP4_SETTING_STRING,
     .offset = SERVER(group),
     .flags = POP4_SETTING_RESTART,
     .help = "With which group; by default the user's own"},
    {.key = "core-dumps",
     .type = POP4_SETTING_BOOL,
     .offset = SERVER(core_dumps),
     .initial = "no",
     .flags = POP4_SETTING_RESTART,
     .help = "Whether a crash may write memory, passwords included, to a file"},
    {.key = "workers",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(workers),
     .initial = "0",
     .max = 1024,
     .flags = POP4_SETTING_RESTART,
     .help = "Threads that wait for sessions; 0 = one a core"},
    {.key = "workers-reserve",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(workers_reserve),
     .initial = "256",
     .max = 4096,
     .flags = POP4_SETTING_RESTART,
     .help = "Threads that may stand in for blocked ones"},
    {.key = "max-sessions",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(max_sessions),
     .initial = "0",
     .max = 10000000,
     .help = "Further clients are turned away; 0 = what the descriptor limit allows"},
    {.key = "idle-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(idle_timeout),
     .initial = "600",
     .min = 600,
     .max = 86400,
     .help = "Silence after login before the connection is closed (RFC 1939: at least 600)"},
    {.key = "login-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(login_timeout),
     .initial = "120",
     .min = 1,
     .max = 86400,
     .help = "Time from the connection to the login"},
    {.key = "write-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(write_timeout),
     .initial = "600",
     .min = 1,
     .max = 86400,
     .help = "Time in which a client must take some of what is sent to it"},
    {.key = "drain-timeout-seconds",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(drain_timeout),
     .initial = "30",
     .max = 86400,
     .help = "Time that sessions have to end when the server stops"},
    {.key = "max-bad-commands",
     .type = POP4_SETTING_UINT,
     .offset = SERVER(max_bad_commands),
     .initial = "20",
     .min = 1,
     .max = 1000000,
     .help = "Malformed commands and wrong passwords of a session before it is closed"},
    {.key = "log-level",
     .type = POP4_SETTING_CHOICE,
     .offset = SERVER(log_level),
     .initial = "info",
     .choices = "error|warning|info|debug",
     .help = "What is logged: sessions at info, each command at debug"},
    {.key = NULL},
};

const Pop4Setting listener_setting_table[] = {
    {.key = "address",
     .type = POP4_SETTING_STRING,
     .offset = LISTENER(address),
     .initial = "127.0.0.1",
     .flags = POP4_SETTING_RESTART,
     .help = "IPv4 or IPv6 address; \"::\" is every IPv6 address, \"0.0.0.0\" every IPv4 one"},
    {.key = "port",
     .type = POP4_SETTING_UINT,
     .offset = LISTENER(port),
     .initial = "110",
     .max = 65535,
     .flags = POP4_SETTING_RESTART,
     .help = "TCP port; 0 takes a free one"},
    {.key = "backlog",
     .type = POP4_SETTING_UINT,
     .offset = LISTENER(backlog),
     .initial = "1024",
     .min = 1,
     .max = 65535,
     .flags = POP4_SETTING_RESTART,
     .help = "Connections that may wait to be accepted"},
    {.key = "tls",
     .type = POP4_SETTING_CHOICE,
     .offset = LISTENER(tls),
     .initial = "none",
     .choices = "none|starttls|implicit",
     .flags = POP4_SETTING_RESTART,
     .help = "TLS by a command (RFC 2595), from the first octet on (RFC 8314), or not at all"},
    {.key = "allow-plaintext",
     .type = POP4_SETTING_CHOICE,
     .offset = LISTENER(allow_plaintext),
     .initial = "loopback",
     .choices = "loopback|yes|no",
     .flags = POP4_SETTING_RESTART,
     .help = "Which clients may send a password without TLS"},
    {.key = "proxy-protocol",
     .type = POP4_SETTING_BOOL,
     .offset = LISTENER(proxy_protocol),
     .initial = "no",
     .flags = POP4_SETTING_RESTART,
     .help = "Every connection begins with a PROXY header, version 1 or 2"},
    {.key = "proxy-networks",
     .type = POP4_SETTING_LIST,
     .offset = LISTENER(proxy_networks),
     .initial = "",
     .flags = POP4_SETTING_RESTART,
     .help = "Whose PROXY header is believed; with proxy-protocol nobody else may connect"},
    {.key = NULL},
};

const Pop4Setting tls_setting_table[] = {
    {.key = "certificate",
     .type = POP4_SETTING_STRING,
     .offset = TLS(certificate),
     .flags = POP4_SETTING_REQUIRED,
     .help = "PEM file: the server's certificate and those between it and its authority"},
    {.key = "key",
     .type = POP4_SETTING_STRING,
     .offset = TLS(key),
     .flags = POP4_SETTING_REQUIRED,
     .help = "PEM file: the certificate's private key, not for others to read"},
    {.key = "min-version",
     .type = POP4_SETTING_CHOICE,
     .offset = TLS(min_version),
     .initial = "1.2",
     .choices = "1.2|1.3",
     .help = "The oldest TLS that is spoken"},
    {.key = "ciphers",
     .type = POP4_SETTING_STRING,
     .offset = TLS(ciphers),
     .help = "OpenSSL's list for TLS 1.2; by default ECDHE with AES-GCM or ChaCha20"},
    {.key = "verify-client",
     .type = POP4_SETTING_CHOICE,
     .offset = TLS(verify_client),
     .initial = "none",
     .choices = "none|optional|require",
     .help = "Whether clients may or must show a certificate that client-ca has issued"},
    {.key = "client-ca",
     .type = POP4_SETTING_STRING,
     .offset = TLS(client_ca),
     .help = "PEM file: the authorities of client certificates"},
    {.key = "client-crl",
     .type = POP4_SETTING_STRING,
     .offset = TLS(client_crl),
     .help = "PEM file: the client certificates that are revoked"},
    {.key = NULL},
};

const Pop4Setting tls_name_setting_table[] = {
    {.key = "certificate",
     .type = POP4_SETTING_STRING,
     .offset = TLS(certificate),
     .flags = POP4_SETTING_REQUIRED,
     .help = "As in [tls], for clients that ask for this server name"},
    {.key = "key",
     .type = POP4_SETTING_STRING,
     .offset = TLS(key),
     .flags = POP4_SETTING_REQUIRED,
     .help = "As in [tls]"},
    {.key = NULL},
};

static void
listener_settings_free(gpointer data)
{
    ListenerSettings *listener = data;

    setting_table_clear(listener_setting_table, listener);
    g_clear_pointer(&listener->proxies, pop4_networks_free);
    g_free(listener->name);
    g_free(listener);
}

static void
tls_settings_free(gpointer data)
{
    TlsSettings *tls = data;

    setting_table_clear(tls_setting_table, tls);
    g_free(tls->group);
    g_free(tls);
}

const char *
settings_group_name(const char *group, const char *kind)
{
    gsize length = strlen(kind);

    if (!g_str_has_prefix(group, kind) || group[length] != ' ' || group[length + 1] == '\0')
        return NULL;
    return group + length + 1;
}

static void
check_proxies(Settings *settings, const char *group, ListenerSettings *listener, Faults *faults)
{
    g_autoptr(GError) error = NULL;

    listener->proxies =
        pop4_networks_new((const char *const *)listener->proxy_networks, &error);
    if (error != NULL)
        setting_file_fault(settings->file, faults, group, "proxy-networks", "%s",
                           error->message);
    else if (listener->proxy_protocol && listener->proxy_networks[0] == NULL)
        setting_file_fault(settings->file, faults, group, "proxy-networks",
                           "must name the proxies");
}

static void
fill_listener(Settings *settings, const char *group, Faults *faults)
{
    ListenerSettings *listener = g_new0(ListenerSettings, 1);

    listener->name = g_strdup(settings_group_name(group, "listener"));
    setting_table_fill(listener_setting_table, settings->file, group, listener, faults);
    g_ptr_array_add(settings->listeners, listener);
    if (listener->address != NULL && !g_hostname_is_ip_address(listener->address))
        setting_file_fault(settings->file, faults, group, "address",
                           "must be an IPv4 or IPv6 address, not \"%s\"", listener->address);
    if (listener->proxy_networks != NULL)
        check_proxies(settings, group, listener, faults);
}

static void
fill_tls(Settings *settings, const char *group, Faults *faults)
{
    TlsSettings *tls = g_new0(TlsSettings, 1);
    gboolean is_default = g_str_equal(group, "tls");

    tls->group = g_strdup(group);
    setting_table_fill(is_default ? tls_setting_table : tls_name_setting_table, settings->file,
                       group, tls, faults);
    g_ptr_array_add(settings->tls, tls);
    if (tls->verify_client != TLS_VERIFY_NONE && tls->client_ca == NULL)
        setting_file_fault(settings->file, faults, group, "client-ca",
                           "must be set for verify-client");
}

static void
check_tls(const Settings *settings, Faults *faults)
{
    if (settings_get_tls(settings) != NULL)
        return;
    for (guint i = 0; i < settings->tls->len; i++) {
        const TlsSettings *tls = g_ptr_array_index(settings->tls, i);
        setting_file_fault(settings->file, faults, tls->group, NULL,
                           "needs a [tls] group beside it");
    }
    for (guint i = 0; i < settings->listeners->len; i++) {
        const ListenerSettings *listener = g_ptr_array_index(settings->listeners, i);
        g_autofree char *group = g_strconcat("listener ", listener->name, NULL);
        if (listener->tls != TLS_NONE)
            setting_file_fault(settings->file, faults, group, "tls",
                               "needs a [tls] group with certificate and key");
    }
}

static void
fill_groups(Settings *settings, Faults *faults)
{
    g_auto(GStrv) groups = setting_file_groups(settings->file);

    for (guint i = 0; groups[i] != NULL; i++) {
        if (settings_group_name(groups[i], "listener") != NULL)
            fill_listener(settings, groups[i], faults);
        else if (g_str_equal(groups[i], "tls") || settings_group_name(groups[i], "tls") != NULL)
            fill_tls(settings, groups[i], faults);
        else if (!g_str_equal(groups[i], "server") &&
                 settings_group_name(groups[i], "plugin") == NULL)
            setting_file_fault(settings->file, faults, groups[i], NULL, "unknown group");
    }
    if (settings->listeners->len == 0)
        faults_add(faults, "%s:1: there is no [listener NAME] group",
                   setting_file_path(settings->file));
}

static void
check_server(Settings *settings, Faults *faults)
{
    ServerSettings *server = &settings->server;

    if (server->hostname == NULL)
        server->hostname = g_strdup(g_get_host_name());
    if (server->hostname[0] == '\0' ||
        server->hostname[strspn(server->hostname, "abcdefghijklmnopqrstuvwxyz"
                                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")])
        setting_file_fault(settings->file, faults, "server", "hostname",
                           "must be a host name, not \"%s\"", server->hostname);
    if (server->plugin_dir != NULL && !g_file_test(server->plugin_dir, G_FILE_TEST_IS_DIR))
        setting_file_fault(settings->file, faults, "server", "plugin-dir",
                           "\"%s\" is no folder", server->plugin_dir);
}

Settings *
settings_load(const char *path, Faults *faults)
{
    g_autoptr(Settings) settings = g_new0(Settings, 1);

    settings->listeners = g_ptr_array_new_with_free_func(listener_settings_free);
    settings->tls = g_ptr_array_new_with_free_func(tls_settings_free);
    settings->file = setting_file_load(path, faults);
    if (settings->file == NULL)
        return NULL;
    setting_table_fill(server_setting_table, settings->file, "server", &settings->server,
                       faults);
    check_server(settings, faults);
    fill_groups(settings, faults);
    check_tls(settings, faults);
    return g_steal_pointer(&settings);
}

void
settings_free(Settings *settings)
{
    setting_table_clear(server_setting_table, &settings->server);
    g_clear_pointer(&settings->listeners, g_ptr_array_unref);
    g_clear_pointer(&settings->tls, g_ptr_array_unref);
    g_clear_pointer(&settings->file, setting_file_free);
    g_free(settings);
}

const TlsSettings *
settings_get_tls(const Settings *settings)
{
    for (guint i = 0; i < settings->tls->len; i++) {
        const TlsSettings *tls = g_ptr_array_index(settings->tls, i);
        if (g_str_equal(tls->group, "tls"))
            return tls;
    }
    return NULL;
}

static const ListenerSettings *
find_listener(const Settings *settings, const char *name)
{
    for (guint i = 0; i < settings->listeners->len; i++) {
        const ListenerSettings *listener = g_ptr_array_index(settings->listeners, i);
        if (g_str_equal(listener->name, name))
            return listener;
    }
    return NULL;
}

char *
settings_diff_restart(const Settings *before, const Settings *after)
{
    GString *diff = g_string_new(NULL);

    setting_table_diff(server_setting_table, "server", &before->server, &after->server, diff);
    for (guint i = 0; i < after->listeners->len; i++) {
        const ListenerSettings *listener = g_ptr_array_index(after->listeners, i);
        const ListenerSettings *old = find_listener(before, listener->name);
        g_autofree char *group = g_strconcat("listener ", listener->name, NULL);
        if (old != NULL)
            setting_table_diff(listener_setting_table, group, old, listener, diff);
        else
            g_string_append_printf(diff, "[%s] ", group);
    }
    for (guint i = 0; i < before->listeners->len; i++) {
        const ListenerSettings *listener = g_ptr_array_index(before->listeners, i);
        if (find_listener(after, listener->name) == NULL)
            g_string_append_printf(diff, "[listener %s] ", listener->name);
    }
    g_strchomp(diff->str);
    return g_string_free(diff, diff->str[0] == '\0');
}
