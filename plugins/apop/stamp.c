/* SPDX-License-Identifier: MIT */

#include "stamp.h"

#include <string.h>
#include <sys/random.h>

#define DIGEST_DIGITS 32

char *
stamp_new(const char *host, guint64 number)
{
    guint64 random[2];

    if (getrandom(random, sizeof random, 0) != sizeof random)
        return NULL;
    return g_strdup_printf("<%" G_GINT64_MODIFIER "x%" G_GINT64_MODIFIER "x.%" G_GUINT64_FORMAT
                           "@%s>",
                           random[0], random[1], number, host);
}

gboolean
stamp_check(const char *stamp, const char *secret, const char *digest)
{
    static const guchar block[64];
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_MD5);
    guint difference = strlen(digest) != DIGEST_DIGITS;

    g_checksum_update(checksum, (const guchar *)stamp, (gssize)strlen(stamp));
    g_checksum_update(checksum, (const guchar *)secret, (gssize)strlen(secret));
    const char *expected = g_checksum_get_string(checksum);
    for (gsize i = 0; i < DIGEST_DIGITS && digest[i] != '\0'; i++)
        difference |= (guint)(g_ascii_tolower(digest[i]) ^ expected[i]);

    /* GLib frees its buffer of one block as it stands: without the secret in it. */
    g_checksum_reset(checksum);
    g_checksum_update(checksum, block, sizeof block);
    g_checksum_free(checksum);
    return difference == 0;
}
