/* SPDX-License-Identifier: MIT */

#include "unique.h"

#include <pop4/server.h>
#include <string.h>
#include <unistd.h>

/* Together with the rest no unique-id is longer than 70 (RFC 1939, section 7). */
#define HOST_MAX 24

char *
unique_new(void)
{
    static gint count;
    gint64 now = g_get_real_time();
    char host[HOST_MAX + 1];

    g_strlcpy(host, pop4_server_get_hostname(), sizeof host);
    g_strdelimit(host, "/:,", '_');
    return g_strdup_printf("%" G_GINT64_FORMAT ".M%06dP%dQ%d.%s", now / G_USEC_PER_SEC,
                           (int)(now % G_USEC_PER_SEC), (int)getpid(),
                           g_atomic_int_add(&count, 1) + 1, host);
}
