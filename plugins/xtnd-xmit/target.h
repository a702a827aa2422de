/* Where messages are handed on: a mail server by SMTP, or a program. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef enum {
    TARGET_TLS_NONE,
    TARGET_TLS_OPPORTUNISTIC, /* what is offered, without a look at the certificate */
    TARGET_TLS_REQUIRE,
} TargetTls;

typedef struct {
    char *url;     /* (nullable): "smtp://host:25", "smtps://host:465" */
    char *program; /* (nullable): the other kind */
    TargetTls tls;
    char *ca_file;  /* (nullable): the system's without one */
    char *user;     /* (nullable) */
    char *password; /* (nullable) */
    guint silence_seconds;
    guint connections;
    char *spool_folder;
} Target;

/**
 * target_parse:
 * @relay: "smtp://host[:port]", "smtps://host[:port]" or "sendmail:/path"
 * @credentials_file: (nullable): its first line is the user, its second the password
 *
 * Main thread.
 */
gboolean target_parse(Target *target, const char *relay, const char *credentials_file,
                      GError **error);
void target_clear(Target *target);
