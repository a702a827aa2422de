/* SPDX-License-Identifier: MIT */

#include "mime-charset.h"

#include <errno.h>
#include <string.h>

#define REPLACEMENT "\357\277\275"

/* Longer than any character with its shifts. */
#define CHARACTER_MAX 32

struct MimeCharset {
    GIConv converter;
    guint unit;          /* octets to leave out where there is no character */
    GByteArray *pending; /* the start of a character */
};

typedef struct {
    const char *label; /* in mail */
    const char *name;  /* for iconv */
    guint unit;
} Label;

/* Names from mail do not reach iconv: its library may load a module for them and remember every
 * name that it was ever asked for. Where programs say one charset and mean a larger one, this
 * is the larger one, as in browsers (WHATWG Encoding, section 4.2). */
static const Label labels[] = {
    {"utf-8", "UTF-8", 1},
    {"utf8", "UTF-8", 1},
    {"us-ascii", "UTF-8", 1},
    {"iso-8859-1", "WINDOWS-1252", 1},
    {"windows-1252", "WINDOWS-1252", 1},
    {"ansi_x3.4-1968", "UTF-8", 1},
    {"ascii", "UTF-8", 1},
    {"big5", "BIG5-HKSCS", 1},
    {"big5-hkscs", "BIG5-HKSCS", 1},
    {"cp1250", "WINDOWS-1250", 1},
    {"cp1251", "WINDOWS-1251", 1},
    {"cp1252", "WINDOWS-1252", 1},
    {"cp437", "IBM437", 1},
    {"cp850", "IBM850", 1},
    {"cp866", "IBM866", 1},
    {"cp932", "CP932", 1},
    {"cp949", "UHC", 1},
    {"euc-jp", "EUC-JP", 1},
    {"euc-kr", "UHC", 1},
    {"euc-tw", "EUC-TW", 1},
    {"gb18030", "GB18030", 1},
    {"gb2312", "GB18030", 1},
    {"gbk", "GB18030", 1},
    {"ibm437", "IBM437", 1},
    {"ibm850", "IBM850", 1},
    {"ibm852", "IBM852", 1},
    {"ibm855", "IBM855", 1},
    {"ibm866", "IBM866", 1},
    {"iso-2022-jp", "ISO-2022-JP-2", 1},
    {"iso-2022-jp-2", "ISO-2022-JP-2", 1},
    {"iso-2022-kr", "ISO-2022-KR", 1},
    {"iso-8859-10", "ISO-8859-10", 1},
    {"iso-8859-11", "ISO-8859-11", 1},
    {"iso-8859-13", "ISO-8859-13", 1},
    {"iso-8859-14", "ISO-8859-14", 1},
    {"iso-8859-15", "ISO-8859-15", 1},
    {"iso-8859-16", "ISO-8859-16", 1},
    {"iso-8859-2", "ISO-8859-2", 1},
    {"iso-8859-3", "ISO-8859-3", 1},
    {"iso-8859-4", "ISO-8859-4", 1},
    {"iso-8859-5", "ISO-8859-5", 1},
    {"iso-8859-6", "ISO-8859-6", 1},
    {"iso-8859-7", "ISO-8859-7", 1},
    {"iso-8859-8", "ISO-8859-8", 1},
    {"iso-8859-8-e", "ISO-8859-8", 1},
    {"iso-8859-8-i", "ISO-8859-8", 1},
    {"iso-8859-9", "WINDOWS-1254", 1},
    {"iso_8859-1", "WINDOWS-1252", 1},
    {"iso8859-1", "WINDOWS-1252", 1},
    {"iso8859-15", "ISO-8859-15", 1},
    {"iso8859-2", "ISO-8859-2", 1},
    {"koi8-r", "KOI8-R", 1},
    {"koi8-u", "KOI8-U", 1},
    {"ks_c_5601-1987", "UHC", 1},
    {"latin1", "WINDOWS-1252", 1},
    {"macintosh", "MACINTOSH", 1},
    {"shift-jis", "CP932", 1},
    {"shift_jis", "CP932", 1},
    {"tis-620", "TIS-620", 1},
    {"unicode-1-1-utf-7", "UTF-7", 1},
    {"utf-16", "UTF-16", 2},
    {"utf-16be", "UTF-16BE", 2},
    {"utf-16le", "UTF-16LE", 2},
    {"utf-32", "UTF-32", 4},
    {"utf-32be", "UTF-32BE", 4},
    {"utf-32le", "UTF-32LE", 4},
    {"utf-7", "UTF-7", 1},
    {"viscii", "VISCII", 1},
    {"windows-1250", "WINDOWS-1250", 1},
    {"windows-1251", "WINDOWS-1251", 1},
    {"windows-1253", "WINDOWS-1253", 1},
    {"windows-1254", "WINDOWS-1254", 1},
    {"windows-1255", "WINDOWS-1255", 1},
    {"windows-1256", "WINDOWS-1256", 1},
    {"windows-1257", "WINDOWS-1257", 1},
    {"windows-1258", "WINDOWS-1258", 1},
    {"windows-31j", "CP932", 1},
    {"windows-874", "CP874", 1},
    {"x-gbk", "GB18030", 1},
    {"x-mac-roman", "MACINTOSH", 1},
    {"x-sjis", "CP932", 1},
};

