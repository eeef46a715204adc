/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libcurl's multi interface on libevent: transfer.h. Called by forward.c. Owns
 * the multi handle, an event for each of its descriptors, one timer, and the
 * transfers.
 *
 * Inside on_socket() and on_timer() nothing of libcurl may be called but
 * curl_multi_assign(); results are taken behind curl_multi_socket_action().
 * Names are looked up by a thread of libcurl; what it is doing when its time is
 * over is not waited for.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "forward/address.h"
#include "forward/transfer.h"
#include "log.h"

#define CONNECT_S 10
#define HEADERS_MAX 65536
#define URL_MAX 511

struct transfer {
	LIST_ENTRY(transfer) link;
	struct transfers *all;
	CURL *easy;
	struct curl_slist *headers;
	bool may_be_private;
	bool is_refused; /* an address was not public */
	bool is_cut;     /* enough of the answer's body was seen */
	size_t body_bytes, header_bytes;
	transfer_cb cb;
	void *ctx;
};
LIST_HEAD(transfer_list, transfer);

struct transfers {
	struct event_base *base;
	struct transfers_options options;
	CURLM *multi;
	struct event *timer;
	struct transfer_list list;
};

/* --- what libcurl wants to know of the loop --- */

static void transfers_drain(struct transfers *ts);

static void
on_fd(evutil_socket_t fd, short what, void *arg)
{
	struct transfers *ts = arg;
	int flags = 0, running;

	if ((what & EV_READ) != 0)
		flags |= CURL_CSELECT_IN;
	if ((what & EV_WRITE) != 0)
		flags |= CURL_CSELECT_OUT;
	(void)curl_multi_socket_action(ts->multi, fd, flags, &running);
	transfers_drain(ts);
}

static void
on_timeout(evutil_socket_t fd, short what, void *arg)
{
	struct transfers *ts = arg;
	int running;

	(void)fd;
	(void)what;
	(void)curl_multi_socket_action(
	    ts->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	transfers_drain(ts);
}

/* -1: libcurl ends the transfer. */
static int
on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *old)
{
	struct transfers *ts = arg;
	struct event *ev = NULL;
	short want = EV_PERSIST;

	(void)easy;
	if (old != NULL)
		event_free(old);
	if (what != CURL_POLL_REMOVE) {
		if (what != CURL_POLL_OUT)
			want |= EV_READ;
		if (what != CURL_POLL_IN)
			want |= EV_WRITE;
		ev = event_new(ts->base, fd, want, on_fd, ts);
		if (ev != NULL && event_add(ev, NULL) != 0) {
			event_free(ev);
			ev = NULL;
		}
		if (ev == NULL)
			log_err("forward: no event for a socket");
	}
	(void)curl_multi_assign(ts->multi, fd, ev);
	return ev == NULL && what != CURL_POLL_REMOVE ? -1 : 0;
}

static int
on_timer(CURLM *multi, long ms, void *arg)
{
	struct transfers *ts = arg;
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	(void)multi;
	if (ms < 0)
		return event_del(ts->timer);
	return event_add(ts->timer, &tv);
}

/* --- what it wants to know of a transfer --- */

/* The address is that of the socket which is made here: a name that means
 * another address the next time changes nothing. */
static curl_socket_t
on_open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct transfer *t = arg;

	(void)purpose;
	if (!t->may_be_private && !address_is_public(&a->addr)) {
		t->is_refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

/* Returning less than it was given makes libcurl stop. */
static size_t
on_body(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)data;
	t->body_bytes += size * n;
	t->is_cut = t->body_bytes > TRANSFER_BODY_MAX;
	return t->is_cut ? 0 : size * n;
}

static size_t
on_header(char *data, size_t size, size_t n, void *arg)
{
	struct transfer *t = arg;

	(void)data;
	t->header_bytes += size * n;
	return t->header_bytes > HEADERS_MAX ? 0 : size * n;
}

static const struct {
	CURLcode code;
	const char *words;
} errors[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "name not found"},
    {CURLE_COULDNT_CONNECT, "no connection"},
    {CURLE_OPERATION_TIMEDOUT, "too slow"},
    {CURLE_PEER_FAILED_VERIFICATION, "certificate not trusted"},
    {CURLE_SSL_CACERT_BADFILE, "no trusted certificates"},
    {CURLE_SSL_CONNECT_ERROR, "no TLS"},
    {CURLE_GOT_NOTHING, "closed early"},
    {CURLE_PARTIAL_FILE, "answer cut short"},
    {CURLE_RECV_ERROR, "connection lost"},
    {CURLE_SEND_ERROR, "connection lost"},
};

static const char *
transfer_error(const struct transfer *t, CURLcode code)
{
	size_t i;

	/* Whoever talks on and on has answered. */
	if (code == CURLE_OK || t->is_cut)
		return NULL;
	if (t->is_refused && code == CURLE_COULDNT_CONNECT)
		return "address not allowed";
	for (i = 0; i < TC_NELEM(errors); i++)
		if (errors[i].code == code)
			return errors[i].words;
	return "no HTTP answer";
}

static void
transfer_free(struct transfer *t)
{
	LIST_REMOVE(t, link);
	(void)curl_multi_remove_handle(t->all->multi, t->easy);
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	free(t);
}

