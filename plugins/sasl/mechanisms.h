/* The mechanisms of AUTH: which a session may use, and which of them speaks of what. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/types.h>

/* SCRAM with channel binding (RFC 5802): "SCRAM-SHA-256-PLUS". */
gboolean mechanism_binds(const char *name);
gboolean mechanism_is_scram(const char *name);

/* Sends the password itself. */
gboolean mechanism_is_plain(const char *name);

/* Whether the session is of the kind that @name needs: TLS, a certificate. */
gboolean mechanism_is_possible(const char *name, const Pop4Session *session);

/* (transfer full) (nullable): who the client's certificate says it is, as the settings want it.
 */
char *mechanism_certificate_login(const Pop4Session *session);
