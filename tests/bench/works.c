/* SPDX-License-Identifier: MIT */

#include "works.h"

#include <stdio.h>
#include <string.h>

#include "load-error.h"

static void
write_user(Client *client, GString *out)
{
    g_string_append_printf(out, "USER %s%u\r\n", client->plan->prefix, client->user);
}

static void
write_pass(Client *client, GString *out)
{
    g_string_append_printf(out, "PASS %s\r\n", client->plan->password);
}

static void
write_stat(Client *client, GString *out)
{
    g_string_append(out, "STAT\r\n");
}

static gboolean
check_stat(Client *client, const ReplyReader *reply, GError **error)
{
    client->messages = (guint)reply_reader_get_number(reply);
    if (client->messages > 0)
        return TRUE;
    g_set_error_literal(error, LOAD_ERROR, LOAD_ERROR_REPLY, "the mailbox is empty");
    return FALSE;
}

static void
write_uidl(Client *client, GString *out)
{
    g_string_append(out, "UIDL\r\n");
}

static gboolean
check_uidl(Client *client, const ReplyReader *reply, GError **error)
{
    if (reply->lines == client->messages)
        return TRUE;
    g_set_error(error, LOAD_ERROR, LOAD_ERROR_REPLY,
                "%" G_GUINT64_FORMAT " lines for %u messages", reply->lines, client->messages);
    return FALSE;
}

static void
write_list_message(Client *client, GString *out)
{
    g_string_append_printf(out, "LIST %u\r\n", client->plan->message);
}

static gboolean
check_list_message(Client *client, const ReplyReader *reply, GError **error)
{
    unsigned long long number, size;

    if (sscanf(reply->status, "+OK %llu %llu", &number, &size) != 2 ||
        number != client->plan->message) {
        g_set_error(error, LOAD_ERROR, LOAD_ERROR_REPLY, "no size in \"%s\"", reply->status);
        return FALSE;
    }
    client->size = size;
    return TRUE;
}

static void
write_retr_message(Client *client, GString *out)
{
    g_string_append_printf(out, "RETR %u\r\n", client->plan->message);
}

static void
write_retr_any(Client *client, GString *out)
{
    g_string_append_printf(out, "RETR %u\r\n", 1 + client_get_random(client, client->messages));
}

/* Most servers announce the size in the reply; LIST said it anyway if it was asked. */
static gboolean
check_retr(Client *client, const ReplyReader *reply, GError **error)
{
    guint64 size = client->size;

    if (size == 0 && strstr(reply->status, " octets") != NULL)
        size = reply_reader_get_number(reply);
    if (size == 0 || size == reply->octets)
        return TRUE;
    g_set_error(error, LOAD_ERROR, LOAD_ERROR_REPLY,
                "%" G_GUINT64_FORMAT " octets announced, %" G_GUINT64_FORMAT " received", size,
                reply->octets);
    return FALSE;
}

static void
write_noop(Client *client, GString *out)
{
    g_string_append(out, "NOOP\r\n");
}

static void
write_quit(Client *client, GString *out)
{
    g_string_append(out, "QUIT\r\n");
}

static const Step step_greeting = {.name = "the greeting"};
static const Step step_user = {.name = "USER", .write = write_user};
static const Step step_pass = {.name = "PASS", .write = write_pass};
static const Step step_stat = {.name = "STAT", .write = write_stat, .check = check_stat};
static const Step step_uidl = {
    .name = "UIDL", .multiline = TRUE, .write = write_uidl, .check = check_uidl};
static const Step step_list_message = {
    .name = "LIST", .write = write_list_message, .check = check_list_message};
static const Step step_retr_message = {
    .name = "RETR", .multiline = TRUE, .write = write_retr_message, .check = check_retr};
static const Step step_retr_any = {
    .name = "RETR", .multiline = TRUE, .write = write_retr_any, .check = check_retr};
static const Step step_noop = {.name = "NOOP", .write = write_noop};
static const Step step_quit = {.name = "QUIT", .closes = TRUE, .write = write_quit};

static const Work works[] = {
    {
        .name = "session",
        .summary = "connect, USER, PASS, STAT, UIDL, RETR, RETR, QUIT",
        .loop = {&step_greeting, &step_user, &step_pass, &step_stat, &step_uidl, &step_retr_any,
                 &step_retr_any, &step_quit},
        .logs_in = TRUE,
    },
    {
        .name = "noop",
        .summary = "log in once, then NOOP",
        .open = {&step_greeting, &step_user, &step_pass},
        .loop = {&step_noop},
        .close = {&step_quit},
        .logs_in = TRUE,
    },
    {
        .name = "retr",
        .summary = "log in once, then RETR of one message",
        .open = {&step_greeting, &step_user, &step_pass, &step_list_message},
        .loop = {&step_retr_message},
        .close = {&step_quit},
        .logs_in = TRUE,
    },
    {
        .name = "idle",
        .summary = "log in and hold the session",
        .open = {&step_greeting, &step_user, &step_pass},
        .close = {&step_quit},
        .logs_in = TRUE,
    },
    {
        .name = "connect",
        .summary = "read the greeting and hold the connection",
        .open = {&step_greeting},
        .close = {&step_quit},
    },
    {.name = NULL},
};

const Work *
work_get_all(void)
{
    return works;
}

const Work *
work_find(const char *name)
{
    for (const Work *work = works; work->name != NULL; work++) {
        if (strcmp(work->name, name) == 0)
            return work;
    }
    return NULL;
}

gboolean
work_reconnects(const Work *work)
{
    return work->loop[0] != NULL && work->open[0] == NULL;
}

gboolean
work_holds(const Work *work)
{
    return work->loop[0] == NULL;
}
