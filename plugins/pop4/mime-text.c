/* SPDX-License-Identifier: MIT */

#include "mime-charset.h"
#include "mime-lines.h"
#include "mime.h"

#include <errno.h>
#include <fcntl.h>
#include <gmime/gmime-encodings.h>
#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

#define BLOCK (16 * 1024)

struct MimeText {
    int fd;
    guint64 offset, end; /* what is still to be read */
    gboolean is_ended;
    GMimeEncoding decoder; /* a state of its own: GMime needs no initialisation for it */
    MimeCharset *charset;
    GString *out;  /* in UTF-8 */
    gsize given;   /* of that */
    char *decoded; /* room for a block */
};

void
mime_text_free(MimeText *text)
{
    close(text->fd);
    mime_charset_free(text->charset);
    g_string_free(text->out, TRUE);
    g_free(text->decoded);
    g_free(text);
}

static GMimeContentEncoding
find_encoding(const char *name)
{
    if (g_str_equal(name, "base64"))
        return GMIME_CONTENT_ENCODING_BASE64;
    if (g_str_equal(name, "quoted-printable"))
        return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    return GMIME_CONTENT_ENCODING_BINARY;
}

MimeText *
mime_text_new(int fd, const MimePart *part, GError **error)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    if (copy < 0) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_TEMPORARY, "cannot open a message again: %s",
                    g_strerror(errno));
        return NULL;
    }
    MimeText *text = g_new0(MimeText, 1);
    text->fd = copy;
    text->offset = part->body_offset;
    text->end = part->body_offset + part->body_length;
    text->charset = mime_charset_new(part->charset);
    text->out = g_string_new(NULL);
    g_mime_encoding_init_decode(&text->decoder, find_encoding(part->encoding));
    text->decoded = g_malloc(g_mime_encoding_outlen(&text->decoder, BLOCK));
    return text;
}

static void
finish(MimeText *text)
{
    /* Where its padding is missing, base64 keeps octets back. */
    if (text->decoder.encoding == GMIME_CONTENT_ENCODING_BASE64) {
        gsize size = g_mime_encoding_step(&text->decoder, "=", 1, text->decoded);
        mime_charset_convert(text->charset, text->decoded, size, text->out);
    }
    mime_charset_finish(text->charset, text->out);
}

static gboolean
fill(MimeText *text, GError **error)
{
    gsize length = (gsize)MIN(text->end - text->offset, (guint64)BLOCK);
    char block[BLOCK];

    if (!mime_lines_read(text->fd, text->offset, block, length, error))
        return FALSE;
    text->offset += length;
    text->is_ended = text->offset == text->end;
    g_string_truncate(text->out, 0);
    text->given = 0;

    gsize size = g_mime_encoding_step(&text->decoder, block, length, text->decoded);
    mime_charset_convert(text->charset, text->decoded, size, text->out);
    if (text->is_ended)
        finish(text);
    return TRUE;
}

gboolean
mime_text_read(MimeText *text, char *buffer, gsize *length, GError **error)
{
    while (text->given == text->out->len && !text->is_ended) {
        if (!fill(text, error))
            return FALSE;
    }
    gsize given = MIN(*length, text->out->len - text->given);
    memcpy(buffer, text->out->str + text->given, given);
    text->given += given;
    *length = given;
    return TRUE;
}
