/* SPDX-License-Identifier: MIT */

#include "utf7.h"

#include <string.h>

/* Base64 with "," for "/" and no padding. */
static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

typedef struct {
    GString *to;
    guint32 bits;
    guint count; /* of bits that are not written yet */
    gboolean shifted;
} Encoder;

static gboolean
is_direct(gunichar c)
{
    return c >= 0x20 && c <= 0x7e;
}

static void
put_unit(Encoder *encoder, guint16 unit)
{
    encoder->bits = encoder->bits << 16 | unit;
    encoder->count += 16;
    while (encoder->count >= 6) {
        encoder->count -= 6;
        g_string_append_c(encoder->to, alphabet[encoder->bits >> encoder->count & 63]);
    }
}

static void
shift_out(Encoder *encoder)
{
    if (!encoder->shifted)
        return;
    if (encoder->count > 0)
        g_string_append_c(encoder->to, alphabet[encoder->bits << (6 - encoder->count) & 63]);
    g_string_append_c(encoder->to, '-');
    encoder->shifted = FALSE;
    encoder->count = 0;
    encoder->bits = 0;
}

static void
put_shifted(Encoder *encoder, gunichar c)
{
    if (!encoder->shifted)
        g_string_append_c(encoder->to, '&');
    encoder->shifted = TRUE;
    if (c < 0x10000) {
        put_unit(encoder, (guint16)c);
        return;
    }
    put_unit(encoder, (guint16)(0xd800 + ((c - 0x10000) >> 10)));
    put_unit(encoder, (guint16)(0xdc00 + ((c - 0x10000) & 0x3ff)));
}

char *
utf7_encode(const char *text)
{
    Encoder encoder = {.to = g_string_new(NULL)};

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!is_direct(c)) {
            put_shifted(&encoder, c);
            continue;
        }
        shift_out(&encoder);
        g_string_append_c(encoder.to, (char)c);
        if (c == '&')
            g_string_append_c(encoder.to, '-');
    }
    shift_out(&encoder);
    return g_string_free(encoder.to, FALSE);
}

static gboolean
put_utf16(GString *to, const guint16 *units, guint count)
{
    g_autofree char *text = g_utf16_to_utf8(units, count, NULL, NULL, NULL);

    if (text == NULL || strlen(text) == 0)
        return FALSE;
    g_string_append(to, text);
    return TRUE;
}

/* What stands between "&" and "-". */
static gboolean
decode_shifted(const char *from, gsize length, GString *to)
{
    g_autofree guint16 *units = g_new(guint16, length + 1);
    guint32 bits = 0;
    guint count = 0, found = 0;

    for (gsize i = 0; i < length; i++) {
        const char *digit = strchr(alphabet, from[i]);
        if (digit == NULL)
            return FALSE;
        bits = bits << 6 | (guint32)(digit - alphabet);
        count += 6;
        if (count >= 16) {
            count -= 16;
            units[found++] = (guint16)(bits >> count);
        }
    }
    return put_utf16(to, units, found);
}

static char *
decode(const char *from)
{
    GString *to = g_string_new(NULL);

    while (*from != '\0') {
        if (*from != '&') {
            g_string_append_c(to, *from++);
            continue;
        }
        gsize length = strcspn(from + 1, "-");
        gboolean good = from[1 + length] == '-';
        if (good && length == 0)
            g_string_append_c(to, '&');
        else
            good = good && decode_shifted(from + 1, length, to);
        if (!good) {
            g_string_free(to, TRUE);
            return NULL;
        }
        from += length + 2;
    }
    return g_string_free(to, FALSE);
}

char *
utf7_decode(const char *encoded)
{
    g_autofree char *text = decode(encoded);

    if (text == NULL || !g_utf8_validate(text, -1, NULL))
        return NULL;
    g_autofree char *again = utf7_encode(text);
    return strcmp(again, encoded) == 0 ? g_steal_pointer(&text) : NULL;
}
