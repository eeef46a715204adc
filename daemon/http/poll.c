/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Long polls: requests of handlers that wait until the queue of their agency
 * changes, woken by the desk after a commit, and requests that wait for a modem
 * (struct api_later). Called by request.c. Owns the waiting requests.
 *
 * evhttp does not read while a request is served, so it would not notice that
 * the client left. An event of our own does; it is freed before the answer. It
 * is edge-triggered, since nobody reads what it sees: bytes that come too early
 * would keep the loop awake. No other event is on the descriptor then. A client
 * that has only shut down its writing half is answered at once with what there
 * is; one that is gone cannot be hurt by it.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <event2/bufferevent.h>

#include "desk/desk.h"
#include "http/server.h"

TAILQ_HEAD(poll_list, api_req);

struct polls {
	struct http *http;
	struct poll_list waiting;
};

void
poll_remove(struct api_req *r)
{
	if (r->poll_timer != NULL)
		event_free(r->poll_timer);
	if (r->poll_closed != NULL)
		event_free(r->poll_closed);
	r->poll_timer = r->poll_closed = NULL;
	if (!r->waiting || r->http == NULL)
		return;
	r->waiting = false;
	TAILQ_REMOVE(&r->http->polls->waiting, r, poll_link);
	r->http->stats.polls--;
}

static void
poll_answer(struct api_req *r)
{
	poll_remove(r);
	api_send(r);
}

/* The time is over, or the client is gone: the answer from before the wait
 * still holds, nothing was committed since that it should see. */
static void
poll_end(struct api_req *r)
{
	if (r->later != NULL)
		r->later->over(r);
	poll_answer(r);
}

static void
on_poll_time(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	poll_end(arg);
}

/* The end of the stream, or an error (a reset comes as EV_READ), or more bytes:
 * those wait in the socket. */
static void
on_poll_event(evutil_socket_t fd, short what, void *arg)
{
	char byte;
	ssize_t n;

	if ((what & EV_CLOSED) == 0) {
		n = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
		if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
			return;
	}
	poll_end(arg);
}

int
poll_add(struct api_req *r)
{
	struct polls *p = r->http->polls;
	struct timeval tv = {r->wait_s, 0};
	evutil_socket_t fd = bufferevent_getfd(r->conn->bev);

	if (r->http->stats.polls >= HTTP_POLLS_MAX)
		return TC_EFULL;
	r->poll_timer = event_new(r->http->base, -1, 0, on_poll_time, r);
	r->poll_closed = event_new(r->http->base, fd,
	    EV_READ | EV_CLOSED | EV_ET | EV_PERSIST, on_poll_event, r);
	if (r->poll_timer == NULL || r->poll_closed == NULL ||
	    event_add(r->poll_timer, &tv) != 0 ||
	    event_add(r->poll_closed, NULL) != 0) {
		poll_remove(r);
		return TC_EFULL;
	}
	r->waiting = true;
	TAILQ_INSERT_TAIL(&p->waiting, r, poll_link);
	r->http->stats.polls++;
	return 0;
}

/* Something of the agency was committed: ask the handler again. Outside of a
 * turn, so the answer leaves at once. */
static void
poll_retry(struct api_req *r)
{
	int rc;

	r->wait_s = 0;
	rc = auth_identify(r);
	if (rc == 0) {
		rc = r->route->handler(r);
		if (rc < 0 && r->status < 400)
			(void)api_refuse_error(r, rc);
	}
	if (rc == 0 && r->wait_s > 0)
		return;
	r->http->stats.polls_woken++;
	poll_answer(r);
}

static void
on_queue_changed(const char *agency, void *ctx)
{
	struct polls *p = ctx;
	struct api_req *r, *next;

	for (r = TAILQ_FIRST(&p->waiting); r != NULL; r = next) {
		next = TAILQ_NEXT(r, poll_link);
		if (r->later == NULL && strcmp(r->user.agency, agency) == 0)
			poll_retry(r);
	}
}

struct polls *
polls_new(struct http *h)
{
	struct polls *p = xcalloc(1, sizeof(*p));

	p->http = h;
	TAILQ_INIT(&p->waiting);
	desk_set_listener(on_queue_changed, p);
	return p;
}

void
polls_free(struct polls *p)
{
	if (p == NULL)
		return;
	desk_set_listener(NULL, NULL);
	free(p);
}

void
polls_answer_all(struct polls *p)
{
	struct api_req *r;

	while ((r = TAILQ_FIRST(&p->waiting)) != NULL)
		poll_end(r);
}
