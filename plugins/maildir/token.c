/* SPDX-License-Identifier: MIT */

#include "token.h"

#include <string.h>

/* "INCARNATION.POSITION.CHAIN", hexadecimal without leading zeros: one text for a place. */
char *
token_new(ListingMark mark)
{
    return g_strdup_printf("%" G_GINT64_MODIFIER "x.%" G_GINT64_MODIFIER "x.%" G_GINT64_MODIFIER
                           "x",
                           mark.incarnation, mark.position, mark.chain);
}

gboolean
token_parse(const char *token, ListingMark *mark_out)
{
    guint64 values[3];
    const char *at = token;
    char *end;

    for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
        if (i > 0 && *at++ != '.')
            return FALSE;
        if (!g_ascii_isxdigit(*at))
            return FALSE;
        values[i] = g_ascii_strtoull(at, &end, 16);
        at = end;
    }
    ListingMark mark = {values[0], values[1], values[2]};
    g_autofree char *again = token_new(mark);
    if (strcmp(again, token) != 0)
        return FALSE;
    *mark_out = mark;
    return TRUE;
}
