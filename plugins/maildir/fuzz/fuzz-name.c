/* Any file name: a legal unique-id that flags do not change. */
/* SPDX-License-Identifier: MIT */

#include "name.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    g_autofree char *name = g_strndup((const char *)octets, size);
    g_autofree char *base = g_strndup(name, name_base_length(name));
    g_autofree char *flagged = g_strconcat(base, ":2,FRS", NULL);
    char uid[NAME_UID_SIZE], other[NAME_UID_SIZE];
    guint64 value;

    name_get_uid(name, uid);
    name_get_uid(flagged, other);
    g_assert(strcmp(uid, other) == 0);
    g_assert(strlen(uid) >= 1 && strlen(uid) <= 70);
    for (const char *c = uid; *c != '\0'; c++)
        g_assert(*c >= 0x21 && *c <= 0x7e);
    g_assert(name_unique_length(name) <= name_base_length(name));
    g_assert(name_compare(name, name) == 0);
    g_assert((name_compare(name, flagged) < 0) == (name_compare(flagged, name) > 0));
    if (name_get_field(name, 'S', &value))
        g_assert(strstr(name, ",S=") != NULL);
    return 0;
}
