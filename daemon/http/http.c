/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The server: evhttp on two listeners, and every connection from accept to
 * close. Called by the daemon's server.c. Owns listeners, connections, timers.
 *
 * evhttp 2.1 neither counts connections nor bounds how long a client may take
 * to write its request or how much all of them together make it buffer; that is
 * done here. Its bufferevents are made by http_new_bev(); as soon as the
 * accepting is over, on_adopt() finds the evhttp_connection of each (the
 * argument of its callbacks) and asks for the close callback. Control socket and
 * port have an evhttp each, for the callback is not told the listener; it must
 * not return NULL, or evhttp would talk without TLS.
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <event2/listener.h>

#include "clock.h"
#include "http/server.h"
#include "http/tls.h"
#include "log.h"
#include "store/token.h"
#include "turn.h"

#define HEADERS_MAX (16 * 1024)
#define BODY_MAX (16 * 1024 * 1024)
#define RECEIVING_MAX (64 * 1024 * 1024)
#define IDLE_S 60         /* without a byte either way */
#define REQUEST_MS 120000 /* from accept or last answer to a whole request */
#define CONNS_ACCEPT_MAX (HTTP_CONNS_MAX + 64)
#define SWEEP_S 5
#define PURGE_S 3600
#define REPLAY_S 86400            /* how long an Idempotency-Key counts */
#define TOKEN_KEEP_S (30 * 86400) /* behind its end, in the list */
#define BACKLOG 128

static void
http_arm(struct event *ev, int seconds)
{
	struct timeval tv = {seconds, 0};

	event_add(ev, &tv);
}

/* --- connections --- */

static void
http_accept(struct http *h, bool on)
{
	struct evconnlistener *all[] = {h->tcp, h->unix_};

	h->accepting = on;
	for (size_t i = 0; i < TC_NELEM(all); i++) {
		if (all[i] == NULL)
			continue;
		if (on)
			evconnlistener_enable(all[i]);
		else
			evconnlistener_disable(all[i]);
	}
}

static void
conn_free(struct conn *k)
{
	struct http *h = k->http;

	h->receiving -= k->received;
	h->stats.connections--;
	h->ntls -= k->is_tls;
	LIST_REMOVE(k, link);
	free(k);
	if (!h->accepting && !h->stopped &&
	    h->stats.connections < HTTP_CONNS_MAX)
		http_accept(h, true);
}

static void
on_conn_close(struct evhttp_connection *ev, void *arg)
{
	(void)ev;
	conn_free(arg);
}

/* Bytes of a request that is not whole yet. */
static void
on_input(struct evbuffer *b, const struct evbuffer_cb_info *info, void *arg)
{
	struct conn *k = arg;

	(void)b;
	k->received += info->n_added;
	k->http->receiving += info->n_added;
	if (k->http->receiving > RECEIVING_MAX) {
		k->doomed = true;
		event_active(k->http->sweep, 0, 0);
	}
}

static struct conn *
conn_new(struct http *h, struct bufferevent *bev)
{
	struct conn *k = xcalloc(1, sizeof(*k));

	k->http = h;
	k->bev = bev;
	k->since_ms = clock_mono_ms();
	k->excess = h->stats.connections >= HTTP_CONNS_MAX;
	/* Ours until on_adopt(): evhttp may give up on it before. */
	bufferevent_incref(bev);
	LIST_INSERT_HEAD(&h->conns, k, link);
	if (++h->stats.connections >= CONNS_ACCEPT_MAX)
		http_accept(h, false);
	event_active(h->adopt, 0, 0);
	return k;
}

static struct bufferevent *
http_new_bev(struct event_base *base, void *arg)
{
	struct bufferevent *bev =
	    bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);

	if (bev == NULL)
		log_fatal("http: no memory");
	(void)conn_new(arg, bev);
	return bev;
}

/* Too many get a connection that is closed before it says anything. */
static struct bufferevent *
http_new_tcp_bev(struct event_base *base, void *arg)
{
	struct http *h = arg;
	struct bufferevent *bev = NULL;
	struct conn *k;

	if (h->tls == NULL)
		return http_new_bev(base, arg);
	if (h->ntls < HTTP_TLS_CONNS_MAX)
		bev = tls_accept(h->tls, base);
	if (bev != NULL) {
		k = conn_new(h, bev);
		k->is_tls = true;
		h->ntls++;
		return bev;
	}
	bev = bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL)
		log_fatal("http: no memory");
	k = conn_new(h, bev);
	k->excess = k->doomed = true;
	return bev;
}

