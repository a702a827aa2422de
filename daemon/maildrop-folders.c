/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "maildrop.h"

#include <pop4/error.h>
#include <pop4/maildrop-folders.h>
#include <string.h>

#define INBOX "INBOX"

/* Folders that hold marks stay open; a session need not have more of them. */
#define OPEN_MAX 64

struct Pop4Append {
    const Pop4Folders *folders; /* its plugin stays resident */
    gpointer append;
};

struct Pop4Watch {
    const Pop4Folders *folders;
    gpointer watch;
};

static gboolean
check_folders(const Pop4Maildrop *maildrop, GError **error)
{
    if (maildrop->folders != NULL)
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "This maildrop has no folders");
    return FALSE;
}

static const char *
canonical(const char *name)
{
    return g_ascii_strcasecmp(name, INBOX) == 0 ? INBOX : name;
}

static OpenFolder *
find_open(const Pop4Maildrop *maildrop, const char *name)
{
    for (guint i = 0; maildrop->others != NULL && i < maildrop->others->len; i++) {
        OpenFolder *folder = g_ptr_array_index(maildrop->others, i);
        if (strcmp(folder->name, name) == 0)
            return folder;
    }
    return NULL;
}

gboolean
pop4_maildrop_has_folders(const Pop4Maildrop *maildrop)
{
    return maildrop->folders != NULL;
}

const char *
pop4_maildrop_get_folder(const Pop4Maildrop *maildrop)
{
    for (guint i = 0; maildrop->others != NULL && i < maildrop->others->len; i++) {
        const OpenFolder *folder = g_ptr_array_index(maildrop->others, i);
        if (&folder->view == maildrop->selected)
            return folder->name;
    }
    return INBOX;
}

static gboolean
refresh(const Pop4Maildrop *maildrop, FolderView *view, gboolean *changed_out, GError **error)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint));
    gboolean changed;

    if (!maildrop->folders->refresh(view->handle, gone, &changed, error))
        return FALSE;
    if (changed)
        folder_view_update(view, (const guint *)(gpointer)gone->data, gone->len);
    if (changed_out != NULL)
        *changed_out = changed;
    return TRUE;
}

static void
open_folder_free(gpointer data)
{
    OpenFolder *folder = data;

    folder_view_clear(&folder->view);
    g_free(folder);
}

/* A folder that is not selected stays open only for its marks, and RSET takes those off. */
static void
close_unused(Pop4Maildrop *maildrop)
{
    for (guint i = maildrop->others != NULL ? maildrop->others->len : 0; i > 0; i--) {
        OpenFolder *folder = g_ptr_array_index(maildrop->others, i - 1);
        if (folder->view.marked == 0 && &folder->view != maildrop->selected)
            g_ptr_array_remove_index(maildrop->others, i - 1);
    }
}

static void
select_view(Pop4Maildrop *maildrop, FolderView *view)
{
    maildrop->selected = view;
    close_unused(maildrop);
}

/* The selected one is not counted: it goes when another is selected, or has marks. */
static gboolean
check_open_count(const Pop4Maildrop *maildrop, GError **error)
{
    if (maildrop->others == NULL || maildrop->others->len < OPEN_MAX)
        return TRUE;
    g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED,
                "Messages are marked as deleted in %u folders already: QUIT or RSET first",
                OPEN_MAX);
    return FALSE;
}

static gboolean
open_and_select(Pop4Maildrop *maildrop, const char *name, GError **error)
{
    if (!check_open_count(maildrop, error))
        return FALSE;
    gpointer handle = maildrop->folders->open(maildrop->inbox.handle, name, error);
    if (handle == NULL)
        return FALSE;

    gsize size = strlen(name) + 1;
    OpenFolder *folder = g_malloc0(sizeof *folder + size);
    memcpy(folder->name, name, size);
    folder_view_init(&folder->view, maildrop->store, handle);
    if (maildrop->others == NULL)
        maildrop->others = g_ptr_array_new_with_free_func(open_folder_free);
    g_ptr_array_add(maildrop->others, folder);
    select_view(maildrop, &folder->view);
    return TRUE;
}

