/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The HTTP server as a client sees it: routing, checks, authentication, the
 * turn, replays, hostile input. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "clock.h"
#include "http/api.h"
#include "http_fixture.h"
#include "log.h"
#include "store/store_private.h"

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

/* --- checks before a handler --- */

static void
test_health(void **state)
{
	struct fx *f = *state;
	struct client *c = client_tcp(f);
	struct reply r;

	client_request(c, NULL, "GET", "/api/v1/health", NULL);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	assert_string_equal(reply_text(&r, "status"), "setup");
	assert_true(json_array_size(json_object_get(r.json, "missing")) > 2);
	assert_non_null(strstr(r.head, "Cache-Control: no-store\r\n"));
	assert_non_null(strstr(r.head, "X-Content-Type-Options: nosniff\r\n"));
	assert_null(strstr(r.head, "Access-Control"));
	reply_clear(&r);
	fx_set_keys(f);
	client_request(c, NULL, "GET", "/api/v1/health", NULL);
	client_wait(f, c, &r);
	assert_string_equal(reply_text(&r, "status"), "ok");
	reply_clear(&r);
	client_close(c);
}

enum who {
	NOBODY,
	ADMIN,
	DRAFTER,
	HANDLER
};

static const struct {
	const char *request, *body;
	enum who who;
	int status;
	const char *field; /* of the problem, NULL: not looked at */
} refusals[] = {
    {"GET /", NULL, ADMIN, 404, NULL},
    {"GET /api/v1/nothing", NULL, ADMIN, 404, NULL},
    {"GET /api/v1/campaigns/", NULL, DRAFTER, 404, NULL},
    {"GET /api/v1/campaigns/0000000000000001", NULL, DRAFTER, 404, NULL},
    {"GET /api/v1/campaigns/zz", NULL, DRAFTER, 404, NULL},
    {"GET /api/v1/lists/%zz", NULL, DRAFTER, 400, NULL},
    {"GET /api/v1/lists/a%00b", NULL, DRAFTER, 400, NULL},
    {"GET /api/v1/lists/a%ff", NULL, DRAFTER, 400, NULL},
    {"GET /api/v1/lists/a%2Fb", NULL, DRAFTER, 404, NULL},
    {"DELETE /api/v1/lists", NULL, DRAFTER, 405, NULL},
    {"PATCH /api/v1/users", NULL, ADMIN, 405, NULL},
    {"OPTIONS /api/v1/users", NULL, ADMIN, 405, NULL},
    {"GET /api/v1/users", NULL, DRAFTER, 403, NULL},
    {"GET /api/v1/cases", NULL, ADMIN, 403, NULL},
    {"GET /api/v1/cases", NULL, NOBODY, 403, NULL},
    {"POST /api/v1/lists", "{\"name\":\"x\"}", NOBODY, 403, NULL},
    {"GET /api/v1/cases?agency=CAX", NULL, HANDLER, 403, NULL},
    {"GET /api/v1/cases?foo=1", NULL, HANDLER, 400, "foo"},
    {"GET /api/v1/cases?limit=0", NULL, HANDLER, 400, "limit"},
    {"GET /api/v1/cases?limit=501", NULL, HANDLER, 400, "limit"},
    {"GET /api/v1/cases?limit=9x", NULL, HANDLER, 400, "limit"},
    {"GET /api/v1/cases?wait=61", NULL, HANDLER, 400, "wait"},
    {"GET /api/v1/cases?wait=1&wait=1", NULL, HANDLER, 400, "wait"},
    {"GET /api/v1/cases?wait=%g0", NULL, HANDLER, 400, "wait"},
    {"GET /api/v1/cases?after=-1", NULL, HANDLER, 400, "after"},
    {"GET /api/v1/cases", "{}", HANDLER, 400, NULL},
    {"GET /api/v1/cases/NONE", NULL, HANDLER, 404, NULL},
    {"POST /api/v1/lists", "{\"name\":", DRAFTER, 400, NULL},
    {"POST /api/v1/lists", "[]", DRAFTER, 400, NULL},
    {"POST /api/v1/lists", "{\"name\":\"a\",\"name\":\"b\"}", DRAFTER, 400,
	NULL},
    {"POST /api/v1/lists", "{\"name\":\"\xff\"}", DRAFTER, 400, NULL},
    {"POST /api/v1/lists", "{\"name\":\"a\\u0000b\"}", DRAFTER, 400, NULL},
    {"POST /api/v1/lists", NULL, DRAFTER, 422, "name"},
    {"POST /api/v1/lists", "{}", DRAFTER, 422, "name"},
    {"POST /api/v1/lists", "{\"name\":\"\"}", DRAFTER, 422, "name"},
    {"POST /api/v1/lists", "{\"name\":7}", DRAFTER, 422, "name"},
    {"POST /api/v1/lists", "{\"name\":\"a\\nb\"}", DRAFTER, 422, "name"},
    {"POST /api/v1/lists", "{\"name\":\"a\",\"x\":1}", DRAFTER, 422, "x"},
    {"POST /api/v1/lists/no/members", "{\"all\":true}", DRAFTER, 404, NULL},
    {"POST /api/v1/lists/no/members", "{}", DRAFTER, 422, NULL},
    {"POST /api/v1/lists/no/members", "{\"number\":\"113\"}", DRAFTER, 422,
	"number"},
    {"POST /api/v1/users",
	"{\"name\":\"a\",\"roles\":[\"setup\"],\"password\":\"0123456789\"}",
	ADMIN, 422, "roles"},
    {"POST /api/v1/users",
	"{\"name\":\"a\",\"roles\":[\"handler\"],"
	"\"password\":\"0123456789\"}",
	ADMIN, 422, "agency"},
    {"POST /api/v1/users",
	"{\"name\":\"A B\",\"roles\":[\"admin\"],"
	"\"password\":\"0123456789\"}",
	ADMIN, 422, "name"},
    {"POST /api/v1/users",
	"{\"name\":\"a\",\"roles\":[\"admin\"],\"password\":\"short\"}", ADMIN,
	422, "password"},
    {"PUT /api/v1/agencies/HPN/key", "{\"public_key\":\"x\"}", ADMIN, 422,
	"public_key"},
    {"PUT /api/v1/agencies/HPN/key",
	"{\"public_key\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
	ADMIN, 422, "public_key"},
};

