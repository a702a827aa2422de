/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

/* Octets kept in memory; of a longer message, those that wait to be written. */
#define MEMORY_MAX 65536
#define PENDING_MAX 16384

struct Spool {
    const char *folder;
    guint64 max;
    GByteArray *memory; /* all of it, or what is still to be written */
    int fd;             /* -1 while all is in memory */
    guint64 written;    /* octets in the file */
    guint64 length;
    gboolean after_cr;
    guint8 bits; /* of all octets, or-ed */
    GChecksum *checksum;
};

Spool *
spool_new(const char *folder, guint64 max)
{
    Spool *spool = g_new0(Spool, 1);

    spool->folder = folder;
    spool->max = max;
    spool->memory = g_byte_array_new();
    spool->fd = -1;
    spool->checksum = g_checksum_new(G_CHECKSUM_SHA256);
    return spool;
}

static void
forget(Spool *spool)
{
    g_clear_pointer(&spool->memory, g_byte_array_unref);
    if (spool->fd >= 0)
        close(spool->fd);
    spool->fd = -1;
    spool->length = 0;
}

void
spool_free(Spool *spool)
{
    forget(spool);
    g_checksum_free(spool->checksum);
    g_free(spool);
}

static gboolean
fail(GError **error, int code)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "there is no room for it: %s",
                g_strerror(code));
    return FALSE;
}

static gboolean
open_file(Spool *spool, GError **error)
{
    spool->fd = open(spool->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (spool->fd >= 0)
        return TRUE;
    if (errno != EOPNOTSUPP && errno != EISDIR)
        return fail(error, errno);

    g_autofree char *name = g_build_filename(spool->folder, "pop4d-XXXXXX", NULL);
    spool->fd = g_mkstemp_full(name, O_RDWR | O_CLOEXEC, 0600);
    if (spool->fd < 0)
        return fail(error, errno);
    unlink(name);
    return TRUE;
}

static gboolean
flush(Spool *spool, GError **error)
{
    const guint8 *next = spool->memory->data;
    gsize left = spool->memory->len;

    if (spool->fd < 0 && !open_file(spool, error))
        return FALSE;
    while (left > 0) {
        gssize put = pwrite(spool->fd, next, left, (off_t)spool->written);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail(error, errno);
        next += put;
        left -= (gsize)put;
        spool->written += (guint64)put;
    }
    g_byte_array_set_size(spool->memory, 0);
    return TRUE;
}

static gboolean
append(Spool *spool, const char *octets, gsize length, GError **error)
{
    if (length > spool->max - spool->length) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "it has more than %" G_GUINT64_FORMAT " octets", spool->max);
        return FALSE;
    }
    g_checksum_update(spool->checksum, (const guchar *)octets, (gssize)length);
    g_byte_array_append(spool->memory, (const guint8 *)octets, (guint)length);
    spool->length += length;
    return spool->memory->len <= (spool->fd < 0 ? MEMORY_MAX : PENDING_MAX) ||
           flush(spool, error);
}

/* Octets up to the next CR, LF or NUL. */
static gsize
measure_run(Spool *spool, const char *octets, gsize length)
{
    gsize run = 0;

    while (run < length && octets[run] != '\r' && octets[run] != '\n' && octets[run] != '\0')
        spool->bits |= (guint8)octets[run++];
    return run;
}

static gboolean
take(Spool *spool, const char *octets, gsize length, GError **error)
{
    for (gsize i = 0; i < length;) {
        if (spool->after_cr) {
            spool->after_cr = FALSE;
            i += octets[i] == '\n';
            if (!append(spool, "\r\n", 2, error))
                return FALSE;
            continue;
        }
        gsize run = measure_run(spool, octets + i, length - i);
        if (!append(spool, octets + i, run, error))
            return FALSE;
        i += run;
        if (i == length)
            break;
        if (octets[i] == '\0') {
            g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, "it contains a NUL");
            return FALSE;
        }
        if (octets[i] == '\n' && !append(spool, "\r\n", 2, error))
            return FALSE;
        spool->after_cr = octets[i++] == '\r';
    }
    return TRUE;
}

gboolean
spool_write(Spool *spool, const char *octets, gsize length, GError **error)
{
    if (take(spool, octets, length, error))
        return TRUE;
    forget(spool);
    return FALSE;
}

gboolean
spool_finish(Spool *spool, GError **error)
{
    if (spool->after_cr && !append(spool, "\r\n", 2, error))
        return FALSE;
    spool->after_cr = FALSE;
    if (spool->fd < 0)
        return TRUE;
    if (!flush(spool, error))
        return FALSE;
    g_clear_pointer(&spool->memory, g_byte_array_unref);
    return TRUE;
}

guint64
spool_get_length(const Spool *spool)
{
    return spool->length;
}

gboolean
spool_has_8bit(const Spool *spool)
{
    return (spool->bits & 0x80) != 0;
}

const char *
spool_get_digest(const Spool *spool)
{
    return g_checksum_get_string(spool->checksum);
}

gboolean
spool_read(const Spool *spool, guint64 offset, void *octets, gsize length, GError **error)
{
    guint8 *to = octets;

    g_assert(offset <= spool->length && length <= spool->length - offset);
    if (length == 0)
        return TRUE; /* there may be no memory at all */
    if (spool->fd < 0) {
        memcpy(to, spool->memory->data + offset, length);
        return TRUE;
    }
    while (length > 0) {
        gssize got = pread(spool->fd, to, length, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fail(error, got < 0 ? errno : EIO);
        to += got;
        offset += (guint64)got;
        length -= (gsize)got;
    }
    return TRUE;
}
