/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAGIC "pop4dhi"
#define VERSION 1
#define BYTE_ORDER_MARK 0x01020304u

/* Octets of records: some 30,000 changes. What is longer loses its older half. */
#define LENGTH_MAX (4u << 20)

/* A file name's 255 octets fit in, and what is longer is no record. */
#define RECORD_MAX 512

#define KIND_STAMP 0x100

typedef struct {
    char magic[8];
    guint32 version;
    guint32 byte_order;
    ListingMark start; /* of the first record in the file */
} Header;

/* Followed by the name with its NUL, filled up to 8 octets, and by the chain. */
typedef struct {
    guint32 size; /* with all that follows */
    guint32 kind; /* ChangeKind, or KIND_STAMP */
    union {
        ListingEntry entry;
        ListingStamp stamp;
    };
} Record;

G_STATIC_ASSERT(sizeof(Header) == 40);
G_STATIC_ASSERT(sizeof(Record) == 48);

struct History {
    int fd;
    Header header;
    char path[];
};

static guint64
extend_chain(guint64 chain, const void *octets, gsize length)
{
    const guint64 *words = octets;

    for (gsize i = 0; i < length / sizeof *words; i++) {
        chain = (chain ^ words[i]) * 0xff51afd7ed558ccdu;
        chain ^= chain >> 32;
    }
    return chain;
}

static gboolean
read_at(int fd, void *octets, gsize length, guint64 offset)
{
    gsize got = 0;

    while (got < length) {
        gssize part = pread(fd, (char *)octets + got, length - got, (off_t)(offset + got));
        if (part < 0 && errno == EINTR)
            continue;
        if (part <= 0)
            return FALSE;
        got += (gsize)part;
    }
    return TRUE;
}

static gboolean
write_at(int fd, const void *octets, gsize length, guint64 offset)
{
    gsize put = 0;

    while (put < length) {
        gssize part =
            pwrite(fd, (const char *)octets + put, length - put, (off_t)(offset + put));
        if (part < 0 && errno == EINTR)
            continue;
        if (part < 0)
            return FALSE;
        put += (gsize)part;
    }
    return TRUE;
}

static History *
history_new(const char *path, int fd)
{
    gsize size = strlen(path) + 1;
    History *history = g_malloc0(sizeof *history + size);

    history->fd = fd;
    memcpy(history->path, path, size);
    return history;
}

void
history_close(History *history)
{
    if (history == NULL)
        return;
    close(history->fd);
    g_free(history);
}

static gboolean
is_ours(const Header *header)
{
    return memcmp(header->magic, MAGIC, sizeof MAGIC) == 0 && header->version == VERSION &&
           header->byte_order == BYTE_ORDER_MARK && header->start.incarnation != 0;
}

History *
history_open(const char *maildir, const char *name)
{
    g_autofree char *path = g_strconcat(maildir, name, NULL);
    struct stat status;

    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return NULL;
    g_autoptr(History) history = history_new(path, fd);
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
        !read_at(fd, &history->header, sizeof history->header, 0) || !is_ours(&history->header))
        return NULL;
    return g_steal_pointer(&history);
}

/* A file under the temporary name, with a header. -1 with errno. */
static int
create_file(const char *temporary, const Header *header, const void *octets, gsize length)
{
    if (unlink(temporary) < 0 && errno != ENOENT)
        return -1;
    int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return -1;
    if (write_at(fd, header, sizeof *header, 0) && write_at(fd, octets, length, sizeof *header))
        return fd;
    int saved = errno;
    close(fd);
    unlink(temporary);
    errno = saved;
    return -1;
}

/* Puts a new file in the place of the old one. -1 with errno. */
static int
replace_file(const char *path, const Header *header, const void *octets, gsize length)
{
    g_autofree char *temporary = g_strconcat(path, ".tmp", NULL);

    int fd = create_file(temporary, header, octets, length);
    if (fd < 0 || rename(temporary, path) == 0)
        return fd;
    int saved = errno;
    close(fd);
    unlink(temporary);
    errno = saved;
    return -1;
}