gboolean
pop4_maildrop_select_folder(Pop4Maildrop *maildrop, const char *name, GError **error)
{
    if (!check_folders(maildrop, error))
        return FALSE;
    name = canonical(name);
    /* One without marks is numbered anew. */
    OpenFolder *folder = find_open(maildrop, name);
    FolderView *view = folder != NULL && folder->view.marked > 0 ? &folder->view : NULL;
    if (strcmp(name, INBOX) == 0)
        view = &maildrop->inbox;
    if (view == NULL)
        return open_and_select(maildrop, name, error);
    if (!refresh(maildrop, view, NULL, error))
        return FALSE;
    select_view(maildrop, view);
    return TRUE;
}

gboolean
pop4_maildrop_list_folders(Pop4Maildrop *maildrop, const char *parent, Pop4FolderFunc each,
                           gpointer state, GError **error)
{
    return check_folders(maildrop, error) &&
           maildrop->folders->list(maildrop->inbox.handle, canonical(parent), each, state,
                                   error);
}

gboolean
pop4_maildrop_create_folder(Pop4Maildrop *maildrop, const char *name, GError **error)
{
    return check_folders(maildrop, error) &&
           maildrop->folders->create(maildrop->inbox.handle, canonical(name), error);
}

static gboolean
is_at_or_below(const char *name, const char *parent)
{
    gsize length = strlen(parent);

    return strncmp(name, parent, length) == 0 && (name[length] == '\0' || name[length] == '/');
}

/* Whether nothing of the session hangs on the folder, or on what is below. */
static gboolean
check_unused(const Pop4Maildrop *maildrop, const char *name, GError **error)
{
    if (strcmp(name, INBOX) == 0) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "The INBOX stays");
        return FALSE;
    }
    if (is_at_or_below(pop4_maildrop_get_folder(maildrop), name)) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "The folder is selected: select another one first");
        return FALSE;
    }
    for (guint i = 0; maildrop->others != NULL && i < maildrop->others->len; i++) {
        const OpenFolder *folder = g_ptr_array_index(maildrop->others, i);
        if (folder->view.marked > 0 && is_at_or_below(folder->name, name)) {
            g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                                "Messages in the folder are marked as deleted");
            return FALSE;
        }
    }
    return TRUE;
}

gboolean
pop4_maildrop_remove_folder(Pop4Maildrop *maildrop, const char *name, GError **error)
{
    name = canonical(name);
    if (!check_folders(maildrop, error) || !check_unused(maildrop, name, error))
        return FALSE;
    close_unused(maildrop);
    return maildrop->folders->remove(maildrop->inbox.handle, name, error);
}

gboolean
pop4_maildrop_rename_folder(Pop4Maildrop *maildrop, const char *name, const char *to,
                            GError **error)
{
    name = canonical(name);
    to = canonical(to);
    if (!check_folders(maildrop, error) || !check_unused(maildrop, name, error))
        return FALSE;
    if (is_at_or_below(to, name)) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "A folder cannot be moved to its own place, or below itself");
        return FALSE;
    }
    close_unused(maildrop);
    return maildrop->folders->rename(maildrop->inbox.handle, name, to, error);
}

gboolean
pop4_maildrop_move(Pop4Maildrop *maildrop, const guint *numbers, guint count, const char *to,
                   guint *done_out, GError **error)
{
    *done_out = 0;
    to = canonical(to);
    if (!check_folders(maildrop, error))
        return FALSE;
    if (strcmp(pop4_maildrop_get_folder(maildrop), to) == 0) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "The messages are in that folder already");
        return FALSE;
    }
    FolderView *view = maildrop->selected;
    gboolean moved = maildrop->folders->move(view->handle, numbers, count, to, done_out, error);
    folder_view_update(view, numbers, *done_out);
    return moved;
}

gboolean
pop4_maildrop_copy(Pop4Maildrop *maildrop, const guint *numbers, guint count, const char *to,
                   GError **error)
{
    return check_folders(maildrop, error) &&
           maildrop->folders->copy(maildrop->selected->handle, numbers, count, canonical(to),
                                   error);
}

