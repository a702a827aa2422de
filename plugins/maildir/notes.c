/* SPDX-License-Identifier: MIT */

#include "notes.h"

#include "file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_NAME "/pop4d.notes"
#define TEMPORARY_NAME FILE_NAME ".tmp"

/* Octets of a file, and of what one record may be. */
#define FILE_MAX (1u << 20)
#define RECORD_MAX (64u << 10)

/* Followed by the name and the unique-id, each with its NUL, by the note, and by what fills it
 * up to 8 octets. */
typedef struct {
    guint32 size;   /* with all that follows */
    guint32 length; /* of the note */
    gint64 mtime;
} Record;

G_STATIC_ASSERT(sizeof(Record) == 16);

/* The record at @octets, if it is whole: its size, else 0. */
static gsize
measure_record(const char *octets, gsize left, Record *record)
{
    if (left < sizeof *record)
        return 0;
    memcpy(record, octets, sizeof *record);
    if (record->size > left || record->size % 8 != 0 || record->size < sizeof *record ||
        record->length > record->size - sizeof *record)
        return 0;
    return record->size;
}

static gsize
key_length(const NoteKey *key)
{
    return strlen(key->name) + 1 + strlen(key->uid) + 1;
}

static gboolean
is_of(const char *octets, const Record *record, const NoteKey *key)
{
    gsize name_size = strlen(key->name) + 1;
    const char *names = octets + sizeof *record;

    return record->mtime == key->mtime &&
           key_length(key) <= record->size - sizeof *record - record->length &&
           memcmp(names, key->name, name_size) == 0 && strcmp(names + name_size, key->uid) == 0;
}

GBytes *
notes_find(const char *maildir, const NoteKey *key)
{
    g_autofree char *path = g_strconcat(maildir, FILE_NAME, NULL);
    gsize length = 0, size;
    g_autofree char *octets = file_read(path, FILE_MAX, &length);
    Record record;

    for (gsize at = 0; octets != NULL; at += size) {
        size = measure_record(octets + at, length - at, &record);
        if (size == 0)
            break;
        if (is_of(octets + at, &record, key))
            return g_bytes_new(octets + at + sizeof record + key_length(key), record.length);
    }
    return NULL;
}

static GByteArray *
make_record(const NoteKey *key, GBytes *note)
{
    static const guint8 filling[8] = {0};
    gsize length, size;
    gconstpointer octets = g_bytes_get_data(note, &length);
    Record record = {.mtime = key->mtime, .length = (guint32)length};

    size = sizeof record + key_length(key) + length;
    record.size = (guint32)((size + 7) / 8 * 8);
    GByteArray *out = g_byte_array_sized_new(record.size);
    g_byte_array_append(out, (const guint8 *)&record, sizeof record);
    g_byte_array_append(out, (const guint8 *)key->name, (guint)strlen(key->name) + 1);
    g_byte_array_append(out, (const guint8 *)key->uid, (guint)strlen(key->uid) + 1);
    g_byte_array_append(out, octets, (guint)length);
    g_byte_array_append(out, filling, (guint)(record.size - size));
    return out;
}

/* Where the whole records end, and where the younger half of them begins. */
static gsize
find_end(const char *octets, gsize length, gsize *half_out)
{
    gsize at = 0, size;
    Record record;

    *half_out = 0;
    while ((size = measure_record(octets + at, length - at, &record)) != 0) {
        at += size;
        if (*half_out == 0 && at >= length / 2)
            *half_out = at;
    }
    return at;
}

static gboolean
append_at(const char *path, gsize end, const GByteArray *record)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0)
        return FALSE;
    gboolean done = ftruncate(fd, (off_t)end) == 0 && lseek(fd, 0, SEEK_END) >= 0 &&
                    file_write(fd, record->data, record->len);
    return close(fd) == 0 && done;
}

static gboolean
replace(const char *maildir, const char *path, const char *kept, gsize length,
        const GByteArray *record)
{
    g_autofree char *temporary = g_strconcat(maildir, TEMPORARY_NAME, NULL);

    int fd = file_create(temporary);
    if (fd < 0)
        return FALSE;
    gboolean done = file_write(fd, kept, length) && file_write(fd, record->data, record->len);
    done = close(fd) == 0 && done;
    if (done && rename(temporary, path) == 0)
        return TRUE;
    unlink(temporary);
    return FALSE;
}

void
notes_add(const char *maildir, const NoteKey *key, GBytes *note)
{
    if (g_bytes_get_size(note) + key_length(key) > RECORD_MAX - sizeof(Record) - 8)
        return;
    g_autofree char *path = g_strconcat(maildir, FILE_NAME, NULL);
    g_autoptr(GByteArray) record = make_record(key, note);
    gsize length = 0, half = 0;
    g_autofree char *octets = file_read(path, FILE_MAX, &length);
    gsize end = octets != NULL ? find_end(octets, length, &half) : 0;

    /* Half written ones lead to the next note being made anew, nothing else. */
    if (end + record->len <= FILE_MAX)
        append_at(path, end, record);
    else
        replace(maildir, path, octets + half, end - half, record);
}
