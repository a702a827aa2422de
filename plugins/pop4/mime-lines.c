/* SPDX-License-Identifier: MIT */

#include "mime-lines.h"

#include <errno.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (64 * 1024)

struct MimeLines {
    int fd;
    guint64 length;
    MimeMark mark;
    gboolean in_line;
    gsize used, filled;
    char block[BLOCK];
};

MimeLines *
mime_lines_new(int fd, guint64 length)
{
    MimeLines *lines = g_new(MimeLines, 1);

    lines->fd = fd;
    lines->length = length;
    lines->mark = (MimeMark){.at_line_end = TRUE};
    lines->in_line = FALSE;
    lines->used = lines->filled = 0;
    return lines;
}

void
mime_lines_free(MimeLines *lines)
{
    g_free(lines);
}

gboolean
mime_lines_read(int fd, guint64 offset, char *buffer, gsize length, GError **error)
{
    gsize done = 0;

    while (done < length) {
        gssize got = pread(fd, buffer + done, length - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "cannot read a message: %s",
                        got < 0 ? g_strerror(errno) : "it is shorter than it was");
            return FALSE;
        }
        done += (gsize)got;
    }
    return TRUE;
}

/* Keeps what is not used yet. */
static gboolean
fill(MimeLines *lines, GError **error)
{
    gsize kept = lines->filled - lines->used;
    guint64 offset = lines->mark.offset + kept;
    gsize wanted = (gsize)MIN(BLOCK - kept, lines->length - offset);

    memmove(lines->block, lines->block + lines->used, kept);
    lines->used = 0;
    lines->filled = kept;
    if (!mime_lines_read(lines->fd, offset, lines->block + kept, wanted, error))
        return FALSE;
    lines->filled += wanted;
    return TRUE;
}

static const char *
find_end(const MimeLines *lines)
{
    return memchr(lines->block + lines->used, '\n', lines->filled - lines->used);
}

gboolean
mime_lines_next(MimeLines *lines, MimeLine *line_out, GError **error)
{
    const char *lf = find_end(lines);

    if (lf == NULL) {
        if (!fill(lines, error) || lines->filled == 0)
            return FALSE;
        lf = find_end(lines);
    }

    MimeLine line = {.text = lines->block + lines->used, .is_start = !lines->in_line};
    gboolean last = lines->mark.offset + lines->filled - lines->used == lines->length;
    gsize taken = (lf != NULL ? (gsize)(lf - lines->block) + 1 : lines->filled) - lines->used;
    /* A CR is never parted from its LF. */
    if (lf == NULL && !last && line.text[taken - 1] == '\r')
        taken--;
    gboolean bare = lf != NULL && (taken < 2 || lf[-1] != '\r');
    line.length = taken - (lf == NULL ? 0 : bare ? 1 : 2);

    line.start = line.text_end = line.end = lines->mark;
    line.text_end.offset += line.length;
    line.text_end.at_line_end = line.length == 0 && line.start.at_line_end;
    line.end.offset += taken;
    line.end.bare += bare ? 1 : 0;
    line.end.at_line_end = lf != NULL || line.text_end.at_line_end;
    lines->mark = line.end;
    lines->used += taken;
    lines->in_line = lf == NULL;
    *line_out = line;
    return TRUE;
}

guint64
mime_lines_wire(const MimeMark *from, const MimeMark *to)
{
    guint64 octets = to->offset - from->offset + to->bare - from->bare;

    return octets == 0 || to->at_line_end ? octets : octets + 2;
}
