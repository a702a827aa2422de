/* The core's part of the SDK, as far as the hooks use it: a session that tells what was asked
 * of it. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <pop4/pop4.h>

struct Pop4Session {
    const char *peer;
    gpointer instance;
    gpointer data;
    GDestroyNotify destroy;
    Pop4Identity *identity;
    guint delay;
    gboolean closing;
    gboolean limited;
    guint limit_seconds, limit_commands;
    guint64 limit_octets;
};

/* As conversations of the core do: from the connected hook, which may refuse, to the end. */
Pop4Session *fake_session_new(const Pop4Plugin *plugin, gpointer instance, const char *peer,
                              GError **error);
void fake_session_free(Pop4Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pop4Session, fake_session_free)

/* What was logged since the last call: level, event and pairs, a line each. */
char *fake_session_take_log(void);
