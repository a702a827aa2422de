/* A pop4d of one's own for a transcript: a temporary folder, a configuration, a process. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct {
    char *dir; /* for the whole transcript */
    GString *plugins;
    GString *conf; /* further lines */
    GString *listener; /* further lines of its group */
    GPid pid;
    int log; /* the server's standard error */
    GString *unread;
    GString *history; /* the whole log, told when a test fails */
    guint16 port;
} TalkServer;

TalkServer *talk_server_new(void);
void talk_server_start(TalkServer *server);

/* Writes the configuration anew and has the server read it. */
void talk_server_reload(TalkServer *server);

/* Reads the log up to a line that matches; ends the test when none comes in 60 s. (transfer
 * full) */
char *talk_server_wait_log(TalkServer *server, const char *pattern);

/* (transfer none): all that the server has logged so far, for a test that fails. */
const char *talk_server_get_log(TalkServer *server);

/* Ends the server, checks that it ends well, removes the folder. */
void talk_server_free(TalkServer *server);
