/* Messages of folders: MOVE, COPY, STOR. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"
#include "flag-words.h"
#include "set.h"

/* @folder_out: (transfer full). (transfer full) (nullable) (element-type guint) */
static GArray *
take_set_and_folder(const Pop4Session *session, const Pop4Args *args, char **folder_out,
                    GError **error)
{
    Words words;

    if (!begin_command(session, args, GROUP_FOLDERS, &words, error))
        return NULL;
    g_autofree char *set = words_take_atom(&words, "A set of messages", error);
    g_autofree char *folder = set != NULL ? words_take_folder(&words, error) : NULL;
    if (folder == NULL || !words_finish(&words, error))
        return NULL;
    GArray *numbers = set_parse(set, pop4_session_get_maildrop(session), error);
    if (numbers != NULL)
        *folder_out = g_steal_pointer(&folder);
    return numbers;
}

gboolean
move_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_autofree char *folder = NULL;
    g_autoptr(GArray) numbers = take_set_and_folder(session, args, &folder, error);
    guint done;

    if (numbers == NULL)
        return FALSE;
    if (!pop4_maildrop_move(pop4_session_get_maildrop(session),
                            (const guint *)(gpointer)numbers->data, numbers->len, folder, &done,
                            error)) {
        if (done > 0)
            g_prefix_error(error, "%u moved, then: ", done);
        return FALSE;
    }
    pop4_reply_ok(session, "%u moved", done);
    return TRUE;
}

gboolean
copy_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_autofree char *folder = NULL;
    g_autoptr(GArray) numbers = take_set_and_folder(session, args, &folder, error);

    if (numbers == NULL || !pop4_maildrop_copy(pop4_session_get_maildrop(session),
                                               (const guint *)(gpointer)numbers->data,
                                               numbers->len, folder, error))
        return FALSE;
    pop4_reply_ok(session, "%u copied", numbers->len);
    return TRUE;
}

static gboolean
stor_write(gpointer state, const char *data, gsize length, GError **error)
{
    return pop4_append_write(state, data, length, error);
}

static gboolean
stor_done(Pop4Session *session, gpointer state, GError **error)
{
    g_autofree char *uid = pop4_append_finish(state, error);

    if (uid == NULL)
        return FALSE;
    pop4_reply_ok(session, "%s", uid);
    return TRUE;
}

static void
stor_free(gpointer state)
{
    pop4_append_free(state);
}

static const Pop4Sink stor_sink = {stor_write, stor_done, stor_free};

static gboolean
take_flags(Words *words, guint *flags_out, GError **error)
{
    guint flags = 0, flag;

    while (!words_end(words)) {
        g_autofree char *word = words_take_atom(words, "A flag", error);
        if (word == NULL || !flag_words_parse(word, &flag, error))
            return FALSE;
        flags |= flag;
    }
    *flags_out = flags;
    return TRUE;
}

gboolean
stor_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Words words;
    guint flags;

    if (!begin_command(session, args, GROUP_FOLDERS, &words, error))
        return FALSE;
    g_autofree char *folder = words_take_folder(&words, error);
    if (folder == NULL || !take_flags(&words, &flags, error))
        return FALSE;
    Pop4Append *append =
        pop4_maildrop_append(pop4_session_get_maildrop(session), folder, flags, error);
    if (append == NULL)
        return FALSE;
    pop4_reply_receive(session, "send", 0, &stor_sink, append);
    return TRUE;
}
