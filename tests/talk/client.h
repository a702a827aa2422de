/* One connection of a transcript. */
/* SPDX-License-Identifier: MIT */

#pragma once

#include <glib.h>

typedef struct TalkClient TalkClient;

/* Ends the test when it cannot connect, or nothing comes for 60 s. */
TalkClient *talk_client_new(const char *host, guint16 port);

/* A TLS handshake; the server's certificate is not checked. Ends the test when it fails. */
void talk_client_start_tls(TalkClient *client);
void talk_client_send(TalkClient *client, const char *octets, gsize length);

/* (transfer full) (nullable): without CRLF, NULL at the end; a line must end in CRLF. */
char *talk_client_read_line(TalkClient *client);
void talk_client_free(gpointer client);