static void
transfer_end(struct transfer *t, CURLcode code)
{
	struct transfer_result r = {.error = transfer_error(t, code)};
	transfer_cb cb = t->cb;
	curl_off_t after = 0;
	void *ctx = t->ctx;
	long status = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(t->easy, CURLINFO_RETRY_AFTER, &after);
	r.status = (int)status;
	r.retry_after_s = (int64_t)after;
	transfer_free(t);
	cb(&r, ctx);
}

static void
transfers_drain(struct transfers *ts)
{
	CURLMsg *msg;
	CURLcode code;
	void *t;
	int left;

	while ((msg = curl_multi_info_read(ts->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		code = msg->data.result;
		if (curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t) ==
		    CURLE_OK)
			transfer_end(t, code);
	}
}

/* --- starting --- */

static void
transfer_set_limits(CURL *e, const struct transfers_options *o)
{
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(e, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(e, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(e, CURLOPT_TIMEOUT, (long)o->timeout_s);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT,
	    (long)(o->timeout_s < CONNECT_S ? o->timeout_s : CONNECT_S));
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/* Without a folder libcurl keeps what it read from the file. */
	curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
	if (o->ca_file[0] != '\0')
		curl_easy_setopt(e, CURLOPT_CAINFO, o->ca_file);
}

static void
transfer_set_request(struct transfer *t, const struct transfer_request *rq)
{
	CURL *e = t->easy;
	size_t i;

	t->headers = curl_slist_append(NULL, "Expect:");
	for (i = 0; rq->headers[i] != NULL; i++)
		t->headers = curl_slist_append(t->headers, rq->headers[i]);
	curl_easy_setopt(e, CURLOPT_URL, rq->url);
	curl_easy_setopt(e, CURLOPT_POST, 1L);
	curl_easy_setopt(e, CURLOPT_COPYPOSTFIELDS, rq->body);
	curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->headers);
	curl_easy_setopt(e, CURLOPT_USERAGENT, "tincay/" PACKAGE_VERSION);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
}

static bool
transfers_init(struct transfers *ts)
{
	if (ts->multi != NULL)
		return true;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return false;
	ts->multi = curl_multi_init();
	if (ts->multi == NULL) {
		curl_global_cleanup();
		return false;
	}
	curl_multi_setopt(ts->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(ts->multi, CURLMOPT_SOCKETDATA, ts);
	curl_multi_setopt(ts->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(ts->multi, CURLMOPT_TIMERDATA, ts);
	return true;
}

struct transfer *
transfer_start(struct transfers *ts, const struct transfer_request *rq,
    transfer_cb cb, void *ctx)
{
	struct transfer *t;
	CURL *easy;

	if (!transfers_init(ts) || (easy = curl_easy_init()) == NULL)
		return NULL;
	t = xcalloc(1, sizeof(*t));
	t->all = ts;
	t->easy = easy;
	t->may_be_private = rq->may_be_private;
	t->cb = cb;
	t->ctx = ctx;
	LIST_INSERT_HEAD(&ts->list, t, link);
	transfer_set_limits(easy, &ts->options);
	transfer_set_request(t, rq);
	if (curl_multi_add_handle(ts->multi, easy) != CURLM_OK) {
		transfer_free(t);
		return NULL;
	}
	return t;
}

void
transfer_cancel(struct transfer *t)
{
	transfer_free(t);
}

static bool
url_has(CURLU *u, CURLUPart part)
{
	char *value = NULL;
	bool has =
	    curl_url_get(u, part, &value, 0) == CURLUE_OK && value[0] != '\0';

	curl_free(value);
	return has;
}

const char *
transfer_check_url(const char *url)
{
	const char *why = NULL;
	CURLU *u = curl_url();

	if (strncmp(url, "https://", 8) != 0)
		why = "must begin with https://";
	else if (strlen(url) > URL_MAX)
		why = "is too long";
	else if (u == NULL || curl_url_set(u, CURLUPART_URL, url, 0) != 0 ||
		 !url_has(u, CURLUPART_HOST))
		why = "is not a URL";
	else if (url_has(u, CURLUPART_USER) || url_has(u, CURLUPART_PASSWORD) ||
		 url_has(u, CURLUPART_FRAGMENT))
		why = "must have no user, password or fragment";
	curl_url_cleanup(u);
	return why;
}

/* --- life --- */

struct transfers *
transfers_new(struct event_base *base, const struct transfers_options *o)
{
	struct transfers *ts = xcalloc(1, sizeof(*ts));

	ts->base = base;
	ts->options = *o;
	LIST_INIT(&ts->list);
	ts->timer = evtimer_new(base, on_timeout, ts);
	if (ts->timer == NULL)
		log_fatal("forward: no memory");
	return ts;
}

void
transfers_free(struct transfers *ts)
{
	struct transfer *t;

	if (ts == NULL)
		return;
	while ((t = LIST_FIRST(&ts->list)) != NULL)
		transfer_free(t);
	if (ts->multi != NULL) {
		(void)curl_multi_cleanup(ts->multi);
		curl_global_cleanup();
	}
	event_free(ts->timer);
	free(ts);
}
