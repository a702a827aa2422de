/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "dot-reader.h"

#include <string.h>

void
dot_reader_init(DotReader *reader)
{
    reader->state = DOT_AT_LINE_START;
}

/* The state behind an octet that is none of the special cases. */
static DotState
after(char octet)
{
    return octet == '\r' ? DOT_AFTER_CR : DOT_IN_LINE;
}

/* Octets up to and with the next CR, handed on at once. */
static gsize
take_run(const char *octets, gsize length, DotTakeFunc take, gpointer data, DotState *state)
{
    const char *cr = memchr(octets, '\r', length);
    gsize run = cr != NULL ? (gsize)(cr - octets) + 1 : length;

    take(data, octets, run);
    *state = cr != NULL ? DOT_AFTER_CR : DOT_IN_LINE;
    return run;
}

static DotState
step(DotState state, char octet, DotTakeFunc take, gpointer data, gboolean *whole)
{
    switch (state) {
    case DOT_AT_LINE_START:
        if (octet == '.')
            return DOT_AFTER_DOT;
        break;
    case DOT_AFTER_DOT:
        if (octet == '\r')
            return DOT_AFTER_DOT_CR;
        if (octet != '.') /* not doubled: the dot is the client's own */
            take(data, ".", 1);
        break;
    case DOT_AFTER_DOT_CR:
        if (octet == '\n') {
            *whole = TRUE;
            return DOT_AT_LINE_START;
        }
        take(data, ".\r", 2);
        break;
    case DOT_AFTER_CR:
        take(data, &octet, 1);
        return octet == '\n' ? DOT_AT_LINE_START : after(octet);
    case DOT_IN_LINE:
        break;
    }
    take(data, &octet, 1);
    return after(octet);
}

gsize
dot_reader_feed(DotReader *reader, const char *octets, gsize length, DotTakeFunc take,
                gpointer data, gboolean *whole_out)
{
    gsize used = 0;

    *whole_out = FALSE;
    while (used < length && !*whole_out) {
        if (reader->state == DOT_IN_LINE)
            used += take_run(octets + used, length - used, take, data, &reader->state);
        else
            reader->state = step(reader->state, octets[used++], take, data, whole_out);
    }
    return used;
}
