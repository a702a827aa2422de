/* SPDX-License-Identifier: MIT */

#define _GNU_SOURCE

#include "fields.h"

#include <pop4/error.h>
#include <string.h>

gssize
fields_find_end(const char *text, gsize length)
{
    if (length >= 2 && memcmp(text, "\r\n", 2) == 0)
        return 0;
    const char *end = memmem(text, length, "\r\n\r\n", 4);
    return end != NULL ? end + 2 - text : -1;
}

/* The length of the name in front of a colon; 0 when the line is no field's first. */
static gsize
measure_name(const char *line, gsize length)
{
    gsize name = 0;

    while (name < length && line[name] > ' ' && line[name] < 0x7F && line[name] != ':')
        name++;
    return name < length && line[name] == ':' ? name : 0;
}

static gboolean
refuse(GError **error, guint line)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "line %u of its header is no field",
                line);
    return FALSE;
}

static gboolean
add_line(GArray *fields, const char *header, gsize start, gsize end, guint number,
         GError **error)
{
    if (header[start] == ' ' || header[start] == '\t') {
        if (fields->len == 0)
            return refuse(error, number);
        g_array_index(fields, Field, fields->len - 1).end = end;
        return TRUE;
    }
    gsize name = measure_name(header + start, end - start);
    if (name == 0)
        return refuse(error, number);
    Field field = {start, end, start + name + 1, name};
    g_array_append_val(fields, field);
    return TRUE;
}

GArray *
fields_split(const char *header, gsize length, GError **error)
{
    g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(Field));
    guint number = 0;

    for (gsize start = 0; start < length;) {
        const char *line_end = memmem(header + start, length - start, "\r\n", 2);
        gsize end = line_end != NULL ? (gsize)(line_end - header) + 2 : length;
        if (!add_line(fields, header, start, end, ++number, error))
            return NULL;
        start = end;
    }
    return g_steal_pointer(&fields);
}

gboolean
field_is(const Field *field, const char *header, const char *name)
{
    return strlen(name) == field->name_length &&
           g_ascii_strncasecmp(header + field->start, name, field->name_length) == 0;
}

char *
field_get_value(const Field *field, const char *header)
{
    g_autoptr(GString) value = g_string_new(NULL);

    for (gsize i = field->value; i < field->end; i++) {
        if (header[i] != '\r' && header[i] != '\n')
            g_string_append_c(value, header[i]);
    }
    return g_strstrip(g_string_free(g_steal_pointer(&value), FALSE));
}
