/* SPDX-License-Identifier: MIT */

#include "entry.h"

#include "base64.h"

#include <pop4/error.h>
#include <string.h>

#define BLANKS " \t"
#define SECRET "secret="

static gboolean
fail(GError **error, const char *what)
{
    g_set_error_literal(error, POP4_ERROR, POP4_ERROR_PERMANENT, what);
    return FALSE;
}

gboolean
entry_is_void(const char *line)
{
    line += strspn(line, BLANKS);
    return *line == '\0' || *line == '#';
}

/* (nullable): the field at @rest, ended with a NUL; @rest goes behind it. */
static char *
next_field(char **rest)
{
    char *field = *rest + strspn(*rest, BLANKS);
    gsize length = strcspn(field, BLANKS);

    *rest = field + length;
    if (length == 0)
        return NULL;
    if (**rest != '\0')
        *(*rest)++ = '\0';
    return field;
}

static gboolean
has_controls(const char *text)
{
    for (; *text != '\0'; text++) {
        if (g_ascii_iscntrl(*text))
            return TRUE;
    }
    return FALSE;
}

/* Keys where the login should be are as good as none: they would be told as a name. */
static gboolean
check_login(const char *login, GError **error)
{
    if ((g_str_has_prefix(login, "SCRAM-") && strchr(login, '$') != NULL) ||
        g_str_has_prefix(login, SECRET))
        return fail(error, "there is no login before the keys");
    if (g_str_has_prefix(login, "\357\273\277"))
        return fail(error, "there is a byte order mark");
    return TRUE;
}

static gboolean
add_key(Entry *entry, const char *text, GError **error)
{
    Key key;
    gboolean good = key_parse(text, &key, error);

    if (good && entry->keys[key.hash] != NULL)
        good = fail(error, "there are two keys of one scheme");
    else if (good)
        entry->keys[key.hash] = text;
    key_wipe(&key);
    return good;
}

/* Decoded where it stands: a table's text is wiped as a whole. */
static gboolean
add_secret(Entry *entry, char *text, GError **error)
{
    gsize size, length = strlen(text);

    if (entry->secret != NULL)
        return fail(error, "there are two secrets");
    if (!base64_decode(text, length, text, length, &size) || size == 0)
        return fail(error, "the secret must be base64 and not empty");
    explicit_bzero(text + size, length - size);
    if (strlen(text) != size || has_controls(text))
        return fail(error, "the secret holds control characters");
    entry->secret = text;
    return TRUE;
}

gboolean
entry_parse(char *line, Entry *entry_out, GError **error)
{
    Entry entry = {.login = next_field(&line)};
    char *field;

    if (entry.login == NULL)
        return fail(error, "there is no login");
    if (!check_login(entry.login, error))
        return FALSE;
    while ((field = next_field(&line)) != NULL) {
        gboolean good = g_str_has_prefix(field, SECRET)
                            ? add_secret(&entry, field + strlen(SECRET), error)
                            : add_key(&entry, field, error);
        if (!good)
            return FALSE;
    }
    if (entry_best_key(&entry) == NULL)
        return fail(error, "there is no key behind the login");
    *entry_out = entry;
    return TRUE;
}

const char *
entry_best_key(const Entry *entry)
{
    for (guint i = 0; i < SCRAM_HASHES; i++) {
        if (entry->keys[i] != NULL)
            return entry->keys[i];
    }
    return NULL;
}

static gboolean
append_key(GString *line, const char *scheme, const char *password, GError **error)
{
    ScramHash hash;
    Key key;

    if (!scram_find(scheme, strlen(scheme), &hash)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT,
                    "%s is no scheme of these: SCRAM-SHA-256, SCRAM-SHA-512, SCRAM-SHA-1",
                    scheme);
        return FALSE;
    }
    if (!key_make(hash, password, &key, error))
        return FALSE;
    g_autofree char *text = key_print(&key);
    g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "", text);
    explicit_bzero(text, strlen(text));
    key_wipe(&key);
    return TRUE;
}

static void
append_secret(GString *line, const char *password)
{
    g_autofree char *text = g_base64_encode((const guchar *)password, strlen(password));

    g_string_append_printf(line, " " SECRET "%s", text);
    explicit_bzero(text, strlen(text));
}

/* Each login and each secret that the file would refuse is refused here. */
static gboolean
check_parts(const char *login, const char *password, GError **error)
{
    if (password[0] == '\0')
        return fail(error, "the password is empty");
    if (has_controls(password))
        return fail(error, "the password holds control characters");
    if (login == NULL)
        return TRUE;
    if (entry_is_void(login) || strpbrk(login, BLANKS) != NULL || has_controls(login) ||
        !g_utf8_validate(login, -1, NULL))
        return fail(error, "a login is UTF-8 without blanks and does not begin with \"#\"");
    return check_login(login, error);
}

static void
wipe_string(GString *string)
{
    explicit_bzero(string->str, string->allocated_len);
    g_string_free(string, TRUE);
}

char *
entry_make(const char *login, const char *password, const char *const *schemes,
           gboolean keep_secret, GError **error)
{
    static const char *const usual[] = {"SCRAM-SHA-256", NULL};

    if (!check_parts(login, password, error))
        return NULL;
    if (schemes == NULL || schemes[0] == NULL)
        schemes = usual;
    /* Sized so that it never moves and leaves a copy. */
    GString *line =
        g_string_sized_new(2048 + 2 * strlen(password) + (login != NULL ? strlen(login) : 0));
    g_string_append(line, login != NULL ? login : "");
    for (guint i = 0; schemes[i] != NULL; i++) {
        if (g_strv_contains(schemes + i + 1, schemes[i]))
            continue;
        if (!append_key(line, schemes[i], password, error)) {
            wipe_string(line);
            return NULL;
        }
    }
    if (keep_secret)
        append_secret(line, password);
    return g_string_free(line, FALSE);
}
