/* SPDX-License-Identifier: MIT */

#include "parcel.h"

#include <string.h>

Parcel *
parcel_new(const char *sender, Message *message, GString *head, Spool *spool)
{
    Parcel *parcel = g_new0(Parcel, 1);

    parcel->sender = g_strdup(sender);
    parcel->recipients = g_ptr_array_ref(message->recipients);
    parcel->cuts = g_array_ref(message->cuts);
    parcel->head = head;
    parcel->spool = spool;
    parcel->has_8bit = spool_has_8bit(spool);
    return parcel;
}

void
parcel_free(Parcel *parcel)
{
    g_free(parcel->sender);
    g_ptr_array_unref(parcel->recipients);
    g_array_unref(parcel->cuts);
    g_string_free(parcel->head, TRUE);
    spool_free(parcel->spool);
    g_free(parcel);
}

guint64
parcel_get_length(const Parcel *parcel)
{
    guint64 length = parcel->head->len + spool_get_length(parcel->spool);

    for (guint i = 0; i < parcel->cuts->len; i++) {
        const Range *cut = &g_array_index(parcel->cuts, Range, i);
        length -= cut->end - cut->start;
    }
    return length;
}

void
parcel_rewind(Parcel *parcel)
{
    parcel->head_done = parcel->spool_done = 0;
    parcel->next_cut = 0;
}

/* Octets of the spool up to the next cut, or its end; steps over cuts that begin here. */
static guint64
measure_range(Parcel *parcel)
{
    for (; parcel->next_cut < parcel->cuts->len; parcel->next_cut++) {
        const Range *cut = &g_array_index(parcel->cuts, Range, parcel->next_cut);
        if (parcel->spool_done < cut->start)
            return cut->start - parcel->spool_done;
        parcel->spool_done = cut->end;
    }
    return spool_get_length(parcel->spool) - parcel->spool_done;
}

gboolean
parcel_read(Parcel *parcel, char *octets, gsize size, gsize *got_out, GError **error)
{
    gsize got = (gsize)MIN(size, parcel->head->len - parcel->head_done);
    guint64 range;

    memcpy(octets, parcel->head->str + parcel->head_done, got);
    parcel->head_done += got;
    while (got < size && (range = measure_range(parcel)) > 0) {
        gsize part = (gsize)MIN(range, size - got);
        if (!spool_read(parcel->spool, parcel->spool_done, octets + got, part, error))
            return FALSE;
        parcel->spool_done += part;
        got += part;
    }
    *got_out = got;
    return TRUE;
}
