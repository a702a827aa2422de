/* The messages of a folder in their order, in one block of memory that is also the index file.
 */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct Listing Listing;

/* What is known of a message. */
typedef struct {
    guint64 octets;    /* on the wire */
    guint64 disk_size; /* of the file */
    gint64 mtime;      /* of the file, nanoseconds */
    guint64 inode;     /* as the folder tells it */
    guint32 name;      /* where its name stands */
    guint32 flags;     /* LISTING_WIRE_READY */
} ListingEntry;

#define LISTING_WIRE_READY 1u

/* When the folders were as listed, nanoseconds; 0 = too close to the listing to be sure. */
typedef struct {
    gint64 cur, new;
} ListingStamp;

/* Collects messages, of different names; listing_builder_finish() sorts them. */
typedef struct ListingBuilder ListingBuilder;

ListingBuilder *listing_builder_new(void);
void listing_builder_add(ListingBuilder *builder, const char *name, const ListingEntry *entry);
Listing *listing_builder_finish(ListingBuilder *builder); /* frees @builder */

void listing_free(Listing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listing, listing_free)

/* Messages are counted from 0 here. */
guint listing_count(const Listing *listing);
const ListingEntry *listing_get(const Listing *listing, guint index);
const char *listing_get_name(const Listing *listing, guint index);

/* Whether they hold the same messages, whenever that was. */
gboolean listing_equal(const Listing *a, const Listing *b);

ListingStamp listing_get_stamp(const Listing *listing);
void listing_set_stamp(Listing *listing, ListingStamp stamp);

/* The octets of an index file, borrowed; the checksum is made here. */
gconstpointer listing_serialise(Listing *listing, gsize *length_out);

/* @octets: (transfer full): what was read of an index file. NULL, having freed it, if it is not
 * whole, of another version or machine, or damaged. */
Listing *listing_parse(gpointer octets, gsize length);

/* For tests: gives what looks like an index a good checksum and the right version, so that the
 * checks behind those are reached. */
void listing_mend(gpointer octets, gsize length);
