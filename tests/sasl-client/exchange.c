/* SPDX-License-Identifier: MIT */

#include "exchange.h"

#include <sasl/sasl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With CRLF (RFC 5034, section 4). */
#define LINE_MAX_OCTETS 255

typedef struct {
    const ExchangeOptions *options;
    sasl_secret_t *secret;
    GBytes *binding_octets;
    sasl_channel_binding_t binding;
    sasl_conn_t *connection;
    gboolean complete; /* for libsasl2: the server has proved what it has to prove */
} Exchange;

static int
get_simple(void *context, int id, const char **result, unsigned *length)
{
    const Exchange *exchange = context;
    const ExchangeOptions *options = exchange->options;

    *result = id == SASL_CB_USER && options->acts_for != NULL ? options->acts_for
              : id == SASL_CB_USER                            ? ""
                                                              : options->user;
    if (length != NULL)
        *length = (unsigned)strlen(*result);
    return SASL_OK;
}

static int
get_secret(sasl_conn_t *connection, void *context, int id, sasl_secret_t **secret)
{
    const Exchange *exchange = context;

    *secret = exchange->secret;
    return SASL_OK;
}

static void
bind_channel(Exchange *exchange, const Wire *wire)
{
    const ExchangeOptions *options = exchange->options;
    gsize length;

    if (options->binding == NULL && !options->claims_no_plus)
        return;
    const char *type = options->binding != NULL ? options->binding : "tls-exporter";
    exchange->binding_octets = options->corrupt_binding
                                   ? g_bytes_new("another connection's, of 32 b", 29)
                                   : wire_binding(wire, type);
    const guchar *octets = g_bytes_get_data(exchange->binding_octets, &length);
    exchange->binding = (sasl_channel_binding_t){
        .name = type, .critical = !options->claims_no_plus, .len = length, .data = octets};
    sasl_setprop(exchange->connection, SASL_CHANNEL_BINDING, &exchange->binding);
}

static char *
encode(const char *octets, unsigned length)
{
    return g_base64_encode((const guchar *)octets, length);
}

static void
check(Exchange *exchange, int result)
{
    if (result != SASL_OK && result != SASL_CONTINUE)
        trouble("libsasl2: %s", sasl_errdetail(exchange->connection));
    exchange->complete = result == SASL_OK;
}

static guchar *
decode(const char *challenge, gsize *length_out)
{
    g_autofree guchar *octets = g_base64_decode(challenge, length_out);
    g_autofree char *again = g_base64_encode(octets, *length_out);

    /* GLib leaves out what is not base64. */
    if (!g_str_equal(again, challenge))
        trouble("a challenge that is not base64");
    return g_steal_pointer(&octets);
}

/* What libsasl2 answers; @challenge: without its "+ ". */
static char *
answer(Exchange *exchange, const char *challenge)
{
    gsize length;
    g_autofree guchar *octets = decode(challenge, &length);
    const char *out = NULL;
    unsigned out_length = 0;

    check(exchange, sasl_client_step(exchange->connection, (const char *)octets,
                                     (unsigned)length, NULL, &out, &out_length));
    return encode(out, out_length);
}

/* The command, with the initial response where it goes into the line. (transfer full)
 * (nullable): what did not. */
static char *
begin(Exchange *exchange, Wire *wire)
{
    const ExchangeOptions *options = exchange->options;
    const char *out = NULL, *chosen = NULL;
    unsigned length = 0;

    /* libsasl2 says "y" only where it could choose: from two names, of which it knows one. */
    g_autofree char *names =
        g_strconcat(options->mechanism, options->claims_no_plus ? " UNKNOWN" : "", NULL);
    check(exchange,
          sasl_client_start(exchange->connection, names, NULL, &out, &length, &chosen));
    g_autofree char *first = options->first_message != NULL ? g_strdup(options->first_message)
                             : out != NULL                  ? encode(out, length)
                                                            : NULL;
    g_autofree char *line = g_strdup_printf("AUTH %s %s", options->mechanism,
                                            first == NULL      ? ""
                                            : first[0] != '\0' ? first
                                                               : "=");
    g_strchomp(line);
    if (first == NULL || (!options->keeps_silent && strlen(line) + 2 <= LINE_MAX_OCTETS)) {
        wire_send(wire, line);
        return NULL;
    }
    g_autofree char *bare = g_strdup_printf("AUTH %s", options->mechanism);
    wire_send(wire, bare);
    return g_steal_pointer(&first);
}

static gboolean
is_let_in(const Exchange *exchange, const char *reply)
{
    if (g_str_has_prefix(reply, "-ERR"))
        return FALSE;
    if (!g_str_has_prefix(reply, "+OK"))
        trouble("neither a challenge nor a reply");
    /* Of a first message that is not its own libsasl2 knows nothing. */
    if (!exchange->complete && exchange->options->first_message == NULL)
        trouble("let in before the exchange has ended");
    return TRUE;
}

static gboolean
proceed(Exchange *exchange, Wire *wire)
{
    g_autofree char *left = begin(exchange, wire);

    for (int challenges = 1;; challenges++) {
        g_autofree char *line = wire_receive(wire);
        if (!g_str_has_prefix(line, "+ "))
            return is_let_in(exchange, line);
        g_autofree char *reply = left != NULL ? g_steal_pointer(&left)
                                 : exchange->options->cancel == challenges
                                     ? NULL
                                     : answer(exchange, line + 2);
        wire_send(wire, exchange->options->cancel == challenges ? "*" : reply);
    }
}

gboolean
exchange_run(Wire *wire, const ExchangeOptions *options)
{
    Exchange exchange = {.options = options};
    gsize length = strlen(options->password);
    const sasl_callback_t callbacks[] = {
        {SASL_CB_USER, (int (*)(void))(void (*)(void))get_simple, &exchange},
        {SASL_CB_AUTHNAME, (int (*)(void))(void (*)(void))get_simple, &exchange},
        {SASL_CB_PASS, (int (*)(void))(void (*)(void))get_secret, &exchange},
        {SASL_CB_LIST_END, NULL, NULL},
    };
    const sasl_security_properties_t security = {.max_ssf = 0};

    exchange.secret = g_malloc0(sizeof *exchange.secret + length + 1);
    exchange.secret->len = length;
    memcpy(exchange.secret->data, options->password, length);
    if (sasl_client_init(NULL) != SASL_OK ||
        sasl_client_new("pop", "localhost", NULL, NULL, callbacks, 0, &exchange.connection) !=
            SASL_OK)
        trouble("libsasl2 does not come up");
    sasl_setprop(exchange.connection, SASL_SEC_PROPS, &security);
    sasl_setprop(exchange.connection, SASL_AUTH_EXTERNAL, options->user);
    bind_channel(&exchange, wire);
    gboolean good = proceed(&exchange, wire);
    sasl_dispose(&exchange.connection);
    g_clear_pointer(&exchange.binding_octets, g_bytes_unref);
    g_free(exchange.secret);
    return good;
}
