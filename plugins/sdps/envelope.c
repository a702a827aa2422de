/* SPDX-License-Identifier: MIT */

#include "envelope.h"

#include <string.h>

/* Octets of an address: RFC 5321, section 4.5.3.1, has 64 and 255 beside the "@". */
#define ADDRESS_MAX 320

static gboolean
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What stands behind "NAME:" when the line begins so. */
static const char *
match_name(const char *line, const char *end, const char *name)
{
    gsize length = strlen(name);

    if ((gsize)(end - line) < length || g_ascii_strncasecmp(line, name, length) != 0)
        return NULL;
    for (line += length; line < end && is_blank(*line);)
        line++;
    return line < end && *line == ':' ? line + 1 : NULL;
}

/* Where the line behind that at @line begins. */
static const char *
next_line(const char *line, const char *end)
{
    const char *lf = memchr(line, '\n', (gsize)(end - line));

    return lf != NULL ? lf + 1 : end;
}

/* (transfer full) (nullable): the topmost of that name, its lines as one without their ends. */
static GString *
find_field(const char *header, gsize length, const char *name)
{
    const char *end = header + length, *line = header, *value = NULL;

    while (line < end && (value = match_name(line, end, name)) == NULL)
        line = next_line(line, end);
    if (value == NULL)
        return NULL;

    GString *text = g_string_new(NULL);
    do {
        const char *next = next_line(value, end);
        g_string_append_len(text, value, next - value);
        if (text->len > 0 && text->str[text->len - 1] == '\n')
            g_string_truncate(text, text->len - 1);
        if (text->len > 0 && text->str[text->len - 1] == '\r')
            g_string_truncate(text, text->len - 1);
        value = next;
    } while (value < end && is_blank(*value));
    return text;
}

/* The first of @wanted outside of quotes, or the end of @text. */
static const char *
find_unquoted(const char *text, const char *wanted)
{
    gboolean quoted = FALSE;

    for (; *text != '\0'; text++) {
        if (quoted && *text == '\\' && text[1] != '\0')
            text++;
        else if (*text == '"')
            quoted = !quoted;
        else if (!quoted && strchr(wanted, *text) != NULL)
            break;
    }
    return text;
}

static const char *
skip_blanks(const char *text)
{
    while (is_blank(*text))
        text++;
    return text;
}

/* (transfer full) (nullable): "<a@b>" or what stands before the first blank. */
static char *
take_path(const char *value)
{
    const char *start = find_unquoted(value, "<");

    if (*start == '\0') {
        start = skip_blanks(value);
        return g_strndup(start, (gsize)(find_unquoted(start, " \t") - start));
    }
    start++;
    const char *end = find_unquoted(start, ">");
    return *end != '\0' ? g_strstrip(g_strndup(start, (gsize)(end - start))) : NULL;
}

static gboolean
is_address(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (g_ascii_iscntrl(*c))
            return FALSE;
    }
    return *find_unquoted(text, " \t") == '\0' && strlen(text) <= ADDRESS_MAX;
}

/* (transfer full) (nullable): may be "". */
static char *
parse_address(const char *value)
{
    g_autofree char *path = take_path(value);
    const char *address = path;

    if (path == NULL)
        return NULL;
    if (path[0] == '@') { /* a source route, RFC 5321, appendix C */
        address = find_unquoted(path, ":");
        if (*address == '\0')
            return NULL;
        address++;
    }
    return is_address(address) ? g_strdup(address) : NULL;
}

/* (transfer full) (nullable) */
static char *
find_address(const char *header, gsize length, const char *name)
{
    GString *field = find_field(header, length, name);
    char *address = NULL;

    if (field == NULL)
        return NULL;
    if (strlen(field->str) == field->len)
        address = parse_address(field->str);
    g_string_free(field, TRUE);
    return address;
}

char *
envelope_get_sender(const char *header, gsize length, const char *const *fields)
{
    for (; *fields != NULL; fields++) {
        char *address = find_address(header, length, *fields);
        if (address != NULL)
            return address;
    }
    return g_strdup("");
}

char *
envelope_get_recipient(const char *header, gsize length, const char *const *fields)
{
    for (; *fields != NULL; fields++) {
        g_autofree char *address = find_address(header, length, *fields);
        if (address != NULL && address[0] != '\0')
            return g_steal_pointer(&address);
    }
    return NULL;
}

/* (transfer full): the local part; "\"a b\"" is a b. */
static char *
get_local_part(const char *address)
{
    const char *at = strrchr(address, '@');
    gsize length = at != NULL ? (gsize)(at - address) : strlen(address);

    if (length < 2 || address[0] != '"' || address[length - 1] != '"')
        return g_strndup(address, length);
    GString *plain = g_string_new(NULL);
    for (const char *c = address + 1, *end = address + length - 1; c < end; c++) {
        if (*c == '\\' && c + 1 < end)
            c++;
        g_string_append_c(plain, *c);
    }
    return g_string_free(plain, FALSE);
}

gboolean
envelope_has_local_part(const char *address, const char *user)
{
    g_autofree char *local_part = get_local_part(address);

    return g_ascii_strcasecmp(local_part, user) == 0;
}

gboolean
envelope_is_field_name(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!g_ascii_isgraph(*c) || *c == ':')
            return FALSE;
    }
    return name[0] != '\0';
}