/* Whose connection it is; one that has too many loses this one. */
static void
conn_count_peer(struct conn *k)
{
	struct sockaddr_storage ss = {.ss_family = AF_UNSPEC};
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&ss;
	struct sockaddr_in *four = (struct sockaddr_in *)&ss;
	socklen_t len = sizeof(ss);
	const struct conn *o;
	size_t n = 0;

	(void)getpeername(
	    bufferevent_getfd(k->bev), (struct sockaddr *)&ss, &len);
	if (ss.ss_family == AF_INET6) /* the network of a customer */
		k->peer = fnv64(FNV64_INIT, &six->sin6_addr, 8);
	else
		k->peer =
		    fnv64(FNV64_INIT, &four->sin_addr, sizeof(four->sin_addr));
	LIST_FOREACH(o, &k->http->conns, link)
		n += o->is_tls && o->peer == k->peer;
	if (n > HTTP_TLS_PER_ADDRESS)
		k->doomed = true;
}

/* Runs right after the accepting, before anything can be read. */
static void
on_adopt(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;
	struct conn *k, *next;
	struct sockaddr_storage ss;
	socklen_t len;
	void *ev;

	(void)fd;
	(void)what;
	/* New ones are at the head. */
	for (k = LIST_FIRST(&h->conns); k != NULL && k->ev == NULL; k = next) {
		next = LIST_NEXT(k, link);
		bufferevent_getcb(k->bev, NULL, NULL, NULL, &ev);
		bufferevent_decref(k->bev);
		if (ev == NULL) {
			conn_free(k);
			continue;
		}
		k->ev = ev;
		len = sizeof(ss);
		k->is_unix = getsockname(bufferevent_getfd(k->bev),
				 (struct sockaddr *)&ss, &len) == 0 &&
			     ss.ss_family == AF_UNIX;
		evhttp_connection_set_closecb(k->ev, on_conn_close, k);
		evbuffer_add_cb(bufferevent_get_input(k->bev), on_input, k);
		if (k->is_tls)
			conn_count_peer(k);
		if (k->doomed)
			event_active(h->sweep, 0, 0);
	}
	if (!event_pending(h->sweep, EV_TIMEOUT, NULL))
		http_arm(h->sweep, SWEEP_S);
}

static bool
conn_is_late(const struct conn *k, int64_t now)
{
	if (k->is_tls && k->since_ms < now - HTTP_TLS_HANDSHAKE_S * 1000 &&
	    !tls_is_open(k->bev))
		return true;
	return k->since_ms < now - REQUEST_MS;
}

/* Close whoever is too slow with its request or sends more than we can hold. */
static void
on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;
	struct conn *k, *next;
	int64_t now = clock_mono_ms();

	(void)fd;
	(void)what;
	for (k = LIST_FIRST(&h->conns); k != NULL; k = next) {
		next = LIST_NEXT(k, link);
		if (k->ev == NULL || k->req != NULL)
			continue;
		if (k->doomed || conn_is_late(k, now))
			evhttp_connection_free(k->ev);
	}
	if (!h->accepting && !h->stopped &&
	    h->stats.connections < HTTP_CONNS_MAX)
		http_accept(h, true);
	if (!LIST_EMPTY(&h->conns) || !h->accepting)
		http_arm(h->sweep, SWEEP_S);
}

void
http_conn_done(struct conn *k)
{
	k->req = NULL;
	k->since_ms = clock_mono_ms();
}

static void
on_request(struct evhttp_request *ev, void *arg)
{
	struct http *h = arg;
	struct evhttp_connection *c = evhttp_request_get_connection(ev);
	struct conn *k;

	LIST_FOREACH(k, &h->conns, link)
		if (k->ev == c)
			break;
	if (k == NULL || h->stopped) {
		evhttp_send_error(ev, 503, NULL);
		return;
	}
	h->receiving -= k->received;
	k->received = 0;
	request_start(h, k, ev);
}

/* --- house-keeping --- */

static int
purge_op(void *arg)
{
	struct http *h = arg;
	int64_t now = clock_now();
	int rc;

	rc = store_session_purge(h->core->store, now);
	if (rc >= 0)
		rc = store_answer_purge(h->core->store, now - REPLAY_S);
	if (rc >= 0)
		rc = store_token_purge(h->core->store, now - TOKEN_KEEP_S);
	return rc < 0 ? rc : 0;
}

