/* Trees as octets: a header, then of each part its numbers and its strings, each string with
 * its length before it; all numbers little-endian. */
/* SPDX-License-Identifier: MIT */

#include "mime-head.h"
#include "mime-tree.h"

#include <string.h>

#define MAGIC "pop4mime"
#define MAGIC_SIZE 8u
#define VERSION 1u
#define CHECKSUM_OFFSET \
    24u /* behind the magic, the version, the count and the file's length \
         */
#define HEADER_SIZE 32u
#define NO_STRING G_MAXUINT16
#define STRING_MAX 4096u
#define FILE_MAX ((guint64)G_MAXINT64)

typedef struct {
    const guint8 *data;
    gsize length;
    gsize used;
    gboolean is_short;
} Reader;

/* FNV-1a over all but the checksum itself; against accidents, not against malice. */
static guint64
sum(const guint8 *data, gsize length)
{
    guint64 value = 0xcbf29ce484222325u;

    for (gsize i = 0; i < length; i++) {
        gboolean own = i >= CHECKSUM_OFFSET && i < HEADER_SIZE;
        value = (value ^ (own ? 0 : data[i])) * 0x100000001b3u;
    }
    return value;
}

static void
put_number(GByteArray *out, guint64 number, guint octets)
{
    for (guint i = 0; i < octets; i++) {
        guint8 octet = (guint8)(number >> (8 * i));
        g_byte_array_append(out, &octet, 1);
    }
}

static void
put_string(GByteArray *out, const char *text)
{
    gsize length = text != NULL ? strlen(text) : 0;

    g_assert(length <= STRING_MAX);
    put_number(out, text != NULL ? length : NO_STRING, 2);
    g_byte_array_append(out, (const guint8 *)text, (guint)length);
}

static void
put_part(GByteArray *out, const MimePart *part)
{
    put_number(out, part->header_offset, 8);
    put_number(out, part->header_length, 8);
    put_number(out, part->header_wire, 8);
    put_number(out, part->body_length, 8);
    put_number(out, part->body_wire, 8);
    put_string(out, part->path);
    put_string(out, part->encoding);
    put_string(out, part->type);
    put_string(out, part->charset);
    put_string(out, part->disposition);
    put_string(out, part->filename);
}

static void
set_checksum(guint8 *data, gsize length)
{
    guint64 value = GUINT64_TO_LE(sum(data, length));

    memcpy(data + CHECKSUM_OFFSET, &value, sizeof value);
}

GBytes *
mime_tree_serialise(const MimeTree *tree)
{
    GByteArray *out = g_byte_array_new();

    g_byte_array_append(out, (const guint8 *)MAGIC, MAGIC_SIZE);
    put_number(out, VERSION, 4);
    put_number(out, mime_tree_count(tree), 4);
    put_number(out, tree->length, 8);
    put_number(out, 0, 8);
    for (guint i = 0; i < mime_tree_count(tree); i++)
        put_part(out, mime_tree_get(tree, i));
    set_checksum(out->data, out->len);
    return g_byte_array_free_to_bytes(out);
}

static const guint8 *
take(Reader *reader, gsize octets)
{
    if (reader->is_short || reader->length - reader->used < octets) {
        reader->is_short = TRUE;
        return NULL;
    }
    reader->used += octets;
    return reader->data + reader->used - octets;
}

static guint64
take_number(Reader *reader, guint octets)
{
    const guint8 *data = take(reader, octets);
    guint64 number = 0;

    for (guint i = octets; data != NULL && i-- > 0;)
        number = number << 8 | data[i];
    return number;
}

/* (transfer full) (nullable) */
static char *
take_string(Reader *reader)
{
    guint64 length = take_number(reader, 2);

    if (length == NO_STRING)
        return NULL;
    const guint8 *data = length <= STRING_MAX ? take(reader, (gsize)length) : NULL;
    if (data == NULL || memchr(data, '\0', (gsize)length) != NULL) {
        reader->is_short = TRUE;
        return NULL;
    }
    return g_strndup((const char *)data, (gsize)length);
}