Pop4Append *
pop4_maildrop_append(Pop4Maildrop *maildrop, const char *to, guint flags, GError **error)
{
    if (!check_folders(maildrop, error))
        return NULL;
    gpointer append =
        maildrop->folders->append(maildrop->inbox.handle, canonical(to), flags, error);
    if (append == NULL)
        return NULL;

    Pop4Append *own = g_new(Pop4Append, 1);
    *own = (Pop4Append){maildrop->folders, append};
    return own;
}

gboolean
pop4_append_write(Pop4Append *append, const char *data, gsize length, GError **error)
{
    return append->folders->append_write(append->append, data, length, error);
}

char *
pop4_append_finish(Pop4Append *append, GError **error)
{
    return append->folders->append_finish(append->append, error);
}

void
pop4_append_free(Pop4Append *append)
{
    if (append == NULL)
        return;
    append->folders->append_free(append->append);
    g_free(append);
}

guint
pop4_maildrop_get_flags(const Pop4Maildrop *maildrop, guint number)
{
    const FolderView *view = maildrop->selected;

    g_return_val_if_fail(number >= 1 && number <= view->count, 0);

    return maildrop->folders != NULL ? maildrop->folders->flags(view->handle, number) : 0;
}

gboolean
pop4_maildrop_change_flags(Pop4Maildrop *maildrop, const guint *numbers, guint count, guint add,
                           guint remove, guint *changed_out, GError **error)
{
    *changed_out = 0;
    return check_folders(maildrop, error) &&
           maildrop->folders->set_flags(maildrop->selected->handle, numbers, count, add, remove,
                                        changed_out, error);
}

gboolean
pop4_maildrop_refresh(Pop4Maildrop *maildrop, gboolean *changed_out, GError **error)
{
    return check_folders(maildrop, error) &&
           refresh(maildrop, maildrop->selected, changed_out, error);
}

char *
pop4_maildrop_sync(Pop4Maildrop *maildrop, const char *token, Pop4ChangeFunc each,
                   gpointer state, GError **error)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint));
    FolderView *view = maildrop->selected;

    if (!check_folders(maildrop, error))
        return NULL;
    char *now = maildrop->folders->sync(view->handle, token, gone, each, state, error);
    /* Also a token that is refused leaves the folder looked at. */
    folder_view_update(view, (const guint *)(gpointer)gone->data, gone->len);
    return now;
}

char *
pop4_maildrop_sync_all(Pop4Maildrop *maildrop, const char *token, Pop4ChangeFunc each,
                       gpointer state, GError **error)
{
    if (!check_folders(maildrop, error))
        return NULL;
    return maildrop->folders->sync_all(maildrop->inbox.handle, token, each, state, error);
}

GBytes *
pop4_maildrop_get_note(const Pop4Maildrop *maildrop, guint number, const char *name)
{
    g_return_val_if_fail(number >= 1 && number <= maildrop->selected->count, NULL);

    return maildrop->folders != NULL && maildrop->folders->get_note != NULL
               ? maildrop->folders->get_note(maildrop->selected->handle, number, name)
               : NULL;
}

void
pop4_maildrop_set_note(Pop4Maildrop *maildrop, guint number, const char *name, GBytes *note)
{
    g_return_if_fail(number >= 1 && number <= maildrop->selected->count);

    if (maildrop->folders != NULL && maildrop->folders->set_note != NULL)
        maildrop->folders->set_note(maildrop->selected->handle, number, name, note);
}

Pop4Watch *
pop4_maildrop_watch(Pop4Maildrop *maildrop, void (*changed)(gpointer data), gpointer data,
                    GError **error)
{
    if (!check_folders(maildrop, error))
        return NULL;
    if (maildrop->folders->watch == NULL) {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED,
                            "This mailbox cannot be waited for");
        return NULL;
    }
    gpointer watch = maildrop->folders->watch(maildrop->selected->handle, changed, data, error);
    if (watch == NULL)
        return NULL;

    Pop4Watch *own = g_new(Pop4Watch, 1);
    *own = (Pop4Watch){maildrop->folders, watch};
    return own;
}

void
pop4_watch_free(Pop4Watch *watch)
{
    if (watch == NULL)
        return;
    watch->folders->unwatch(watch->watch);
    g_free(watch);
}
