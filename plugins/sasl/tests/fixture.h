/* What the tests of passwords need around them: databases, a saslauthd, a log to look into. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "attempt.h"

/* In a folder of the test's own. (transfer full) */
char *fixture_path(const char *name);
void fixture_remove_folder(void);

/* Has saslpasswd2 (package sasl2-bin) put an account there. */
void fixture_add_account(const char *path, const char *user, const char *password);

/* (transfer full): as the defaults would fill it, with the realm example.org. */
SaslSettings *fixture_settings_new(const char *sasldb);
void fixture_settings_free(SaslSettings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SaslSettings, fixture_settings_free)

/* A saslauthd that knows "secret" for everybody in example.org, and hangs up for "hang up". */
typedef struct FakeDaemon FakeDaemon;

FakeDaemon *fixture_daemon_new(const char *path);
void fixture_daemon_free(FakeDaemon *daemon);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FakeDaemon, fixture_daemon_free)

/* (transfer full): what has been logged since the last call, one event a line. */
char *fixture_take_log(void);
