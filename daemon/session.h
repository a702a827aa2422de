/* One client's conversation: its state, its plugins' data and its output. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include "connection.h"
#include "extension-set.h"
#include "line-reader.h"
#include "output.h"
#include "worker.h"

#include <pop4/command.h>
#include <pop4/reply.h>
#include <pop4/session.h>
#include <pop4/suspend.h>

typedef struct Server Server;
typedef struct Continuation Continuation;
typedef struct Reception Reception;
typedef struct SessionData SessionData;

typedef enum {
    CLOSE_NOT,
    CLOSE_QUIT,
    CLOSE_REQUESTED, /* by a plugin */
    CLOSE_REFUSED,   /* instead of a greeting */
    CLOSE_BY_CLIENT,
    CLOSE_BROKEN, /* a reply could not be finished */
    CLOSE_BAD_COMMANDS,
    CLOSE_TLS,         /* no handshake */
    CLOSE_LOGIN_LIMIT, /* too much before login */
    CLOSE_CROWDED,     /* for a newer one */
    CLOSE_LOGIN_TIMEOUT,
    CLOSE_IDLE_TIMEOUT,
    CLOSE_WRITE_TIMEOUT,
    CLOSE_DRAIN,
} CloseReason;

/* What comes next. */
typedef enum {
    STAGE_PROXY,     /* the PROXY header */
    STAGE_CONNECTED, /* the plugins' word */
    STAGE_HANDSHAKE,
    STAGE_GREETING,
    STAGE_COMMANDS,
} Stage;

/* The worker that runs the session owns it, but for the atomic members. */
struct Pop4Session {
    EventSource event; /* first: the pool hands it back */

    /* The session list's, under its lock. */
    Pop4Session *next, *previous;
    gboolean is_member;

    /* Atomic: the sweep reads the first two, sets the third and resets the last. */
    gint deadline; /* seconds of the coarse clock; G_MAXINT while a worker runs the session */
    gint deadline_reason;
    gint doom; /* CloseReason */
    gint held; /* waits for hold_check() */

    guint64 id;
    Server *server;
    const ListenerSettings *listener; /* the server's */
    ExtensionSet *set;                /* pinned */
    Worker *worker;                   /* while it runs */
    Connection connection;
    gboolean watched; /* the pool knows the socket */
    Buffer input;     /* lent by the worker while it runs */
    LineReader reader;
    Output output;
    gsize send_budget; /* of this run, before the others get their turn */

    Stage stage;
    gboolean is_probe;      /* a proxy that asks whether we are there */
    gboolean came_by_tls;   /* to the proxy, as that says */
    gboolean has_connected; /* hooks have been told */
    gboolean greeted;
    gboolean starts_tls; /* behind the output */
    gint held_until;     /* seconds of the coarse clock; 0 = not at all */

    Pop4State state;
    CloseReason closing; /* behind the output */
    Pop4Identity *identity;
    Pop4Maildrop *maildrop;
    SessionData *data;

    /* The present command and what its handler asked for; at most one of the three. */
    const Pop4Command *command;
    Continuation *continuation;
    Reception *reception;
    Pop4Suspension *suspension;
    guint retrieving; /* the message whose body is on its way */
    guint64 retrieving_octets;

    guint64 command_number;
    guint bad_commands;
    guint replies;        /* of the present handler */
    gint login_end;       /* seconds of the coarse clock */
    guint64 login_octets; /* that may still come before login */
    guint login_commands; /* the same for commands */
    guint retrieved, deleted;
    guint64 octets_out;
    char peer[46]; /* INET6_ADDRSTRLEN */
};

/* Seconds since some start, cheap to read. */
gint session_clock(void);

/* @fd: (transfer full): connected, non-blocking. Pins the server's set. */
Pop4Session *session_new(Server *server, const ListenerSettings *listener, int fd,
                         const char *peer);

/* When the sweep is to end the session unless a worker takes it up before. */
void session_set_deadline(Pop4Session *session, gint when, CloseReason reason);

/* The same for one that waits until the client takes what is sent to it. */
void session_set_write_deadline(Pop4Session *session);

/* Gives the maildrop back, with all that may still use it; nothing can be read afterwards. */
void session_leave_maildrop(Pop4Session *session);

/* Ends the conversation: closes the maildrop and the socket, frees everything. */
void session_free(Pop4Session *session);

const char *close_reason_name(CloseReason reason);
