/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "args.h"

#include <pop4/error.h>
#include <string.h>

char *
args_next_word(char **rest)
{
    char *word = *rest + strspn(*rest, " \t");
    char *end = word + strcspn(word, " \t");

    *rest = end;
    if (*end != '\0') {
        *end = '\0';
        *rest = end + 1;
    }
    return word;
}

void
args_parse(Pop4Args *args, char *rest)
{
    char *word;

    args->argc = 0;
    args->overflow = FALSE;
    while (*(word = args_next_word(&rest)) != '\0') {
        if (args->argc == ARGS_MAX) {
            args->overflow = TRUE;
            return;
        }
        args->argv[args->argc++] = word;
    }
}

void
args_parse_raw(Pop4Args *args, char *rest)
{
    args->overflow = FALSE;
    args->argc = *rest != '\0' ? 1 : 0;
    args->argv[0] = rest;
}

guint
pop4_args_count(const Pop4Args *args)
{
    return args->argc;
}

const char *
pop4_args_get(const Pop4Args *args, guint index)
{
    g_return_val_if_fail(index < args->argc, NULL);

    return args->argv[index];
}

gboolean
pop4_args_get_uint(const Pop4Args *args, guint index, guint *value_out, GError **error)
{
    g_return_val_if_fail(index < args->argc, FALSE);

    const char *text = args->argv[index];
    if (text[0] == '\0' || text[strspn(text, "0123456789")] != '\0') {
        g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, "Not a number");
        return FALSE;
    }
    guint64 value = g_ascii_strtoull(text, NULL, 10); /* saturates */
    *value_out = (guint)MIN(value, G_MAXUINT);
    return TRUE;
}