static void
on_purge(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;

	(void)fd;
	(void)what;
	if (turn_run(h->core->turn, purge_op, h) != 0)
		log_warn("http: old sessions and answers could not be purged");
}

/* --- listening --- */

/* No descriptor is left: accept again when the sweep comes. */
static void
on_accept_error(struct evconnlistener *l, void *arg)
{
	struct http *h = arg;

	(void)l;
	log_warn("http: accept: %s", strerror(errno));
	http_accept(h, false);
	if (!event_pending(h->sweep, EV_TIMEOUT, NULL))
		http_arm(h->sweep, SWEEP_S);
}

/* Give a bound socket to the evhttp of its kind; closes it on failure. */
static int
http_listen(struct http *h, int fd, struct evconnlistener **out)
{
	struct evhttp *ev = out == &h->tcp ? h->ev_tcp : h->ev;
	struct evconnlistener *l;

	if (evutil_make_socket_nonblocking(fd) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		close(fd);
		return TC_EIO;
	}
	l = evconnlistener_new(h->base, NULL, NULL,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
	if (l == NULL) {
		close(fd);
		return TC_EIO;
	}
	if (evhttp_bind_listener(ev, l) == NULL) {
		evconnlistener_free(l);
		return TC_EIO;
	}
	evconnlistener_set_error_cb(l, on_accept_error);
	*out = l;
	return 0;
}

static uint16_t
socket_port(int fd)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len) != 0)
		return 0;
	if (ss.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&ss)->sin6_port);
	return ntohs(((struct sockaddr_in *)&ss)->sin_port);
}

