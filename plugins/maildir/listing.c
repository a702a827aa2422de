/* SPDX-License-Identifier: MIT */

#include "listing.h"

#include "name.h"

#include <string.h>

#define MAGIC "pop4dix"
#define VERSION 2
#define BYTE_ORDER_MARK 0x01020304u

/* Followed by the entries, then by the names, each with its NUL, filled up to 8 octets. */
typedef struct {
    char magic[8];
    guint32 version;
    guint32 byte_order;
    guint32 count;
    guint32 names_size;
    ListingStamp stamp;
    ListingMark mark;
    guint64 checksum; /* of all the rest */
} Header;

G_STATIC_ASSERT(sizeof(Header) == 72);
G_STATIC_ASSERT(sizeof(ListingEntry) == 40);

struct Listing {
    Header header;
    ListingEntry entries[];
};

struct ListingBuilder {
    GArray *entries;
    GString *names;
    guint sorted; /* so many of the first entries are in their order */
};

static gsize
total_size(guint count, gsize names_size)
{
    return sizeof(Header) + count * sizeof(ListingEntry) + names_size;
}

static char *
names_of(const Listing *listing)
{
    return (char *)(listing->entries + listing->header.count);
}

/* Changing any one word changes the sum: a step is a bijection of what came before. */
static guint64
sum(const Listing *listing)
{
    const guint64 *words = (const guint64 *)(const void *)listing;
    gsize count =
        total_size(listing->header.count, listing->header.names_size) / sizeof(guint64);
    gsize own = G_STRUCT_OFFSET(Header, checksum) / sizeof(guint64);
    guint64 value = 0x9e3779b97f4a7c15u;

    for (gsize i = 0; i < count; i++) {
        value = (value ^ (i == own ? 0 : words[i])) * 0xff51afd7ed558ccdu;
        value ^= value >> 32;
    }
    return value;
}

ListingBuilder *
listing_builder_new(void)
{
    ListingBuilder *builder = g_new0(ListingBuilder, 1);

    builder->entries = g_array_new(FALSE, FALSE, sizeof(ListingEntry));
    builder->names = g_string_new(NULL);
    return builder;
}

void
listing_builder_add(ListingBuilder *builder, const char *name, const ListingEntry *entry)
{
    ListingEntry added = *entry;

    added.name = (guint32)builder->names->len;
    g_array_append_val(builder->entries, added);
    g_string_append_len(builder->names, name, (gssize)strlen(name) + 1);
}

static int
compare_entries(gconstpointer a, gconstpointer b, gpointer names)
{
    return name_compare((const char *)names + ((const ListingEntry *)a)->name,
                        (const char *)names + ((const ListingEntry *)b)->name);
}

void
listing_builder_sorted(ListingBuilder *builder)
{
    builder->sorted = builder->entries->len;
}

/* Sorts what has come behind the sorted entries, and puts each where it belongs. */
static void
sort_entries(const ListingBuilder *builder, ListingEntry *to)
{
    ListingEntry *entries = &g_array_index(builder->entries, ListingEntry, 0);
    guint count = builder->entries->len, left = 0, right = builder->sorted;

    if (count == 0)
        return;
    g_qsort_with_data(entries + right, (int)(count - right), sizeof *entries, compare_entries,
                      builder->names->str);
    for (guint i = 0; i < count; i++) {
        gboolean take_left = left < builder->sorted &&
                             (right == count || compare_entries(entries + left, entries + right,
                                                                builder->names->str) <= 0);
        to[i] = entries[take_left ? left++ : right++];
    }
}

/* The names in the order of the messages: one folder always gives one block, and a walk through
 * it goes one way through memory. */
static void
put_names(Listing *listing, const char *names)
{
    char *to = names_of(listing);
    guint32 used = 0;

    for (guint i = 0; i < listing->header.count; i++) {
        ListingEntry *entry = &listing->entries[i];
        gsize size = strlen(names + entry->name) + 1;
        memcpy(to + used, names + entry->name, size);
        entry->name = used;
        used += (guint32)size;
    }
}

