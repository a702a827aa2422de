/* What a mail server is given: an envelope, and octets put together from lines of ours and
 * ranges of what the client sent. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "message.h"

typedef struct {
    char *sender;
    GPtrArray *recipients;
    GString *head; /* goes in front: Received and what was missing */
    GArray *cuts;
    Spool *spool;
    gboolean has_8bit;

    /* Where the reader is. */
    guint64 head_done, spool_done;
    guint next_cut;
} Parcel;

/* @head, @spool: (transfer full); takes the recipients and cuts of @message. */
Parcel *parcel_new(const char *sender, Message *message, GString *head, Spool *spool);
void parcel_free(Parcel *parcel);

guint64 parcel_get_length(const Parcel *parcel);
void parcel_rewind(Parcel *parcel);

/* The next octets, at most @size; 0 at the end. */
gboolean parcel_read(Parcel *parcel, char *octets, gsize size, gsize *got_out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Parcel, parcel_free)
