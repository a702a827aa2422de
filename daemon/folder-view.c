/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "folder-view.h"

#include <string.h>

guint
folder_view_place(const FolderView *view, guint number)
{
    return view->places != NULL ? view->places[number - 1] : number;
}

guint64
folder_view_size(const FolderView *view, guint number)
{
    return view->store->size(view->handle, folder_view_place(view, number));
}

static void
count_from(FolderView *view, guint first, guint count)
{
    view->count = count;
    for (guint i = first; i <= count; i++)
        view->octets += folder_view_size(view, i);
}

void
folder_view_init(FolderView *view, const Pop4Store *store, gpointer handle)
{
    *view = (FolderView){.store = store, .handle = handle};
    count_from(view, 1, store->count(handle));
}

void
folder_view_clear(FolderView *view)
{
    view->store->close(view->handle);
    g_free(view->marks);
    g_free(view->absent);
    g_free(view->places);
}

void
folder_view_restrict(FolderView *view, const guint *numbers, guint count)
{
    guint *places = g_new(guint, MAX(count, 1));

    for (guint i = 0; i < count; i++)
        places[i] = folder_view_place(view, numbers[i]);
    g_free(view->places);
    view->places = places;
    view->octets = 0;
    count_from(view, 1, count);
}

static gboolean
has_bit(const guint8 *bits, gsize size, guint number)
{
    return bits != NULL && number / 8 < size && (bits[number / 8] & (1 << number % 8)) != 0;
}

gboolean
folder_view_is_marked(const FolderView *view, guint number)
{
    return has_bit(view->marks, view->size, number);
}

gboolean
folder_view_is_gone(const FolderView *view, guint number)
{
    return has_bit(view->absent, view->size, number);
}

static guint8 *
enlarge(guint8 *bits, gsize from, gsize to)
{
    if (bits != NULL) {
        bits = g_realloc(bits, to);
        memset(bits + from, 0, to - from);
    }
    return bits;
}

static void
set_bit(FolderView *view, guint8 **bits, guint number)
{
    gsize size = view->count / 8 + 1;

    if (size > view->size) {
        view->marks = enlarge(view->marks, view->size, size);
        view->absent = enlarge(view->absent, view->size, size);
        view->size = size;
    }
    if (*bits == NULL)
        *bits = g_malloc0(view->size);
    (*bits)[number / 8] |= (guint8)(1 << number % 8);
}

gboolean
folder_view_mark(FolderView *view, guint number)
{
    if (folder_view_is_marked(view, number) || folder_view_is_gone(view, number))
        return FALSE;
    set_bit(view, &view->marks, number);
    view->marked++;
    view->octets -= folder_view_size(view, number);
    return TRUE;
}

void
folder_view_unmark_all(FolderView *view)
{
    for (guint i = 1; i <= view->count && view->marked > 0; i++) {
        if (folder_view_is_marked(view, i)) {
            view->marked--;
            view->octets += folder_view_size(view, i);
        }
    }
    g_clear_pointer(&view->marks, g_free);
}

static void
set_gone(FolderView *view, guint number)
{
    if (folder_view_is_gone(view, number))
        return;
    if (folder_view_is_marked(view, number)) {
        view->marks[number / 8] &= (guint8) ~(1 << number % 8);
        view->marked--;
    } else
        view->octets -= folder_view_size(view, number);
    set_bit(view, &view->absent, number);
    view->gone++;
}

void
folder_view_update(FolderView *view, const guint *gone, guint count)
{
    count_from(view, view->count + 1, view->store->count(view->handle));
    for (guint i = 0; i < count; i++)
        set_gone(view, gone[i]);
}

guint *
folder_view_get_marked(const FolderView *view, guint *count_out)
{
    *count_out = view->marked;
    if (view->marked == 0)
        return NULL;

    guint *numbers = g_new(guint, view->marked);
    for (guint i = 1, n = 0; i <= view->count; i++) {
        if (folder_view_is_marked(view, i))
            numbers[n++] = folder_view_place(view, i);
    }
    return numbers;
}