static void
test_refusals(void **state)
{
	struct fx *f = *state;
	const char *tokens[] = {NULL, fx_user(f, "an", "", ROLE_ADMIN),
	    fx_user(f, "binh", "HPN", ROLE_DRAFTER),
	    fx_user(f, "chi", "HPN", ROLE_HANDLER)};
	struct reply r;

	for (size_t i = 0; i < TC_NELEM(refusals); i++) {
		fx_call(f, tokens[refusals[i].who], refusals[i].request,
		    refusals[i].body, &r);
		if (r.status != refusals[i].status)
			fail_msg("%s %s: %d %s", refusals[i].request,
			    refusals[i].body != NULL ? refusals[i].body : "",
			    r.status, r.body);
		assert_non_null(
		    strstr(r.head, "Content-Type: application/problem+json"));
		assert_int_equal(reply_int(&r, "status"), refusals[i].status);
		if (refusals[i].field != NULL)
			assert_string_equal(
			    reply_text(&r, "field"), refusals[i].field);
		reply_clear(&r);
	}
	assert_int_equal(fx_value(f, "SELECT count(*) FROM list"), 0);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM user"), 3);
}

static void
test_allow(void **state)
{
	struct fx *f = *state;
	struct reply r;

	fx_call(f, NULL, "PUT /api/v1/session", NULL, &r);
	assert_int_equal(r.status, 405);
	assert_non_null(strstr(r.head, "Allow: GET, POST, DELETE\r\n"));
	reply_clear(&r);
	fx_call(f, NULL, "GET /api/v1/agencies/HPN/key", NULL, &r);
	assert_non_null(strstr(r.head, "Allow: PUT\r\n"));
	reply_clear(&r);
}

