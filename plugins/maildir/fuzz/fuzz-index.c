/* Any index file, with its checksum as it is and made right: refused, or safe to walk through.
 */
/* SPDX-License-Identifier: MIT */

#include "listing.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static void
walk(Listing *listing)
{
    gsize length;

    for (guint i = 0; i < listing_count(listing); i++) {
        g_assert(listing_get_name(listing, i)[0] != '\0');
        g_assert(listing_get(listing, i)->octets <= 2 * listing_get(listing, i)->disk_size + 2);
    }
    g_assert(listing_serialise(listing, &length) != NULL);
}

static void
parse(const guint8 *octets, gsize size, gboolean mend)
{
    /* On the heap in its exact size, so that a read behind the end is seen. */
    gpointer copy = g_memdup2(octets, size);

    if (mend)
        listing_mend(copy, size);
    g_autoptr(Listing) listing = listing_parse(copy, size);
    if (listing != NULL)
        walk(listing);
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    if (size == 0)
        return 0;
    parse(octets, size, FALSE);
    parse(octets, size, TRUE);
    return 0;
}
