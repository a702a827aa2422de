/* The server's configuration: one file, checked whole, immutable once loaded. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "faults.h"
#include "setting-file.h"

#include <pop4/network.h>
#include <pop4/setting.h>

typedef struct {
    char *hostname;
    char *state_dir;
    char *plugin_dir;
    char **plugins;
    char *user, *group; /* (nullable) */
    gboolean core_dumps;
    guint64 workers, workers_reserve;
    guint64 max_sessions;
    guint64 idle_timeout, login_timeout, write_timeout, drain_timeout; /* seconds */
    guint64 max_bad_commands;
    guint log_level; /* Pop4LogLevel */
} ServerSettings;

typedef enum {
    TLS_NONE,
    TLS_STARTTLS,
    TLS_IMPLICIT
} TlsMode;
typedef enum {
    PLAINTEXT_LOOPBACK,
    PLAINTEXT_YES,
    PLAINTEXT_NO
} PlaintextRule;

typedef struct {
    char *name;
    char *address;
    guint64 port;
    guint64 backlog;
    guint tls;             /* TlsMode */
    guint allow_plaintext; /* PlaintextRule */
    gboolean proxy_protocol;
    char **proxy_networks;
    Pop4Networks *proxies; /* those of proxy_networks */
} ListenerSettings;

typedef enum {
    TLS_MIN_1_2,
    TLS_MIN_1_3
} TlsMinVersion;
typedef enum {
    TLS_VERIFY_NONE,
    TLS_VERIFY_OPTIONAL,
    TLS_VERIFY_REQUIRE
} TlsVerify;

/* Of [tls], and of each [tls NAME], which has but the first two. */
typedef struct {
    char *group;
    char *certificate, *key;
    guint min_version;            /* TlsMinVersion */
    char *ciphers;                /* (nullable) */
    guint verify_client;          /* TlsVerify */
    char *client_ca, *client_crl; /* (nullable) */
} TlsSettings;

typedef struct {
    SettingFile *file;
    ServerSettings server;
    GPtrArray *listeners; /* ListenerSettings */
    GPtrArray *tls;       /* TlsSettings */
} Settings;

extern const Pop4Setting server_setting_table[];
extern const Pop4Setting listener_setting_table[];
extern const Pop4Setting tls_setting_table[];
extern const Pop4Setting tls_name_setting_table[];

/* NULL when the file cannot be read or parsed. Otherwise it is to be used only if no fault was
 * found, here and when an extension set is built, which checks the plugins' groups. */
Settings *settings_load(const char *path, Faults *faults);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* (nullable): the [tls] group. */
const TlsSettings *settings_get_tls(const Settings *settings);

/* (nullable): the name behind "listener " or "plugin " in a group of that kind. */
const char *settings_group_name(const char *group, const char *kind);

/* (transfer full) (nullable): the keys that differ and wait for the next start, "[group] key,
 * ..." */
char *settings_diff_restart(const Settings *before, const Settings *after);
