/*
 * Logs in to a POP3 server by any mechanism of libsasl2, with TLS and channel binding, and
 * tells the dialogue. Exit status: 0 logged in, 1 refused, 2 neither, with the reason on
 * standard error.
 */
/* SPDX-License-Identifier: MIT */

#include "exchange.h"

#include <stdio.h>

static WireOptions wire_options = {.host = "127.0.0.1"};
static ExchangeOptions exchange_options = {.user = "", .password = ""};
static char *tls;
static char **commands;

/* What may hold UTF-8 is of the kind FILENAME, which is taken as it is in every locale. */
static const GOptionEntry entries[] = {
    {"host", 0, 0, G_OPTION_ARG_STRING, &wire_options.host, "", NULL},
    {"port", 0, 0, G_OPTION_ARG_INT, &wire_options.port, "", NULL},
    {"tls", 0, 0, G_OPTION_ARG_STRING, &tls, "implicit or starttls", NULL},
    {"ca", 0, 0, G_OPTION_ARG_STRING, &wire_options.ca, "whose certificates are good", NULL},
    {"certificate", 0, 0, G_OPTION_ARG_STRING, &wire_options.certificate, "the client's", NULL},
    {"key", 0, 0, G_OPTION_ARG_STRING, &wire_options.key, "of that", NULL},
    {"alpn", 0, 0, G_OPTION_ARG_STRING, &wire_options.alpn, "the protocol to ask for", NULL},
    {"server-name", 0, 0, G_OPTION_ARG_STRING, &wire_options.server_name, "", NULL},
    {"old-tls", 0, 0, G_OPTION_ARG_NONE, &wire_options.tls_1_2, "1.2, no newer one", NULL},
    {"mechanism", 0, 0, G_OPTION_ARG_STRING, &exchange_options.mechanism, "", NULL},
    {"user", 0, 0, G_OPTION_ARG_FILENAME, &exchange_options.user, "", NULL},
    {"password", 0, 0, G_OPTION_ARG_FILENAME, &exchange_options.password, "", NULL},
    {"act-for", 0, 0, G_OPTION_ARG_FILENAME, &exchange_options.acts_for, "an authzid", NULL},
    {"binding", 0, 0, G_OPTION_ARG_STRING, &exchange_options.binding, "its type", NULL},
    {"corrupt-binding", 0, 0, G_OPTION_ARG_NONE, &exchange_options.corrupt_binding,
     "bind to another connection", NULL},
    {"claim-no-plus", 0, 0, G_OPTION_ARG_NONE, &exchange_options.claims_no_plus,
     "say that the server has no -PLUS", NULL},
    {"first-message", 0, 0, G_OPTION_ARG_STRING, &exchange_options.first_message,
     "base64 to send first", NULL},
    {"no-initial-response", 0, 0, G_OPTION_ARG_NONE, &exchange_options.keeps_silent, "", NULL},
    {"cancel", 0, 0, G_OPTION_ARG_INT, &exchange_options.cancel, "at that challenge", NULL},
    {"command", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &commands, "one line, behind the login",
     NULL},
    {NULL},
};

static gboolean
is_tls(const char *kind)
{
    return g_strcmp0(tls, kind) == 0;
}

/* Up to the point where AUTH is possible. */
static void
arrive(Wire *wire)
{
    if (is_tls("implicit"))
        wire_start_tls(wire, &wire_options);
    g_autofree char *greeting = wire_receive(wire);
    if (!g_str_has_prefix(greeting, "+OK"))
        trouble("no greeting");
    if (!is_tls("starttls"))
        return;
    wire_send(wire, "STLS");
    g_autofree char *reply = wire_receive(wire);
    if (!g_str_has_prefix(reply, "+OK"))
        trouble("no STLS");
    wire_start_tls(wire, &wire_options);
}

int
main(int argc, char **argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) error = NULL;

    setvbuf(stdout, NULL, _IOLBF, 0);
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error))
        trouble("%s", error->message);
    Wire *wire = wire_new(&wire_options);
    arrive(wire);
    gboolean good = exchange_options.mechanism == NULL || exchange_run(wire, &exchange_options);
    for (guint i = 0; good && commands != NULL && commands[i] != NULL; i++) {
        wire_send(wire, commands[i]);
        g_free(wire_receive(wire));
    }
    wire_free(wire);
    return good ? 0 : 1;
}
