/* Synchronisation: SYNC. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"
#include "flag-words.h"

#include <string.h>

#define TOKEN_MAX 64

/* A line of what has changed; without a change, the folder whose lines follow. */
static void
append_change(const char *folder, const Pop4Change *change, gpointer state)
{
    GString *lines = state;

    if (change == NULL) {
        g_string_append_printf(lines, "@ %s\n", folder);
        return;
    }
    g_string_append_printf(lines, "%c ", change->kind);
    if (change->kind != POP4_CHANGE_GONE)
        g_string_append_printf(lines, "%u ", change->number);
    g_string_append(lines, change->uid);
    if (change->kind == POP4_CHANGE_ARRIVED)
        g_string_append_printf(lines, " %" G_GUINT64_FORMAT, change->octets);
    if (change->kind != POP4_CHANGE_GONE)
        flag_words_append(lines, change->flags, " ");
    g_string_append_c(lines, '\n');
}

/* (transfer full) (nullable): NULL without an error when there is none */
static char *
take_token(Words *words, GError **error)
{
    if (words_end(words))
        return NULL;
    g_autofree char *token = words_take_atom(words, "A token", error);
    if (token == NULL || !words_finish(words, error))
        return NULL;
    if (strlen(token) > TOKEN_MAX) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_SYNTAX, "A token has at most %d characters",
                    TOKEN_MAX);
        return NULL;
    }
    return g_steal_pointer(&token);
}

gboolean
sync_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autoptr(GError) failure = NULL;
    Words words;

    if (!begin_command(session, args, GROUP_SYNC, &words, error))
        return FALSE;
    gboolean all = words.rest[0] == '*' && strchr(" \t", words.rest[1]) != NULL;
    if (all)
        words_init(&words, words.rest + 1);
    g_autofree char *token = take_token(&words, &failure);
    if (failure != NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return FALSE;
    }
    g_autofree char *now =
        all ? pop4_maildrop_sync_all(maildrop, token, append_change, lines, error)
            : pop4_maildrop_sync(maildrop, token, append_change, lines, error);
    if (now == NULL)
        return FALSE;
    reply_text(session, now, g_steal_pointer(&lines));
    return TRUE;
}
