/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "output.h"

#include <errno.h>
#include <unistd.h>

/* Octets of a file that are taken into memory at once for TLS, and those of one record. */
#define TLS_BLOCK 32768
#define TLS_RECORD 16384

void
output_attach(Output *output, Buffer *lent)
{
    Buffer kept = output->octets;

    output->octets = *lent;
    *lent = (Buffer){0};
    buffer_move(&output->octets, &kept);
}

void
output_detach(Output *output, Buffer *lent)
{
    Buffer kept = {0};

    if (buffer_length(&output->octets) > 0)
        buffer_append(&kept, buffer_head(&output->octets), buffer_length(&output->octets));
    *lent = output->octets;
    lent->start = lent->end = 0;
    output->octets = kept;
}

void
output_set_source(Output *output, Source *source)
{
    g_assert(output->source == NULL);

    output->source = source;
}

void
output_drop_source(Output *output)
{
    Source *source = output->source;

    output->source = NULL;
    if (source != NULL)
        source->free(source);
}

gboolean
output_draw(Output *output)
{
    SourceResult result = SOURCE_MORE;

    while (output->source != NULL && output->source->left == 0 && !output_is_full(output) &&
           result == SOURCE_MORE)
        result = output->source->fill(output->source, &output->octets);
    if (result != SOURCE_MORE)
        output_drop_source(output);
    return result != SOURCE_BROKEN;
}

gboolean
output_is_empty(const Output *output)
{
    return buffer_length(&output->octets) == 0 && output->source == NULL;
}

gboolean
output_is_full(const Output *output)
{
    return buffer_length(&output->octets) >= OUTPUT_HIGH_WATER;
}

static IoResult
send_octets(Output *output, Connection *connection, gsize *done_out)
{
    gboolean more = output->source != NULL;
    IoResult result = connection_write(connection, buffer_head(&output->octets),
                                       buffer_length(&output->octets), more, done_out);

    if (result == IO_DONE)
        buffer_take(&output->octets, *done_out);
    return result;
}

/* TLS has no use for sendfile(): the file's octets join the reply before them in one record.
 * FALSE when the file has become shorter. */
static gboolean
copy_file(Output *output)
{
    Source *source = output->source;
    gsize size = (gsize)MIN(source->left, (guint64)TLS_BLOCK);
    char *room = buffer_reserve(&output->octets, size);
    gssize got;

    do
        got = pread(source->fd, room, size, (off_t)source->offset);
    while (got < 0 && errno == EINTR);
    if (got <= 0)
        return FALSE;
    buffer_added(&output->octets, (gsize)got);
    source->offset += (guint64)got;
    source->left -= (guint64)got;
    return TRUE;
}

static gboolean
wants_copy(const Output *output, const Connection *connection)
{
    return connection->tls != NULL && output->source != NULL && output->source->left > 0 &&
           buffer_length(&output->octets) < TLS_RECORD;
}

static IoResult
send_file(Output *output, Connection *connection, gsize budget, gsize *done_out)
{
    Source *source = output->source;
    gsize size = (gsize)MIN(source->left, (guint64)budget);
    IoResult result =
        connection_send_file(connection, source->fd, source->offset, size, done_out);

    if (result == IO_DONE) {
        source->offset += *done_out;
        source->left -= *done_out;
    }
    return result;
}

IoResult
output_send(Output *output, Connection *connection, gsize budget, gsize *sent_out)
{
    *sent_out = 0;
    while (!output_is_empty(output)) {
        if (*sent_out >= budget)
            return IO_BLOCKED;
        if (!output_draw(output) || (wants_copy(output, connection) && !copy_file(output)))
            return IO_ENDED;

        gsize done;
        IoResult result = buffer_length(&output->octets) > 0
                              ? send_octets(output, connection, &done)
                              : send_file(output, connection, budget - *sent_out, &done);
        if (result != IO_DONE)
            return result;
        *sent_out += done;
    }
    return IO_DONE;
}

void
output_clear(Output *output)
{
    output_drop_source(output);
    buffer_wipe(&output->octets);
}
