/* One use of the plugin: its settings in the form that libsasl2 asks for, and its cache. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "cache.h"

/* The settings of [plugin sasl]. */
typedef struct {
    char *sasldb;
    char *realm;
    char **mechanisms;
    char **password_check;
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

/* What AUTH may offer, in the order of the settings. */
const char *const *backend_get_mechanisms(const Backend *backend);

/* How to check a password, in this order: never empty. */
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
