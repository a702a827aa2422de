/* What a client can do to the thread that reads from it under TLS. */
/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "tls.h"

#include <glib/gstdio.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MESSAGES 100

typedef struct {
    char *dir;
    TlsContext *context;
    int ends[2];
    Tls *server;
    SSL_CTX *client_context;
    SSL *client;
} Pair;

static void
make_certificate(const Pair *pair)
{
    g_autofree char *command = g_strdup_printf(
        "sh -c \"cd '%s' && umask 077 && exec openssl req -x509 -newkey ec -pkeyopt "
        "ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -keyout key -out "
        "certificate 2>/dev/null\"",
        pair->dir);
    int status;

    g_assert_true(g_spawn_command_line_sync(command, NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

static TlsContext *
load_context(const Pair *pair)
{
    g_autofree char *certificate = g_build_filename(pair->dir, "certificate", NULL);
    g_autofree char *key = g_build_filename(pair->dir, "key", NULL);
    TlsSettings tls = {.group = (char *)"tls", .certificate = certificate, .key = key};
    g_autoptr(GPtrArray) groups = g_ptr_array_new();
    Settings settings = {.tls = groups};
    g_autoptr(Faults) faults = faults_new();

    g_ptr_array_add(groups, &tls);
    TlsContext *context = tls_context_new(&settings, faults);
    g_assert_nonnull(context);
    return context;
}

static void
shake_hands(const Pair *pair)
{
    gboolean client_done = FALSE, server_done = FALSE, wants_write;

    for (int turn = 0; turn < 100 && !(client_done && server_done); turn++) {
        client_done = client_done || SSL_do_handshake(pair->client) == 1;
        server_done = server_done || tls_handshake(pair->server, &wants_write) == IO_DONE;
    }
    g_assert_true(client_done && server_done);
}

static void
set_up(Pair *pair, gconstpointer unused)
{
    pair->dir = g_dir_make_tmp("pop4d-XXXXXX", NULL);
    make_certificate(pair);
    pair->context = load_context(pair);
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair->ends), ==, 0);
    pair->server = tls_new(pair->context, pair->ends[0]);
    pair->client_context = SSL_CTX_new(TLS_client_method());
    pair->client = SSL_new(pair->client_context);
    SSL_set_fd(pair->client, pair->ends[1]);
    SSL_set_connect_state(pair->client);
    shake_hands(pair);
}

static void
tear_down(Pair *pair, gconstpointer unused)
{
    static const char *const files[] = {"certificate", "key"};

    SSL_free(pair->client);
    SSL_CTX_free(pair->client_context);
    tls_free(pair->server);
    tls_context_unref(pair->context);
    close(pair->ends[0]);
    close(pair->ends[1]);
    for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(pair->dir, files[i], NULL);
        g_unlink(path);
    }
    g_rmdir(pair->dir);
    g_free(pair->dir);
}

/* A client that changes its keys without end must not keep the thread from the others. */
static void
test_key_updates(Pair *pair, gconstpointer unused)
{
    char octets[64];
    gsize done;
    int calls = 1;

    g_assert_cmpint(SSL_version(pair->client), ==, TLS1_3_VERSION);
    for (int i = 0; i < MESSAGES; i++) {
        g_assert_cmpint(SSL_key_update(pair->client, SSL_KEY_UPDATE_NOT_REQUESTED), ==, 1);
        g_assert_cmpint(SSL_do_handshake(pair->client), ==, 1);
    }
    g_assert_cmpint(SSL_write(pair->client, "NOOP\r\n", 6), ==, 6);

    while (tls_read(pair->server, octets, sizeof octets, &done) == IO_BLOCKED)
        g_assert_cmpint(calls++, <=, MESSAGES);
    g_assert_cmpmem(octets, done, "NOOP\r\n", 6);
    g_assert_cmpint(calls, >, MESSAGES / 2);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/tls/key-updates", Pair, NULL, set_up, test_key_updates, tear_down);
    return g_test_run();
}
