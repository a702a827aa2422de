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
    guint32 flags;     /* LISTING_WIRE_READY, LISTING_IN_NEW, or-ed */
} ListingEntry;

#define LISTING_WIRE_READY 1u
#define LISTING_IN_NEW 2u /* it lies in new/ still, not in cur/ */

/* When the folders were as listed, nanoseconds; 0 = too close to the listing to be sure. */
typedef struct {
    gint64 cur, new;
} ListingStamp;

/* A place in the history of a folder; incarnation 0 = the folder has none. */
typedef struct {
    guint64 incarnation;
    guint64 position; /* octets of records before it */
    guint64 chain;    /* the sum of all that came before */
} ListingMark;

typedef enum {
    CHANGE_ARRIVED = 1,
    CHANGE_FLAGS,
    CHANGE_RENAMED, /* another name or folder, the flags as they were */
    CHANGE_GONE,
} ChangeKind;

/* What has become of a message. Its name tells which one: the unique part never changes. */
typedef struct {
    ChangeKind kind;
    ListingEntry entry; /* as it is now; unset when it is gone */
    char *name;         /* owned */
} Change;

/* Collects messages, of different names; listing_builder_finish() sorts them. */
typedef struct ListingBuilder ListingBuilder;

ListingBuilder *listing_builder_new(void);
void listing_builder_add(ListingBuilder *builder, const char *name, const ListingEntry *entry);

/* What has been added so far came in the order of a listing. */
void listing_builder_sorted(ListingBuilder *builder);
Listing *listing_builder_finish(ListingBuilder *builder); /* frees @builder */

void listing_free(Listing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Listing, listing_free)

/* Messages are counted from 0 here. */
guint listing_count(const Listing *listing);
const ListingEntry *listing_get(const Listing *listing, guint index);
const char *listing_get_name(const Listing *listing, guint index);

/* Whether they hold the same messages, whenever that was. */
gboolean listing_equal(const Listing *a, const Listing *b);

/* Where the message with the unique part of @name stands; FALSE when there is none. */
gboolean listing_find(const Listing *listing, const char *name, guint *index_out);

/* (transfer full): a #GArray of #Change. */
GArray *changes_new(void);
void changes_add(GArray *changes, ChangeKind kind, const char *name, const ListingEntry *entry);

/* Adds to @changes what has happened between the two. */
void listing_compare(const Listing *old, const Listing *now, GArray *changes);

/* (transfer full): @old with those changes, the last one of a message counts. The stamp and the
 * mark are @old's. */
Listing *listing_apply(const Listing *old, const GArray *changes);

ListingMark listing_get_mark(const Listing *listing);
void listing_set_mark(Listing *listing, ListingMark mark);

ListingStamp listing_get_stamp(const Listing *listing);
void listing_set_stamp(Listing *listing, ListingStamp stamp);

/* The octets of an index file, borrowed; the checksum is made here. */
gconstpointer listing_serialise(Listing *listing, gsize *length_out);

/* @octets: (transfer full): what was read of an index file. NULL, having freed it, if it is not
 * whole, of another version or machine, or damaged. */
Listing *listing_parse(gpointer octets, gsize length);

/* Whether it can be a message of a folder, wherever it was read. */
gboolean listing_check_entry(const char *name, const ListingEntry *entry);

/* For tests: gives what looks like an index a good checksum and the right version, so that the
 * checks behind those are reached. */
void listing_mend(gpointer octets, gsize length);
