/* Any octets as a message: all parts lie in the file and in the part around them, what is said
 * of them fits into a line, and the tree comes back from its octets. Any octets as such a tree.
 */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "mime.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const guint8 *octets, gsize size);

static int
file_of(const guint8 *octets, gsize size)
{
    static int fd = -1;

    if (fd < 0)
        fd = memfd_create("message", MFD_CLOEXEC);
    g_assert(fd >= 0 && ftruncate(fd, 0) == 0);
    g_assert(pwrite(fd, octets, size, 0) == (gssize)size);
    return fd;
}

static void
check_word(const char *text)
{
    g_assert(text == NULL || text[0] != '\0');
    for (; text != NULL && *text != '\0'; text++)
        g_assert(*text > ' ' && *text < 0x7f);
}

static void
check_line(const char *text)
{
    g_assert(g_utf8_validate(text, -1, NULL));
    for (; *text != '\0'; text = g_utf8_next_char(text))
        g_assert(!g_unichar_iscntrl(g_utf8_get_char(text)));
}

static guint64
wire_of(const guint8 *octets, gsize size)
{
    guint64 count = size;

    for (gsize i = 0; i < size; i++)
        count += octets[i] == '\n' && (i == 0 || octets[i - 1] != '\r') ? 1 : 0;
    return size == 0 || octets[size - 1] == '\n' ? count : count + 2;
}

/* A child of a message that is no multipart has as its number that of the message and ".1". */
static const MimePart *
find_parent(const MimeTree *tree, const char *path)
{
    const char *dot = strrchr(path, '.');
    g_autofree char *above = dot != NULL ? g_strndup(path, (gsize)(dot - path)) : g_strdup("0");

    return mime_tree_find(tree, above);
}

static void
check_part(const MimePart *part, const guint8 *octets, gsize size)
{
    g_assert(part->header_offset <= size && part->header_length <= size - part->header_offset);
    g_assert(part->body_offset == part->header_offset + part->header_length);
    g_assert(part->body_length <= size - part->body_offset);
    g_assert(part->header_wire == wire_of(octets + part->header_offset, part->header_length));
    g_assert(part->body_wire == wire_of(octets + part->body_offset, part->body_length));
    g_assert(part->type != NULL && strchr(part->type, '/') != NULL && part->encoding != NULL);
    check_word(part->type);
    check_word(part->encoding);
    check_word(part->charset);
    check_word(part->disposition);
    if (part->filename != NULL)
        check_line(part->filename);
}

static void
check_tree(const MimeTree *tree, const guint8 *octets, gsize size)
{
    guint count = mime_tree_count(tree);

    g_assert(count >= 1 && count <= MIME_PARTS_MAX);
    g_assert_cmpstr(mime_tree_get(tree, 0)->path, ==, "0");
    for (guint i = 0; i < count; i++) {
        const MimePart *part = mime_tree_get(tree, i);
        g_assert(mime_tree_find(tree, part->path) == part);
        check_part(part, octets, size);
        const MimePart *parent = find_parent(tree, part->path);
        g_assert(parent != NULL && parent <= part);
        guint64 start = strcmp(part->path, "1") == 0 ? 0 : parent->body_offset;
        g_assert(i == 0 || part->header_offset >= start);
        g_assert(part->body_offset + part->body_length <=
                 parent->body_offset + parent->body_length);
    }
}

static void
check_round_trip(const MimeTree *tree, gsize file_size)
{
    g_autoptr(GBytes) bytes = mime_tree_serialise(tree);
    gsize size;
    gconstpointer data = g_bytes_get_data(bytes, &size);
    g_autoptr(MimeTree) again = mime_tree_deserialise(data, size, file_size);

    g_assert(again != NULL);
    g_autoptr(GBytes) other = mime_tree_serialise(again);
    g_assert(g_bytes_equal(bytes, other));
}

static void
check_text(int fd, const MimePart *part)
{
    g_autoptr(MimeText) text = mime_text_new(fd, part, NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    char buffer[509];
    gsize got;

    do {
        got = sizeof buffer;
        g_assert(mime_text_read(text, buffer, &got, NULL));
        g_string_append_len(out, buffer, (gssize)got);
    } while (got > 0);
    g_assert(g_utf8_validate(out->str, (gssize)out->len, NULL));
}

static void
check_cache(const guint8 *octets, gsize size)
{
    guint64 length = 0;

    /* The file's length as the octets have it, so that they are read on. */
    if (size >= 24)
        memcpy(&length, octets + 16, sizeof length);
    length = GUINT64_FROM_LE(length);
    g_autofree guint8 *copy = g_memdup2(octets, size);
    mime_tree_mend(copy, size);
    g_autoptr(MimeTree) tree = mime_tree_deserialise(copy, size, length);
    for (guint i = 0; tree != NULL && i < mime_tree_count(tree); i++) {
        const MimePart *part = mime_tree_get(tree, i);
        g_assert(part->body_offset <= length);
        g_assert(part->body_length <= length - part->body_offset);
        check_word(part->type);
        if (part->filename != NULL)
            check_line(part->filename);
    }
}

int
LLVMFuzzerTestOneInput(const guint8 *octets, gsize size)
{
    g_autofree char *value = g_strndup((const char *)octets, size);
    g_autofree char *text = mime_decode_header(value, 200);
    int fd = file_of(octets, size);
    g_autoptr(MimeTree) tree = mime_tree_parse(fd, size, NULL);

    g_assert(strlen(text) <= 200);
    check_line(text);
    g_assert(tree != NULL);
    check_tree(tree, octets, size);
    check_round_trip(tree, size);
    for (guint i = 0; i < MIN(mime_tree_count(tree), 20); i++)
        check_text(fd, mime_tree_get(tree, i));
    check_cache(octets, size);
    return 0;
}
