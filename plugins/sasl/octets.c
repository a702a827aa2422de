/* SPDX-License-Identifier: MIT */

#include "octets.h"

#include <string.h>

#define DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

gboolean
octets_decode(const char *text, Octets *octets_out)
{
    gsize length = strlen(text);
    gsize digits = strspn(text, DIGITS);
    gsize padding = strspn(text + digits, "=");
    gint state = 0;
    guint save = 0;

    /* GLib's decoder skips what it does not know. */
    if (length % 4 != 0 || digits + padding != length || padding > 2)
        return FALSE;
    octets_out->data = g_malloc(length / 4 * 3 + 1);
    octets_out->length =
        g_base64_decode_step(text, length, (guchar *)octets_out->data, &state, &save);
    octets_out->data[octets_out->length] = '\0';
    return TRUE;
}

void
octets_clear(Octets *octets)
{
    if (octets->data != NULL)
        explicit_bzero(octets->data, octets->length);
    g_free(octets->data);
    *octets = (Octets){0};
}
