/* Who has logged in, for whom, and into whose maildrop. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include <pop4/identity.h>

static void
test_parts(void)
{
    static const struct {
        const char *login, *local_part, *domain;
    } logins[] = {
        {"tim@example.org", "tim", "example.org"},
        {"tim", "tim", ""},
        {"", "", ""},
        {"a@b@example.org", "a@b", "example.org"},
        {"tim@", "tim", ""},
        {"@example.org", "", "example.org"},
    };

    for (guint i = 0; i < G_N_ELEMENTS(logins); i++) {
        g_autoptr(Pop4Identity) identity = pop4_identity_new(logins[i].login);
        g_assert_cmpstr(pop4_identity_get_login(identity), ==, logins[i].login);
        g_assert_cmpstr(pop4_identity_get_local_part(identity), ==, logins[i].local_part);
        g_assert_cmpstr(pop4_identity_get_domain(identity), ==, logins[i].domain);
        g_assert_null(pop4_identity_get_master(identity));
        g_assert_null(pop4_identity_get_owner(identity));
    }
    pop4_identity_free(NULL);
}

static void
test_others(void)
{
    g_autoptr(Pop4Identity) served = pop4_identity_new_for_master("tim@example.org", "root");
    g_autoptr(Pop4Identity) view = pop4_identity_new_for_owner("tim@host", "host@example.org");
    g_autoptr(Pop4Identity) own = pop4_identity_new_for_owner("tim", "tim");

    g_assert_cmpstr(pop4_identity_get_master(served), ==, "root");
    g_assert_null(pop4_identity_get_owner(served));
    g_assert_cmpstr(pop4_identity_get_login(view), ==, "tim@host");
    g_assert_cmpstr(pop4_identity_get_domain(view), ==, "host");
    g_assert_cmpstr(pop4_identity_get_owner(view), ==, "host@example.org");
    g_assert_null(pop4_identity_get_master(view));
    g_assert_cmpstr(pop4_identity_get_owner(own), ==, "tim");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/parts of a login", test_parts);
    g_test_add_func("/identity/masters and owners", test_others);
    return g_test_run();
}
