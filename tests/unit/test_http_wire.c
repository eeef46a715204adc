/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections as nobody should use them, and the listeners. Whatever comes, the
 * server lives and lets go of the connection. */
#include "config.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <event2/event.h>

#include "clock.h"
#include "http/server.h"
#include "http_fixture.h"

static int
setup(void **state)
{
	*state = fx_open();
	return 0;
}

static int
teardown(void **state)
{
	fx_close(*state);
	return 0;
}

static size_t
connections(struct fx *f)
{
	struct http_stats s;

	http_get_stats(f->http, &s);
	return s.connections;
}

static void
test_pipelined(void **state)
{
	struct fx *f = *state;
	struct client *c = client_unix(f);
	struct reply r;

	client_printf(c, "GET /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
			 "GET /api/v1/session HTTP/1.1\r\nHost: x\r\n\r\n"
			 "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
	client_wait(f, c, &r);
	assert_string_equal(reply_text(&r, "status"), "setup");
	reply_clear(&r);
	client_wait(f, c, &r);
	assert_string_equal(reply_text(&r, "user"), "setup");
	reply_clear(&r);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 404);
	reply_clear(&r);
	client_close(c);
	fx_until(f, connections(f) == 0);
}

static const char *const garbage[] = {
    "",
    "\r\n",
    "GET",
    "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nab",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 not http at all\r\n\r\n",
    "GET /api/v1/health HTTP/9.9\r\n\r\n",
    "GET  HTTP/1.1\r\n\r\n",
    "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST /api/v1/session HTTP/1.1\r\nHost: x\r\n"
    "Content-Length: 99999999999\r\n\r\n",
    "POST /api/v1/session HTTP/1.1\r\nHost: x\r\n"
    "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "CONNECT localhost:80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET http://evil.example/api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET //api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
    "BREW /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n",
};

/* Whatever comes: the server lives, and lets go of the connection. */
static void
test_garbage(void **state)
{
	struct fx *f = *state;
	struct client *c;

	for (size_t i = 0; i < TC_NELEM(garbage); i++) {
		c = client_tcp(f);
		if (*garbage[i] != '\0')
			client_send(c, garbage[i], strlen(garbage[i]));
		fx_until(f, connections(f) == 1 || garbage[i][0] != '\0');
		(void)client_is_quiet(f, c);
		client_close(c);
		fx_until(f, connections(f) == 0);
	}
	assert_int_equal(
	    fx_call(f, NULL, "GET /api/v1/health", NULL, NULL), 200);
}

static void
test_huge_headers(void **state)
{
	struct fx *f = *state;
	struct client *c = client_unix(f);
	char line[1100];

	memset(line, 'a', sizeof(line));
	client_printf(c, "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nX: ");
	for (int i = 0; i < 16; i++) {
		if (send(c->fd, line, sizeof(line), MSG_NOSIGNAL) < 0)
			break;
		fx_pump(f);
	}
	client_wait_eof(f, c);
	assert_null(strstr(buf_str(&c->in), " 200 "));
	client_close(c);
	fx_until(f, connections(f) == 0);
}

/* Leaving before the answer, with the request at the worker or in the turn. */
static void
test_client_leaves(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct client *c = client_unix(f);
	struct http_stats s;

	f->hold = true;
	client_request(c, token, "POST", "/api/v1/lists", "{\"name\":\"x\"}");
	fx_until(f, (http_get_stats(f->http, &s), s.requests == 1));
	client_close(c);
	(void)fx_value(f, "SELECT 1");
	f->hold = false;
	fx_until(f, connections(f) == 0);
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/lists/x", NULL, NULL), 200);
	c = client_unix(f);
	client_request(c, NULL, "POST", "/api/v1/session",
	    "{\"user\":\"binh\",\"password\":\"correct horse\"}");
	fx_until(f, (http_get_stats(f->http, &s), s.requests == 1));
	client_close(c);
	fx_until(f, connections(f) == 0);
}

/* An answer to HEAD has no body, so what follows it is the next answer. */
static void
test_head(void **state)
{
	struct fx *f = *state;
	struct client *c = client_unix(f);
	const char *end;

	client_printf(c,
	    "HEAD /api/v1/health HTTP/1.1\r\nHost: x\r\n\r\n"
	    "GET /api/v1/health HTTP/1.1\r\nHost: x\r\nConnection: "
	    "close\r\n\r\n");
	client_wait_eof(f, c);
	assert_memory_equal(buf_str(&c->in), "HTTP/1.1 405 ", 13);
	assert_non_null(strstr(buf_str(&c->in), "Allow: GET\r\n"));
	end = strstr(buf_str(&c->in), "\r\n\r\n");
	assert_non_null(end);
	assert_memory_equal(end + 4, "HTTP/1.1 200 ", 13);
	client_close(c);
}