static void
test_content_type_and_caps(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct client *c = client_unix(f);
	char *big = xcalloc(1, 70001);
	struct reply r;

	client_printf(c,
	    "POST /api/v1/lists HTTP/1.1\r\nHost: x\r\n"
	    "Authorization: Bearer %s\r\nContent-Type: text/plain\r\n"
	    "Content-Length: 12\r\n\r\n{\"name\":\"x\"}",
	    token);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 415);
	reply_clear(&r);
	memset(big, ' ', 70000);
	client_printf(c,
	    "POST /api/v1/lists HTTP/1.1\r\nHost: x\r\n"
	    "Authorization: Bearer %s\r\n"
	    "Content-Type: application/json; charset=utf-8\r\n"
	    "Content-Length: 70000\r\n\r\n",
	    token);
	client_send(c, big, 70000);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 413);
	reply_clear(&r);
	free(big);
	client_close(c);
}

static const struct {
	const char *host;
	int status;
} hosts[] = {
    {"Host: localhost\r\n", 200},
    {"Host: LOCALHOST:8080\r\n", 200},
    {"Host: 127.0.0.1:1\r\n", 200},
    {"Host: [::1]:80\r\n", 200},
    {"Host: localhost.evil.example\r\n", 400},
    {"Host: localhost:80.evil.example\r\n", 400},
    {"Host: evil.example:8080\r\n", 400},
    {"Host: 127.0.0.10\r\n", 400},
    {"", 400},
};

/* A page of a name that was made to point here sends its own name. */
static void
test_host(void **state)
{
	struct fx *f = *state;
	struct client *c;
	struct reply r;

	for (size_t i = 0; i < TC_NELEM(hosts); i++) {
		c = client_tcp(f);
		client_printf(
		    c, "GET /api/v1/health HTTP/1.1\r\n%s\r\n", hosts[i].host);
		client_wait(f, c, &r);
		assert_int_equal(r.status, hosts[i].status);
		reply_clear(&r);
		client_close(c);
	}
}

/* --- who --- */

static void
test_setup_is_unix_only(void **state)
{
	struct fx *f = *state;
	struct client *c = client_tcp(f);
	struct stat st;
	struct reply r;

	client_request(c, NULL, "GET", "/api/v1/session", NULL);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 401);
	assert_non_null(strstr(r.head, "WWW-Authenticate: Bearer"));
	reply_clear(&r);
	client_close(c);
	fx_call(f, NULL, "GET /api/v1/session", NULL, &r);
	assert_int_equal(r.status, 200);
	assert_string_equal(reply_text(&r, "user"), "setup");
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"GET /api/v1/session", NULL, NULL),
	    401);
	assert_int_equal(
	    fx_call(f, "short", "GET /api/v1/session", NULL, NULL), 401);
	assert_int_equal(stat(f->sock, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
}

static void
test_users_and_login(void **state)
{
	struct fx *f = *state;
	char token[64];
	struct reply r;

	fx_call(f, NULL, "POST /api/v1/users",
	    "{\"name\":\"hoa\",\"agency\":\"HPN\",\"roles\":[\"handler\"],"
	    "\"password\":\"mot hai ba bon\"}",
	    &r);
	assert_int_equal(r.status, 201);
	assert_null(strstr(r.body, "argon"));
	reply_clear(&r);
	assert_int_equal(fx_call(f, NULL, "POST /api/v1/users",
			     "{\"name\":\"hoa\",\"roles\":[\"admin\"],"
			     "\"password\":\"mot hai ba bon\"}",
			     NULL),
	    409);
	fx_call(f, NULL, "POST /api/v1/session",
	    "{\"user\":\"hoa\",\"password\":\"mot hai ba bon\"}", &r);
	assert_int_equal(r.status, 201);
	assert_int_equal(strlen(reply_text(&r, "token")), 43);
	assert_int_equal(
	    str_printf(token, sizeof(token), "%s", reply_text(&r, "token")), 0);
	assert_true(
	    reply_int(&r, "expires_at") >= clock_now() + 12 * 3600 - 60);
	reply_clear(&r);
	assert_int_equal(
	    fx_value(f, "SELECT count(*) FROM session WHERE token_hash = ''"),
	    0);
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/session", NULL, NULL), 200);
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/cases", NULL, NULL), 200);
	assert_int_equal(
	    fx_call(f, NULL, "POST /api/v1/users/hoa/revoke", NULL, NULL), 200);
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/session", NULL, NULL), 401);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM session"), 0);
	assert_int_equal(fx_call(f, NULL, "POST /api/v1/session",
			     "{\"user\":\"hoa\",\"password\":\"mot hai ba "
			     "bon\"}",
			     NULL),
	    401);
	assert_int_equal(
	    fx_call(f, NULL, "POST /api/v1/users/nobody/revoke", NULL, NULL),
	    404);
}

