/* SPDX-License-Identifier: MIT */

#include "set.h"

#include <pop4/error.h>
#include <pop4/maildrop.h>
#include <string.h>

static gboolean
fail(GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX,
                        "A set of messages expected, as in 1,3:5,8:*");
    return FALSE;
}

/* A number without leading zeros, or "*" for the last message. */
static gboolean
take_number(const char **text, guint last, guint *number_out)
{
    if (**text == '*') {
        ++*text;
        *number_out = last;
        return TRUE;
    }
    gsize digits = strspn(*text, "0123456789");
    if (digits == 0 || **text == '0')
        return FALSE;
    guint64 value = g_ascii_strtoull(*text, NULL, 10); /* saturates */
    *number_out = (guint)MIN(value, G_MAXUINT);
    *text += digits;
    return TRUE;
}

static gboolean
take_item(const char **text, guint last, guint *from_out, guint *to_out)
{
    gboolean is_star = **text == '*';

    if (!take_number(text, last, from_out))
        return FALSE;
    *to_out = *from_out;
    if (**text != ':')
        return TRUE;
    ++*text;
    return !is_star && take_number(text, last, to_out);
}

static gboolean
add_item(GArray *numbers, guint8 *seen, guint from, guint to, const Pop4Maildrop *maildrop,
         GError **error)
{
    if (from > to) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "There is nothing from %u to %u",
                    from, to);
        return FALSE;
    }
    /* The ends first: a range of four thousand millions is not walked through. */
    if (!pop4_maildrop_check(maildrop, to, error) ||
        !pop4_maildrop_check(maildrop, from, error))
        return FALSE;
    for (guint number = from; number <= to; number++) {
        if (!pop4_maildrop_check(maildrop, number, error))
            return FALSE;
        if (seen[number / 8] & (1 << number % 8))
            continue;
        seen[number / 8] |= (guint8)(1 << number % 8);
        g_array_append_val(numbers, number);
    }
    return TRUE;
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
    guint one = *(const guint *)a, other = *(const guint *)b;

    return (one > other) - (one < other);
}

GArray *
set_parse(const char *text, const Pop4Maildrop *maildrop, GError **error)
{
    guint last = pop4_maildrop_get_count(maildrop);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree guint8 *seen = g_malloc0(last / 8 + 1);
    guint from, to;

    for (;;) {
        if (!take_item(&text, last, &from, &to)) {
            fail(error);
            return NULL;
        }
        if (!add_item(numbers, seen, from, to, maildrop, error))
            return NULL;
        if (*text != ',')
            break;
        text++;
    }
    if (*text != '\0') {
        fail(error);
        return NULL;
    }
    g_array_sort(numbers, compare_numbers);
    return g_steal_pointer(&numbers);
}
