/* One POP3 connection that goes through a script of commands and checks each reply. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

#include "plan.h"
#include "reply-reader.h"

typedef struct Client Client;

/* One command and its reply. */
typedef struct {
    const char *name;
    gboolean multiline;
    gboolean closes; /* the server ends the connection after its reply */
    /* Appends the command; NULL where the server speaks first. */
    void (*write)(Client *client, GString *out);
    /* May refuse a reply that is well-formed; NULL when +OK is enough. */
    gboolean (*check)(Client *client, const ReplyReader *reply, GError **error);
} Step;

struct Client {
    const Plan *plan;
    guint index;
    int fd;
    int epoll;
    guint user;
    guint64 random;
    guint messages;    /* from STAT */
    guint64 size;      /* from LIST, 0 when unknown */
    guint64 bytes;     /* received */
    guint64 started;   /* of this script, by latency_now() */
    gsize sent;        /* how much of out the socket took */
    GString *out;      /* NULL unless the socket is full */
    ReplyReader reply; /* to the step at position */
    const Step *const *script;
    guint length;
    guint position; /* counts on over the rounds */
    guint rounds;
    gboolean ending; /* only the end of the stream is still to come */
};

void client_init(Client *client, const Plan *plan, guint index, int epoll);
void client_clear(Client *client);

/* Begins a script (NULL-terminated), after connecting if there is no connection; with more
 * than one round the commands of all are sent at once. */
gboolean client_start(Client *client, const Step *const *script, guint rounds, GError **error);

/* To be called when the socket is ready. The buffer is only scratch space. */
gboolean client_receive(Client *client, char *buffer, gsize size, gboolean *done_out,
                        GError **error);
gboolean client_flush(Client *client, GError **error);

/* The step whose reply has not come yet, for messages. */
const char *client_get_step_name(const Client *client);

/* From 0 to below the limit; the same at each run with the same seed. */
guint client_get_random(Client *client, guint limit);
