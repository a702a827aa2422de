/* SPDX-License-Identifier: MIT */

#include "name.h"

#include <pop4/folders.h>
#include <string.h>

gsize
name_base_length(const char *name)
{
    return strcspn(name, ":");
}

gsize
name_unique_length(const char *name)
{
    return strcspn(name, ":,");
}

gboolean
name_get_field(const char *name, char which, guint64 *value_out)
{
    const char *end = name + name_base_length(name);
    const char *field = name + name_unique_length(name);

    while (field < end) {
        const char *next = field + 1 + strcspn(field + 1, ",:");
        if (field[1] == which && field[2] == '=' && g_ascii_isdigit(field[3])) {
            char *rest;
            guint64 value = g_ascii_strtoull(field + 3, &rest, 10);
            if (rest == next && value < G_MAXUINT64) {
                *value_out = value;
                return TRUE;
            }
        }
        field = next;
    }
    return FALSE;
}

static const struct {
    char letter;
    guint flag;
} letters[] = {
    {'D', POP4_FLAG_DRAFT},    {'F', POP4_FLAG_FLAGGED}, {'P', POP4_FLAG_FORWARDED},
    {'R', POP4_FLAG_ANSWERED}, {'S', POP4_FLAG_SEEN},
};

static guint
flag_of(char letter)
{
    for (gsize i = 0; i < G_N_ELEMENTS(letters); i++) {
        if (letters[i].letter == letter)
            return letters[i].flag;
    }
    return 0;
}

/* (nullable): the letters, which another info part than "2," does not have. */
static const char *
find_letters(const char *name)
{
    const char *info = name + name_base_length(name);

    return g_str_has_prefix(info, ":2,") ? info + strlen(":2,") : NULL;
}

guint
name_get_flags(const char *name)
{
    guint flags = 0;

    for (const char *at = find_letters(name); at != NULL && *at != '\0' && *at != ','; at++)
        flags |= flag_of(*at);
    return flags;
}

char *
name_set_flags(const char *name, guint flags)
{
    const char *old = find_letters(name);
    gsize old_length = old != NULL ? strcspn(old, ",") : 0;
    GString *changed = g_string_new_len(name, (gssize)name_base_length(name));

    g_string_append(changed, ":2,");
    for (int letter = 1; letter < 256; letter++) {
        guint flag = flag_of((char)letter);
        gboolean other = old != NULL && flag == 0 && letter != ',' &&
                         memchr(old, letter, old_length) != NULL;
        if (other || (flag & flags) != 0)
            g_string_append_c(changed, (char)letter);
    }
    if (old != NULL)
        g_string_append(changed, old + old_length);
    return g_string_free(changed, FALSE);
}

/* As digits: to read the numbers was half the work of sorting a large folder. */
static int
compare_times(const char *a, const char *b)
{
    a += strspn(a, "0");
    b += strspn(b, "0");
    gsize length = 0;
    while (g_ascii_isdigit(a[length]) && g_ascii_isdigit(b[length]))
        length++;
    gboolean longer_a = g_ascii_isdigit(a[length]);

    if (longer_a != g_ascii_isdigit(b[length]))
        return longer_a ? 1 : -1;
    return memcmp(a, b, length);
}

int
name_compare(const char *a, const char *b)
{
    gboolean timed_a = g_ascii_isdigit(a[0]);
    gboolean timed_b = g_ascii_isdigit(b[0]);

    if (timed_a != timed_b)
        return timed_a ? -1 : 1;
    int order = timed_a ? compare_times(a, b) : 0;
    return order != 0 ? order : strcmp(a, b);
}

static gboolean
is_legal_uid(const char *text, gsize length)
{
    if (length < 1 || length >= NAME_UID_SIZE)
        return FALSE;
    for (gsize i = 0; i < length; i++) {
        if (text[i] < 0x21 || text[i] > 0x7e)
            return FALSE;
    }
    return TRUE;
}

void
name_get_uid(const char *name, char uid[NAME_UID_SIZE])
{
    gsize length = name_unique_length(name);

    if (is_legal_uid(name, length)) {
        memcpy(uid, name, length);
        uid[length] = '\0';
        return;
    }
    g_autofree char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)name, length);
    g_strlcpy(uid, hash, NAME_UID_SIZE);
}
