/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HTTP_SERVER_H
#define TINCAY_HTTP_SERVER_H

/* Private to http/: the server's own state, for http.c, request.c, reply.c and
 * poll.c. */

#include <event2/event.h>

#include "http/api.h"

struct conn;
struct ssl_ctx_st;
LIST_HEAD(conn_list, conn);
LIST_HEAD(req_list, api_req);

struct http {
	struct core *core;
	struct event_base *base;
	struct worker *worker;
	struct evhttp *ev;      /* of the control socket */
	struct evhttp *ev_tcp;  /* of the port */
	struct ssl_ctx_st *tls; /* of the port; NULL: plain */
	struct evconnlistener *tcp, *unix_;
	char *unix_path;
	uint16_t port;
	struct auth *auth;
	struct polls *polls;
	struct ussd_door *ussd;
	struct conn_list conns;
	struct req_list reqs;
	struct event *adopt, *sweep, *purge;
	size_t ntls;      /* connections under TLS */
	size_t receiving; /* bytes of requests that are not whole yet */
	bool accepting, stopped;
	int64_t started_ms;
	struct http_stats stats;
};

/* A connection from accept to close. evhttp owns the bufferevent. */
struct conn {
	LIST_ENTRY(conn) link;
	struct http *http;
	struct bufferevent *bev;
	struct evhttp_connection *ev; /* NULL until adopted */
	bool is_unix, is_tls;
	uint64_t peer;       /* hash of the address, of those with TLS */
	bool excess;         /* over the limit: its first request gets 503 */
	bool doomed;         /* to be closed by the next sweep */
	struct api_req *req; /* the one that is being served */
	size_t received;     /* bytes since the last whole request */
	int64_t since_ms;    /* accept, or the last answer */
};

/* The answer of a connection's request is on its way. */
void http_conn_done(struct conn *k);

#endif