static void
test_logout_and_expiry(void **state)
{
	struct fx *f = *state;
	const char *a = fx_user(f, "a", "", ROLE_ADMIN);
	const char *b = fx_user(f, "b", "", ROLE_ADMIN);

	assert_int_equal(
	    fx_call(f, a, "DELETE /api/v1/session", NULL, NULL), 204);
	assert_int_equal(fx_call(f, a, "GET /api/v1/session", NULL, NULL), 401);
	assert_int_equal(fx_call(f, b, "GET /api/v1/session", NULL, NULL), 200);
	fx_sql(f, "UPDATE user SET revoked_at = 1");
	assert_int_equal(fx_call(f, b, "GET /api/v1/session", NULL, NULL), 401);
	fx_sql(f, "UPDATE user SET revoked_at = NULL");
	assert_int_equal(fx_call(f, b, "GET /api/v1/session", NULL, NULL), 200);
	fx_sql(f, "UPDATE session SET expires_at = 1");
	assert_int_equal(fx_call(f, b, "GET /api/v1/session", NULL, NULL), 401);
}

/* Three tries, then a wait; unknown names are no different. */
static void
test_login_backoff(void **state)
{
	static const char *const names[] = {"an", "nobody"};
	struct fx *f = *state;
	char body[100];
	struct reply r;

	(void)fx_user(f, "an", "", ROLE_ADMIN);
	for (size_t i = 0; i < TC_NELEM(names); i++) {
		assert_int_equal(
		    str_printf(body, sizeof(body),
			"{\"user\":\"%s\",\"password\":\"wrong\"}", names[i]),
		    0);
		for (int n = 0; n < 3; n++)
			assert_int_equal(
			    fx_call(
				f, NULL, "POST /api/v1/session", body, NULL),
			    401);
		fx_call(f, NULL, "POST /api/v1/session", body, &r);
		assert_int_equal(r.status, 429);
		assert_non_null(strstr(r.head, "Retry-After: 1\r\n"));
		reply_clear(&r);
		assert_int_equal(
		    str_printf(body, sizeof(body),
			"{\"user\":\"%s\",\"password\":\"correct horse\"}",
			names[i]),
		    0);
		assert_int_equal(
		    fx_call(f, NULL, "POST /api/v1/session", body, NULL), 429);
	}
}

/* A busy box takes long over a password: the wait begins with its answer. */
static void
test_login_backoff_begins_late(void **state)
{
	struct auth *a = auth_new();

	(void)state;
	for (int n = 0; n < 3; n++)
		assert_int_equal(auth_try(a, "an", 0), 0);
	auth_failed(a, "an", 5000);
	assert_int_equal(auth_try(a, "an", 5500), 1);
	assert_int_equal(auth_try(a, "an", 6500), 0);
	auth_free(a);
}

