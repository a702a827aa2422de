/* SPDX-License-Identifier: MIT */

#include "siphash.h"

#include <string.h>

static guint64
rotate(guint64 word, guint bits)
{
    return (word << bits) | (word >> (64 - bits));
}

static void
mix(guint64 v[4], guint rounds)
{
    while (rounds-- > 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = rotate(v[1], 13) ^ v[0];
        v[3] = rotate(v[3], 16) ^ v[2];
        v[0] = rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = rotate(v[1], 17) ^ v[2];
        v[3] = rotate(v[3], 21) ^ v[0];
        v[2] = rotate(v[2], 32);
    }
}

static void
take(guint64 v[4], guint64 word)
{
    v[3] ^= word;
    mix(v, 2);
    v[0] ^= word;
}

guint64
siphash(const guint64 key[2], gconstpointer data, gsize length)
{
    const guint8 *octets = data;
    guint64 v[4] = {
        key[0] ^ 0x736f6d6570736575u,
        key[1] ^ 0x646f72616e646f6du,
        key[0] ^ 0x6c7967656e657261u,
        key[1] ^ 0x7465646279746573u,
    };
    guint64 word;
    gsize at = 0;

    for (; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, octets + at, sizeof word);
        take(v, GUINT64_FROM_LE(word));
    }
    word = 0;
    for (gsize i = 0; at + i < length; i++)
        word |= (guint64)octets[at + i] << (8 * i);
    take(v, word | (guint64)length << 56);
    v[2] ^= 0xff;
    mix(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}
