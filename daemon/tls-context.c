/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "tls-context.h"

#include "tls-tickets.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <pop4/log.h>
#include <string.h>
#include <sys/stat.h>

/* TLS 1.2 with forward secrecy and authenticated encryption; 1.3 has nothing else. */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* "pop3" as ALPN spells it (RFC 7301; IANA's registry). */
static const guchar protocol[] = "\x04pop3";

typedef struct {
    char *name; /* of the group; "*.domain" for any one label in front of it */
    SSL_CTX *ctx;
} NamedContext;

struct TlsContext {
    gint references; /* atomic */
    SSL_CTX *ctx;
    GPtrArray *named;
};

void
tls_context_init_library(void)
{
    OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL);
}

/* The oldest is the cause, the others say who has passed it on. */
static const char *
first_error(void)
{
    unsigned long code = ERR_peek_error();
    const char *reason = ERR_GET_LIB(code) == ERR_LIB_SYS ? strerror(ERR_GET_REASON(code))
                                                          : ERR_reason_error_string(code);

    return reason != NULL ? reason : "unknown error";
}

/* Never a question on the terminal. */
static int
refuse_passphrase(char *buffer, int size, int writing, void *data)
{
    return -1;
}

static int
choose_protocol(SSL *ssl, const unsigned char **out, unsigned char *out_length,
                const unsigned char *in, unsigned int in_length, void *data)
{
    unsigned char *chosen;

    /* A client that speaks another protocol was led here by somebody (ALPACA). */
    if (SSL_select_next_proto(&chosen, out_length, protocol, sizeof protocol - 1, in,
                              in_length) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static gboolean
is_named(const char *pattern, const char *name)
{
    if (g_str_has_prefix(pattern, "*.")) {
        const char *dot = strchr(name, '.');
        return dot != NULL && dot != name && g_ascii_strcasecmp(dot, pattern + 1) == 0;
    }
    return g_ascii_strcasecmp(pattern, name) == 0;
}

/* An unknown name gets the default certificate: many clients connect by another one. */
static int
choose_certificate(SSL *ssl, int *alert, void *data)
{
    const TlsContext *context = data;
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);

    for (guint i = 0; name != NULL && i < context->named->len; i++) {
        const NamedContext *named = g_ptr_array_index(context->named, i);
        if (is_named(named->name, name)) {
            SSL_set_SSL_CTX(ssl, named->ctx);
            break;
        }
    }
    return SSL_TLSEXT_ERR_OK;
}

static gboolean
check_key_mode(const char *path, GError **error)
{
    struct stat info;

    if (stat(path, &info) < 0 || !S_ISREG(info.st_mode) || (info.st_mode & S_IRWXO) == 0)
        return TRUE; /* what else is wrong with it, loading tells */
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM, "others may read or change it");
    return FALSE;
}

static void
warn_of_expiry(const SSL_CTX *ctx, const char *path)
{
    const X509 *certificate = SSL_CTX_get0_certificate(ctx);

    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        pop4_log(NULL, POP4_LOG_WARNING, "certificate-expired", "file", path, NULL);
}

typedef struct {
    const Settings *settings;
    const TlsSettings *tls;
    Faults *faults;
} Loading;

static void
fault(const Loading *loading, const char *key, const char *path, const char *reason)
{
    setting_file_fault(loading->settings->file, loading->faults, loading->tls->group, key,
                       "%s: %s", path, reason);
}

/* FALSE with faults. */
static gboolean
load_pair(const Loading *loading, SSL_CTX *ctx)
{
    const TlsSettings *tls = loading->tls;
    g_autoptr(GError) error = NULL;

    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(ctx, tls->certificate) != 1) {
        fault(loading, "certificate", tls->certificate, first_error());
        return FALSE;
    }
    if (!check_key_mode(tls->key, &error)) {
        fault(loading, "key", tls->key, error->message);
        return FALSE;
    }
    if (SSL_CTX_use_PrivateKey_file(ctx, tls->key, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(ctx) != 1) {
        fault(loading, "key", tls->key, first_error());
        return FALSE;
    }
    warn_of_expiry(ctx, tls->certificate);
    return TRUE;
}

static gboolean
load_revocations(const Loading *loading, SSL_CTX *ctx)
{
    const char *path = loading->tls->client_crl;
    X509_STORE *store = SSL_CTX_get_cert_store(ctx);

    if (path == NULL)
        return TRUE;
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    if (lookup == NULL || X509_load_crl_file(lookup, path, X509_FILETYPE_PEM) < 1) {
        fault(loading, "client-crl", path, first_error());
        return FALSE;
    }
    X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
    return TRUE;
}

