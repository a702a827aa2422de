/* SPDX-License-Identifier: MIT */

#include "measure.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 65536

typedef struct {
    guint64 octets;
    guint64 lone_lf; /* line ends that become CRLF */
    gboolean dotted; /* some line begins with a dot */
    char last;       /* the octet before the block */
} Count;

static void
count_block(Count *count, const char *block, gsize length)
{
    const char *end = block + length;
    const char *from = block;

    if (block[0] == '.' && count->last == '\n')
        count->dotted = TRUE;
    for (const char *lf; (lf = memchr(from, '\n', (gsize)(end - from))) != NULL;
         from = lf + 1) {
        char before = lf > block ? lf[-1] : count->last;
        if (before != '\r')
            count->lone_lf++;
        if (lf + 1 < end && lf[1] == '.')
            count->dotted = TRUE;
    }
    count->octets += length;
    count->last = end[-1];
}

static gssize
read_block(int fd, char *block, guint64 offset)
{
    gssize got;

    do
        got = pread(fd, block, BLOCK, (off_t)offset);
    while (got < 0 && errno == EINTR);
    return got;
}

gboolean
measure_file(int fd, Measure *measure_out)
{
    Count count = {.last = '\n'};
    char block[BLOCK];
    gssize got;

    while ((got = read_block(fd, block, count.octets)) > 0)
        count_block(&count, block, (gsize)got);
    if (got < 0)
        return FALSE;

    gboolean ended = count.last == '\n'; /* an empty file, too */
    measure_out->octets = count.octets + count.lone_lf + (ended ? 0 : 2);
    measure_out->wire_ready = ended && count.lone_lf == 0 && !count.dotted;
    return TRUE;
}

gboolean
measure_believe(int fd, guint64 disk_size, guint64 virtual_size, Measure *measure_out)
{
    char last = '\n';

    if (disk_size > 0 && pread(fd, &last, 1, (off_t)disk_size - 1) != 1)
        return FALSE;
    measure_out->octets = virtual_size + (last == '\n' ? 0 : 2);
    measure_out->wire_ready = FALSE; /* not known: the other way is right for every message */
    return TRUE;
}
