/* SPDX-License-Identifier: MIT */

#include "base64.h"

#include <string.h>

/* GLib's decoder skips what it does not know. */
static gboolean
check(const char *text, gsize length, gsize *padding_out)
{
    gsize digits = 0;

    while (digits < length &&
           (g_ascii_isalnum(text[digits]) || text[digits] == '+' || text[digits] == '/'))
        digits++;
    *padding_out = length - digits;
    for (gsize i = digits; i < length; i++) {
        if (text[i] != '=')
            return FALSE;
    }
    return length % 4 == 0 && *padding_out <= 2;
}

gboolean
base64_decode(const char *text, gsize length, gpointer out, gsize room, gsize *size_out)
{
    gsize padding;
    gint state = 0;
    guint save = 0;

    if (!check(text, length, &padding) || length / 4 * 3 - padding > room)
        return FALSE;
    *size_out = g_base64_decode_step(text, length, out, &state, &save);
    return TRUE;
}
