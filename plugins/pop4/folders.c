/* The folders: LFLD, SFLD, CFLD, DFLD, MOVF, RENF. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"

#include <string.h>

static void
append_folder(const Pop4Folder *folder, gpointer lines)
{
    g_string_append_printf(lines, "%u %" G_GUINT64_FORMAT " %u %s\n", folder->messages,
                           folder->octets, folder->unseen, folder->name);
}

gboolean
lfld_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Words words;

    if (!begin_command(session, args, GROUP_FOLDERS, &words, error))
        return FALSE;
    g_autofree char *parent =
        words_end(&words) ? g_strdup("") : words_take_folder(&words, error);
    if (parent == NULL || !words_finish(&words, error))
        return FALSE;

    g_autoptr(GString) lines = g_string_new(NULL);
    if (!pop4_maildrop_list_folders(pop4_session_get_maildrop(session), parent, append_folder,
                                    lines, error))
        return FALSE;
    reply_text(session, "folders follow", g_steal_pointer(&lines));
    return TRUE;
}

/* The only argument. (transfer full) (nullable) */
static char *
take_one(const Pop4Session *session, const Pop4Args *args, GError **error)
{
    Words words;

    if (!begin_command(session, args, GROUP_FOLDERS, &words, error))
        return NULL;
    g_autofree char *folder = words_take_folder(&words, error);
    if (folder == NULL || !words_finish(&words, error))
        return NULL;
    return g_steal_pointer(&folder);
}

gboolean
sfld_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    g_autofree char *folder = take_one(session, args, error);
    guint64 octets;

    if (folder == NULL || !pop4_maildrop_select_folder(maildrop, folder, error))
        return FALSE;
    guint count = pop4_maildrop_get_unmarked(maildrop, &octets);
    pop4_reply_ok(session, "%u %" G_GUINT64_FORMAT, count, octets);
    return TRUE;
}

gboolean
cfld_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_autofree char *folder = take_one(session, args, error);

    if (folder == NULL ||
        !pop4_maildrop_create_folder(pop4_session_get_maildrop(session), folder, error))
        return FALSE;
    pop4_reply_ok(session, "folder created");
    return TRUE;
}

gboolean
dfld_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    g_autofree char *folder = take_one(session, args, error);

    if (folder == NULL ||
        !pop4_maildrop_remove_folder(pop4_session_get_maildrop(session), folder, error))
        return FALSE;
    pop4_reply_ok(session, "folder deleted");
    return TRUE;
}

static gboolean
rename_folder(Pop4Session *session, const char *folder, const char *to, const char *text,
              GError **error)
{
    if (!pop4_maildrop_rename_folder(pop4_session_get_maildrop(session), folder, to, error))
        return FALSE;
    pop4_reply_ok(session, "%s", text);
    return TRUE;
}

/* (transfer full) (nullable): "" for the top */
static char *
take_parent(Words *words, GError **error)
{
    if (strcmp(words->rest, "/") == 0) {
        words->rest++;
        return g_strdup("");
    }
    return words_take_folder(words, error);
}

gboolean
movf_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Words words;

    if (!begin_command(session, args, GROUP_FOLDERS, &words, error))
        return FALSE;
    g_autofree char *folder = words_take_folder(&words, error);
    g_autofree char *parent = folder != NULL ? take_parent(&words, error) : NULL;
    if (parent == NULL || !words_finish(&words, error))
        return FALSE;

    const char *slash = strrchr(folder, '/');
    g_autofree char *to = g_strconcat(parent, parent[0] != '\0' ? "/" : "",
                                      slash != NULL ? slash + 1 : folder, NULL);
    return rename_folder(session, folder, to, "folder moved", error);
}

gboolean
renf_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Words words;

    if (!begin_command(session, args, GROUP_FOLDERS, &words, error))
        return FALSE;
    g_autofree char *folder = words_take_folder(&words, error);
    g_autofree char *name = folder != NULL ? words_take_component(&words, error) : NULL;
    if (name == NULL || !words_finish(&words, error))
        return FALSE;

    const char *slash = strrchr(folder, '/');
    g_autofree char *parent =
        slash != NULL ? g_strndup(folder, (gsize)(slash - folder) + 1) : g_strdup("");
    g_autofree char *to = g_strconcat(parent, name, NULL);
    return rename_folder(session, folder, to, "folder renamed", error);
}
