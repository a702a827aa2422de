/* SPDX-License-Identifier: MIT */

#include "addresses.h"

#include <gmime/gmime.h>
#include <pop4/error.h>
#include <string.h>

/* RFC 5321, section 4.5.3.1. */
#define LOCAL_PART_MAX 64
#define ADDRESS_MAX 254

typedef struct {
    GPtrArray *addresses;
    GString *text;       /* the present element */
    GString *spec;       /* its address as it stands there: no comments, no blanks, no name */
    gboolean in_quotes;  /* "..." */
    gboolean in_literal; /* [...] */
    gboolean in_angle;
    gboolean after_angle;
    gboolean in_group;
    gboolean after_group;
    guint comments; /* open ones */
} Splitter;

void
addresses_init(void)
{
    g_mime_init();
}

static gboolean
refuse(GError **error, const char *what)
{
    g_autofree char *shown = g_utf8_make_valid(what, -1);
    g_autofree char *start = g_utf8_substring(shown, 0, MIN(g_utf8_strlen(shown, -1), 80));

    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "this is no address: %s", start);
    return FALSE;
}

static gboolean
is_atom_octet(char octet)
{
    return g_ascii_isalnum(octet) || (octet & 0x80) != 0 ||
           (octet != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", octet) != NULL);
}

/* Atoms between dots. */
static gboolean
is_dotted(const char *text, gsize length, gboolean (*is_member)(char))
{
    gboolean after_dot = TRUE;

    for (gsize i = 0; i < length; i++) {
        if (text[i] != '.' && !is_member(text[i]))
            return FALSE;
        if (text[i] == '.' && after_dot)
            return FALSE;
        after_dot = text[i] == '.';
    }
    return !after_dot;
}

/* "..." without what mail software is known to trip over. */
static gboolean
is_quoted(const char *text, gsize length)
{
    if (length < 3 || text[0] != '"' || text[length - 1] != '"')
        return FALSE;
    for (gsize i = 1; i < length - 1; i++) {
        if (!is_atom_octet(text[i]) && strchr(" .,;:()[]", text[i]) == NULL)
            return FALSE;
    }
    return TRUE;
}

static gboolean
is_domain_octet(char octet)
{
    return g_ascii_isalnum(octet) || octet == '-' || (octet & 0x80) != 0;
}

static gboolean
is_domain(const char *domain)
{
    gsize length = strlen(domain);

    if (length > 2 && domain[0] == '[' && domain[length - 1] == ']')
        return strspn(domain + 1, "0123456789abcdefABCDEF.:IPv") == length - 2;
    return length <= 253 && is_dotted(domain, length, is_domain_octet);
}

gboolean
address_is_sound(const char *address)
{
    const char *at = strrchr(address, '@');

    if (at == NULL || strlen(address) > ADDRESS_MAX || !g_utf8_validate(address, -1, NULL))
        return FALSE;
    gsize local = (gsize)(at - address);
    return local <= LOCAL_PART_MAX &&
           (is_dotted(address, local, is_atom_octet) || is_quoted(address, local)) &&
           is_domain(at + 1);
}

gboolean
address_equal(const char *one, const char *other)
{
    return g_ascii_strcasecmp(one, other) == 0;
}

/* Source routes, "@a,@b:", say nothing today (RFC 5321, appendix C). */
static const char *
behind_route(const char *spec)
{
    const char *colon = spec[0] == '@' ? strchr(spec, ':') : NULL;

    return colon != NULL ? colon + 1 : spec;
}

/* (transfer full) (nullable): the address of the one mailbox that @text is. */
static char *
parse_mailbox(const char *text)
{
    InternetAddressList *list = internet_address_list_parse(NULL, text);
    char *found = NULL;

    if (list == NULL)
        return NULL;
    if (internet_address_list_length(list) == 1) {
        InternetAddress *only = internet_address_list_get_address(list, 0);
        if (INTERNET_ADDRESS_IS_MAILBOX(only))
            found = g_strdup(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(only)));
    }
    g_object_unref(list);
    return found;
}

/* The parser forgives much: what it has read must be what stands there. */
static gboolean
end_element(Splitter *splitter, GError **error)
{
    if (splitter->spec->len == 0 && !splitter->after_angle)
        return TRUE; /* an empty element (RFC 5322, section 4.4) */
    g_autofree char *address = parse_mailbox(splitter->text->str);
    if (address == NULL || !g_str_equal(address, behind_route(splitter->spec->str)) ||
        !address_is_sound(address))
        return refuse(error, splitter->text->str);
    g_ptr_array_add(splitter->addresses, g_steal_pointer(&address));
    return TRUE;
}

