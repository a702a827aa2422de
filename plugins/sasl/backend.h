/* One use of the plugin: its settings in the form that libsasl2 asks for, and its cache. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "cache.h"

#include <pop4/types.h>

/* The plugins that check passwords and know accounts, among the ways to check a password. */
#define BACKEND_DIRECTORY "directory"

typedef enum {
    CERTIFICATE_LOGIN_NONE,
    CERTIFICATE_LOGIN_COMMON_NAME,
    CERTIFICATE_LOGIN_EMAIL,
} CertificateLogin;

/* The settings of [plugin sasl]. */
typedef struct {
    char *sasldb;
    char *realm;
    char **mechanisms;
    GHashTable *listener_mechanisms; /* by the name of the listener */
    char **password_check;
    char **masters;
    guint certificate_login; /* CertificateLogin */
    GHashTable *certificate_logins;
    guint64 cache_seconds;
    GHashTable *options; /* libsasl2's own, by name */
} SaslSettings;

typedef struct Backend Backend;

/* Main thread. @settings outlives the backend. NULL with @error names the setting at fault. */
Backend *backend_new(const SaslSettings *settings, GError **error);
void backend_free(Backend *backend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Backend, backend_free)

/* All that follow: any thread; strings are borrowed. */

/* The domain of a login without one. */
const char *backend_get_realm(const Backend *backend);

/* What AUTH may offer on a listener, in the order of the settings; what it offers anywhere. */
const char *const *backend_get_mechanisms(const Backend *backend, const char *listener);
const char *const *backend_get_all_mechanisms(const Backend *backend);

/* Whether the session was offered SCRAM with channel binding. */
gboolean backend_offers_binding(const Backend *backend, const Pop4Session *session);

gboolean backend_is_master(const Backend *backend, const char *login);

/* Whether accounts come from the server's directories, not from libsasl2's plugins. */
gboolean backend_uses_directory(const Backend *backend);

/* Whether the plugins that check passwords are among the ways to check one: AUTH then asks the
 * core, which asks them and this plugin. */
gboolean backend_asks_directory(const Backend *backend);

/* The other ways, in this order. */
const char *const *backend_get_methods(const Backend *backend);

/* (nullable): NULL when it is off. */
Cache *backend_get_cache(const Backend *backend);

/* (nullable): libsasl2's options that are the same for each login. */
const char *backend_find_option(const Backend *backend, const char *option);

/* Whether passwords are in a database of saslpasswd2. */
gboolean backend_uses_database(const Backend *backend);

/* Whether that can be opened, where it is in use: libsasl2 takes one that it may not open for
 * one without users. An error names the file: not for a client. */
gboolean backend_check_database(const Backend *backend, GError **error);
