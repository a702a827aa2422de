/* Any argument of a command: words, folder names and sets. */
/* SPDX-License-Identifier: MIT */

#include "set.h"
#include "words.h"

#include <pop4/error.h>
#include <pop4/maildrop.h>
#include <string.h>

/* As large as a maildrop of the fuzzer; the one that is marked is its last but one. */
#define COUNT 50u

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

guint
pop4_maildrop_get_count(const Pop4Maildrop *maildrop)
{
    (void)maildrop;
    return COUNT;
}

gboolean
pop4_maildrop_check(const Pop4Maildrop *maildrop, guint number, GError **error)
{
    (void)maildrop;
    if (number >= 1 && number <= COUNT && number != COUNT - 1)
        return TRUE;
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, "no such message");
    return FALSE;
}

static void
check_folder(const char *argument)
{
    g_autoptr(GError) error = NULL;
    Words words;

    words_init(&words, argument);
    g_autofree char *folder = words_take_folder(&words, &error);
    g_assert((folder != NULL) == (error == NULL));
    if (folder == NULL)
        return;
    g_auto(GStrv) components = g_strsplit(folder, "/", -1);
    g_assert(g_utf8_validate(folder, -1, NULL));
    g_assert(g_strv_length(components) >= 1 && g_strv_length(components) <= 16);
    for (guint i = 0; components[i] != NULL; i++) {
        g_assert(components[i][0] != '\0' && g_utf8_strlen(components[i], -1) <= 100);
        g_assert(strcmp(components[i], ".") != 0 && strcmp(components[i], "..") != 0);
    }
    for (const char *c = folder; *c != '\0'; c++)
        g_assert((guchar)*c >= 0x20 && *c != 0x7f);
}

static void
check_set(const char *argument)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) numbers = set_parse(argument, NULL, &error);

    g_assert((numbers != NULL) == (error == NULL));
    if (numbers == NULL)
        return;
    g_assert(numbers->len >= 1 && numbers->len < COUNT);
    for (guint i = 0; i < numbers->len; i++) {
        guint number = g_array_index(numbers, guint, i);
        g_assert(number >= 1 && number <= COUNT && number != COUNT - 1);
        g_assert(i == 0 || number > g_array_index(numbers, guint, i - 1));
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    g_autofree char *argument = g_strndup((const char *)octets, size);

    check_folder(argument);
    check_set(argument);
    return 0;
}