History *
history_begin(const char *maildir, const char *name)
{
    g_autofree char *path = g_strconcat(maildir, name, NULL);
    Header header = {.magic = MAGIC, .version = VERSION, .byte_order = BYTE_ORDER_MARK};

    while (header.start.incarnation == 0) {
        if (getrandom(&header.start.incarnation, sizeof header.start.incarnation, 0) < 0 &&
            errno != EINTR)
            return NULL;
    }
    header.start.chain = header.start.incarnation;
    int fd = replace_file(path, &header, NULL, 0);
    if (fd < 0)
        return NULL;
    History *history = history_new(path, fd);
    history->header = header;
    return history;
}

/* Whether the records before @mark have its sum. */
static gboolean
knows(const History *history, const ListingMark *mark, guint64 length)
{
    const ListingMark *start = &history->header.start;
    guint64 chain;

    if (mark->incarnation != start->incarnation || mark->position < start->position ||
        mark->position - start->position > length)
        return FALSE;
    if (mark->position == start->position)
        return mark->chain == start->chain;
    guint64 end = sizeof(Header) + (mark->position - start->position);
    return mark->position - start->position >= sizeof chain &&
           read_at(history->fd, &chain, sizeof chain, end - sizeof chain) &&
           chain == mark->chain;
}

static gboolean
get_length(const History *history, guint64 *length_out)
{
    struct stat status;

    if (fstat(history->fd, &status) < 0 || status.st_size < (off_t)sizeof(Header))
        return FALSE;
    *length_out = (guint64)status.st_size - sizeof(Header);
    return TRUE;
}

/* The name of a record that is whole. (nullable) */
static const char *
check_record(const char *octets, gsize left, guint64 chain)
{
    const Record *record = (const Record *)(const void *)octets;
    const char *name = octets + sizeof *record;
    guint64 sum;

    if (left < sizeof *record + sizeof sum || record->size > left || record->size % 8 != 0 ||
        record->size < sizeof *record + sizeof sum || record->size > RECORD_MAX)
        return NULL;
    gsize name_size = record->size - sizeof *record - sizeof sum;
    memcpy(&sum, octets + record->size - sizeof sum, sizeof sum);
    if (sum != extend_chain(chain, octets, record->size - sizeof sum))
        return NULL;
    if (record->kind == KIND_STAMP)
        return "";
    if (record->kind < CHANGE_ARRIVED || record->kind > CHANGE_GONE || name_size == 0 ||
        name[name_size - 1] != '\0' || !listing_check_entry(name, &record->entry))
        return NULL;
    return name;
}

static void
take_record(const char *octets, const char *name, GArray *changes, ListingStamp *stamp)
{
    const Record *record = (const Record *)(const void *)octets;

    if (record->kind == KIND_STAMP) {
        if (stamp != NULL)
            *stamp = record->stamp;
    } else if (changes != NULL)
        changes_add(changes, (ChangeKind)record->kind, name, &record->entry);
}

/* Takes the records in @octets, up to one that is not whole. */
static void
take_records(const char *octets, gsize length, ListingMark *mark, GArray *changes,
             ListingStamp *stamp)
{
    const char *name;
    gsize done = 0;

    while ((name = check_record(octets + done, length - done, mark->chain)) != NULL) {
        gsize size = ((const Record *)(const void *)(octets + done))->size;
        take_record(octets + done, name, changes, stamp);
        memcpy(&mark->chain, octets + done + size - sizeof mark->chain, sizeof mark->chain);
        mark->position += size;
        done += size;
    }
}

