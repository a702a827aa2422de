/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "settings.h"

#include "setting-table.h"

#include <string.h>

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