/* Revoked while the password is being checked. */
static void
test_login_races_revoke(void **state)
{
	struct fx *f = *state;
	struct client *c = client_unix(f);
	struct http_stats st;
	struct reply r;

	(void)fx_user(f, "an", "", ROLE_ADMIN);
	client_request(c, NULL, "POST", "/api/v1/session",
	    "{\"user\":\"an\",\"password\":\"correct horse\"}");
	fx_until(f, (http_get_stats(f->http, &st), st.requests == 1));
	fx_sql(f, "UPDATE user SET revoked_at = 1");
	client_wait(f, c, &r);
	assert_int_equal(r.status, 401);
	reply_clear(&r);
	client_close(c);
}

/* --- the turn --- */

static void
test_answer_waits_for_commit(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct client *c = client_unix(f);
	struct http_stats s;
	struct reply r;

	f->hold = true;
	client_request(c, token, "POST", "/api/v1/lists", "{\"name\":\"x\"}");
	fx_until(f, (http_get_stats(f->http, &s), s.requests == 1));
	assert_true(client_is_quiet(f, c));
	f->hold = false;
	client_wait(f, c, &r);
	assert_int_equal(r.status, 201);
	reply_clear(&r);
	client_close(c);
}

static int
refuse_commit(void *arg)
{
	(void)arg;
	return 1;
}

static void
test_commit_fails(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct reply r;

	sqlite3_commit_hook(f->core.store->db, refuse_commit, NULL);
	fx_call(f, token, "POST /api/v1/lists", "{\"name\":\"x\"}", &r);
	assert_int_equal(r.status, 503);
	assert_non_null(strstr(r.head, "Retry-After: 1\r\n"));
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, NULL, "GET /api/v1/health", NULL, NULL), 200);
	sqlite3_commit_hook(f->core.store->db, NULL, NULL);
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/lists/x", NULL, NULL), 404);
	assert_int_equal(
	    fx_call(f, token, "POST /api/v1/lists", "{\"name\":\"x\"}", NULL),
	    201);
}

/* The second of three requests in one turn fails after it has written. */
static void
test_op_fails_alone(void **state)
{
	static const char *const bodies[] = {
	    "{\"name\":\"a\"}", "{\"name\":\"boom\"}", "{\"name\":\"b\"}"};
	static const int status[] = {201, 409, 201};
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct client *c[3];
	struct http_stats s;
	struct reply r;

	/* Behind the handler's own insert. */
	fx_sql(f,
	    "CREATE TEMP TRIGGER boom AFTER INSERT ON list "
	    "WHEN new.name = 'boom' BEGIN SELECT raise(ABORT, 'boom'); END");
	f->hold = true;
	for (size_t i = 0; i < 3; i++) {
		c[i] = client_unix(f);
		client_request(c[i], token, "POST", "/api/v1/lists", bodies[i]);
		fx_until(f, (http_get_stats(f->http, &s), s.requests == i + 1));
	}
	f->hold = false;
	for (size_t i = 0; i < 3; i++) {
		client_wait(f, c[i], &r);
		assert_int_equal(r.status, status[i]);
		reply_clear(&r);
		client_close(c[i]);
	}
	assert_int_equal(fx_value(f, "SELECT count(*) FROM list"), 2);
}

/* --- Idempotency-Key --- */

static int
post_with_key(struct fx *f, const char *token, const char *key,
    const char *name, char **body)
{
	struct client *c = client_unix(f);
	struct reply r;
	int status;

	client_printf(c,
	    "POST /api/v1/lists HTTP/1.1\r\nHost: x\r\n"
	    "Authorization: Bearer %s\r\nIdempotency-Key: %s\r\n"
	    "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n"
	    "{\"name\":\"%s\"}",
	    token, key, strlen(name) + 11, name);
	client_wait(f, c, &r);
	client_close(c);
	status = r.status;
	if (body != NULL)
		*body = xstrdup(r.body);
	reply_clear(&r);
	return status;
}

