/* SPDX-License-Identifier: MIT */

#include "mime-head.h"

#include "mime-params.h"
#include "mime-words.h"

#include <string.h>

#define FIELD_MAX (16 * 1024)
#define WORD_MAX 127 /* as RFC 6838, section 4.2, for the halves of a type */
#define BOUNDARY_MAX 250
#define FILENAME_MAX_OCTETS 1020

void
mime_head_clear(MimeHead *head)
{
    g_free(head->type);
    g_free(head->encoding);
    g_free(head->charset);
    g_free(head->disposition);
    g_free(head->filename);
    g_free(head->boundary);
    *head = (MimeHead){0};
}

void
mime_head_set_plain(MimeHead *head_out)
{
    *head_out = (MimeHead){.type = g_strdup("text/plain"), .encoding = g_strdup("7bit")};
}

gboolean
mime_head_is_word(const char *text)
{
    gsize length = strlen(text);

    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isgraph(text[i]))
            return FALSE;
    }
    /* In lists "-" stands for none. */
    return length > 0 && length <= 2 * WORD_MAX + 1 && !g_str_equal(text, "-");
}

gboolean
mime_head_is_message(const MimeHead *head)
{
    static const char *const plain[] = {"7bit", "8bit", "binary", NULL};

    return (g_str_equal(head->type, "message/rfc822") ||
            g_str_equal(head->type, "message/global")) &&
           g_strv_contains(plain, head->encoding);
}

/* (transfer full) (nullable): the value of the first field called @name, unfolded. */
static char *
find_field(const char *text, gsize length, const char *name)
{
    gsize name_length = strlen(name);
    const char *end = text + length;
    g_autoptr(GString) value = NULL;

    while (text < end) {
        const char *lf = memchr(text, '\n', (gsize)(end - text));
        const char *next = lf != NULL ? lf + 1 : end;
        gsize size = (gsize)(next - text);
        if (value != NULL && *text != ' ' && *text != '\t')
            break;
        if (value != NULL) {
            g_string_append_len(value, text, (gssize)size);
        } else if (size > name_length && g_ascii_strncasecmp(text, name, name_length) == 0) {
            gsize colon = name_length;
            while (colon < size && (text[colon] == ' ' || text[colon] == '\t'))
                colon++;
            if (colon < size && text[colon] == ':')
                value = g_string_new_len(text + colon + 1, (gssize)(size - colon - 1));
        }
        text = next;
    }
    if (value == NULL || value->len > FIELD_MAX)
        return NULL;
    g_strdelimit(value->str, "\r\n", ' ');
    return g_strdup(value->str);
}

static void
take_word(char **to, char *word)
{
    if (word != NULL && mime_head_is_word(word)) {
        g_free(*to);
        *to = g_steal_pointer(&word);
    }
    g_free(word);
}

static void
take_filename(MimeHead *head, const MimeParams *params, const char *name)
{
    GString *filename = head->filename == NULL ? mime_params_dup_text(params, name) : NULL;

    if (filename == NULL)
        return;
    mime_words_clean(filename, FILENAME_MAX_OCTETS);
    gboolean empty = filename->len == 0;
    head->filename = g_string_free(filename, empty);
}

static gboolean
is_boundary(const char *boundary)
{
    return boundary != NULL && boundary[0] != '\0' && strlen(boundary) <= BOUNDARY_MAX;
}

static void
take_type(MimeHead *head, const MimeParams *type)
{
    const char *value = mime_params_get_value(type);

    if (strchr(value, '/') == NULL || !mime_head_is_word(value))
        return;
    if (g_str_has_prefix(value, "multipart/")) {
        g_autofree char *boundary = mime_params_dup(type, "boundary");
        if (boundary != NULL)
            g_strchomp(boundary); /* at a line's end they mean nothing */
        if (!is_boundary(boundary))
            return;
        head->boundary = g_steal_pointer(&boundary);
    }
    take_word(&head->type, g_strdup(value));
    take_word(&head->charset, mime_params_dup(type, "charset"));
}

void
mime_head_read(const char *text, gsize length, const char *default_type, MimeHead *head_out)
{
    mime_head_set_plain(head_out);
    if (memchr(text, '\0', length) != NULL)
        return;

    g_autofree char *type_field = find_field(text, length, "Content-Type");
    g_autofree char *encoding_field = find_field(text, length, "Content-Transfer-Encoding");
    g_autofree char *disposition_field = find_field(text, length, "Content-Disposition");
    g_autoptr(MimeParams) type =
        mime_params_parse(type_field != NULL ? type_field : default_type);
    g_autoptr(MimeParams) encoding =
        mime_params_parse(encoding_field != NULL ? encoding_field : "");
    g_autoptr(MimeParams) disposition =
        mime_params_parse(disposition_field != NULL ? disposition_field : "");

    take_type(head_out, type);
    take_word(&head_out->encoding, g_strdup(mime_params_get_value(encoding)));
    take_word(&head_out->disposition, g_strdup(mime_params_get_value(disposition)));
    take_filename(head_out, disposition, "filename");
    take_filename(head_out, type, "name");
}