Listing *
listing_builder_finish(ListingBuilder *builder)
{
    gsize names_size = (builder->names->len + 7) / 8 * 8;

    Listing *listing = g_malloc0(total_size(builder->entries->len, names_size));
    memcpy(listing->header.magic, MAGIC, sizeof MAGIC);
    listing->header.version = VERSION;
    listing->header.byte_order = BYTE_ORDER_MARK;
    listing->header.count = builder->entries->len;
    listing->header.names_size = (guint32)names_size;
    sort_entries(builder, listing->entries);
    put_names(listing, builder->names->str);
    g_array_unref(builder->entries);
    g_string_free(builder->names, TRUE);
    g_free(builder);
    return listing;
}

gboolean
listing_equal(const Listing *a, const Listing *b)
{
    return a->header.count == b->header.count && a->header.names_size == b->header.names_size &&
           memcmp(a->entries, b->entries,
                  total_size(a->header.count, a->header.names_size) - sizeof(Header)) == 0;
}

void
listing_free(Listing *listing)
{
    g_free(listing);
}

guint
listing_count(const Listing *listing)
{
    return listing->header.count;
}

const ListingEntry *
listing_get(const Listing *listing, guint index)
{
    g_assert(index < listing->header.count);

    return &listing->entries[index];
}

const char *
listing_get_name(const Listing *listing, guint index)
{
    return names_of(listing) + listing_get(listing, index)->name;
}

ListingMark
listing_get_mark(const Listing *listing)
{
    return listing->header.mark;
}

void
listing_set_mark(Listing *listing, ListingMark mark)
{
    listing->header.mark = mark;
}

ListingStamp
listing_get_stamp(const Listing *listing)
{
    return listing->header.stamp;
}

void
listing_set_stamp(Listing *listing, ListingStamp stamp)
{
    listing->header.stamp = stamp;
}

gconstpointer
listing_serialise(Listing *listing, gsize *length_out)
{
    listing->header.checksum = sum(listing);
    *length_out = total_size(listing->header.count, listing->header.names_size);
    return listing;
}

static gboolean
is_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL;
}

gboolean
listing_check_entry(const char *name, const ListingEntry *entry)
{
    /* At worst each octet is a LF, and a last line end is missing. */
    return is_name(name) && entry->disk_size <= G_MAXINT64 / 2 &&
           entry->octets <= 2 * entry->disk_size + 2;
}

/* Somebody may have written a file with a good checksum on purpose: nothing in it is trusted to
 * lie within bounds or to name a file of this folder. */
static gboolean
check_entries(const Listing *listing)
{
    const char *names = names_of(listing);
    gsize size = listing->header.names_size;

    if (listing->header.count > 0 && (size == 0 || names[size - 1] != '\0'))
        return FALSE;
    for (guint i = 0; i < listing->header.count; i++) {
        const ListingEntry *entry = &listing->entries[i];
        if (entry->name >= size || !listing_check_entry(names + entry->name, entry))
            return FALSE;
        if (i > 0 && name_compare(names + entry[-1].name, names + entry->name) >= 0)
            return FALSE;
    }
    return TRUE;
}

/* Whether the counts in the header account for all octets there are. */
static gboolean
check_size(const Listing *listing, gsize length)
{
    const Header *header = &listing->header;

    return length >= sizeof(Header) && header->names_size % 8 == 0 &&
           length == sizeof(Header) + (guint64)header->count * sizeof(ListingEntry) +
                         header->names_size;
}

static gboolean
check(const Listing *listing, gsize length)
{
    const Header *header = &listing->header;

    return check_size(listing, length) && memcmp(header->magic, MAGIC, sizeof MAGIC) == 0 &&
           header->version == VERSION && header->byte_order == BYTE_ORDER_MARK &&
           header->checksum == sum(listing) && check_entries(listing);
}

void
listing_mend(gpointer octets, gsize length)
{
    Listing *listing = octets;

    if (!check_size(listing, length))
        return;
    memcpy(listing->header.magic, MAGIC, sizeof MAGIC);
    listing->header.version = VERSION;
    listing->header.byte_order = BYTE_ORDER_MARK;
    listing->header.checksum = sum(listing);
}

Listing *
listing_parse(gpointer octets, gsize length)
{
    if (check(octets, length))
        return octets;
    g_free(octets);
    return NULL;
}
