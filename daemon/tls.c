/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

struct Tls {
    SSL *ssl;
    const char *failure;
    gboolean broken; /* nothing more may be sent */
};

Tls *
tls_new(const TlsContext *context, int fd)
{
    SSL *ssl = SSL_new(tls_context_get(context));

    if (ssl == NULL || SSL_set_fd(ssl, fd) != 1) {
        SSL_free(ssl);
        return NULL;
    }
    Tls *tls = g_new0(Tls, 1);
    tls->ssl = ssl;
    SSL_set_accept_state(ssl);
    return tls;
}

void
tls_free(Tls *tls)
{
    SSL_free(tls->ssl);
    g_free(tls);
}

/* What a call that gave no octets means. */
static IoResult
judge(Tls *tls, int result)
{
    switch (SSL_get_error(tls->ssl, result)) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return IO_BLOCKED;
    case SSL_ERROR_ZERO_RETURN: /* close_notify: ours may still follow */
        return IO_ENDED;
    default:
        tls->broken = TRUE;
        return IO_ENDED;
    }
}

IoResult
tls_handshake(Tls *tls, gboolean *wants_write_out)
{
    ERR_clear_error();
    int result = SSL_do_handshake(tls->ssl);
    if (result == 1)
        return IO_DONE;

    *wants_write_out = SSL_want_write(tls->ssl);
    IoResult judged = judge(tls, result);
    if (judged == IO_ENDED) {
        const char *reason = ERR_reason_error_string(ERR_peek_last_error());
        tls->failure = reason != NULL ? reason : "the client has left";
        tls->broken = TRUE;
    }
    return judged;
}

IoResult
tls_read(Tls *tls, void *octets, gsize size, gsize *done_out)
{
    *done_out = 0;
    ERR_clear_error();
    int result = SSL_read_ex(tls->ssl, octets, size, done_out);
    return result == 1 ? IO_DONE : judge(tls, result);
}

IoResult
tls_write(Tls *tls, const void *octets, gsize size, gsize *done_out)
{
    *done_out = 0;
    ERR_clear_error();
    int result = SSL_write_ex(tls->ssl, octets, size, done_out);
    return result == 1 ? IO_DONE : judge(tls, result);
}

void
tls_end_thread(void)
{
    OPENSSL_thread_stop();
}

void
tls_end(Tls *tls)
{
    if (tls->broken || !SSL_is_init_finished(tls->ssl))
        return;
    ERR_clear_error();
    SSL_shutdown(tls->ssl);
}

const char *
tls_get_version(const Tls *tls)
{
    return SSL_get_version(tls->ssl);
}

const char *
tls_get_cipher(const Tls *tls)
{
    return SSL_get_cipher_name(tls->ssl);
}

const char *
tls_get_failure(const Tls *tls)
{
    return tls->failure;
}

/* RFC 9266: with TLS 1.2 only where the master secret covers the handshake. */
static GBytes *
bind_by_exporter(SSL *ssl)
{
    static const char label[] = "EXPORTER-Channel-Binding";
    guchar octets[32];

    if (SSL_version(ssl) < TLS1_3_VERSION && SSL_get_extms_support(ssl) != 1)
        return NULL;
    if (SSL_export_keying_material(ssl, octets, sizeof octets, label, sizeof label - 1,
                                   (const guchar *)"", 0, 1) != 1)
        return NULL;
    return g_bytes_new(octets, sizeof octets);
}

/* RFC 5929, section 3: the first Finished message. TLS 1.3 has no such thing. */
static GBytes *
bind_by_finished(SSL *ssl)
{
    guchar octets[EVP_MAX_MD_SIZE];

    if (SSL_version(ssl) >= TLS1_3_VERSION || SSL_get_extms_support(ssl) != 1)
        return NULL;
    gsize length = SSL_session_reused(ssl) ? SSL_get_finished(ssl, octets, sizeof octets)
                                           : SSL_get_peer_finished(ssl, octets, sizeof octets);
    return length > 0 && length <= sizeof octets ? g_bytes_new(octets, length) : NULL;
}

/* RFC 5929, section 4: the certificate's digest, by the function that signed it. */
static GBytes *
bind_by_certificate(SSL *ssl)
{
    X509 *certificate = SSL_get_certificate(ssl);
    guchar octets[EVP_MAX_MD_SIZE];
    unsigned length;
    int function;

    if (certificate == NULL ||
        X509_get_signature_info(certificate, &function, NULL, NULL, NULL) != 1 ||
        function == NID_undef)
        return NULL;
    if (function == NID_md5 || function == NID_sha1)
        function = NID_sha256;
    const EVP_MD *digest = EVP_get_digestbynid(function);
    if (digest == NULL || X509_digest(certificate, digest, octets, &length) != 1)
        return NULL;
    return g_bytes_new(octets, length);
}

GBytes *
tls_get_channel_binding(const Tls *tls, const char *type)
{
    if (g_str_equal(type, "tls-exporter"))
        return bind_by_exporter(tls->ssl);
    if (g_str_equal(type, "tls-unique"))
        return bind_by_finished(tls->ssl);
    if (g_str_equal(type, "tls-server-end-point"))
        return bind_by_certificate(tls->ssl);
    return NULL;
}

/* A name with a NUL inside pretends to be a shorter one: it is none. */
static void
add_name(GPtrArray *names, const ASN1_STRING *string)
{
    guchar *text = NULL;
    int length = ASN1_STRING_to_UTF8(&text, string);

    if (length > 0 && memchr(text, '\0', (gsize)length) == NULL)
        g_ptr_array_add(names, g_strndup((const char *)text, (gsize)length));
    OPENSSL_free(text);
}

static void
add_common_names(GPtrArray *names, X509 *certificate)
{
    X509_NAME *subject = X509_get_subject_name(certificate);

    for (int i = -1; (i = X509_NAME_get_index_by_NID(subject, NID_commonName, i)) >= 0;)
        add_name(names, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, i)));
}

static void
add_alternative_names(GPtrArray *names, X509 *certificate, int type)
{
    GENERAL_NAMES *list = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);

    for (int i = 0; i < sk_GENERAL_NAME_num(list); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(list, i);
        if (name->type == type)
            add_name(names, name->d.ia5);
    }
    GENERAL_NAMES_free(list);
}

char **
tls_get_certificate_names(const Tls *tls, Pop4CertificateName kind)
{
    GPtrArray *names = g_ptr_array_new();
    X509 *certificate = SSL_get1_peer_certificate(tls->ssl);

    if (certificate != NULL && SSL_get_verify_result(tls->ssl) == X509_V_OK) {
        if (kind == POP4_CERTIFICATE_COMMON_NAME)
            add_common_names(names, certificate);
        else
            add_alternative_names(names, certificate,
                                  kind == POP4_CERTIFICATE_EMAIL ? GEN_EMAIL : GEN_DNS);
    }
    X509_free(certificate);
    g_ptr_array_add(names, NULL);
    return (char **)g_ptr_array_free(names, FALSE);
}
