/* SPDX-License-Identifier: MIT */

#include "target.h"

#include <pop4/error.h>
#include <string.h>
#include <unistd.h>

static gboolean
refuse(GError **error, const char *what, const char *value)
{
    g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "%s: \"%s\"", what, value);
    return FALSE;
}

static gboolean
is_port(const char *text)
{
    guint64 port;

    return g_ascii_string_to_unsigned(text, 10, 1, 65535, &port, NULL);
}

/* "host", "host:port", "[2001:db8::1]:port" */
static gboolean
is_host(const char *text)
{
    const char *end = text[0] == '[' ? strchr(text, ']') : text + strcspn(text, ":");

    if (end == NULL)
        return FALSE;
    gsize length = (gsize)(end - text);
    gboolean named = text[0] == '['
                         ? strspn(text + 1, "0123456789abcdefABCDEF:.") == length - 1
                         : strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789.-") == length;
    if (!named || length < 1)
        return FALSE;
    end += *end == ']';
    return *end == '\0' || (*end == ':' && is_port(end + 1));
}

static gboolean
is_loopback(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        gsize length = strlen(names[i]);
        if (g_ascii_strncasecmp(host, names[i], length) == 0 &&
            (host[length] == '\0' || host[length] == ':'))
            return TRUE;
    }
    return FALSE;
}

static gboolean
read_credentials(Target *target, const char *file, GError **error)
{
    g_autoptr(GError) reason = NULL;
    char *text;
    gsize length;

    if (!g_file_get_contents(file, &text, &length, &reason)) {
        g_set_error(error, POP4_ERROR, POP4_ERROR_PERMANENT, "relay-credentials-file: %s",
                    reason->message);
        return FALSE;
    }
    char **lines = g_strsplit(text, "\n", 3);
    gboolean whole = g_strv_length(lines) >= 2 && lines[0][0] != '\0' && lines[1][0] != '\0';
    if (whole) {
        target->user = g_strdup(g_strchomp(lines[0]));
        target->password = g_strdup(g_strchomp(lines[1]));
    }
    for (char **line = lines; *line != NULL; line++)
        explicit_bzero(*line, strlen(*line));
    g_strfreev(lines);
    explicit_bzero(text, length);
    g_free(text);
    return whole ||
           refuse(error, "relay-credentials-file: not a user and a password, a line each",
                  file);
}

gboolean
target_parse(Target *target, const char *relay, const char *credentials_file, GError **error)
{
    if (g_str_has_prefix(relay, "sendmail:")) {
        target->program = g_strdup(relay + strlen("sendmail:"));
        return (target->program[0] == '/' && access(target->program, X_OK) == 0) ||
               refuse(error, "relay: this is no program that can be run", target->program);
    }
    gboolean implicit = g_str_has_prefix(relay, "smtps://");
    if (!implicit && !g_str_has_prefix(relay, "smtp://"))
        return refuse(error, "relay: neither smtp://, smtps:// nor sendmail:", relay);
    if (!is_host(strstr(relay, "://") + 3))
        return refuse(error, "relay: no host, or more than a host and a port", relay);
    target->url = g_strdup(relay);
    if (implicit)
        target->tls = TARGET_TLS_REQUIRE;
    if (credentials_file == NULL)
        return TRUE;
    if (target->tls != TARGET_TLS_REQUIRE && !is_loopback(relay))
        return refuse(error, "relay-credentials-file: a password needs relay-tls = require",
                      relay);
    return read_credentials(target, credentials_file, error);
}

void
target_clear(Target *target)
{
    g_free(target->url);
    g_free(target->program);
    g_free(target->ca_file);
    g_free(target->user);
    if (target->password != NULL)
        explicit_bzero(target->password, strlen(target->password));
    g_free(target->password);
    g_free(target->spool_folder);
}
