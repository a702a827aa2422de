/* Any line of AUTH: no base64, or octets that encode to the same line; any of them as a
 * client's first message: a header of RFC 5802 or none. */
/* SPDX-License-Identifier: MIT */

#include "binding.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static gboolean
is_letter(char c)
{
    return g_ascii_isalnum(c) || c == '.' || c == '-';
}

static void
check_binding(const Octets *message)
{
    char type[BINDING_TYPE_SIZE] = "untouched";
    BindingUse use = binding_parse(message, type);

    if (use != BINDING_USED) {
        g_assert(strcmp(type, "untouched") == 0);
        if (use != BINDING_INVALID)
            g_assert(message->length >= 2 && message->data[1] == ',');
        return;
    }
    gsize length = strlen(type);
    g_assert(length >= 1 && length < sizeof type && message->length > 2 + length);
    g_assert(memcmp(message->data, "p=", 2) == 0 && message->data[2 + length] == ',');
    g_assert(memcmp(message->data + 2, type, length) == 0);
    for (gsize i = 0; i < length; i++)
        g_assert(is_letter(type[i]));
}

/* Two lines may stand for the same octets, by the bits behind the last one; they differ in the
 * last letter only. */
static void
check_decoding(const char *line, const Octets *octets)
{
    g_autofree char *back = g_base64_encode((const guchar *)octets->data, octets->length);
    gsize length = strlen(line);

    g_assert(strlen(back) == length && octets->data[octets->length] == '\0');
    gsize padding = length - strcspn(line, "=");
    gsize same = padding > 0 ? length - padding - 1 : length;
    g_assert(strncmp(line, back, same) == 0);
    g_assert(strcmp(line + length - padding, back + length - padding) == 0);
}

static void
check_line(const char *line)
{
    Octets octets = {0};

    if (!octets_decode(line, &octets)) {
        g_assert(octets.data == NULL && octets.length == 0);
        return;
    }
    check_decoding(line, &octets);
    check_binding(&octets);
    octets_clear(&octets);
    g_assert(octets.data == NULL && octets.length == 0);
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    /* On the heap in its exact size, so that a read behind the end is seen. */
    char *text = g_malloc(size + 1);
    Octets message = {text, size};

    memcpy(text, octets, size);
    text[size] = '\0';
    check_line(text);
    check_binding(&message);
    g_autofree char *line = g_base64_encode(octets, size);
    check_line(line);
    g_free(text);
    return 0;
}
