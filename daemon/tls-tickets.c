/* SPDX-License-Identifier: MIT */

#include "config.h"

#include "tls-tickets.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static TlsTicketKey current, previous;
static gboolean has_current, has_previous;

/* With the lock held. */
static gboolean
renew(gint64 now)
{
    TlsTicketKey key = {.born = now};

    if (has_current && now - current.born < TLS_TICKET_SECONDS)
        return TRUE;
    if (RAND_bytes(key.name, sizeof key.name) != 1 ||
        RAND_priv_bytes(key.cipher_key, sizeof key.cipher_key) != 1 ||
        RAND_priv_bytes(key.mac_key, sizeof key.mac_key) != 1)
        return FALSE;
    previous = current;
    has_previous = has_current;
    current = key;
    has_current = TRUE;
    OPENSSL_cleanse(&key, sizeof key);
    return TRUE;
}

gboolean
tls_tickets_current(gint64 now, TlsTicketKey *key_out)
{
    pthread_mutex_lock(&lock);
    gboolean good = renew(now);
    if (good)
        *key_out = current;
    pthread_mutex_unlock(&lock);
    return good;
}

static gboolean
fits(const TlsTicketKey *key, const guint8 *name, gint64 now)
{
    return memcmp(key->name, name, sizeof key->name) == 0 &&
           now - key->born < 2 * TLS_TICKET_SECONDS;
}

gboolean
tls_tickets_find(const guint8 name[TLS_TICKET_NAME_SIZE], gint64 now, TlsTicketKey *key_out,
                 gboolean *is_old_out)
{
    pthread_mutex_lock(&lock);
    gboolean is_current = has_current && fits(&current, name, now);
    gboolean is_previous = !is_current && has_previous && fits(&previous, name, now);
    if (is_current || is_previous)
        *key_out = is_current ? current : previous;
    *is_old_out = is_previous || (is_current && now - current.born >= TLS_TICKET_SECONDS);
    pthread_mutex_unlock(&lock);
    return is_current || is_previous;
}

static gboolean
set_mac(EVP_MAC_CTX *mac, TlsTicketKey *key)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, key->mac_key,
                                          sizeof key->mac_key),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)"sha256", 0),
        OSSL_PARAM_construct_end(),
    };

    return EVP_MAC_CTX_set_params(mac, params) == 1;
}

static int
seal(TlsTicketKey *key, guint8 *name, guint8 *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
    memcpy(name, key->name, sizeof key->name);
    if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1 ||
        EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), key->cipher_key, iv, NULL) != 1 ||
        !set_mac(mac, key))
        return -1;
    return 1;
}

static int
open_sealed(TlsTicketKey *key, const guint8 *iv, EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac,
            gboolean is_old)
{
    if (EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), key->cipher_key, iv, NULL) != 1 ||
        !set_mac(mac, key))
        return -1;
    return is_old ? 2 : 1;
}

/* As SSL_CTX_set_tlsext_ticket_key_evp_cb(3) has it: 0 = no such key, the handshake is a whole
 * one; 2 = good, but give the client a new ticket. */
static int
on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
          EVP_MAC_CTX *mac, int sealing)
{
    gint64 now = g_get_monotonic_time() / G_TIME_SPAN_SECOND;
    TlsTicketKey key;
    gboolean is_old;
    int result = 0;

    if (sealing)
        result = tls_tickets_current(now, &key) ? seal(&key, name, iv, cipher, mac) : -1;
    else if (tls_tickets_find(name, now, &key, &is_old))
        result = open_sealed(&key, iv, cipher, mac, is_old);
    OPENSSL_cleanse(&key, sizeof key);
    return result;
}

void
tls_tickets_use(SSL_CTX *context)
{
    SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket);
    SSL_CTX_set_timeout(context, TLS_TICKET_SECONDS);
    SSL_CTX_set_num_tickets(context, 1);
}