gboolean
history_read(History *history, ListingMark *mark, GArray *changes, ListingStamp *stamp)
{
    guint64 length;

    if (!get_length(history, &length) || !knows(history, mark, length))
        return FALSE;
    guint64 from = mark->position - history->header.start.position;
    gsize wanted = (gsize)(length - from);
    if (wanted == 0)
        return TRUE;
    g_autofree char *octets = g_try_malloc(wanted);
    if (octets == NULL || !read_at(history->fd, octets, wanted, sizeof(Header) + from))
        return FALSE;
    take_records(octets, wanted, mark, changes, stamp);
    return TRUE;
}

static void
put_record(GByteArray *octets, Record *record, const char *name, guint64 *chain)
{
    static const char filling[8] = {0};
    guint start = octets->len;
    gsize name_size = name != NULL ? strlen(name) + 1 : 0;
    gsize fill = (8 - name_size % 8) % 8;

    record->size = (guint32)(sizeof *record + name_size + fill + sizeof *chain);
    g_byte_array_append(octets, (const guint8 *)record, sizeof *record);
    g_byte_array_append(octets, (const guint8 *)name, (guint)name_size);
    g_byte_array_append(octets, (const guint8 *)filling, (guint)fill);
    *chain = extend_chain(*chain, octets->data + start, octets->len - start);
    g_byte_array_append(octets, (const guint8 *)chain, sizeof *chain);
}

static GByteArray *
put_records(const GArray *changes, ListingStamp stamp, guint64 *chain)
{
    GByteArray *octets = g_byte_array_new();

    for (guint i = 0; i < changes->len; i++) {
        const Change *change = &g_array_index(changes, Change, i);
        Record record = {.kind = change->kind, .entry = change->entry};
        record.entry.name = 0;
        put_record(octets, &record, change->name, chain);
    }
    Record record = {.kind = KIND_STAMP, .stamp = stamp};
    put_record(octets, &record, NULL, chain);
    return octets;
}

/* Leaves the younger half, in a new file. */
static gboolean
cut_head(History *history, guint64 length)
{
    Header header = history->header;
    g_autofree char *octets = g_try_malloc(length);
    gsize done = 0;

    if (octets == NULL || !read_at(history->fd, octets, length, sizeof header))
        return FALSE;
    while (done < length / 2) {
        if (check_record(octets + done, length - done, header.start.chain) == NULL)
            return FALSE;
        gsize size = ((const Record *)(const void *)(octets + done))->size;
        memcpy(&header.start.chain, octets + done + size - sizeof header.start.chain,
               sizeof header.start.chain);
        done += size;
    }
    header.start.position += done;
    int fd = replace_file(history->path, &header, octets + done, length - done);
    if (fd < 0)
        return FALSE;
    close(history->fd);
    history->fd = fd;
    history->header = header;
    return TRUE;
}

gboolean
history_append(History *history, ListingMark *mark, const GArray *changes, ListingStamp stamp)
{
    ListingMark end = *mark;
    g_autoptr(GByteArray) octets = put_records(changes, stamp, &end.chain);
    guint64 from = mark->position - history->header.start.position;

    /* What a crash has left half written goes. */
    if (ftruncate(history->fd, (off_t)(sizeof(Header) + from)) < 0)
        return FALSE;
    if (!write_at(history->fd, octets->data, octets->len, sizeof(Header) + from)) {
        int saved = errno;
        if (ftruncate(history->fd, (off_t)(sizeof(Header) + from)) < 0)
            saved = errno;
        errno = saved;
        return FALSE;
    }
    end.position += octets->len;
    *mark = end;
    /* One that cannot be cut now is cut later. */
    if (from + octets->len > LENGTH_MAX)
        cut_head(history, from + octets->len);
    return TRUE;
}

gboolean
history_sync(History *history)
{
    return fdatasync(history->fd) == 0;
}

ListingMark
history_get_start(const History *history)
{
    return history->header.start;
}

void
history_remove(const char *maildir, const char *name)
{
    g_autofree char *path = g_strconcat(maildir, name, NULL);

    unlink(path);
}
