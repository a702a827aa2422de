/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "maildrop.h"

#include "body.h"

#include <pop4/error.h>
#include <string.h>

struct Pop4Maildrop {
    const Pop4Store *store; /* its plugin stays resident */
    gpointer drop;          /* owned */
    guint count;
    guint unmarked;
    guint64 unmarked_octets;
    guint8 *marks; /* (nullable): a bit a message, made by the first mark */
};

Pop4Maildrop *
maildrop_open(const Extension *store, const Pop4Identity *identity, GError **error)
{
    gpointer drop = store->plugin->store->open(store->instance, identity, error);
    if (drop == NULL)
        return NULL;

    Pop4Maildrop *maildrop = g_new0(Pop4Maildrop, 1);
    maildrop->store = store->plugin->store;
    maildrop->drop = drop;
    maildrop->count = maildrop->store->count(drop);
    maildrop->unmarked = maildrop->count;
    for (guint i = 1; i <= maildrop->count; i++)
        maildrop->unmarked_octets += maildrop->store->size(drop, i);
    return maildrop;
}

void
maildrop_close(Pop4Maildrop *maildrop)
{
    maildrop->store->close(maildrop->drop);
    g_free(maildrop->marks);
    g_free(maildrop);
}

guint
pop4_maildrop_get_count(const Pop4Maildrop *maildrop)
{
    return maildrop->count;
}

guint
pop4_maildrop_get_unmarked(const Pop4Maildrop *maildrop, guint64 *octets_out)
{
    if (octets_out != NULL)
        *octets_out = maildrop->unmarked_octets;
    return maildrop->unmarked;
}

gboolean
pop4_maildrop_is_marked(const Pop4Maildrop *maildrop, guint number)
{
    return maildrop->marks != NULL && (maildrop->marks[number / 8] & (1 << number % 8)) != 0;
}

gboolean
pop4_maildrop_check(const Pop4Maildrop *maildrop, guint number, GError **error)
{
    if (number < 1 || number > maildrop->count) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED,
                    "No such message, there are %u in the maildrop", maildrop->count);
        return FALSE;
    }
    if (pop4_maildrop_is_marked(maildrop, number)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "Message %u is marked as deleted",
                    number);
        return FALSE;
    }
    return TRUE;
}

guint64
pop4_maildrop_get_size(const Pop4Maildrop *maildrop, guint number)
{
    g_return_val_if_fail(number >= 1 && number <= maildrop->count, 0);

    return maildrop->store->size(maildrop->drop, number);
}

const char *
pop4_maildrop_get_uid(const Pop4Maildrop *maildrop, guint number)
{
    g_return_val_if_fail(number >= 1 && number <= maildrop->count, NULL);

    return maildrop->store->uid(maildrop->drop, number);
}

gboolean
pop4_maildrop_mark(Pop4Maildrop *maildrop, guint number, GError **error)
{
    if (!pop4_maildrop_check(maildrop, number, error))
        return FALSE;

    if (maildrop->marks == NULL)
        maildrop->marks = g_malloc0(maildrop->count / 8 + 1);
    maildrop->marks[number / 8] |= (guint8)(1 << number % 8);
    maildrop->unmarked--;
    maildrop->unmarked_octets -= maildrop->store->size(maildrop->drop, number);
    return TRUE;
}

void
pop4_maildrop_unmark_all(Pop4Maildrop *maildrop)
{
    for (guint i = 1; i <= maildrop->count && maildrop->unmarked < maildrop->count; i++) {
        if (pop4_maildrop_is_marked(maildrop, i)) {
            maildrop->unmarked++;
            maildrop->unmarked_octets += maildrop->store->size(maildrop->drop, i);
        }
    }
    g_clear_pointer(&maildrop->marks, g_free);
}

Pop4Body *
pop4_maildrop_open_body(Pop4Maildrop *maildrop, guint number, GError **error)
{
    if (!pop4_maildrop_check(maildrop, number, error))
        return NULL;

    Pop4Body *body = maildrop->store->open_body(maildrop->drop, number, error);
    if (body != NULL)
        body_set_number(body, number);
    return body;
}

gboolean
maildrop_commit(Pop4Maildrop *maildrop, guint *removed_out, GError **error)
{
    guint marked = maildrop->count - maildrop->unmarked;

    *removed_out = marked;
    if (marked == 0)
        return TRUE;

    g_autofree guint *numbers = g_new(guint, marked);
    for (guint i = 1, n = 0; i <= maildrop->count; i++) {
        if (pop4_maildrop_is_marked(maildrop, i))
            numbers[n++] = i;
    }
    return maildrop->store->remove(maildrop->drop, numbers, marked, error);
}
