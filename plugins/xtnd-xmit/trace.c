/* SPDX-License-Identifier: MIT */

#include "trace.h"

#include <pop4/identity.h>
#include <pop4/server.h>
#include <pop4/tls.h>
#include <string.h>

static void
append_date(GString *head)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();

    g_string_append_printf(
        head, "%s, %d %s %d %02d:%02d:%02d +0000\r\n",
        days[g_date_time_get_day_of_week(now) - 1], g_date_time_get_day_of_month(now),
        months[g_date_time_get_month(now) - 1], g_date_time_get_year(now),
        g_date_time_get_hour(now), g_date_time_get_minute(now), g_date_time_get_second(now));
}

/* What may stand in a comment (RFC 5322, section 3.2.2). */
static void
append_comment(GString *head, const char *text)
{
    for (; *text != '\0'; text++)
        g_string_append_c(head, g_ascii_isgraph(*text) && strchr("()\\", *text) == NULL ? *text
                                                                                        : '?');
}

static void
append_received(GString *head, const Pop4Session *session)
{
    const char *peer = pop4_session_get_peer(session);
    const char *version = pop4_session_get_tls_version(session);

    g_string_append_printf(head, "Received: from [%s%s] (login ",
                           strchr(peer, ':') != NULL ? "IPv6:" : "", peer);
    append_comment(head, pop4_identity_get_login(pop4_session_get_identity(session)));
    g_string_append_printf(head, ")\r\n\tby %s with %s", pop4_server_get_hostname(),
                           version != NULL ? "POP3S" : "POP3");
    if (version != NULL)
        g_string_append_printf(head, "\r\n\t(%s, cipher %s)", version,
                               pop4_session_get_tls_cipher(session));
    g_string_append_printf(
        head, "\r\n\tid %" G_GINT64_MODIFIER "x.%" G_GINT64_MODIFIER "x;\r\n\t",
        pop4_session_get_id(session), pop4_session_get_command_number(session));
    append_date(head);
}

GString *
trace_make(const Pop4Session *session, const Message *message, const char *sender)
{
    GString *head = g_string_new(NULL);

    append_received(head, session);
    if (sender != NULL)
        g_string_append_printf(head, "%sSender: %s\r\n", message->is_resent ? "Resent-" : "",
                               sender);
    if (!message->has_date) {
        g_string_append(head, "Date: ");
        append_date(head);
    }
    if (message->message_id == NULL) {
        g_autofree char *id = g_uuid_string_random();
        g_string_append_printf(head, "Message-ID: <%s@%s>\r\n", id, pop4_server_get_hostname());
    }
    return head;
}
