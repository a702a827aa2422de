/* SPDX-License-Identifier: MIT */

#include "binding.h"

#include <string.h>

#define TYPE_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"

BindingUse
binding_parse(const Octets *message, char type_out[BINDING_TYPE_SIZE])
{
    const char *text = message->data;

    /* A NUL stands behind the octets. */
    if (text == NULL)
        return BINDING_INVALID;
    if (g_str_has_prefix(text, "n,"))
        return BINDING_NONE;
    if (g_str_has_prefix(text, "y,"))
        return BINDING_MISSED;
    if (!g_str_has_prefix(text, "p="))
        return BINDING_INVALID;
    gsize length = strspn(text + 2, TYPE_LETTERS);
    if (length == 0 || length >= BINDING_TYPE_SIZE || text[2 + length] != ',')
        return BINDING_INVALID;
    memcpy(type_out, text + 2, length);
    type_out[length] = '\0';
    return BINDING_USED;
}
