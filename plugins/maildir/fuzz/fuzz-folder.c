/* Any directory name and any token: what is understood is written in one way only. */
/* SPDX-License-Identifier: MIT */

#include "token.h"
#include "utf7.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    g_autofree char *text = g_strndup((const char *)octets, size);
    g_autofree char *decoded = utf7_decode(text);
    ListingMark mark;

    if (decoded != NULL) {
        g_autofree char *encoded = utf7_encode(decoded);
        g_assert(g_utf8_validate(decoded, -1, NULL));
        g_assert(strcmp(encoded, text) == 0);
    }
    if (g_utf8_validate(text, -1, NULL)) {
        g_autofree char *encoded = utf7_encode(text);
        g_autofree char *again = utf7_decode(encoded);
        g_assert(g_strcmp0(again, text) == 0);
        for (const char *c = encoded; *c != '\0'; c++)
            g_assert(*c >= 0x20 && *c <= 0x7e);
    }
    if (token_parse(text, &mark)) {
        g_autofree char *token = token_new(mark);
        g_assert(strcmp(token, text) == 0 && strlen(token) <= 64);
    }
    return 0;
}