/* Requests that are never whole: too slow, or too much of all together. */
static void
test_never_whole(void **state)
{
	static const char head[] = "POST /api/v1/people HTTP/1.1\r\nHost: x\r\n"
				   "Content-Length: 16000000\r\n\r\n";
	struct fx *f = *state;
	struct client *c[6];
	char *part = xcalloc(1, 65536);
	int64_t deadline = clock_mono_ms() + 20000;
	ssize_t n;

	c[0] = client_unix(f);
	client_send(c[0], head, sizeof(head) - 1);
	fx_until(f, connections(f) == 1);
	assert_false(client_is_quiet(f, c[0]) && connections(f) == 0);
	LIST_FIRST(&f->http->conns)->since_ms -= 130000;
	event_active(f->http->sweep, 0, 0);
	fx_until(f, connections(f) == 0);
	client_close(c[0]);
	for (size_t i = 0; i < 6; i++) {
		c[i] = client_unix(f);
		client_send(c[i], head, sizeof(head) - 1);
	}
	fx_until(f, connections(f) == 6);
	for (size_t i = 0; connections(f) == 6; i++) {
		n = send(
		    c[i % 6]->fd, part, 65536, MSG_NOSIGNAL | MSG_DONTWAIT);
		assert_true(n > 0 || errno == EAGAIN);
		assert_true(f->http->receiving < 80000000);
		assert_true(clock_mono_ms() < deadline);
		fx_pump(f);
	}
	for (size_t i = 0; i < 6; i++)
		client_close(c[i]);
	fx_until(f, connections(f) == 0);
	assert_int_equal(f->http->receiving, 0);
	free(part);
}

/* The server goes while a password is being hashed; fx_close() does the rest.
 */
static void
test_free_while_busy(void **state)
{
	struct fx *f = *state;
	struct client *c = client_unix(f);
	struct http_stats s;

	client_request(c, NULL, "POST", "/api/v1/session",
	    "{\"user\":\"x\",\"password\":\"y\"}");
	fx_until(f, (http_get_stats(f->http, &s), s.requests == 1));
	client_close(c);
}

static void
test_too_many_connections(void **state)
{
	struct fx *f = *state;
	static struct client *c[HTTP_CONNS_MAX + 1];
	struct rlimit lim;
	struct reply r;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &lim), 0);
	lim.rlim_cur = lim.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &lim), 0);
	if (lim.rlim_cur < 2 * HTTP_CONNS_MAX + 64)
		skip();
	for (size_t i = 0; i < TC_NELEM(c); i++) {
		c[i] = client_unix(f);
		fx_until(f, connections(f) == i + 1);
	}
	client_request(c[HTTP_CONNS_MAX], NULL, "GET", "/api/v1/health", NULL);
	client_wait(f, c[HTTP_CONNS_MAX], &r);
	assert_int_equal(r.status, 503);
	reply_clear(&r);
	client_wait_eof(f, c[HTTP_CONNS_MAX]);
	client_request(c[0], NULL, "GET", "/api/v1/health", NULL);
	client_wait(f, c[0], &r);
	assert_int_equal(r.status, 200);
	reply_clear(&r);
	for (size_t i = 0; i < TC_NELEM(c); i++)
		client_close(c[i]);
	fx_until(f, connections(f) == 0);
}

static void
test_second_socket(void **state)
{
	struct fx *f = *state;

	struct sockaddr_un un = {.sun_family = AF_UNIX};
	struct http *h = http_new(&f->core, f->base, f->worker);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char *path;

	assert_int_equal(http_listen_unix(f->http, f->sock), TC_EEXIST);
	assert_int_equal(
	    str_printf(un.sun_path, sizeof(un.sun_path), "%s/stale", f->dir),
	    0);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof(un)), 0);
	close(fd);
	assert_int_equal(http_listen_unix(h, un.sun_path), 0);
	http_free(h);
	assert_int_equal(access(un.sun_path, F_OK), -1);
	/* What is no socket is left alone. */
	path = xasprintf("%s/data.key", f->dir);
	assert_int_equal(http_listen_unix(f->http, path), TC_EEXIST);
	assert_int_equal(access(path, F_OK), 0);
	free(path);
	assert_int_equal(http_listen_tcp(f->http, "localhost", 0), TC_EINVAL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_pipelined),
	    T(test_garbage),
	    T(test_huge_headers),
	    T(test_client_leaves),
	    T(test_head),
	    T(test_never_whole),
	    T(test_free_while_busy),
	    T(test_too_many_connections),
	    T(test_second_socket),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
