/* SPDX-License-Identifier: MIT */

#include "mechanisms.h"

#include "backend.h"

#include <pop4/session.h>
#include <pop4/tls.h>

gboolean
mechanism_is_scram(const char *name)
{
    return g_str_has_prefix(name, "SCRAM-");
}

gboolean
mechanism_binds(const char *name)
{
    return g_str_has_suffix(name, "-PLUS");
}

gboolean
mechanism_is_plain(const char *name)
{
    return g_str_equal(name, "PLAIN") || g_str_equal(name, "LOGIN");
}

char *
mechanism_certificate_login(const Pop4Session *session)
{
    const SaslSettings *settings = pop4_session_get_settings(session, "sasl");
    Pop4CertificateName kind;

    switch ((CertificateLogin)settings->certificate_login) {
    case CERTIFICATE_LOGIN_COMMON_NAME:
        kind = POP4_CERTIFICATE_COMMON_NAME;
        break;
    case CERTIFICATE_LOGIN_EMAIL:
        kind = POP4_CERTIFICATE_EMAIL;
        break;
    default:
        return NULL;
    }
    g_auto(GStrv) names = pop4_session_get_certificate_names(session, kind);
    /* With several it would not be clear who that is. */
    if (g_strv_length(names) != 1)
        return NULL;
    const char *login = g_hash_table_lookup(settings->certificate_logins, names[0]);
    return g_strdup(login != NULL ? login : names[0]);
}

gboolean
mechanism_is_possible(const char *name, const Pop4Session *session)
{
    if (mechanism_is_plain(name))
        return pop4_session_allows_plaintext(session);
    if (mechanism_binds(name))
        return pop4_session_has_tls(session);
    if (!g_str_equal(name, "EXTERNAL"))
        return TRUE;
    g_autofree char *login = mechanism_certificate_login(session);
    return login != NULL;
}
