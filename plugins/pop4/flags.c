/* Flags: LFLG and SFLG. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"
#include "flag-words.h"
#include "set.h"

#include <string.h>

#define ALL_FLAGS \
    (POP4_FLAG_SEEN | POP4_FLAG_ANSWERED | POP4_FLAG_FLAGGED | POP4_FLAG_DRAFT | \
     POP4_FLAG_FORWARDED)

typedef struct {
    const Pop4Maildrop *maildrop;
    GArray *numbers; /* (nullable): NULL = all that are not marked */
    guint next;
} FlagListing;

static void
flag_listing_free(gpointer data)
{
    FlagListing *listing = data;

    g_clear_pointer(&listing->numbers, g_array_unref);
    g_free(listing);
}

/* 0 behind the last one. */
static guint
next_number(FlagListing *listing)
{
    if (listing->numbers != NULL)
        return listing->next < listing->numbers->len
                   ? g_array_index(listing->numbers, guint, listing->next++)
                   : 0;
    while (++listing->next <= pop4_maildrop_get_count(listing->maildrop)) {
        if (!pop4_maildrop_is_marked(listing->maildrop, listing->next))
            return listing->next;
    }
    return 0;
}

static gboolean
next_line(GString *line, gpointer state)
{
    FlagListing *listing = state;
    guint number = next_number(listing);

    if (number == 0)
        return FALSE;
    g_string_append_printf(line, "%u", number);
    flag_words_append(line, pop4_maildrop_get_flags(listing->maildrop, number), " ");
    return TRUE;
}

gboolean
lflg_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    const Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    g_autoptr(GArray) numbers = NULL;
    Words words;

    if (!begin_command(session, args, GROUP_FLAGS, &words, error))
        return FALSE;
    if (!words_end(&words)) {
        g_autofree char *set = words_take_atom(&words, "A set of messages", error);
        if (set == NULL || !words_finish(&words, error))
            return FALSE;
        numbers = set_parse(set, maildrop, error);
        if (numbers == NULL)
            return FALSE;
    }
    FlagListing *listing = g_new0(FlagListing, 1);
    listing->maildrop = maildrop;
    listing->numbers = g_steal_pointer(&numbers);
    pop4_reply_lines(session, "flags follow", next_line, listing, flag_listing_free);
    return TRUE;
}

static gboolean
fail(GError **error)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX,
                        "+flag and -flag expected, or =flag flag ...");
    return FALSE;
}

/* "=seen flagged", or "=" for none at all. */
static gboolean
take_exact(Words *words, guint *add_out, guint *remove_out, GError **error)
{
    g_autofree char *first = words_take_atom(words, "A flag", error);
    guint flags = 0, flag;

    if (first == NULL || (first[1] != '\0' && !flag_words_parse(first + 1, &flags, error)))
        return FALSE;
    while (!words_end(words)) {
        g_autofree char *word = words_take_atom(words, "A flag", error);
        if (word == NULL || !flag_words_parse(word, &flag, error))
            return FALSE;
        flags |= flag;
    }
    *add_out = flags;
    *remove_out = ALL_FLAGS & ~flags;
    return TRUE;
}

/* The last word on a flag counts. */
static gboolean
take_changes(Words *words, guint *add_out, guint *remove_out, GError **error)
{
    guint add = 0, remove = 0, flag;

    if (words_end(words))
        return fail(error);
    while (!words_end(words)) {
        g_autofree char *word = words_take_atom(words, "A flag", error);
        if (word == NULL)
            return FALSE;
        if (*word != '+' && *word != '-')
            return fail(error);
        if (!flag_words_parse(word + 1, &flag, error))
            return FALSE;
        add = *word == '+' ? add | flag : add & ~flag;
        remove = *word == '-' ? remove | flag : remove & ~flag;
    }
    *add_out = add;
    *remove_out = remove;
    return TRUE;
}

gboolean
sflg_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    guint add, remove, changed;
    Words words;

    if (!begin_command(session, args, GROUP_FLAGS, &words, error))
        return FALSE;
    g_autofree char *set = words_take_atom(&words, "A set of messages", error);
    if (set == NULL)
        return FALSE;
    if (*words.rest == '=' ? !take_exact(&words, &add, &remove, error)
                           : !take_changes(&words, &add, &remove, error))
        return FALSE;
    g_autoptr(GArray) numbers = set_parse(set, maildrop, error);
    if (numbers == NULL ||
        !pop4_maildrop_change_flags(maildrop, (const guint *)(gpointer)numbers->data,
                                    numbers->len, add, remove, &changed, error))
        return FALSE;
    pop4_reply_ok(session, "%u changed", changed);
    return TRUE;
}
