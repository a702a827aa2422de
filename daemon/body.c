/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "body.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <pop4/reply.h>
#include <string.h>
#include <unistd.h>

/* Below this a copy costs less than the system calls of sendfile(). */
#define SENDFILE_MIN 16384

struct Pop4Body {
    int fd; /* -1 with bytes */
    GBytes *bytes;
    guint64 offset, length;
    guint flags;
    guint number;
};

typedef struct {
    Source source;
    Pop4Body *body;
    guint64 done; /* octets read */
    gboolean as_it_is;
    WireEncoder encoder;
} BodySource;

Pop4Body *
pop4_body_new_for_fd(int fd, guint64 offset, guint64 length, guint flags)
{
    g_return_val_if_fail(fd >= 0, NULL);

    Pop4Body *body = g_new0(Pop4Body, 1);
    body->fd = fd;
    body->offset = offset;
    body->length = length;
    body->flags = flags;
    return body;
}

Pop4Body *
pop4_body_new_for_bytes(GBytes *bytes)
{
    g_return_val_if_fail(bytes != NULL, NULL);

    Pop4Body *body = g_new0(Pop4Body, 1);
    body->fd = -1;
    body->bytes = g_bytes_ref(bytes);
    body->length = g_bytes_get_size(bytes);
    return body;
}

int
pop4_body_get_fd(const Pop4Body *body)
{
    return body->offset == 0 ? body->fd : -1;
}

guint64
pop4_body_get_length(const Pop4Body *body)
{
    return body->length;
}

/* Between two line ends of a body that is ready for the wire lies such a body. */
static gboolean
is_slice_ready(const Pop4Body *body, guint64 offset, guint64 length)
{
    char ends[2];

    if (!(body->flags & POP4_BODY_WIRE_READY) || length < sizeof ends)
        return FALSE;
    if (offset > 0 &&
        (pread(body->fd, ends, 1, (off_t)(body->offset + offset - 1)) != 1 || ends[0] != '\n'))
        return FALSE;
    return pread(body->fd, ends, sizeof ends,
                 (off_t)(body->offset + offset + length - sizeof ends)) == sizeof ends &&
           memcmp(ends, "\r\n", sizeof ends) == 0;
}

Pop4Body *
pop4_body_slice(const Pop4Body *body, guint64 offset, guint64 length, GError **error)
{
    g_return_val_if_fail(offset <= body->length && length <= body->length - offset, NULL);

    if (body->bytes != NULL) {
        g_autoptr(GBytes) part = g_bytes_new_from_bytes(body->bytes, offset, length);
        return pop4_body_new_for_bytes(part);
    }
    int fd = fcntl(body->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "The message cannot be read: %s",
                    g_strerror(errno));
        return NULL;
    }
    return pop4_body_new_for_fd(fd, body->offset + offset, length,
                                is_slice_ready(body, offset, length) ? POP4_BODY_WIRE_READY
                                                                     : 0);
}

void
pop4_body_free(Pop4Body *body)
{
    if (body == NULL)
        return;
    if (body->fd >= 0)
        close(body->fd);
    g_clear_pointer(&body->bytes, g_bytes_unref);
    g_free(body);
}

void
body_set_number(Pop4Body *body, guint number)
{
    body->number = number;
}

guint
body_get_number(const Pop4Body *body)
{
    return body->number;
}

void
wire_encoder_init(WireEncoder *encoder, guint lines)
{
    *encoder = (WireEncoder){
        .lines_left = lines, .limited = lines != POP4_ALL_LINES, .in_header = TRUE};
}

/* Whether the line limit is reached before a line begins. */
static gboolean
is_over(const WireEncoder *encoder)
{
    return encoder->limited && !encoder->in_header && encoder->lines_left == 0;
}

static void
count_line(WireEncoder *encoder, gboolean after_cr)
{
    if (!encoder->in_header)
        encoder->lines_left--;
    else if (encoder->line_length == (after_cr ? 1 : 0))
        encoder->in_header = FALSE;
}

void
wire_encoder_add(WireEncoder *encoder, const char *text, gsize length, Buffer *output)
{
    /* At worst every octet becomes two: LF is sent as CRLF, "." as "..". */
    char *to = buffer_reserve(output, 2 * length);
    char *start = to;
    const char *end = text + length;

    while (text < end && !encoder->finished) {
        if (!encoder->in_line && *text == '.')
            *to++ = '.';

        const char *line_end = memchr(text, '\n', (gsize)(end - text));
        gsize part = (gsize)((line_end != NULL ? line_end : end) - text);
        memcpy(to, text, part);
        to += part;
        text += part;
        gboolean after_cr = part > 0 ? text[-1] == '\r' : encoder->after_cr;
        encoder->line_length += part;
        encoder->after_cr = after_cr;
        encoder->in_line = TRUE;
        if (line_end == NULL)
            break;

        if (!after_cr)
            *to++ = '\r';
        *to++ = '\n';
        text++;
        if (encoder->limited)
            count_line(encoder, after_cr);
        encoder->line_length = 0;
        encoder->after_cr = FALSE;
        encoder->in_line = FALSE;
        encoder->finished = is_over(encoder);
    }
    buffer_added(output, (gsize)(to - start));
}

void
wire_encoder_end(WireEncoder *encoder, Buffer *output)
{
    if (encoder->in_line)
        buffer_append(output, "\r\n", 2);
    buffer_append(output, ".\r\n", 3);
}

const char *
body_read(const Pop4Body *body, guint64 from, char *block, gsize *length)
{
    gsize wanted = (gsize)MIN((guint64)*length, body->length - from);
    gssize got;

    if (body->bytes != NULL) {
        *length = wanted;
        return (const char *)g_bytes_get_data(body->bytes, NULL) + from;
    }
    do
        got = pread(body->fd, block, wanted, (off_t)(body->offset + from));
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return NULL;
    *length = (gsize)got;
    return block;
}

static SourceResult
body_source_fill(Source *base, Buffer *output)
{
    BodySource *source = (BodySource *)base;
    char block[SOURCE_BLOCK];
    gsize length = sizeof block;

    if (source->done < source->body->length && !source->encoder.finished) {
        const char *text = body_read(source->body, source->done, block, &length);
        if (text == NULL)
            return SOURCE_BROKEN;
        source->done += length;
        if (source->as_it_is)
            buffer_append(output, text, length);
        else
            wire_encoder_add(&source->encoder, text, length, output);
    }
    if (source->done < source->body->length && !source->encoder.finished)
        return SOURCE_MORE;
    wire_encoder_end(&source->encoder, output);
    return SOURCE_DONE;
}

static void
body_source_free(Source *base)
{
    BodySource *source = (BodySource *)base;

    pop4_body_free(source->body);
    g_free(source);
}

Source *
body_source_new(Pop4Body *body, guint lines)
{
    BodySource *source = g_new0(BodySource, 1);

    source->source.fill = body_source_fill;
    source->source.free = body_source_free;
    source->source.reads_disk = body->fd >= 0;
    source->body = body;
    wire_encoder_init(&source->encoder, lines);
    source->as_it_is = (body->flags & POP4_BODY_WIRE_READY) && lines == POP4_ALL_LINES;
    if (source->as_it_is && body->fd >= 0 && body->length >= SENDFILE_MIN) {
        source->source.fd = body->fd;
        source->source.offset = body->offset;
        source->source.left = body->length;
        source->done = body->length;
    }
    return &source->source;
}