/* "0", and numbers from 1 on with dots between them. */
static gboolean
is_path(const char *path, gboolean is_first)
{
    guint numbers = 0;

    if (path == NULL || is_first)
        return path != NULL && strcmp(path, "0") == 0;
    for (;; path++) {
        gsize digits = strspn(path, "0123456789");
        if (digits == 0 || digits > 4 || path[0] == '0' || ++numbers > MIME_DEPTH_MAX)
            return FALSE;
        path += digits;
        if (*path != '.')
            return *path == '\0';
    }
}

static gboolean
is_filename(const char *text)
{
    if (text[0] == '\0' || !g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_word_or_none(const char *text)
{
    return text == NULL || mime_head_is_word(text);
}

/* Each line end is one octet more at most, and one may be missing. */
static gboolean
is_wire(guint64 wire, guint64 length)
{
    return length == 0 ? wire == 0 : wire >= length && wire <= 2 * length + 2;
}

static gboolean
is_part(const MimePart *part, guint64 file_length, gboolean is_first)
{
    if (part->header_offset > file_length ||
        part->header_length > file_length - part->header_offset ||
        part->body_length > file_length - part->body_offset)
        return FALSE;
    return is_wire(part->header_wire, part->header_length) &&
           is_wire(part->body_wire, part->body_length) && is_path(part->path, is_first) &&
           part->type != NULL && strchr(part->type, '/') != NULL &&
           mime_head_is_word(part->type) && part->encoding != NULL &&
           mime_head_is_word(part->encoding) && is_word_or_none(part->charset) &&
           is_word_or_none(part->disposition) &&
           (part->filename == NULL || is_filename(part->filename));
}

static gboolean
take_part(Reader *reader, MimeTree *tree)
{
    MimePart part = {0};

    part.header_offset = take_number(reader, 8);
    part.header_length = take_number(reader, 8);
    part.header_wire = take_number(reader, 8);
    part.body_offset = part.header_offset + part.header_length;
    part.body_length = take_number(reader, 8);
    part.body_wire = take_number(reader, 8);

    g_autofree char *path = take_string(reader);
    g_autofree char *encoding = take_string(reader);
    g_autofree char *type = take_string(reader);
    g_autofree char *charset = take_string(reader);
    g_autofree char *disposition = take_string(reader);
    g_autofree char *filename = take_string(reader);
    part.path = path;
    part.encoding = encoding;
    part.type = type;
    part.charset = charset;
    part.disposition = disposition;
    part.filename = filename;
    if (reader->is_short || !is_part(&part, tree->length, tree->parts->len == 0))
        return FALSE;
    mime_tree_add(tree, &part);
    return TRUE;
}

MimeTree *
mime_tree_deserialise(gconstpointer data, gsize length, guint64 file_length)
{
    Reader reader = {.data = data, .length = length};

    if (length < HEADER_SIZE || file_length > FILE_MAX)
        return NULL;
    if (memcmp(take(&reader, MAGIC_SIZE), MAGIC, MAGIC_SIZE) != 0 ||
        take_number(&reader, 4) != VERSION)
        return NULL;
    guint64 count = take_number(&reader, 4);
    if (count < 2 || count > MIME_PARTS_MAX || take_number(&reader, 8) != file_length ||
        take_number(&reader, 8) != sum(data, length))
        return NULL;

    g_autoptr(MimeTree) tree = mime_tree_new(file_length);
    for (guint64 i = 0; i < count; i++) {
        if (!take_part(&reader, tree))
            return NULL;
    }
    return reader.used == length ? g_steal_pointer(&tree) : NULL;
}

void
mime_tree_mend(gpointer data, gsize length)
{
    if (length >= HEADER_SIZE)
        set_checksum(data, length);
}
