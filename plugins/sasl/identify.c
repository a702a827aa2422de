/* Who an attempt has turned out to be, and for whom it acts. */
/* SPDX-License-Identifier: MIT */

#include "attempt-struct.h"

#include <pop4/error.h>
#include <pop4/session.h>
#include <string.h>

/* Whether who has proved to be @own may open the maildrop of @other. */
int
identify_allow(sasl_conn_t *connection, void *context, const char *other, unsigned other_length,
               const char *own, unsigned own_length, const char *realm, unsigned realm_length,
               struct propctx *properties)
{
    Attempt *attempt = context;
    g_autofree char *full = g_strndup(own, own_length);

    if (other_length == own_length && memcmp(other, own, own_length) == 0)
        return SASL_OK;
    if (backend_is_master(attempt->backend, attempt->login != NULL ? attempt->login : full))
        return SASL_OK;
    sasl_seterror(connection, SASL_NOLOG, "no master");
    return SASL_NOAUTHZ;
}

Pop4Account *
attempt_find_account(Attempt *attempt, const char *name, GError **error)
{
    Pop4Account *account = pop4_session_find_account(attempt->session, name, error);

    if (account != NULL) {
        g_free(attempt->login);
        attempt->login = g_strdup(pop4_account_get_login(account));
    }
    return account;
}

const char *
attempt_get_login(const Attempt *attempt)
{
    const void *login = NULL;

    if (attempt->login != NULL)
        return attempt->login;
    if (backend_uses_directory(attempt->backend))
        return attempt->name;
    /* Where an exchange lets one act for another, this is the other. */
    if (sasl_getprop(attempt->connection, SASL_USERNAME, &login) == SASL_OK)
        return login;
    return attempt->name;
}

/* (transfer full) (nullable): the one form of @name in a directory; without one it is that. */
static char *
canonical(const Attempt *attempt, const char *name, GError **error)
{
    if (!pop4_session_has_directory(attempt->session))
        return g_strdup(name);
    g_autoptr(Pop4Account) account = pop4_session_find_account(attempt->session, name, error);
    return account != NULL ? g_strdup(pop4_account_get_login(account)) : NULL;
}

/* Who acts for nobody else: as the plugin says that has checked the password, since the
 * maildrop need not be that of the login. */
static Pop4Identity *
take_own(Attempt *attempt, const char *login)
{
    return attempt->proven != NULL ? g_steal_pointer(&attempt->proven)
                                   : pop4_identity_new(login);
}

/* libsasl2 adds the realm to a name without one; a directory has its own mind about that. */
static Pop4Identity *
identify_by_directory(Attempt *attempt, GError **error)
{
    g_autofree char *own = attempt->login != NULL ? g_strdup(attempt->login)
                                                  : canonical(attempt, attempt->name, error);
    if (own == NULL)
        return NULL;
    if (attempt->acts_for == NULL || g_strcmp0(attempt->acts_for, attempt->name) == 0)
        return take_own(attempt, own);
    g_autofree char *other = canonical(attempt, attempt->acts_for, error);
    if (other == NULL)
        return NULL;
    if (g_str_equal(own, other))
        return take_own(attempt, own);
    /* Two accounts can be one name to libsasl2, "alice" and "alice@realm". */
    if (backend_is_master(attempt->backend, own))
        return pop4_identity_new_for_master(other, own);
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "Authentication failed");
    return NULL;
}

Pop4Identity *
attempt_identify(Attempt *attempt, GError **error)
{
    const void *user = NULL, *authenticated = NULL;

    if (backend_uses_directory(attempt->backend) && attempt->session != NULL)
        return identify_by_directory(attempt, error);
    sasl_getprop(attempt->connection, SASL_USERNAME, &user);
    sasl_getprop(attempt->connection, SASL_AUTHUSER, &authenticated);
    if (user == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_TEMPORARY,
                            "Logging in is not possible now");
        return NULL;
    }
    /* Another plugin that has checked the password knows the login's one form. */
    const char *own = attempt->login != NULL ? attempt->login : authenticated;
    return authenticated == NULL || g_str_equal(user, authenticated)
               ? take_own(attempt, own != NULL ? own : user)
               : pop4_identity_new_for_master(user, own);
}
