/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket of a running simulator. Called by the event loop and by
 * radio.c (an inbox changed); owns the listener, the clients and who waits for
 * what. A request that cannot be done is answered {"ok":false,"error":...}; a
 * client that sends no line within CONTROL_LINE_MAX, or does not read its
 * answers, is dropped.
 */

#include "config.h"

#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control.h"
#include "log.h"
#include "sim.h"
#include "verbs.h"

#define OUTPUT_MAX (8 * 1024 * 1024)

struct client {
	LIST_ENTRY(client) entry;
	struct control *control;
	struct bufferevent *bev;
	char wait_number[PHONE_NUMBER_MAX]; /* "" = waits for nothing */
	size_t wait_count;
	struct event *ev_wait;
};

struct control {
	struct sim *sim;
	char *path;
	struct evconnlistener *listener;
	LIST_HEAD(, client) clients;
};

struct sim *
client_sim(const struct client *c)
{
	return c->control->sim;
}

void
client_wait(struct client *c, const char *number, size_t count, unsigned ms)
{
	(void)snprintf(c->wait_number, sizeof(c->wait_number), "%s", number);
	c->wait_count = count;
	sim_timer(c->ev_wait, ms);
}

static void
client_free(struct client *c)
{
	LIST_REMOVE(c, entry);
	bufferevent_free(c->bev);
	event_free(c->ev_wait);
	free(c);
}

static void
client_answer(struct client *c, json_t *answer)
{
	char *text = json_dumps(answer, JSON_COMPACT);

	json_decref(answer);
	if (text == NULL)
		text = xstrdup("{\"ok\":false,\"error\":\"internal\"}");
	(void)evbuffer_add_printf(bufferevent_get_output(c->bev), "%s\n", text);
	free(text);
}

static bool
client_is_bloated(const struct client *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev)) > OUTPUT_MAX;
}

/* Work through whole lines until one has to wait. May free the client. */
static void
client_read(struct client *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	json_t *answer;
	size_t len;
	char *line;

	while (c->wait_number[0] == '\0' && !client_is_bloated(c)) {
		line = evbuffer_readln(in, &len, EVBUFFER_EOL_LF);
		if (line == NULL)
			break;
		answer = verbs_run(c, line, len);
		free(line);
		if (answer != NULL)
			client_answer(c, answer);
	}
	if (evbuffer_get_length(in) > CONTROL_LINE_MAX || client_is_bloated(c))
		client_free(c);
}

static void
on_client_read(struct bufferevent *bev, void *arg)
{
	(void)bev;
	client_read(arg);
}

static void
on_client_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR))
		client_free(arg);
}

static bool
wait_is_over(const struct client *c)
{
	return phones_count(&c->control->sim->phones, c->wait_number) >=
	       c->wait_count;
}

static void
client_wait_done(struct client *c, json_t *answer)
{
	c->wait_number[0] = '\0';
	event_del(c->ev_wait);
	client_answer(c, answer);
	client_read(c);
}

static void
on_wait_timeout(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	client_wait_done(arg, answer_error("timeout"));
}

void
control_inbox_changed(struct control *control, const char *number)
{
	struct client *c, *next;

	for (c = LIST_FIRST(&control->clients); c != NULL; c = next) {
		next = LIST_NEXT(c, entry);
		if (strcmp(c->wait_number, number) == 0 && wait_is_over(c))
			client_wait_done(c, answer_ok());
	}
}

static void
on_accept(struct evconnlistener *listener, evutil_socket_t fd,
    struct sockaddr *sa, int len, void *arg)
{
	struct control *control = arg;
	struct client *c = xcalloc(1, sizeof(*c));

	(void)listener;
	(void)sa;
	(void)len;
	c->control = control;
	c->bev = bufferevent_socket_new(
	    control->sim->base, fd, BEV_OPT_CLOSE_ON_FREE);
	c->ev_wait = event_new(control->sim->base, -1, 0, on_wait_timeout, c);
	LIST_INSERT_HEAD(&control->clients, c, entry);
	bufferevent_setcb(c->bev, on_client_read, NULL, on_client_event, c);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* The socket */

int
control_address(const char *dir, struct sockaddr_un *sun)
{
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	return str_printf(
	    sun->sun_path, sizeof(sun->sun_path), "%s/%s", dir, CONTROL_SOCKET);
}

/* Does another simulator answer there? */
static bool
is_alive(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool alive;

	alive = fd >= 0 &&
		connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) == 0;
	if (fd >= 0)
		(void)close(fd);
	return alive;
}

int
control_new(struct sim *sim, struct control **out)
{
	struct sockaddr_un sun;
	struct control *c;

	*out = NULL;
	if (control_address(sim->opt.dir, &sun) != 0) {
		log_err("control: the path of the folder is too long");
		return TC_EFULL;
	}
	if (is_alive(&sun)) {
		log_err("control: another simulator runs in this folder");
		return TC_EEXIST;
	}
	(void)unlink(sun.sun_path);
	c = xcalloc(1, sizeof(*c));
	c->sim = sim;
	LIST_INIT(&c->clients);
	c->path = xstrdup(sun.sun_path);
	c->listener = evconnlistener_new_bind(sim->base, on_accept, c,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1,
	    (struct sockaddr *)&sun, sizeof(sun));
	if (c->listener == NULL) {
		log_err("control: cannot listen: %s", strerror(errno));
		free(c->path);
		free(c);
		return TC_EIO;
	}
	*out = c;
	return 0;
}

void
control_free(struct control *c)
{
	struct client *client;

	if (c == NULL)
		return;
	while ((client = LIST_FIRST(&c->clients)) != NULL)
		client_free(client);
	evconnlistener_free(c->listener);
	(void)unlink(c->path);
	free(c->path);
	free(c);
}
