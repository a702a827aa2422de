/* SPDX-License-Identifier: MIT */

#include "mime-params.h"

#include "mime-charset.h"
#include "mime-words.h"

#include <string.h>

/* A field has three or four. */
#define PARAMS_MAX 128

typedef struct {
    char *name; /* lower case, with "*0*" */
    char *value;
} Param;

struct MimeParams {
    char *value;
    GArray *list; /* Param */
};

static void
clear_param(gpointer data)
{
    Param *param = data;

    g_free(param->name);
    g_free(param->value);
}

void
mime_params_free(MimeParams *params)
{
    g_free(params->value);
    g_array_unref(params->list);
    g_free(params);
}

const char *
mime_params_get_value(const MimeParams *params)
{
    return params->value;
}

/* Behind blanks and comments. */
static const char *
skip_blanks(const char *c)
{
    guint comments = 0;

    for (; *c != '\0'; c++) {
        if (*c == '(')
            comments++;
        else if (*c == ')' && comments > 0)
            comments--;
        else if (comments == 0 && !g_ascii_isspace(*c))
            break;
        else if (*c == '\\' && c[1] != '\0')
            c++;
    }
    return c;
}

/* RFC 2045, section 5.1. */
static gsize
token_length(const char *c)
{
    gsize length = 0;

    while (g_ascii_isgraph(c[length]) && strchr("()<>@,;:\\\"/[]?=", c[length]) == NULL)
        length++;
    return length;
}

static void
read_value(MimeParams *params, const char **c)
{
    const char *start = skip_blanks(*c);
    gsize length = token_length(start);

    if (length > 0 && start[length] == '/') {
        gsize second = token_length(start + length + 1);
        length = second > 0 ? length + 1 + second : 0;
    }
    const char *end = skip_blanks(start + length);
    if (*end != ';' && *end != '\0')
        length = 0;
    params->value = g_ascii_strdown(start, (gssize)length);
    *c = end + strcspn(end, ";");
}

static char *
read_quoted(const char **c)
{
    GString *value = g_string_new(NULL);

    for ((*c)++; **c != '\0' && **c != '"'; (*c)++) {
        if (**c == '\\' && (*c)[1] != '\0')
            (*c)++;
        g_string_append_c(value, **c);
    }
    if (**c == '"')
        (*c)++;
    return g_string_free(value, FALSE);
}

/* What should have been quoted often is not: everything up to the next parameter. */
static char *
read_bare(const char **c)
{
    gsize length = strcspn(*c, ";");
    char *value = g_strstrip(g_strndup(*c, length));
    gsize token = token_length(value);

    *c += length;
    if (*skip_blanks(value + token) == '\0')
        value[token] = '\0'; /* behind it is but a comment */
    return value;
}

static void
read_param(MimeParams *params, const char **c)
{
    const char *start = skip_blanks(*c);
    gsize length = token_length(start);

    *c = skip_blanks(start + length);
    if (length > 0 && **c == '=') {
        *c = skip_blanks(*c + 1);
        Param param = {.name = g_ascii_strdown(start, (gssize)length)};
        param.value = **c == '"' ? read_quoted(c) : read_bare(c);
        g_array_append_val(params->list, param);
    }
    *c += strcspn(*c, ";");
}

MimeParams *
mime_params_parse(const char *text)
{
    MimeParams *params = g_new0(MimeParams, 1);

    params->list = g_array_new(FALSE, FALSE, sizeof(Param));
    g_array_set_clear_func(params->list, clear_param);
    read_value(params, &text);
    while (*text == ';' && params->list->len < PARAMS_MAX) {
        text++;
        read_param(params, &text);
    }
    return params;
}

/* (nullable): the first of that name, as RFC 2045 leaves open. */
static const char *
find(const MimeParams *params, const char *name, const char *suffix)
{
    gsize length = strlen(name);

    for (guint i = 0; i < params->list->len; i++) {
        const Param *param = &g_array_index(params->list, Param, i);
        if (strncmp(param->name, name, length) == 0 &&
            strcmp(param->name + length, suffix) == 0)
            return param->value;
    }
    return NULL;
}

static void
append_percent(GString *octets, const char *c)
{
    for (; *c != '\0'; c++) {
        if (*c == '%' && g_ascii_isxdigit(c[1]) && g_ascii_isxdigit(c[2])) {
            g_string_append_c(
                octets, (char)(g_ascii_xdigit_value(c[1]) * 16 + g_ascii_xdigit_value(c[2])));
            c += 2;
        } else {
            g_string_append_c(octets, *c);
        }
    }
}

/* "charset'language'text"; what lacks the quotes is all text. */
static void
append_extended(GString *octets, const char *value, char **charset)
{
    const char *language = strchr(value, '\'');
    const char *text = language != NULL ? strchr(language + 1, '\'') : NULL;

    if (text != NULL) {
        g_free(*charset);
        *charset = g_strndup(value, (gsize)(language - value));
    }
    append_percent(octets, text != NULL ? text + 1 : value);
}

/* (nullable): "name*0*=", "name*1=" and so on, or "name*=" (RFC 2231, sections 3 and 4). */
static GString *
join_sections(const MimeParams *params, const char *name, char **charset)
{
    const char *whole = find(params, name, "*");
    GString *octets = g_string_new(NULL);
    guint count = 0;

    if (whole != NULL) {
        append_extended(octets, whole, charset);
        return octets;
    }
    for (;; count++) {
        char suffix[16];
        g_snprintf(suffix, sizeof suffix, "*%u*", count);
        const char *extended = find(params, name, suffix);
        suffix[strlen(suffix) - 1] = '\0';
        const char *plain = extended == NULL ? find(params, name, suffix) : NULL;
        if (extended != NULL && count == 0)
            append_extended(octets, extended, charset);
        else if (extended != NULL)
            append_percent(octets, extended);
        else if (plain != NULL)
            g_string_append(octets, plain);
        else
            break;
    }
    if (count > 0)
        return octets;
    g_string_free(octets, TRUE);
    return NULL;
}

char *
mime_params_dup(const MimeParams *params, const char *name)
{
    g_autofree char *charset = NULL;
    GString *octets = join_sections(params, name, &charset);

    return octets != NULL ? g_string_free(octets, FALSE) : g_strdup(find(params, name, ""));
}

GString *
mime_params_dup_text(const MimeParams *params, const char *name)
{
    g_autofree char *charset = NULL;
    g_autoptr(GString) octets = join_sections(params, name, &charset);
    const char *plain = octets == NULL ? find(params, name, "") : NULL;

    if (octets == NULL && plain == NULL)
        return NULL;
    GString *text = g_string_new(NULL);
    if (octets != NULL) {
        g_autoptr(MimeCharset) converter = mime_charset_new(charset);
        mime_charset_convert(converter, octets->str, octets->len, text);
        mime_charset_finish(converter, text);
    } else {
        /* Not allowed there, and what most programs write (RFC 2047, section 5). */
        mime_words_decode(plain, text);
    }
    return text;
}
