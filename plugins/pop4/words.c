/* SPDX-License-Identifier: MIT */

#include "words.h"

#include <pop4/error.h>
#include <string.h>

#define COMPONENT_MAX 100 /* characters */
#define DEPTH_MAX 16

static gboolean
fail(GError **error, const char *text)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_SYNTAX, text);
    return FALSE;
}

/* As in the core, tabs do as well as spaces. */
static gboolean
is_between(char c)
{
    return c == ' ' || c == '\t' || c == '\0';
}

static void
skip_spaces(Words *words)
{
    words->rest += strspn(words->rest, " \t");
}

void
words_init(Words *words, const char *argument)
{
    words->rest = argument;
    skip_spaces(words);
}

gboolean
words_end(const Words *words)
{
    return *words->rest == '\0';
}

gboolean
words_finish(const Words *words, GError **error)
{
    return words_end(words) || fail(error, "Too many arguments");
}

char *
words_take_atom(Words *words, const char *what, GError **error)
{
    gsize length = strcspn(words->rest, " \t\"\\");

    if (length == 0 || !is_between(words->rest[length])) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_SYNTAX, "%s expected", what);
        return NULL;
    }
    char *atom = g_strndup(words->rest, length);
    words->rest += length;
    skip_spaces(words);
    return atom;
}

gboolean
words_take_number(Words *words, const char *what, guint *number_out, GError **error)
{
    g_autofree char *text = words_take_atom(words, what, error);

    if (text == NULL)
        return FALSE;
    if (text[0] == '0' || text[strspn(text, "0123456789")] != '\0') {
        g_set_error(error, POP4_ERROR, POP4_ERROR_SYNTAX, "%s expected", what);
        return FALSE;
    }
    *number_out = (guint)MIN(g_ascii_strtoull(text, NULL, 10), G_MAXUINT); /* saturates */
    return TRUE;
}

static char *
take_quoted(Words *words, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *at = words->rest + 1;

    for (; *at != '"'; at++) {
        if (*at == '\\' && (at[1] == '"' || at[1] == '\\'))
            at++;
        else if (*at == '\0' || *at == '\\') {
            fail(error, "A quoted string has \\\" and \\\\, and ends with \"");
            return NULL;
        }
        g_string_append_c(text, *at);
    }
    if (!is_between(at[1])) {
        fail(error, "A space belongs behind a quoted string");
        return NULL;
    }
    words->rest = at + 1;
    skip_spaces(words);
    return g_strdup(text->str);
}

static char *
take_text(Words *words, GError **error)
{
    return *words->rest == '"' ? take_quoted(words, error)
                               : words_take_atom(words, "A folder name", error);
}

/* What is written well and still no name. */
static gboolean
refuse(GError **error, const char *text)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_FAILED, text);
    return FALSE;
}

static gboolean
has_controls(const char *text)
{
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        if (g_unichar_iscntrl(g_utf8_get_char(text)))
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_component(const char *component, GError **error)
{
    if (component[0] == '\0')
        return refuse(error, "A folder name has no empty component");
    if (strcmp(component, ".") == 0 || strcmp(component, "..") == 0)
        return refuse(error, "A folder name has no component . or ..");
    if (g_utf8_strlen(component, -1) > COMPONENT_MAX)
        return refuse(error, "A component of a folder name has at most 100 characters");
    return TRUE;
}

static gboolean
check_text(const char *name, GError **error)
{
    if (!g_utf8_validate(name, -1, NULL))
        return refuse(error, "A folder name is UTF-8");
    if (has_controls(name))
        return refuse(error, "A folder name has no control characters");
    g_autofree char *normal = g_utf8_normalize(name, -1, G_NORMALIZE_NFC);
    if (normal == NULL || strcmp(normal, name) != 0)
        return refuse(error, "A folder name is in Unicode normalization form C");
    return TRUE;
}

static gboolean
check_name(const char *name, GError **error)
{
    if (!check_text(name, error))
        return FALSE;
    g_auto(GStrv) components = g_strsplit(name, "/", -1);
    if (components[0] == NULL)
        return refuse(error, "A folder name is not empty");
    if (g_strv_length(components) > DEPTH_MAX)
        return refuse(error, "A folder name has at most 16 components");
    for (guint i = 0; components[i] != NULL; i++) {
        if (!check_component(components[i], error))
            return FALSE;
    }
    return TRUE;
}

char *
words_take_folder(Words *words, GError **error)
{
    g_autofree char *name = take_text(words, error);

    if (name == NULL || !check_name(name, error))
        return NULL;
    return g_ascii_strcasecmp(name, "INBOX") == 0 ? g_strdup("INBOX") : g_steal_pointer(&name);
}

char *
words_take_component(Words *words, GError **error)
{
    g_autofree char *name = take_text(words, error);

    if (name == NULL || !check_name(name, error))
        return NULL;
    if (strchr(name, '/') != NULL) {
        refuse(error, "The last component alone gets another name");
        return NULL;
    }
    return g_steal_pointer(&name);
}
