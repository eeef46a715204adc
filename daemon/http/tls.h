/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HTTP_TLS_H
#define TINCAY_HTTP_TLS_H

/* Private to http/: certificate and key, and connections under them. TLS 1.2 or
 * later, no renegotiation. */

#include "util.h"

struct bufferevent;
struct event_base;
struct ssl_ctx_st; /* OpenSSL's SSL_CTX */

/* Read a chain of certificates and a key, both PEM. The key's file must be a
 * regular file of ours or root's, mode 0600 or stricter. The caller frees with
 * tls_free(); NULL and *why (fixed words) when something is wrong. */
struct ssl_ctx_st *tls_load(
    const char *cert, const char *key, const char **why) TC_MUSTCHECK;
/* Connections go on under it. NULL is allowed. */
void tls_free(struct ssl_ctx_st *tls);

/* A bufferevent that will accept a client; NULL when there is no memory. */
struct bufferevent *tls_accept(struct ssl_ctx_st *tls, struct event_base *base);
/* Has it done its handshake? */
bool tls_is_open(struct bufferevent *bev);

#endif
