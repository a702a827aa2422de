/* SPDX-License-Identifier: MIT */

#include "mime-words.h"

#include "mime-charset.h"
#include "mime.h"

#include <string.h>

/* What follows "=?" of "=?charset*language?b?text?=". */
typedef struct {
    const char *charset;
    gsize charset_length;
    char encoding;
    const char *text;
    gsize text_length;
    const char *end;
} Word;

typedef struct {
    GString *out;
    MimeCharset *charset; /* (nullable): of the word before */
    char *name;           /* (nullable): how that word names it */
} Decoder;

static gboolean
find_word(const char *text, Word *word_out)
{
    Word word = {.charset = text + 2};

    if (text[0] != '=' || text[1] != '?')
        return FALSE;
    word.charset_length = strcspn(word.charset, "?* \t");
    const char *c = word.charset + word.charset_length;
    if (*c == '*')
        c += strcspn(c, "? \t");
    if (word.charset_length == 0 || *c != '?' || c[1] == '\0' || c[2] != '?')
        return FALSE;
    word.encoding = g_ascii_tolower(c[1]);
    word.text = c + 3;
    /* Many programs leave blanks in words, though they must not. */
    word.text_length = strcspn(word.text, "?");
    word.end = word.text + word.text_length + 2;
    *word_out = word;
    return (word.encoding == 'b' || word.encoding == 'q') &&
           word.text[word.text_length] == '?' && word.text[word.text_length + 1] == '=';
}

static void
append_quoted(const Word *word, GString *octets)
{
    for (gsize i = 0; i < word->text_length; i++) {
        const char *c = word->text + i;
        if (*c == '=' && word->text_length - i > 2 && g_ascii_isxdigit(c[1]) &&
            g_ascii_isxdigit(c[2])) {
            g_string_append_c(
                octets, (char)(g_ascii_xdigit_value(c[1]) * 16 + g_ascii_xdigit_value(c[2])));
            i += 2;
        } else {
            g_string_append_c(octets, *c == '_' ? ' ' : *c);
        }
    }
}

/* The padding may be missing; without it the last octets stay in the decoder. */
static void
append_base64(const Word *word, GString *octets)
{
    g_autofree guchar *decoded = g_malloc(word->text_length + 6);
    int state = 0;
    guint save = 0;
    gsize length = g_base64_decode_step(word->text, word->text_length, decoded, &state, &save);

    length += g_base64_decode_step("===", 3, decoded + length, &state, &save);
    g_string_append_len(octets, (const char *)decoded, (gssize)length);
}

static void
end_charset(Decoder *decoder)
{
    if (decoder->charset == NULL)
        return;
    mime_charset_finish(decoder->charset, decoder->out);
    g_clear_pointer(&decoder->charset, mime_charset_free);
    g_clear_pointer(&decoder->name, g_free);
}

/* Words side by side in one charset may share a character. */
static void
append_word(Decoder *decoder, const Word *word)
{
    g_autofree char *name = g_ascii_strdown(word->charset, (gssize)word->charset_length);
    g_autoptr(GString) octets = g_string_new(NULL);

    if (decoder->name != NULL && !g_str_equal(name, decoder->name))
        end_charset(decoder);
    if (decoder->charset == NULL) {
        decoder->charset = mime_charset_new(name);
        decoder->name = g_steal_pointer(&name);
    }
    if (word->encoding == 'q')
        append_quoted(word, octets);
    else
        append_base64(word, octets);
    mime_charset_convert(decoder->charset, octets->str, octets->len, decoder->out);
}

void
mime_words_decode(const char *text, GString *out)
{
    Decoder decoder = {.out = out};
    Word word;

    while (*text != '\0') {
        gsize blanks = strspn(text, " \t\r\n");
        if (find_word(text + (decoder.charset != NULL ? blanks : 0), &word)) {
            append_word(&decoder, &word);
            text = word.end;
            continue;
        }
        end_charset(&decoder);
        gsize plain = MAX(1, blanks);
        plain += strcspn(text + plain, "= \t\r\n");
        g_string_append_len(out, text, (gssize)plain);
        text += plain;
    }
    end_charset(&decoder);
}

static gboolean
is_blank(gunichar c)
{
    return c == ' ' || g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029; /* line, paragraph */
}

void
mime_words_clean(GString *text, gsize limit)
{
    g_autofree char *valid = g_utf8_make_valid(text->str, (gssize)text->len);

    g_string_truncate(text, 0);
    for (const char *c = valid; *c != '\0'; c = g_utf8_next_char(c)) {
        gboolean blank = is_blank(g_utf8_get_char(c));
        gsize size = blank ? 1 : (gsize)(g_utf8_next_char(c) - c);
        if (blank && text->len == 0)
            continue;
        if (text->len + size > limit)
            break;
        g_string_append_len(text, blank ? " " : c, (gssize)size);
    }
    while (text->len > 0 && text->str[text->len - 1] == ' ')
        g_string_truncate(text, text->len - 1);
}

char *
mime_decode_header(const char *raw_value, gsize limit)
{
    g_autoptr(GString) unfolded = g_string_new(NULL);
    GString *out = g_string_new(NULL);

    for (const char *c = raw_value; *c != '\0'; c++) {
        gsize ends = strspn(c, "\r\n");
        if (ends > 0 && (c[ends] == ' ' || c[ends] == '\t'))
            c += ends;
        g_string_append_c(unfolded, *c);
    }
    mime_words_decode(unfolded->str, out);
    mime_words_clean(out, limit);
    return g_string_free(out, FALSE);
}
