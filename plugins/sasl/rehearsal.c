/* Whether a login can work, before there is a client. */
/* SPDX-License-Identifier: MIT */

#include "attempt-struct.h"
#include "library.h"

#include <pop4/error.h>

/* As if there were a client with a certificate under TLS, so that libsasl2 lists all it has. */
static const char *
list_installed(Attempt *attempt)
{
    static const sasl_channel_binding_t binding = {
        .name = "tls-exporter", .len = 1, .data = (const guchar *)"x"};
    const char *list = "";

    sasl_setprop(attempt->connection, SASL_AUTH_EXTERNAL, "x");
    sasl_setprop(attempt->connection, SASL_CHANNEL_BINDING, &binding);
    sasl_listmech(attempt->connection, NULL, NULL, " ", NULL, &list, NULL, NULL);
    return list;
}

static gboolean
check_installed(Attempt *attempt, GError **error)
{
    g_auto(GStrv) installed = g_strsplit(list_installed(attempt), " ", -1);

    for (const char *const *name = backend_get_all_mechanisms(attempt->backend); *name != NULL;
         name++) {
        if (g_strv_contains((const char *const *)installed, *name))
            continue;
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "the mechanism %s is not installed (Debian: libsasl2-modules, for GSSAPI "
                    "libsasl2-modules-gssapi-mit)",
                    *name);
        return FALSE;
    }
    return TRUE;
}

gboolean
attempt_rehearse(const Backend *backend, GError **error)
{
    g_autoptr(Attempt) attempt = attempt_open(backend, NULL, "auxprop", error);

    if (attempt == NULL)
        return FALSE;
    attempt->is_rehearsal = TRUE;
    if (!check_installed(attempt, error) || !backend_check_database(backend, error))
        return FALSE;
    /* Nobody of that name, but the database is read. */
    if (!backend_uses_database(backend) ||
        sasl_user_exists(attempt->connection, LIBRARY_SERVICE, backend_get_realm(backend),
                         "-") != SASL_FAIL)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "libsasl2: %s",
                attempt->message != NULL ? attempt->message
                                         : sasl_errdetail(attempt->connection));
    return FALSE;
}