static void
test_idempotency(void **state)
{
	struct fx *f = *state;
	const char *one = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	const char *two = fx_user(f, "cuc", "HPN", ROLE_DRAFTER);
	char *first, *again, *long_key = xcalloc(1, 130);

	assert_int_equal(post_with_key(f, one, "k1", "x", &first), 201);
	assert_int_equal(post_with_key(f, one, "k1", "x", &again), 201);
	assert_string_equal(first, again);
	assert_int_equal(post_with_key(f, one, "k1", "y", NULL), 422);
	assert_int_equal(post_with_key(f, one, "k2", "x", NULL), 409);
	assert_int_equal(post_with_key(f, two, "k1", "z", NULL), 201);
	/* A refusal is not remembered: it changed nothing. */
	assert_int_equal(post_with_key(f, one, "k2", "w", NULL), 201);
	memset(long_key, 'k', 129);
	assert_int_equal(post_with_key(f, one, long_key, "v", NULL), 400);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM list"), 3);
	/* Neither key nor request is stored in clear. */
	assert_int_equal(
	    fx_value(f, "SELECT count(*) FROM answer WHERE length(key) = 32"),
	    3);
	free(first);
	free(again);
	free(long_key);
}

/* An answer that cannot be remembered takes the change back with it. */
static void
test_idempotency_is_atomic(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);

	fx_sql(f, "CREATE TEMP TRIGGER boom BEFORE INSERT ON answer BEGIN "
		  "SELECT raise(ABORT, 'boom'); END");
	assert_in_range(post_with_key(f, token, "k", "x", NULL), 400, 599);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM list"), 0);
	fx_sql(f, "DROP TRIGGER temp.boom");
	assert_int_equal(post_with_key(f, token, "k", "x", NULL), 201);
}

/* --- the log --- */

static char logged[4096];

static void
log_sink(enum log_level level, const char *line, void *ctx)
{
	size_t n = strlen(logged);

	(void)level;
	(void)ctx;
	(void)!str_printf(logged + n, sizeof(logged) - n, "%s\n", line);
}

/* Who changed what, and nothing of what was written. */
static void
test_log(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);

	logged[0] = '\0';
	log_set_level(LOG_LEVEL_DEBUG);
	log_set_sink(log_sink, NULL);
	fx_call(f, token, "POST /api/v1/lists", "{\"name\":\"secret\"}", NULL);
	fx_call(f, token, "POST /api/v1/lists/secret/members",
	    "{\"number\":\"0900000001\"}", NULL);
	fx_call(f, token, "GET /api/v1/lists/secret", NULL, NULL);
	fx_call(f, NULL, "POST /api/v1/session",
	    "{\"user\":\"secret\",\"password\":\"secret\"}", NULL);
	log_set_sink(NULL, NULL);
	log_set_level(LOG_LEVEL_ERR);
	assert_non_null(
	    strstr(logged, "POST /api/v1/lists user=binh status=201\n"));
	assert_non_null(strstr(logged,
	    "POST /api/v1/lists/{name}/members user=binh status=404\n"));
	assert_non_null(
	    strstr(logged, "POST /api/v1/session user=- status=401\n"));
	assert_null(strstr(logged, "secret"));
	assert_null(strstr(logged, "900000001"));
	assert_null(strstr(logged, "GET"));
	assert_null(strstr(logged, token));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_health),
	    T(test_refusals),
	    T(test_allow),
	    T(test_content_type_and_caps),
	    T(test_host),
	    T(test_setup_is_unix_only),
	    T(test_users_and_login),
	    T(test_logout_and_expiry),
	    T(test_login_backoff),
	    T(test_login_backoff_begins_late),
	    T(test_login_races_revoke),
	    T(test_answer_waits_for_commit),
	    T(test_commit_fails),
	    T(test_op_fails_alone),
	    T(test_idempotency),
	    T(test_idempotency_is_atomic),
	    T(test_log),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
