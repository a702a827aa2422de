/* Any header: addresses that fit into a line of a reply, found in octets that end where they
 * end. */
/* SPDX-License-Identifier: MIT */

#include "envelope.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static void
check(const char *address)
{
    g_assert(strlen(address) <= 320);
    for (const char *c = address; *c != '\0'; c++)
        g_assert(!g_ascii_iscntrl(*c));
    envelope_has_local_part(address, "fred");
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    static const char *const fields[] = {"To", "Delivered-To", NULL};

    if (size == 0) /* g_memdup2() gives NULL */
        return 0;
    g_autofree char *header = g_memdup2(octets, size); /* not a NUL behind it */
    g_autofree char *sender = envelope_get_sender(header, size, fields);
    g_autofree char *recipient = envelope_get_recipient(header, size, fields);

    check(sender);
    if (recipient != NULL) {
        check(recipient);
        g_assert(recipient[0] != '\0');
    }
    return 0;
}
