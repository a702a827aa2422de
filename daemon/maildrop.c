/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "maildrop.h"

#include "body.h"
#include "header.h"

#include <pop4/error.h>

Pop4Maildrop *
maildrop_open(const Extension *store, const Pop4Identity *identity, GError **error)
{
    const Pop4Plugin *plugin = store->plugin;
    gpointer drop = plugin->store->open(store->instance, identity, error);
    if (drop == NULL)
        return NULL;

    Pop4Maildrop *maildrop = g_new0(Pop4Maildrop, 1);
    maildrop->store = plugin->store;
    maildrop->folders = plugin->folders;
    maildrop->selected = &maildrop->inbox;
    folder_view_init(&maildrop->inbox, plugin->store, drop);
    return maildrop;
}

void
maildrop_settle(Pop4Maildrop *maildrop)
{
    maildrop->settled = TRUE;
}

void
maildrop_close(Pop4Maildrop *maildrop)
{
    g_clear_pointer(&maildrop->others, g_ptr_array_unref);
    folder_view_clear(&maildrop->inbox);
    g_free(maildrop);
}

static gboolean
is_ascending(const guint *numbers, guint count, guint last)
{
    for (guint i = 0; i < count; i++) {
        if (numbers[i] <= (i > 0 ? numbers[i - 1] : 0))
            return FALSE;
    }
    return count == 0 || numbers[count - 1] <= last;
}

void
pop4_maildrop_restrict(Pop4Maildrop *maildrop, const guint *numbers, guint count)
{
    g_return_if_fail(!maildrop->settled && maildrop->inbox.marks == NULL);
    g_return_if_fail(is_ascending(numbers, count, maildrop->inbox.count));

    folder_view_restrict(&maildrop->inbox, numbers, count);
    /* Folders and the rest of the INBOX are not this client's. */
    maildrop->folders = NULL;
}

guint
pop4_maildrop_get_count(const Pop4Maildrop *maildrop)
{
    return maildrop->selected->count;
}

guint
pop4_maildrop_get_unmarked(const Pop4Maildrop *maildrop, guint64 *octets_out)
{
    const FolderView *view = maildrop->selected;

    if (octets_out != NULL)
        *octets_out = view->octets;
    return view->count - view->marked - view->gone;
}

gboolean
pop4_maildrop_is_marked(const Pop4Maildrop *maildrop, guint number)
{
    return folder_view_is_marked(maildrop->selected, number) ||
           folder_view_is_gone(maildrop->selected, number);
}

gboolean
pop4_maildrop_check(const Pop4Maildrop *maildrop, guint number, GError **error)
{
    const FolderView *view = maildrop->selected;

    if (number < 1 || number > view->count) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED,
                    "No such message, there are %u in the maildrop", view->count);
        return FALSE;
    }
    if (folder_view_is_marked(view, number)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "Message %u is marked as deleted",
                    number);
        return FALSE;
    }
    if (folder_view_is_gone(view, number)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "Message %u is gone", number);
        return FALSE;
    }
    return TRUE;
}

guint64
pop4_maildrop_get_size(const Pop4Maildrop *maildrop, guint number)
{
    g_return_val_if_fail(number >= 1 && number <= maildrop->selected->count, 0);

    return folder_view_size(maildrop->selected, number);
}

const char *
pop4_maildrop_get_uid(const Pop4Maildrop *maildrop, guint number)
{
    const FolderView *view = maildrop->selected;

    g_return_val_if_fail(number >= 1 && number <= view->count, NULL);

    return view->store->uid(view->handle, folder_view_place(view, number));
}

gboolean
pop4_maildrop_mark(Pop4Maildrop *maildrop, guint number, GError **error)
{
    return pop4_maildrop_check(maildrop, number, error) &&
           folder_view_mark(maildrop->selected, number);
}

void
pop4_maildrop_unmark_all(Pop4Maildrop *maildrop)
{
    folder_view_unmark_all(&maildrop->inbox);
    for (guint i = 0; maildrop->others != NULL && i < maildrop->others->len; i++) {
        OpenFolder *folder = g_ptr_array_index(maildrop->others, i);
        folder_view_unmark_all(&folder->view);
    }
}

Pop4Body *
pop4_maildrop_open_body(Pop4Maildrop *maildrop, guint number, GError **error)
{
    if (!pop4_maildrop_check(maildrop, number, error))
        return NULL;

    const FolderView *view = maildrop->selected;
    Pop4Body *body =
        view->store->open_body(view->handle, folder_view_place(view, number), error);
    if (body != NULL)
        body_set_number(body, number);
    return body;
}

char *
pop4_maildrop_read_header(Pop4Maildrop *maildrop, guint number, gsize limit, gsize *length_out,
                          GError **error)
{
    g_autoptr(Pop4Body) body = pop4_maildrop_open_body(maildrop, number, error);
    char *header = body != NULL ? header_read(body, limit, length_out) : NULL;

    if (body != NULL && header == NULL)
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "Message %u cannot be read now",
                    number);
    return header;
}

/* @error: (nullable): taken by the first failure */
static gboolean
commit(const FolderView *view, guint *removed, GError **error)
{
    guint count;
    g_autofree guint *numbers = folder_view_get_marked(view, &count);

    *removed += count;
    return numbers == NULL || view->store->remove(view->handle, numbers, count, error);
}

gboolean
maildrop_commit(Pop4Maildrop *maildrop, guint *removed_out, GError **error)
{
    *removed_out = 0;
    gboolean done = commit(&maildrop->inbox, removed_out, error);
    for (guint i = 0; maildrop->others != NULL && i < maildrop->others->len; i++) {
        const OpenFolder *folder = g_ptr_array_index(maildrop->others, i);
        done = commit(&folder->view, removed_out, done ? error : NULL) && done;
    }
    return done;
}
