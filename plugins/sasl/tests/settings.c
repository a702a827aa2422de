/* What the plugin does not start with, and that it says which setting is at fault. */
/* SPDX-License-Identifier: MIT */

#include "fixture.h"
#include "library.h"

#include <pop4/error.h>
#include <string.h>

typedef struct {
    const char *key, *value; /* "option.NAME" and "mechanisms.NAME", too */
    const char *fault;       /* NULL when there is none */
} Row;

static void
set(SaslSettings *settings, const char *key, const char *value)
{
    if (g_str_has_prefix(key, "option.")) {
        g_hash_table_replace(settings->options, g_strdup(key + strlen("option.")),
                             g_strdup(value));
    } else if (g_str_has_prefix(key, "mechanisms.")) {
        g_hash_table_replace(settings->listener_mechanisms,
                             g_strdup(key + strlen("mechanisms.")), g_strdup(value));
    } else if (g_str_equal(key, "realm")) {
        g_free(settings->realm);
        settings->realm = g_strdup(value);
    } else {
        char ***list =
            g_str_equal(key, "mechanisms") ? &settings->mechanisms : &settings->password_check;
        g_strfreev(*list);
        *list = g_strsplit(value, ";", -1);
    }
}

static void
check_row(const char *database, const Row *row)
{
    g_autoptr(SaslSettings) settings = fixture_settings_new(database);
    g_autoptr(GError) error = NULL;

    set(settings, row->key, row->value);
    g_autoptr(Backend) backend = backend_new(settings, &error);
    gboolean good = backend != NULL && library_init(settings->options, &error) &&
                    attempt_rehearse(backend, &error);
    g_assert_cmpint(good, ==, error == NULL);
    if (row->fault == NULL)
        g_assert_no_error(error);
    else if (error == NULL || strstr(error->message, row->fault) == NULL)
        g_error("%s = %s: %s", row->key, row->value, error != NULL ? error->message : "good");
}

static void
test_values(void)
{
    static const Row rows[] = {
        {"mechanisms", "PLAIN;LOGIN", NULL},
        {"mechanisms", "LOGIN", NULL},
        {"mechanisms", "", NULL},
        {"mechanisms", "PLAIN;ANONYMOUS", "the mechanism ANONYMOUS is not installed"},
        {"mechanisms", "CRAM-MD5;SCRAM-SHA-512-PLUS;EXTERNAL", NULL},
        {"mechanisms", "auto", NULL},
        {"mechanisms", "GSSAPI-PLUS", "mechanisms: \"GSSAPI-PLUS\" is not possible"},
        {"mechanisms", "SCRAM-MD5", "the mechanism SCRAM-MD5 is not installed"},
        {"mechanisms", "plain", "mechanisms: \"plain\""},
        {"mechanisms", "PLAIN LOGIN", "mechanisms: \"PLAIN LOGIN\""},
        {"mechanisms.pop3", "PLAIN LOGIN", NULL},
        {"mechanisms.pop3", "PLAIN; LOGIN;", NULL},
        {"mechanisms.pop3", "PLAIN;plain", "mechanisms: \"plain\""},
        {"mechanisms.pop3", "", NULL},
        {"password-check", "auxprop;saslauthd", NULL},
        {"password-check", "sasldb", "password-check: \"sasldb\""},
        {"password-check", "alwaystrue", "password-check: \"alwaystrue\""},
        {"password-check", "", "password-check must not be empty"},
        {"realm", "other.example", NULL},
        {"realm", "", "realm must have 1 to 255 octets"},
        {"option.mech_list", "ANONYMOUS", "use the key mechanisms"},
        {"option.pwcheck_method", "alwaystrue", "use the key password-check"},
        {"option.sasldb_path", "/etc/sasldb2", "use the key sasldb"},
        {"option.saslauthd_path", "/run/saslauthd/mux", NULL},
        {"option.auxprop_plugin", "sasldb ldapdb", NULL},
    };
    g_autofree char *database = fixture_path("sasldb");

    fixture_add_account(database, "tim", "se cret");
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(database, &rows[i]);
}

static void
test_database(void)
{
    static const Row without = {"password-check", "auxprop", "sasldb must be set"};
    static const Row elsewhere = {"option.auxprop_plugin", "ldapdb", NULL};
    static const Row unused = {"password-check", "saslauthd", NULL};

    check_row(NULL, &without);
    check_row(NULL, &elsewhere);
    check_row(NULL, &unused);
    check_row("/nowhere/sasldb", &unused);
}

/* Debian's DIGEST-MD5 asks for it while it is loaded, and never again. */
static void
test_read_once(void)
{
    static const Row rows[] = {
        {"option.log_level", "3", NULL},
        {"option.reauth_timeout", "1440", "option.reauth_timeout: libsasl2 reads it once"},
        {"option.plugin_list", "PLAIN", "option.plugin_list: libsasl2 reads it once"},
        {"option.log_level", "4", NULL},
    };
    g_autofree char *database = fixture_path("sasldb");

    fixture_add_account(database, "tim", "se cret");
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
        check_row(database, &rows[i]);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sasl/settings/values", test_values);
    g_test_add_func("/sasl/settings/database", test_database);
    g_test_add_func("/sasl/settings/read-once", test_read_once);
    int status = g_test_run();
    fixture_remove_folder();
    return status;
}