int
http_listen_tcp(struct http *h, const char *host, uint16_t port)
{
	struct sockaddr_in in = {
	    .sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 in6 = {
	    .sin6_family = AF_INET6, .sin6_port = htons(port)};
	struct sockaddr *sa = (struct sockaddr *)&in;
	socklen_t len = sizeof(in);
	int fd, rc = TC_EIO, on = 1;

	if (inet_pton(AF_INET6, host, &in6.sin6_addr) == 1) {
		sa = (struct sockaddr *)&in6;
		len = sizeof(in6);
	} else if (inet_pton(AF_INET, host, &in.sin_addr) != 1) {
		return TC_EINVAL;
	}
	fd = socket(sa->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
	    bind(fd, sa, len) == 0) {
		h->port = socket_port(fd);
		rc = http_listen(h, fd, &h->tcp);
	} else if (fd >= 0) {
		close(fd);
	}
	if (rc == 0)
		log_info("http: listening host=%s port=%d tls=%d", host,
		    h->port, h->tls != NULL);
	else
		log_err("http: cannot listen host=%s port=%d: %s", host, port,
		    strerror(errno));
	return rc;
}

const char *
http_set_tls(struct http *h, const char *cert, const char *key)
{
	struct ssl_ctx_st *tls;
	const char *why;

	tls = tls_load(cert, key, &why);
	if (tls == NULL)
		return why;
	tls_free(h->tls);
	h->tls = tls;
	return NULL;
}

uint16_t
http_port(const struct http *h)
{
	return h->port;
}

/* Make way for our socket: 0 when nothing is there or nobody answers. */
static int
unix_clear(const struct sockaddr_un *un)
{
	struct stat st;
	int fd, rc = TC_EEXIST;

	if (lstat(un->sun_path, &st) != 0)
		return errno == ENOENT ? 0 : TC_EIO;
	if (!S_ISSOCK(st.st_mode))
		return TC_EEXIST;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return TC_EIO;
	if (connect(fd, (const struct sockaddr *)un, sizeof(*un)) != 0 &&
	    errno == ECONNREFUSED)
		rc = unlink(un->sun_path) == 0 ? 0 : TC_EIO;
	close(fd);
	return rc;
}

static int
unix_bind(struct http *h, const struct sockaddr_un *un)
{
	mode_t old;
	int fd, rc;

	rc = unix_clear(un);
	if (rc != 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return TC_EIO;
	/* 0660 from the first moment on. */
	old = umask(0117);
	rc = bind(fd, (const struct sockaddr *)un, sizeof(*un));
	umask(old);
	if (rc != 0) {
		close(fd);
		return TC_EIO;
	}
	return http_listen(h, fd, &h->unix_);
}

int
http_listen_unix(struct http *h, const char *path)
{
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int rc;

	if (str_printf(un.sun_path, sizeof(un.sun_path), "%s", path) != 0) {
		log_err("http: the path of the control socket is too long");
		return TC_EINVAL;
	}
	rc = unix_bind(h, &un);
	if (rc == 0) {
		h->unix_path = xstrdup(path);
		log_info("http: listening path=%s", path);
	} else if (rc == TC_EEXIST) {
		log_err("http: somebody answers on the control socket path=%s",
		    path);
	} else {
		log_err(
		    "http: cannot listen path=%s: %s", path, strerror(errno));
	}
	return rc;
}

/* --- life --- */

static struct evhttp *
http_new_evhttp(
    struct http *h, struct bufferevent *(*new_bev)(struct event_base *, void *))
{
	struct evhttp *ev = evhttp_new(h->base);

	if (ev == NULL)
		log_fatal("http: no memory");
	evhttp_set_max_headers_size(ev, HEADERS_MAX);
	evhttp_set_max_body_size(ev, BODY_MAX);
	evhttp_set_timeout(ev, IDLE_S);
	/* The router answers 405 with what is allowed. */
	evhttp_set_allowed_methods(
	    ev, EVHTTP_REQ_GET | EVHTTP_REQ_POST | EVHTTP_REQ_HEAD |
		    EVHTTP_REQ_PUT | EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS |
		    EVHTTP_REQ_TRACE | EVHTTP_REQ_CONNECT | EVHTTP_REQ_PATCH);
	evhttp_set_bevcb(ev, new_bev, h);
	evhttp_set_gencb(ev, on_request, h);
	return ev;
}

static struct event *
http_new_event(struct http *h, short what, event_callback_fn cb)
{
	struct event *ev = event_new(h->base, -1, what, cb, h);

	if (ev == NULL)
		log_fatal("http: no memory");
	return ev;
}

struct http *
http_new(struct core *core, struct event_base *base, struct worker *worker)
{
	struct http *h = xcalloc(1, sizeof(*h));

	/* jansson then never fails for memory. */
	json_set_alloc_funcs(xmalloc, free);
	h->core = core;
	h->base = base;
	h->worker = worker;
	LIST_INIT(&h->conns);
	LIST_INIT(&h->reqs);
	h->accepting = true;
	h->started_ms = clock_mono_ms();
	h->auth = auth_new();
	h->polls = polls_new(h);
	h->ussd = ussd_door_new(core->conf);
	h->ev = http_new_evhttp(h, http_new_bev);
	h->ev_tcp = http_new_evhttp(h, http_new_tcp_bev);
	h->adopt = http_new_event(h, 0, on_adopt);
	h->sweep = http_new_event(h, 0, on_sweep);
	h->purge = http_new_event(h, EV_PERSIST, on_purge);
	http_arm(h->purge, PURGE_S);
	return h;
}

void
http_stop(struct http *h)
{
	h->stopped = true;
	http_accept(h, false);
	polls_answer_all(h->polls);
}

/* Requests that somebody else still holds end in api_send() or
 * request_resume(), which find no server. */
static void
http_drop_requests(struct http *h)
{
	struct api_req *r;

	while ((r = LIST_FIRST(&h->reqs)) != NULL) {
		LIST_REMOVE(r, link);
		poll_remove(r);
		r->http = NULL;
		r->ev = NULL;
		r->conn = NULL;
		if (r->again_timer != NULL &&
		    evtimer_pending(r->again_timer, NULL) != 0)
			request_free(r); /* nobody else holds it */
	}
}

void
http_free(struct http *h)
{
	struct conn *k;

	if (h == NULL)
		return;
	http_stop(h);
	on_adopt(-1, 0, h);
	http_drop_requests(h);
	polls_free(h->polls);
	ussd_door_free(h->ussd);
	evhttp_free(h->ev);
	evhttp_free(h->ev_tcp);
	while ((k = LIST_FIRST(&h->conns)) != NULL)
		conn_free(k);
	tls_free(h->tls);
	event_free(h->adopt);
	event_free(h->sweep);
	event_free(h->purge);
	if (h->unix_path != NULL)
		(void)unlink(h->unix_path);
	free(h->unix_path);
	auth_free(h->auth);
	free(h);
}

void
http_get_stats(const struct http *h, struct http_stats *out)
{
	*out = h->stats;
}