static gboolean
next_element(Splitter *splitter, GError **error)
{
    if (!end_element(splitter, error))
        return FALSE;
    g_string_truncate(splitter->text, 0);
    g_string_truncate(splitter->spec, 0);
    splitter->after_angle = FALSE;
    return TRUE;
}

/* Within quotes, a literal or a comment; FALSE when @c is outside of them. */
static gboolean
take_inside(Splitter *splitter, const char **c)
{
    gboolean escapes = **c == '\\' && (*c)[1] != '\0';

    if (!splitter->in_quotes && !splitter->in_literal && splitter->comments == 0)
        return FALSE;
    if (splitter->comments == 0)
        g_string_append_len(splitter->spec, *c, escapes ? 2 : 1);
    g_string_append_len(splitter->text, *c, escapes ? 2 : 1);
    if (escapes)
        (*c)++;
    else if (splitter->in_quotes)
        splitter->in_quotes = **c != '"';
    else if (splitter->in_literal)
        splitter->in_literal = **c != ']';
    else if (**c == '(')
        splitter->comments++;
    else if (**c == ')')
        splitter->comments--;
    return TRUE;
}

/* What means something between elements; FALSE with @error unset when @c is none of that. */
static gboolean
take_separator(Splitter *splitter, char c, GError **error)
{
    if (splitter->in_angle)
        return FALSE;
    switch (c) {
    case ',':
        splitter->after_group = FALSE;
        return next_element(splitter, error);
    case ':':
        if (splitter->in_group || splitter->after_angle || splitter->spec->len == 0)
            return refuse(error, splitter->text->str);
        splitter->in_group = TRUE;
        g_string_truncate(splitter->text, 0);
        g_string_truncate(splitter->spec, 0);
        return TRUE;
    case ';':
        if (!splitter->in_group)
            return refuse(error, splitter->text->str);
        splitter->in_group = FALSE;
        splitter->after_group = TRUE;
        return next_element(splitter, error);
    default:
        return FALSE;
    }
}

static gboolean
take_angle(Splitter *splitter, char c)
{
    gboolean fits =
        c == '<' ? !splitter->in_angle && !splitter->after_angle : splitter->in_angle;

    if (c == '<')
        g_string_truncate(splitter->spec, 0);
    splitter->in_angle = c == '<';
    splitter->after_angle = c == '>';
    g_string_append_c(splitter->text, c);
    return fits;
}

static gboolean
take_plain(Splitter *splitter, char c)
{
    g_string_append_c(splitter->text, c);
    if (c == ' ' || c == '\t')
        return TRUE;
    if (c == '(') {
        splitter->comments = 1;
        return TRUE;
    }
    splitter->in_quotes = c == '"';
    splitter->in_literal = c == '[';
    g_string_append_c(splitter->spec, c);
    return !splitter->after_angle && !splitter->after_group && !g_ascii_iscntrl(c) && c != ')';
}

static gboolean
take(Splitter *splitter, const char **c, GError **error)
{
    g_autoptr(GError) reason = NULL;

    if (take_inside(splitter, c))
        return TRUE;
    if (take_separator(splitter, **c, &reason))
        return TRUE;
    if (reason != NULL) {
        g_propagate_error(error, g_steal_pointer(&reason));
        return FALSE;
    }
    gboolean fits =
        **c == '<' || **c == '>' ? take_angle(splitter, **c) : take_plain(splitter, **c);
    return fits || refuse(error, splitter->text->str);
}

static gboolean
split(Splitter *splitter, const char *list, GError **error)
{
    for (const char *c = list; *c != '\0'; c++) {
        if (!take(splitter, &c, error))
            return FALSE;
    }
    if (splitter->in_quotes || splitter->in_literal || splitter->in_angle ||
        splitter->in_group || splitter->comments > 0)
        return refuse(error, splitter->text->str);
    return end_element(splitter, error);
}

gboolean
addresses_parse(const char *list, GPtrArray *addresses, GError **error)
{
    Splitter splitter = {
        .addresses = addresses, .text = g_string_new(NULL), .spec = g_string_new(NULL)};
    gboolean done = split(&splitter, list, error);

    g_string_free(splitter.text, TRUE);
    g_string_free(splitter.spec, TRUE);
    return done;
}
