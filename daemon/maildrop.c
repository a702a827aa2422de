/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "maildrop.h"

#include "body.h"
#include "header.h"

#include <pop4/error.h>
#include <string.h>

struct Pop4Maildrop {
    const Pop4Store *store; /* its plugin stays resident */
    gpointer drop;          /* owned */
    guint count;
    guint unmarked;
    guint64 unmarked_octets;
    guint8 *marks; /* (nullable): a bit a message, made by the first mark */
    guint *places; /* (nullable): the store's number of each message, where it has more */
    gboolean settled;
};

/* The number by which the store knows a message. */
static guint
place(const Pop4Maildrop *maildrop, guint number)
{
    return maildrop->places != NULL ? maildrop->places[number - 1] : number;
}

static guint64
size_of(const Pop4Maildrop *maildrop, guint number)
{
    return maildrop->store->size(maildrop->drop, place(maildrop, number));
}

static void
count_all(Pop4Maildrop *maildrop, guint count)
{
    maildrop->count = maildrop->unmarked = count;
    maildrop->unmarked_octets = 0;
    for (guint i = 1; i <= count; i++)
        maildrop->unmarked_octets += size_of(maildrop, i);
}

Pop4Maildrop *
maildrop_open(const Extension *store, const Pop4Identity *identity, GError **error)
{
    gpointer drop = store->plugin->store->open(store->instance, identity, error);
    if (drop == NULL)
        return NULL;

    Pop4Maildrop *maildrop = g_new0(Pop4Maildrop, 1);
    maildrop->store = store->plugin->store;
    maildrop->drop = drop;
    count_all(maildrop, maildrop->store->count(drop));
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
    maildrop->store->close(maildrop->drop);
    g_free(maildrop->marks);
    g_free(maildrop->places);
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
    g_return_if_fail(!maildrop->settled && maildrop->marks == NULL);
    g_return_if_fail(is_ascending(numbers, count, maildrop->count));

    guint *places = g_new(guint, MAX(count, 1));
    for (guint i = 0; i < count; i++)
        places[i] = place(maildrop, numbers[i]);
    g_free(maildrop->places);
    maildrop->places = places;
    count_all(maildrop, count);
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

    return size_of(maildrop, number);
}

const char *
pop4_maildrop_get_uid(const Pop4Maildrop *maildrop, guint number)
{
    g_return_val_if_fail(number >= 1 && number <= maildrop->count, NULL);

    return maildrop->store->uid(maildrop->drop, place(maildrop, number));
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
    maildrop->unmarked_octets -= size_of(maildrop, number);
    return TRUE;
}

void
pop4_maildrop_unmark_all(Pop4Maildrop *maildrop)
{
    for (guint i = 1; i <= maildrop->count && maildrop->unmarked < maildrop->count; i++) {
        if (pop4_maildrop_is_marked(maildrop, i)) {
            maildrop->unmarked++;
            maildrop->unmarked_octets += size_of(maildrop, i);
        }
    }
    g_clear_pointer(&maildrop->marks, g_free);
}

Pop4Body *
pop4_maildrop_open_body(Pop4Maildrop *maildrop, guint number, GError **error)
{
    if (!pop4_maildrop_check(maildrop, number, error))
        return NULL;

    Pop4Body *body = maildrop->store->open_body(maildrop->drop, place(maildrop, number), error);
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
            numbers[n++] = place(maildrop, i);
    }
    return maildrop->store->remove(maildrop->drop, numbers, marked, error);
}
