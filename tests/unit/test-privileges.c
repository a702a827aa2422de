/* Root serves for nobody whom it cannot become; tests/programs/privileges.py has the rest. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "privileges.h"

#include <pop4/error.h>
#include <sys/prctl.h>
#include <unistd.h>

/* What privileges_check() let pass may be another when it is done. */
static void
test_unknown(void)
{
    static const struct {
        const char *sentence, *user, *group;
    } rows[] = {
        {"a user who is there no more", "no-such-user", NULL},
        {"a group that is there no more", "nobody", "no-such-group"},
        {"a group for root that is there no more", "root", "no-such-group"},
        {"no user", NULL, NULL},
    };

    if (geteuid() != 0) {
        g_test_skip("for root");
        return;
    }
    int before = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        Settings settings = {
            .server = {.user = (char *)rows[i].user, .group = (char *)rows[i].group}};

        g_test_message("%s", rows[i].sentence);
        g_assert_false(privileges_drop(&settings, &error));
        g_assert_error(error, POP4_ERROR, POP4_ERROR_PERMANENT);
    }
    g_assert_cmpuint(geteuid(), ==, 0);
    g_assert_cmpint(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), ==, before);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/privileges/unknown", test_unknown);
    return g_test_run();
}
