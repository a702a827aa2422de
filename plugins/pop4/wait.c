/* Waiting for a change: WAIT. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"

#define SECONDS_MAX 1740 /* 29 minutes: what NATs and firewalls mostly let pass */

typedef struct {
    Pop4Watch *watch;
    Pop4Suspension *suspension; /* given back once, by whoever takes it first */
    gint changed;               /* atomic */
} Waiting;

static void
give_back(Waiting *waiting)
{
    Pop4Suspension *suspension = g_atomic_pointer_exchange(&waiting->suspension, NULL);

    if (suspension != NULL)
        pop4_suspension_resume(suspension);
}

/* Any thread. */
static void
note_change(gpointer data)
{
    Waiting *waiting = data;

    g_atomic_int_set(&waiting->changed, TRUE);
    give_back(waiting);
}

static void
waiting_free(gpointer data)
{
    Waiting *waiting = data;

    pop4_watch_free(waiting->watch);
    give_back(waiting);
    g_free(waiting);
}

static gboolean
wait_over(Pop4Session *session, gpointer state, GError **error)
{
    Waiting *waiting = state;

    (void)error;
    pop4_reply_ok(session, g_atomic_int_get(&waiting->changed) ? "changed" : "nothing");
    return TRUE;
}

static gboolean
take_seconds(Words *words, guint *seconds_out, GError **error)
{
    *seconds_out = SECONDS_MAX;
    if (words_end(words))
        return TRUE;
    if (!words_take_number(words, "A number of seconds", seconds_out, error) ||
        !words_finish(words, error))
        return FALSE;
    if (*seconds_out > SECONDS_MAX) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_SYNTAX, "Seconds are from 1 to %d",
                    SECONDS_MAX);
        return FALSE;
    }
    return TRUE;
}

gboolean
wait_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    Waiting *waiting = g_new0(Waiting, 1);
    gboolean changed = FALSE;
    guint seconds;
    Words words;

    /* The watch first: what comes between the look and the wait is seen by it. */
    gboolean good =
        begin_command(session, args, GROUP_SYNC, &words, error) &&
        take_seconds(&words, &seconds, error) &&
        (waiting->watch = pop4_maildrop_watch(maildrop, note_change, waiting, error)) != NULL &&
        pop4_maildrop_refresh(maildrop, &changed, error);
    if (!good || changed || g_atomic_int_get(&waiting->changed)) {
        waiting_free(waiting);
        if (good)
            pop4_reply_ok(session, "changed");
        return good;
    }
    g_atomic_pointer_set(&waiting->suspension,
                         pop4_session_wait(session, seconds, wait_over, waiting, waiting_free));
    /* A change that came before there was anything to give back. */
    if (g_atomic_int_get(&waiting->changed))
        give_back(waiting);
    return TRUE;
}
