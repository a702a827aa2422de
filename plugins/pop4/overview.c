/* The overview: OVER. */
/* SPDX-License-Identifier: MIT */

#include "commands.h"
#include "flag-words.h"
#include "mime.h"
#include "set.h"

#include <string.h>

/* Octets of a header that are looked at, and of a field that is told. */
#define HEADER_MAX 262144
#define FIELD_MAX 4096

/* Fields that can be asked for at once. */
#define FIELDS_MAX 32

static const char *const usual_fields[] = {"date", "from", "to", "subject"};

typedef struct {
    Pop4Maildrop *maildrop;
    GArray *numbers;
    GPtrArray *fields; /* names */
    gboolean usual;    /* the fields of an overview that asks for none */
    guint next;
} Overview;

static void
overview_free(gpointer data)
{
    Overview *overview = data;

    g_clear_pointer(&overview->numbers, g_array_unref);
    g_ptr_array_unref(overview->fields);
    g_free(overview);
}

/* The value of the first field of that name, folded as it may be. (transfer full) (nullable) */
static char *
find_field(const char *header, const char *end, const char *name)
{
    gsize length = strlen(name);
    const char *value = NULL, *next;

    for (const char *line = header; line < end; line = next) {
        const char *lf = memchr(line, '\n', (gsize)(end - line));
        next = lf != NULL ? lf + 1 : end;
        if (value != NULL && *line != ' ' && *line != '\t')
            return g_strndup(value, (gsize)(line - value));
        if (value != NULL || (gsize)(end - line) <= length ||
            g_ascii_strncasecmp(line, name, length) != 0)
            continue;
        const char *colon = line + length + strspn(line + length, " \t");
        if (*colon == ':')
            value = colon + 1;
    }
    return value != NULL ? g_strndup(value, (gsize)(end - value)) : NULL;
}

/* A raw value can have NULs, behind which nothing is told. */
static void
append_fields(const Overview *overview, const char *header, gsize length, GString *line)
{
    for (guint i = 0; i < overview->fields->len; i++) {
        g_autofree char *raw =
            find_field(header, header + length, g_ptr_array_index(overview->fields, i));
        g_autofree char *value = raw != NULL ? mime_decode_header(raw, FIELD_MAX) : NULL;
        g_string_append_printf(line, "\t%s", value != NULL ? value : "");
    }
}

static void
append_status(const Overview *overview, guint number, GString *line)
{
    g_autoptr(GString) flags = g_string_new(NULL);

    if (!flag_words_append(flags, pop4_maildrop_get_flags(overview->maildrop, number), " "))
        g_string_append(flags, " -");
    g_string_append_printf(line, "\t%s\t%" G_GUINT64_FORMAT "\t%s",
                           pop4_maildrop_get_uid(overview->maildrop, number),
                           pop4_maildrop_get_size(overview->maildrop, number), flags->str + 1);
}

/* A message that cannot be read, since another session has removed it, is left out. */
static gboolean
next_line(GString *line, gpointer state)
{
    Overview *overview = state;

    while (overview->next < overview->numbers->len) {
        guint number = g_array_index(overview->numbers, guint, overview->next++);
        gsize length;
        g_autofree char *header =
            pop4_maildrop_read_header(overview->maildrop, number, HEADER_MAX, &length, NULL);
        if (header == NULL)
            continue;
        g_string_append_printf(line, "%u", number);
        if (overview->usual)
            append_status(overview, number, line);
        append_fields(overview, header, length, line);
        return TRUE;
    }
    return FALSE;
}

/* RFC 5322, section 3.6.8: printable ASCII but the colon. */
static gboolean
check_field(const char *name, GError **error)
{
    for (const char *at = name; *at != '\0'; at++) {
        if (*at < 0x21 || *at > 0x7e || *at == ':') {
            g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX,
                                "The name of a header field expected");
            return FALSE;
        }
    }
    return TRUE;
}

/* (transfer full) (nullable) */
static GPtrArray *
take_fields(Words *words, GError **error)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(g_free);

    while (!words_end(words)) {
        char *name = words_take_atom(words, "The name of a header field", error);
        if (name == NULL)
            return NULL;
        g_ptr_array_add(fields, name);
        if (!check_field(name, error))
            return NULL;
        if (fields->len > FIELDS_MAX) {
            g_set_error(error, POP4_ERROR, POP4_ERROR_FAILED, "At most %d fields at once",
                        FIELDS_MAX);
            return NULL;
        }
    }
    return g_steal_pointer(&fields);
}

gboolean
over_run(Pop4Session *session, const Pop4Args *args, GError **error)
{
    Pop4Maildrop *maildrop = pop4_session_get_maildrop(session);
    Words words;

    if (!begin_command(session, args, GROUP_OVERVIEW, &words, error))
        return FALSE;
    g_autofree char *set = words_take_atom(&words, "A set of messages", error);
    g_autoptr(GPtrArray) fields = set != NULL ? take_fields(&words, error) : NULL;
    if (fields == NULL)
        return FALSE;
    GArray *numbers = set_parse(set, maildrop, error);
    if (numbers == NULL)
        return FALSE;

    Overview *overview = g_new0(Overview, 1);
    overview->maildrop = maildrop;
    overview->numbers = numbers;
    overview->usual = fields->len == 0;
    for (gsize i = 0; overview->usual && i < G_N_ELEMENTS(usual_fields); i++)
        g_ptr_array_add(fields, g_strdup(usual_fields[i]));
    overview->fields = g_steal_pointer(&fields);
    pop4_reply_lines_from_disk(session, "overview follows", next_line, overview, overview_free);
    return TRUE;
}
