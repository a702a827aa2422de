/* A plugin of ABI 1.0, behind whose tables there is whatever there is. */
/* SPDX-License-Identifier: MIT */

#include <pop4/pop4.h>

static void
older_closed(Pop4Session *session)
{
}

#define GARBAGE ((gpointer)1)

static const Pop4Hooks older_hooks = {
    .closed = older_closed,
    .greeting = (void (*)(Pop4Session *, GString *))GARBAGE,
    .secured = (void (*)(Pop4Session *))GARBAGE,
    .logging_in = (gboolean(*)(Pop4Session *, const Pop4Identity *, GError **))GARBAGE,
    .submitted = (void (*)(Pop4Session *, const Pop4Submission *))GARBAGE,
    .opened =
        (gboolean(*)(Pop4Session *, const Pop4Identity *, Pop4Maildrop *, GError **))GARBAGE,
};

POP4_PLUGIN(older) = {
    .abi_major = 1,
    .abi_minor = 0,
    .name = "older",
    .hooks = &older_hooks,
    .directory = (const Pop4Directory *)GARBAGE,
};
