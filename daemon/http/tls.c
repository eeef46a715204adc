/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS of the listener, by OpenSSL under libevent: tls.h. Called by http.c.
 *
 * A handshake is done on the loop in pieces, as bytes come; the longest piece is
 * one signature. A connection costs about 1 ms of CPU in all with a key on P-256;
 * RSA takes several times as much. How long a client may take and how many there
 * may be is seen to by http.c.
 */
#include "config.h"

#include <string.h>

#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "http/http.h"
#include "http/tls.h"
#include "secretfile.h"

#define KEY_FILE_MAX 16384

/* Nobody is asked for a passphrase. */
static int
no_passphrase(char *buf, int size, int is_new, void *ctx)
{
	(void)buf;
	(void)size;
	(void)is_new;
	(void)ctx;
	return 0;
}

static EVP_PKEY *
tls_parse_key(const char *pem, size_t len)
{
	BIO *bio = BIO_new_mem_buf(pem, (int)len);
	EVP_PKEY *key = NULL;

	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	BIO_free(bio);
	return key;
}

static const char *
tls_use_key(SSL_CTX *ctx, const char *path)
{
	char pem[KEY_FILE_MAX];
	const char *why = NULL;
	EVP_PKEY *key = NULL;
	size_t len = 0;
	int rc;

	rc = secretfile_read(path, SECRETFILE_OWN, pem, sizeof(pem), &len);
	if (rc == TC_EDENIED)
		why = "the key must be a file of this user or root, mode 0600";
	else if (rc != 0)
		why = "the key cannot be read";
	else if ((key = tls_parse_key(pem, len)) == NULL)
		why = "the key is no PEM, or has a passphrase";
	else if (SSL_CTX_use_PrivateKey(ctx, key) != 1 ||
		 SSL_CTX_check_private_key(ctx) != 1)
		why = "the key does not belong to the certificate";
	EVP_PKEY_free(key);
	OPENSSL_cleanse(pem, sizeof(pem));
	return why;
}

static const char *
tls_set_up(SSL_CTX *ctx, const char *cert, const char *key)
{
	static const unsigned char id[] = "tincay";

	if (SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) != 1 ||
	    SSL_CTX_set_session_id_context(ctx, id, sizeof(id) - 1) != 1)
		return "OpenSSL does not do TLS 1.2";
	SSL_CTX_set_options(
	    ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
	/* Connections that wait hold no buffers. */
	SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
	if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
		return "the certificate cannot be read, or is no PEM";
	return tls_use_key(ctx, key);
}

struct ssl_ctx_st *
tls_load(const char *cert, const char *key, const char **why)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());

	*why =
	    ctx == NULL ? "OpenSSL does not start" : tls_set_up(ctx, cert, key);
	ERR_clear_error();
	if (*why == NULL)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

void
tls_free(struct ssl_ctx_st *tls)
{
	SSL_CTX_free(tls);
}

const char *
http_check_tls(const char *cert, const char *key)
{
	const char *why;

	tls_free(tls_load(cert, key, &why));
	return why;
}

struct bufferevent *
tls_accept(struct ssl_ctx_st *tls, struct event_base *base)
{
	struct bufferevent *bev;
	SSL *ssl = SSL_new(tls);

	if (ssl == NULL)
		return NULL;
	bev = bufferevent_openssl_socket_new(
	    base, -1, ssl, BUFFEREVENT_SSL_ACCEPTING, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		SSL_free(ssl);
	else /* who just goes away has gone away */
		bufferevent_openssl_set_allow_dirty_shutdown(bev, 1);
	return bev;
}

bool
tls_is_open(struct bufferevent *bev)
{
	return SSL_is_init_finished(bufferevent_openssl_get_ssl(bev)) == 1;
}