static gboolean
load_client_rules(const Loading *loading, SSL_CTX *ctx)
{
    const TlsSettings *tls = loading->tls;
    int mode = SSL_VERIFY_PEER;

    if (tls->verify_client == TLS_VERIFY_NONE)
        return TRUE;
    ERR_clear_error();
    if (SSL_CTX_load_verify_file(ctx, tls->client_ca) != 1) {
        fault(loading, "client-ca", tls->client_ca, first_error());
        return FALSE;
    }
    SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(tls->client_ca));
    if (tls->verify_client == TLS_VERIFY_REQUIRE)
        mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    SSL_CTX_set_verify(ctx, mode, NULL);
    /* A ticket would bring back a client without asking the authority and its revocations. */
    SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(ctx, 0);
    return load_revocations(loading, ctx);
}

static gboolean
set_rules(const Loading *loading, SSL_CTX *ctx)
{
    const TlsSettings *tls = loading->tls;
    const char *ciphers = tls->ciphers != NULL ? tls->ciphers : CIPHERS;

    ERR_clear_error();
    SSL_CTX_set_min_proto_version(ctx, tls->min_version == TLS_MIN_1_3 ? TLS1_3_VERSION
                                                                       : TLS1_2_VERSION);
    /* Plaintext is cleansed once it is ours: it may be a password. */
    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA |
                                 SSL_OP_CLEANSE_PLAINTEXT);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    /* One read takes one record: else a client that only changes its keys (RFC 8446, section
     * 4.6.3), faster than they are computed, would never let go of the thread. */
    SSL_CTX_clear_mode(ctx, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_session_id_context(ctx, protocol, sizeof protocol - 1);
    SSL_CTX_set_default_passwd_cb(ctx, refuse_passphrase);
    SSL_CTX_set_alpn_select_cb(ctx, choose_protocol, NULL);
    tls_tickets_use(ctx);
    if (SSL_CTX_set_cipher_list(ctx, ciphers) != 1) {
        fault(loading, "ciphers", ciphers, first_error());
        return FALSE;
    }
    return load_client_rules(loading, ctx);
}

/* The rules are those of [tls]; a [tls NAME] group brings but a pair. */
static SSL_CTX *
load(const Settings *settings, const TlsSettings *pair, Faults *faults)
{
    const Loading rules = {settings, settings_get_tls(settings), faults};
    const Loading loading = {settings, pair, faults};

    /* What is not set has been told. */
    if (pair->certificate == NULL || pair->key == NULL ||
        (rules.tls->verify_client != TLS_VERIFY_NONE && rules.tls->client_ca == NULL))
        return NULL;
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

    if (set_rules(&rules, ctx) && load_pair(&loading, ctx))
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}

static void
named_context_free(gpointer data)
{
    NamedContext *named = data;

    SSL_CTX_free(named->ctx);
    g_free(named->name);
    g_free(named);
}

static void
load_named(TlsContext *context, const Settings *settings, Faults *faults)
{
    for (guint i = 0; i < settings->tls->len; i++) {
        const TlsSettings *tls = g_ptr_array_index(settings->tls, i);
        const char *name = settings_group_name(tls->group, "tls");
        SSL_CTX *ctx = name != NULL ? load(settings, tls, faults) : NULL;
        if (ctx == NULL)
            continue;
        NamedContext *named = g_new(NamedContext, 1);
        *named = (NamedContext){g_strdup(name), ctx};
        g_ptr_array_add(context->named, named);
    }
}

TlsContext *
tls_context_new(const Settings *settings, Faults *faults)
{
    guint before = faults_count(faults);

    if (settings_get_tls(settings) == NULL)
        return NULL;
    g_autoptr(TlsContext) context = g_new0(TlsContext, 1);
    context->references = 1;
    context->named = g_ptr_array_new_with_free_func(named_context_free);
    context->ctx = load(settings, settings_get_tls(settings), faults);
    load_named(context, settings, faults);
    if (context->ctx == NULL || faults_count(faults) != before)
        return NULL;
    SSL_CTX_set_tlsext_servername_callback(context->ctx, choose_certificate);
    SSL_CTX_set_tlsext_servername_arg(context->ctx, context);
    return g_steal_pointer(&context);
}

TlsContext *
tls_context_ref(TlsContext *context)
{
    g_atomic_int_inc(&context->references);
    return context;
}

void
tls_context_unref(TlsContext *context)
{
    if (!g_atomic_int_dec_and_test(&context->references))
        return;
    g_ptr_array_unref(context->named);
    SSL_CTX_free(context->ctx);
    g_free(context);
}

SSL_CTX *
tls_context_get(const TlsContext *context)
{
    return context->ctx;
}
