/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "log.h"

#include <errno.h>
#include <pop4/session.h>
#include <string.h>
#include <unistd.h>

/* A client can choose the length of a value. */
#define VALUE_MAX 256

static const char *const level_names[] = {
    [POP4_LOG_ERROR] = "error",
    [POP4_LOG_WARNING] = "warning",
    [POP4_LOG_INFO] = "info",
    [POP4_LOG_DEBUG] = "debug",
};

static const char *const priorities[] = {
    [POP4_LOG_ERROR] = "3",
    [POP4_LOG_WARNING] = "4",
    [POP4_LOG_INFO] = "6",
    [POP4_LOG_DEBUG] = "7",
};

static gint threshold = POP4_LOG_INFO;
static gboolean to_journal;

void
log_set_level(Pop4LogLevel level)
{
    g_atomic_int_set(&threshold, level);
}

gboolean
log_is_on(Pop4LogLevel level)
{
    return (gint)level <= g_atomic_int_get(&threshold);
}

static gboolean
is_plain(const char *value)
{
    return value[0] != '\0' && strlen(value) <= VALUE_MAX &&
           value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "._:@/+,-*%")] == '\0';
}

static void
append_quoted(GString *line, const char *value)
{
    gsize length = strlen(value);

    g_string_append_c(line, '"');
    for (gsize i = 0; i < MIN(length, VALUE_MAX); i++) {
        unsigned char c = (unsigned char)value[i];
        if (c < 0x20 || c >= 0x7f)
            g_string_append_printf(line, "\\x%02x", c);
        else if (c == '"' || c == '\\')
            g_string_append_printf(line, "\\%c", c);
        else
            g_string_append_c(line, (char)c);
    }
    g_string_append(line, length > VALUE_MAX ? "...\"" : "\"");
}

void
log_append_pair(GString *line, const char *key, const char *value)
{
    g_string_append_printf(line, " %s=", key);
    if (is_plain(value))
        g_string_append(line, value);
    else
        append_quoted(line, value);
}

static void
append_pairs(GString *line, va_list pairs)
{
    const char *key;

    while ((key = va_arg(pairs, const char *)) != NULL) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL)
            log_append_pair(line, key, value);
    }
}

static void
append_time(GString *line)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *text = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");

    g_string_append_printf(line, " time=%s.%03dZ", text,
                           g_date_time_get_microsecond(now) / 1000);
}

static void
send_line(Pop4LogLevel level, const char *event, GString *line)
{
    if (to_journal) {
        GLogField fields[] = {{"MESSAGE", line->str, (gssize)line->len},
                              {"PRIORITY", priorities[level], -1},
                              {"SYSLOG_IDENTIFIER", PACKAGE, -1},
                              {"POP4D_EVENT", event, -1}};
        g_log_writer_journald(G_LOG_LEVEL_MESSAGE, fields, G_N_ELEMENTS(fields), NULL);
        return;
    }
    /* One write a line, so that lines of several threads never mix. */
    g_string_append_c(line, '\n');
    while (write(STDERR_FILENO, line->str, line->len) < 0 && errno == EINTR)
        ;
}

void
pop4_log(const Pop4Session *session, Pop4LogLevel level, const char *event, ...)
{
    if (!log_is_on(level))
        return;

    g_autoptr(GString) line = g_string_sized_new(256);
    g_string_append_printf(line, "event=%s", event);
    if (!to_journal) {
        g_string_append_printf(line, " level=%s", level_names[level]);
        append_time(line);
    }
    if (session != NULL)
        g_string_append_printf(line, " session=%" G_GUINT64_FORMAT " rip=%s",
                               pop4_session_get_id(session), pop4_session_get_peer(session));

    va_list pairs;
    va_start(pairs, event);
    append_pairs(line, pairs);
    va_end(pairs);
    send_line(level, event, line);
}

static const char *
find_field(const GLogField *fields, gsize count, const char *key)
{
    for (gsize i = 0; i < count; i++) {
        if (g_str_equal(fields[i].key, key) && fields[i].length < 0)
            return fields[i].value;
    }
    return NULL;
}

static GLogWriterOutput
write_glib_message(GLogLevelFlags flags, const GLogField *fields, gsize count, gpointer unused)
{
    Pop4LogLevel level = POP4_LOG_DEBUG;

    if (flags & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL))
        level = POP4_LOG_ERROR;
    else if (flags & G_LOG_LEVEL_WARNING)
        level = POP4_LOG_WARNING;
    else if (flags & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO))
        level = POP4_LOG_INFO;

    pop4_log(NULL, level, "library", "domain", find_field(fields, count, "GLIB_DOMAIN"), "text",
             find_field(fields, count, "MESSAGE"), NULL);
    return G_LOG_WRITER_HANDLED;
}

void
log_init(void)
{
    to_journal = g_log_writer_is_journald(STDERR_FILENO);
    g_log_set_writer_func(write_glib_message, NULL, NULL);
}
