/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_HTTP_H
#define TINCAY_HTTP_H

/*
 * The HTTP API (doc/api.yaml) on a TCP port and on the control socket. The port
 * is a loopback address, or has TLS: then handshakes have a time, one address and
 * all of them together a number of connections, and the control socket always
 * has some left.
 *
 * Every handler runs inside a turn op, and its answer leaves after the commit:
 * server.c calls turn_commit() at the end of each iteration of the loop.
 * SIGPIPE must be ignored. At the end: worker_free(), turn_commit(),
 * http_free().
 */

#include <stdio.h>

#include "core.h"
#include "util.h"

struct event_base;
struct http;
struct worker;

#define HTTP_CONNS_MAX 512 /* beyond: 503, and soon no accept */
#define HTTP_POLLS_MAX 256 /* beyond: 503 */
/* Under TLS; beyond: closed before a handshake. */
#define HTTP_TLS_CONNS_MAX 384
#define HTTP_TLS_PER_ADDRESS 64
#define HTTP_TLS_HANDSHAKE_S 10

/* Never NULL. core, base and worker must outlive it. Registers as the listener
 * of the desk. */
struct http *http_new(
    struct core *core, struct event_base *base, struct worker *worker);

/* Certificate (with its issuers) and key of the port, PEM, read now: before
 * http_listen_tcp(), or again when they were renewed. Connections that are there
 * go on. NULL; or what is wrong (fixed words), and all stays as it was. */
const char *http_set_tls(
    struct http *h, const char *cert, const char *key) TC_MUSTCHECK;
/* The same question without a server. */
const char *http_check_tls(const char *cert, const char *key) TC_MUSTCHECK;

/* Listen on a numeric address. Port 0: any, http_port() tells. 0, TC_EINVAL
 * (not a numeric address), TC_EIO (logged). */
int http_listen_tcp(
    struct http *h, const char *host, uint16_t port) TC_MUSTCHECK;
uint16_t http_port(const struct http *h);

/* Listen on a Unix socket, mode 0660; removed by http_free(). A socket that
 * nobody answers is replaced. 0, TC_EEXIST (somebody answers, or it is not a
 * socket), TC_EINVAL (path too long), TC_EIO; logged. */
int http_listen_unix(struct http *h, const char *path) TC_MUSTCHECK;

/* Take no new connections and answer every long poll with what it has. Call
 * when the daemon begins to stop. */
void http_stop(struct http *h);

/* Close everything. Requests that wait for the worker or the turn are dropped;
 * their callbacks may still come and do no harm. NULL is allowed. */
void http_free(struct http *h);

/* Figures for /metrics and tests. */
struct http_stats {
	uint64_t answers[6]; /* by hundreds of the status */
	uint64_t polls_woken;
	size_t connections, polls, requests; /* now */
};
void http_get_stats(const struct http *h, struct http_stats *out);

/* One line a route: method, path, roles, query fields, body fields; separated
 * by tabs, "-" for none. doc/api.yaml is compared with it. */
void http_print_routes(FILE *out);

#endif
