/* A plugin of ABI 1.1, behind whose hooks there is whatever there is. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static void
former_secured(Pop4Session *session)
{
}

static Pop4Account *
former_lookup(gpointer instance, const char *user, GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_AUTH, "nobody");
    return NULL;
}

#define GARBAGE ((gpointer)1)

static const Pop4Hooks former_hooks = {
    .secured = former_secured,
    .submitted = (void (*)(Pop4Session *, const Pop4Submission *))GARBAGE,
    .opened =
        (gboolean(*)(Pop4Session *, const Pop4Identity *, Pop4Maildrop *, GError **))GARBAGE,
};

static const Pop4Directory former_directory = {.lookup = former_lookup};

POP4_PLUGIN(former) = {
    .abi_major = 1,
    .abi_minor = 1,
    .name = "former",
    .hooks = &former_hooks,
    .directory = &former_directory,
};