static const Label *
find_label(const char *name)
{
    for (guint i = 0; name != NULL && i < G_N_ELEMENTS(labels); i++) {
        if (g_ascii_strcasecmp(name, labels[i].label) == 0)
            return &labels[i];
    }
    return &labels[0];
}

MimeCharset *
mime_charset_new(const char *name)
{
    const Label *label = find_label(name);
    MimeCharset *charset = g_new0(MimeCharset, 1);

    charset->unit = label->unit;
    charset->pending = g_byte_array_new();
    charset->converter = g_iconv_open("UTF-8", label->name);
    /* Not every system has every charset. */
    if (charset->converter == (GIConv)-1) {
        charset->unit = 1;
        charset->converter = g_iconv_open("UTF-8", "UTF-8");
    }
    g_assert(charset->converter != (GIConv)-1);
    return charset;
}

void
mime_charset_free(MimeCharset *charset)
{
    g_iconv_close(charset->converter);
    g_byte_array_unref(charset->pending);
    g_free(charset);
}

/* iconv lets through what no UTF-8 may hold, and no text should hold a NUL. */
static void
append_valid(GString *out, const char *text, gsize length)
{
    if (g_utf8_validate_len(text, length, NULL)) {
        g_string_append_len(out, text, (gssize)length);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)length);
    g_string_append(out, valid);
}

/* Converts up to the next fault; FALSE with errno. @in NULL: what a stateful charset kept. */
static gboolean
convert_run(MimeCharset *charset, char **in, gsize *left, GString *out)
{
    char block[2048];
    gsize done;

    do {
        char *to = block;
        gsize room = sizeof block;
        done = g_iconv(charset->converter, in, left, &to, &room);
        int fault = errno;
        append_valid(out, block, (gsize)(to - block));
        errno = fault;
    } while (done == (gsize)-1 && errno == E2BIG);
    return done != (gsize)-1;
}

/* The octets of @in that are done with; all of them if @last. */
static gsize
convert(MimeCharset *charset, char *in, gsize length, gboolean last, GString *out)
{
    gsize left = length;

    while (left > 0 && !convert_run(charset, &in, &left, out)) {
        gboolean cut = errno == EINVAL && left < CHARACTER_MAX;
        if (cut && !last)
            break;
        gsize skipped = cut ? left : MIN(charset->unit, left);
        g_string_append(out, REPLACEMENT);
        in += skipped;
        left -= skipped;
    }
    return length - left;
}

void
mime_charset_convert(MimeCharset *charset, const char *octets, gsize length, GString *out)
{
    GByteArray *pending = charset->pending;

    g_byte_array_append(pending, (const guint8 *)octets, (guint)length);
    gsize done = convert(charset, (char *)pending->data, pending->len, FALSE, out);
    g_byte_array_remove_range(pending, 0, (guint)done);
}

void
mime_charset_finish(MimeCharset *charset, GString *out)
{
    GByteArray *pending = charset->pending;

    convert(charset, (char *)pending->data, pending->len, TRUE, out);
    g_byte_array_set_size(pending, 0);
    convert_run(charset, NULL, NULL, out);
}
