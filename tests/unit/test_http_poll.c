/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long polls and the resources, from the first key to a closed case and a
 * running campaign. */
#include "config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "clock.h"
#include "http_fixture.h"
#include "turn.h"

static int
setup(void **state)
{
	*state = fx_open();
	fx_set_keys(*state);
	return 0;
}

static int
teardown(void **state)
{
	fx_close(*state);
	return 0;
}

static struct http_stats
stats(struct fx *f)
{
	struct http_stats s;

	http_get_stats(f->http, &s);
	return s;
}

/* A client whose poll waits; wait in seconds. */
static struct client *
poll_start(struct fx *f, const char *token, int wait, bool tcp)
{
	struct client *c = tcp ? client_tcp(f) : client_unix(f);
	size_t before = stats(f).polls;
	char path[64];

	assert_int_equal(
	    str_printf(path, sizeof(path), "/api/v1/cases?after=%d&wait=%d",
		(int)fx_value(f, "SELECT coalesce(max(change), 0) FROM 'case'"),
		wait),
	    0);
	client_request(c, token, "GET", path, NULL);
	fx_until(f, stats(f).polls == before + 1);
	return c;
}

static size_t
cases_in(const struct reply *r)
{
	return json_array_size(json_object_get(r->json, "cases"));
}

/* --- long polls --- */

static void
test_poll_wakes(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	const char *other = fx_user(f, "lan", "QTDL", ROLE_HANDLER);
	struct client *a = poll_start(f, hpn, 60, false);
	struct client *b = poll_start(f, hpn, 60, true);
	struct client *q = poll_start(f, other, 60, false);
	struct reply r;
	int64_t t0;

	fx_file(f, "SUPPORT", "toi can giup");
	t0 = clock_mono_ms();
	client_wait(f, a, &r);
	assert_true(clock_mono_ms() - t0 < 50);
	assert_int_equal(r.status, 200);
	assert_int_equal(cases_in(&r), 1);
	assert_int_not_equal(strtoll(reply_text(&r, "cursor"), NULL, 10), 0);
	assert_null(strstr(r.body, "giup"));
	reply_clear(&r);
	client_wait(f, b, &r);
	assert_int_equal(cases_in(&r), 1);
	reply_clear(&r);
	/* An agency that is not concerned hears nothing. */
	assert_true(client_is_quiet(f, q));
	client_close(a);
	client_close(b);
	client_close(q);
	fx_until(f, stats(f).connections == 0);
	assert_int_equal(stats(f).polls, 0);
}

/* The change that it waits for is in the same turn. */
static void
test_poll_within_turn(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *a, *c = client_unix(f);
	struct reply r;
	char path[64];

	fx_file(f, "SUPPORT", "x");
	fx_call(f, hpn, "GET /api/v1/cases", NULL, &r);
	assert_int_equal(
	    str_printf(path, sizeof(path), "/api/v1/cases/%s/claim",
		json_string_value(json_object_get(
		    json_array_get(json_object_get(r.json, "cases"), 0),
		    "code"))),
	    0);
	reply_clear(&r);
	f->hold = true;
	a = poll_start(f, hpn, 60, false);
	client_request(c, hpn, "POST", path, "{}");
	fx_until(f, stats(f).requests == 2);
	assert_true(client_is_quiet(f, a));
	f->hold = false;
	client_wait(f, a, &r);
	assert_int_equal(cases_in(&r), 1);
	assert_non_null(strstr(r.body, "\"claimed_by\":\"hoa\""));
	reply_clear(&r);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	reply_clear(&r);
	client_close(a);
	client_close(c);
}

static void
test_poll_times_out(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *c = poll_start(f, hpn, 1, true);
	int64_t t0 = clock_mono_ms();
	struct reply r;

	client_wait(f, c, &r);
	assert_in_range(clock_mono_ms() - t0, 700, 3000);
	assert_int_equal(r.status, 200);
	assert_int_equal(cases_in(&r), 0);
	assert_string_equal(reply_text(&r, "cursor"), "0");
	reply_clear(&r);
	/* The connection goes on. */
	client_request(c, hpn, "GET", "/api/v1/session", NULL);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	reply_clear(&r);
	client_close(c);
}

static void
test_poll_client_leaves(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *c;

	for (int tcp = 0; tcp < 2; tcp++) {
		c = poll_start(f, hpn, 60, tcp);
		client_close(c);
		fx_until(f, stats(f).connections == 0);
		assert_int_equal(stats(f).polls, 0);
		assert_int_equal(stats(f).requests, 0);
	}
	/* With a reset instead of an orderly end. */
	c = poll_start(f, hpn, 60, true);
	assert_int_equal(setsockopt(c->fd, SOL_SOCKET, SO_LINGER,
			     &(struct linger){1, 0}, sizeof(struct linger)),
	    0);
	client_close(c);
	fx_until(f, stats(f).connections == 0);
	assert_true(fx_wakes(f, 100) < 20);
	fx_file(f, "SUPPORT", "x");
}

static void
test_poll_half_close(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *c = poll_start(f, hpn, 60, true);
	struct reply r;

	assert_int_equal(shutdown(c->fd, SHUT_WR), 0);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	assert_int_equal(cases_in(&r), 0);
	reply_clear(&r);
	client_wait_eof(f, c);
	client_close(c);
	fx_until(f, stats(f).connections == 0);
}

/* What comes during a poll waits for its turn, be it noise or a request. */
static void
test_poll_extra_bytes(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *a = poll_start(f, hpn, 60, false);
	struct client *b = poll_start(f, hpn, 60, true);
	struct reply r;

	client_send(a, "x", 1);
	client_request(b, hpn, "GET", "/api/v1/session", NULL);
	assert_true(client_is_quiet(f, a));
	assert_true(client_is_quiet(f, b));
	assert_int_equal(stats(f).polls, 2);
	assert_true(fx_wakes(f, 100) < 20);
	fx_file(f, "SUPPORT", "x");
	client_wait(f, a, &r);
	assert_int_equal(cases_in(&r), 1);
	reply_clear(&r);
	client_wait(f, b, &r);
	assert_int_equal(cases_in(&r), 1);
	reply_clear(&r);
	client_wait(f, b, &r);
	assert_string_equal(reply_text(&r, "user"), "hoa");
	reply_clear(&r);
	client_close(a);
	client_close(b);
	fx_until(f, stats(f).connections == 0);
}

/* Revoked while he waits: he learns of nothing. */
static void
test_poll_revoked(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *c = poll_start(f, hpn, 60, false);
	struct reply r;

	assert_int_equal(
	    fx_call(f, NULL, "POST /api/v1/users/hoa/revoke", NULL, NULL), 200);
	fx_file(f, "SUPPORT", "x");
	client_wait(f, c, &r);
	assert_int_equal(r.status, 401);
	reply_clear(&r);
	client_close(c);
}

static void
test_poll_stop(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	struct client *c = poll_start(f, hpn, 60, false);
	struct reply r;

	http_stop(f->http);
	client_wait(f, c, &r);
	assert_int_equal(r.status, 200);
	assert_int_equal(cases_in(&r), 0);
	reply_clear(&r);
	client_close(c);
}

static void
test_poll_cap(void **state)
{
	struct fx *f = *state;
	const char *hpn = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	static struct client *c[HTTP_POLLS_MAX];

	for (size_t i = 0; i < HTTP_POLLS_MAX; i++)
		c[i] = poll_start(f, hpn, 60, false);
	assert_int_equal(
	    fx_call(f, hpn, "GET /api/v1/cases?after=0&wait=60", NULL, NULL),
	    503);
	for (size_t i = 0; i < HTTP_POLLS_MAX; i++)
		client_close(c[i]);
	fx_until(f, stats(f).connections == 0);
	assert_int_equal(stats(f).polls, 0);
}

/* --- resources --- */

/* "METHOD /api/v1/IDACT", in a static buffer. */
static const char *
url(const char *method, const char *id, const char *act)
{
	static char request[160];

	assert_int_equal(str_printf(request, sizeof(request), "%s /api/v1/%s%s",
			     method, id, act),
	    0);
	return request;
}

static void
test_case_life(void **state)
{
	struct fx *f = *state;
	const char *hoa = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	const char *lan = fx_user(f, "lan", "HPN", ROLE_HANDLER);
	const char *out = fx_user(f, "out", "QTDL", ROLE_HANDLER);
	char id[32];
	struct reply r;

	fx_file(f, "SUPPORT", "toi can giup");
	fx_call(f, hoa, "GET /api/v1/cases?agency=HPN", NULL, &r);
	assert_int_equal(cases_in(&r), 1);
	assert_int_equal(
	    str_printf(id, sizeof(id), "cases/%s",
		json_string_value(json_object_get(
		    json_array_get(json_object_get(r.json, "cases"), 0),
		    "code"))),
	    0);
	reply_clear(&r);
	assert_int_equal(fx_call(f, hoa, url("GET", id, ""), NULL, &r), 200);
	assert_int_equal(strlen(reply_text(&r, "public_key")), 44);
	assert_int_equal(strlen(reply_text(&r, "sealed_key")), 108);
	assert_int_equal(json_array_size(json_object_get(r.json, "items")), 1);
	assert_non_null(strstr(r.body, "\"act\":\"viewed\",\"actor\":\"hoa\""));
	assert_null(strstr(r.body, "900000001"));
	reply_clear(&r);
	assert_int_equal(fx_call(f, out, url("GET", id, ""), NULL, NULL), 404);
	assert_int_equal(fx_call(f, hoa, url("POST", id, "/close"),
			     "{\"outcome\":\"helped\"}", NULL),
	    409);
	assert_int_equal(
	    fx_call(f, hoa, url("POST", id, "/claim"), NULL, NULL), 200);
	assert_int_equal(
	    fx_call(f, hoa, url("POST", id, "/claim"), "{}", NULL), 200);
	assert_int_equal(
	    fx_call(f, lan, url("POST", id, "/claim"), NULL, NULL), 409);
	assert_int_equal(
	    fx_call(f, out, url("POST", id, "/claim"), NULL, NULL), 404);
	assert_int_equal(fx_call(f, lan, url("POST", id, "/close"),
			     "{\"outcome\":\"helped\"}", NULL),
	    403);
	assert_int_equal(fx_call(f, hoa, url("POST", id, "/close"),
			     "{\"outcome\":\"?\"}", &r),
	    422);
	assert_string_equal(reply_text(&r, "field"), "outcome");
	reply_clear(&r);
	assert_int_equal(fx_call(f, hoa, url("POST", id, "/close"),
			     "{\"outcome\":\"helped\"}", &r),
	    200);
	assert_non_null(strstr(r.body, "\"state\":\"closed\""));
	reply_clear(&r);
	fx_call(f, hoa, "GET /api/v1/cases", NULL, &r);
	assert_int_equal(cases_in(&r), 0);
	assert_string_not_equal(reply_text(&r, "cursor"), "0");
	reply_clear(&r);
}

/* Nobody else could ever close what a revoked user has claimed. */
static void
test_revoked_user_gives_back_his_cases(void **state)
{
	struct fx *f = *state;
	const char *hoa = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	const char *lan = fx_user(f, "lan", "HPN", ROLE_HANDLER);
	char id[32];
	struct reply r;

	fx_file(f, "SUPPORT", "toi can giup");
	fx_call(f, hoa, "GET /api/v1/cases", NULL, &r);
	assert_int_equal(
	    str_printf(id, sizeof(id), "cases/%s",
		json_string_value(json_object_get(
		    json_array_get(json_object_get(r.json, "cases"), 0),
		    "code"))),
	    0);
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, hoa, url("POST", id, "/claim"), NULL, NULL), 200);
	fx_file(f, "SUPPORT", "toi van cho");
	assert_int_equal(fx_value(f, "SELECT count(*) FROM \"case\""
				     " WHERE state = 'claimed'"),
	    1);
	assert_int_equal(
	    fx_call(f, NULL, "POST /api/v1/users/hoa/revoke", NULL, NULL), 200);
	assert_int_equal(fx_call(f, lan, url("GET", id, ""), NULL, &r), 200);
	assert_non_null(strstr(r.body, "\"state\":\"new\""));
	assert_non_null(strstr(r.body, "\"act\":\"released\""));
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, lan, url("POST", id, "/claim"), NULL, NULL), 200);
	assert_int_equal(fx_call(f, lan, url("POST", id, "/close"),
			     "{\"outcome\":\"helped\"}", NULL),
	    200);
}

static void
test_keys(void **state)
{
	static const char request[] = "PUT /api/v1/agencies/RECOVERY/key";
	static const char body[] =
	    "{\"public_key\":\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"}";
	static const char other[] =
	    "{\"public_key\":\"3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=\"}";
	struct fx *f = *state;
	const char *drafter = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct reply r;

	assert_int_equal(fx_call(f, drafter, request, body, NULL), 403);
	assert_int_equal(fx_call(f, NULL, request, body, NULL), 409);
	fx_sql(f, "DELETE FROM agency WHERE code = 'RECOVERY'");
	fx_call(f, NULL, "GET /api/v1/health", NULL, &r);
	assert_string_equal(
	    r.body, "{\"status\":\"setup\",\"missing\":[\"key RECOVERY\"]}");
	reply_clear(&r);
	assert_int_equal(fx_call(f, NULL, request, body, NULL), 200);
	/* PUT again is the same; another key is not. */
	assert_int_equal(fx_call(f, NULL, request, body, NULL), 200);
	assert_int_equal(fx_call(f, NULL, request, other, NULL), 409);
	assert_int_equal(
	    fx_call(f, NULL, "PUT /api/v1/agencies/NOBODY/key", body, NULL),
	    404);
	fx_call(f, drafter, "GET /api/v1/agencies", NULL, &r);
	assert_non_null(
	    strstr(r.body, "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo="));
	reply_clear(&r);
}

static int
import(struct fx *f, const char *token, const char *query, const char *csv,
    struct reply *out)
{
	struct client *c = client_unix(f);

	client_printf(c,
	    "POST /api/v1/people%s HTTP/1.1\r\nHost: x\r\n"
	    "Authorization: Bearer %s\r\nContent-Type: text/csv\r\n"
	    "Content-Length: %zu\r\n\r\n",
	    query, token, strlen(csv));
	client_send(c, csv, strlen(csv));
	client_wait(f, c, out);
	client_close(c);
	return out->status;
}

#define CSV_HEAD "number,consent_source,consent_date,collector\n"

/* More rows than are written in one go: every part is committed before the
 * answer, and the same key has the same answer. */
static void
import_in_parts(struct fx *f, const char *token)
{
	char csv[64 * 1024] = CSV_HEAD;
	size_t len = strlen(csv);
	struct reply r;
	int i;

	for (i = 0; i < 700; i++) {
		assert_int_equal(
		    str_printf(csv + len, sizeof(csv) - len,
			"0900000%03d,meeting,2026-01-02,an\n", 100 + i),
		    0);
		len += strlen(csv + len);
	}
	assert_int_equal(import(f, token, "?list=b&dry_run=1", csv, &r), 200);
	assert_int_equal(reply_int(&r, "listed"), 700);
	reply_clear(&r);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM person"), 2);
	assert_int_equal(import(f, token, "?list=b", csv, &r), 201);
	assert_int_equal(reply_int(&r, "rows"), 700);
	assert_int_equal(reply_int(&r, "added"), 700);
	assert_int_equal(reply_int(&r, "updated"), 0);
	assert_int_equal(reply_int(&r, "listed"), 700);
	reply_clear(&r);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM person"), 702);
}

static void
test_people(void **state)
{
	static const char good[] =
	    CSV_HEAD "0900000001,meeting,2026-01-02,an\n"
		     "0900000002,meeting,2026-01-02,an\n";
	static const char bad[] = CSV_HEAD "0900000003,meeting,2026-01-02,an\n"
					   "12,meeting,2026-01-02,an\n";
	struct fx *f = *state;
	const char *token = fx_user(f, "binh", "HPN", ROLE_DRAFTER);
	struct reply r;

	assert_int_equal(import(f, token, "", bad, &r), 422);
	assert_int_equal(json_array_size(json_object_get(r.json, "errors")), 1);
	assert_non_null(strstr(r.body, "\"line\":3"));
	reply_clear(&r);
	assert_int_equal(import(f, token, "?dry_run=1", good, &r), 200);
	assert_int_equal(reply_int(&r, "added"), 2);
	reply_clear(&r);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM person"), 0);
	assert_int_equal(import(f, token, "?list=th%C3%B4n+1", good, &r), 201);
	assert_int_equal(reply_int(&r, "added"), 2);
	assert_int_equal(reply_int(&r, "listed"), 2);
	reply_clear(&r);
	import_in_parts(f, token);
	/* In a path "+" is a plus, in a query a space. */
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/lists/th%C3%B4n+1", NULL, NULL),
	    404);
	fx_call(f, token, "GET /api/v1/lists/th%C3%B4n%201", NULL, &r);
	assert_int_equal(reply_int(&r, "members"), 2);
	assert_string_equal(reply_text(&r, "agency"), "HPN");
	reply_clear(&r);
	fx_call(f, token, "GET /api/v1/people?limit=1", NULL, &r);
	assert_int_equal(json_array_size(json_object_get(r.json, "people")), 1);
	assert_int_equal(strlen(reply_text(&r, "next")), 16);
	assert_null(strstr(r.body, "900000001"));
	assert_null(strstr(r.body, "900000002"));
	reply_clear(&r);
	assert_int_equal(fx_call(f, token,
			     "POST /api/v1/lists/th%C3%B4n%201/"
			     "members",
			     "{\"number\":\"0900 000 009\"}", NULL),
	    404);
	assert_int_equal(fx_call(f, token,
			     "POST /api/v1/lists/th%C3%B4n%201/"
			     "members",
			     "{\"number\":\"0900 000 001\"}", &r),
	    200);
	assert_int_equal(reply_int(&r, "added"), 0);
	reply_clear(&r);
}

static void
test_campaign(void **state)
{
	static const char body[] = "{\"name\":\"Test\",\"lists\":[\"l\"],"
				   "\"text\":\"Hop thon 19h thu bay\","
				   "\"plan_year\":2026}";
	struct fx *f = *state;
	const char *author =
	    fx_user(f, "binh", "HPN", ROLE_DRAFTER | ROLE_APPROVER);
	const char *boss = fx_user(f, "boss", "UBND", ROLE_APPROVER);
	char id[32];
	struct reply r;

	assert_int_equal(
	    fx_call(f, author, "POST /api/v1/campaigns", body, &r), 422);
	assert_string_equal(reply_text(&r, "field"), "lists");
	reply_clear(&r);
	assert_int_equal(import(f, author, "?list=l",
			     CSV_HEAD "0900000001,meeting,2026-01-02,an\n", &r),
	    201);
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, author, "POST /api/v1/campaigns", body, &r), 201);
	assert_string_equal(reply_text(&r, "state"), "draft");
	assert_true(json_is_null(json_object_get(r.json, "approver")));
	assert_int_equal(
	    str_printf(id, sizeof(id), "campaigns/%s", reply_text(&r, "id")),
	    0);
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, boss, url("POST", id, "/approve"), "{}", NULL), 409);
	assert_int_equal(
	    fx_call(f, boss, url("POST", id, "/check"), "{}", NULL), 403);
	assert_int_equal(
	    fx_call(f, author, url("POST", id, "/check"), "{}", NULL), 200);
	assert_int_equal(
	    fx_call(f, author, url("POST", id, "/approve"), "{}", NULL), 403);
	assert_int_equal(
	    fx_call(f, boss, url("POST", id, "/approve"), "{}", &r), 200);
	assert_string_equal(reply_text(&r, "approver"), "boss");
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, boss, url("POST", id, "/start"), "{}", &r), 200);
	assert_string_equal(reply_text(&r, "state"), "running");
	assert_int_equal(reply_int(&(struct reply){.json = json_object_get(
						       r.json, "recipients")},
			     "total"),
	    1);
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, author, url("POST", id, "/pause"), NULL, NULL), 200);
	assert_int_equal(
	    fx_call(f, boss, "GET /api/v1/messages", NULL, &r), 200);
	assert_null(strstr(r.body, "900000001"));
	reply_clear(&r);
	fx_call(f, boss, "GET /api/v1/campaigns", NULL, &r);
	assert_int_equal(
	    json_array_size(json_object_get(r.json, "campaigns")), 1);
	reply_clear(&r);
}

static void
test_status_and_metrics(void **state)
{
	struct fx *f = *state;
	const char *hoa = fx_user(f, "hoa", "HPN", ROLE_HANDLER);
	const char *tech = fx_user(f, "tech", "", ROLE_TECHNICIAN);
	struct reply r;

	fx_file(f, "SUPPORT", "x");
	fx_call(f, hoa, "GET /api/v1/status", NULL, &r);
	assert_string_equal(reply_text(&r, "state"), "running");
	assert_string_equal(reply_text(&r, "version"), PACKAGE_VERSION);
	assert_non_null(strstr(r.body, "\"cases\":{\"HPN\":[0,"));
	reply_clear(&r);
	fx_call(f, tech, "GET /api/v1/status", NULL, &r);
	assert_int_equal(r.status, 200);
	assert_null(json_object_get(r.json, "cases"));
	assert_non_null(strstr(r.body, "\"modems\":{\"ready\":1,\"total\":2}"));
	reply_clear(&r);
	assert_int_equal(fx_call(f, tech, "GET /metrics", NULL, &r), 200);
	assert_non_null(strstr(r.head, "Content-Type: text/plain"));
	assert_non_null(strstr(r.body, "\ntincay_ready 1\n"));
	assert_null(strstr(r.body, "HPN"));
	assert_non_null(strstr(r.body, "# TYPE tincay_modem_up gauge\n"
				       "tincay_modem_up{modem=\"usb0\"} 1\n"
				       "tincay_modem_up{modem=\"usb1\"} 0\n#"));
	assert_non_null(strstr(r.body,
	    "tincay_modem_parts_total{modem=\"usb1\",result=\"sent\"} 7\n"
	    "tincay_modem_parts_total{modem=\"usb0\",result=\"failed\"} 0\n"));
	reply_clear(&r);
	fx_call(f, tech, "GET /api/v1/modems", NULL, &r);
	assert_int_equal(json_array_size(json_object_get(r.json, "modems")), 2);
	assert_non_null(
	    strstr(r.body, "\"state\":\"held\",\"reason\":\"pin\""));
	reply_clear(&r);
}

static void
test_intent_try(void **state)
{
	struct fx *f = *state;
	struct reply r;

	fx_call(
	    f, NULL, "POST /api/v1/intents/try", "{\"text\":\"xyz abc\"}", &r);
	assert_int_equal(r.status, 200);
	assert_string_equal(reply_text(&r, "intent"), "FALLBACK");
	assert_string_equal(reply_text(&r, "rule"), "none");
	assert_string_equal(reply_text(&r, "folded"), "xyz abc");
	assert_true(json_is_null(json_object_get(r.json, "argument")));
	assert_true(json_is_false(json_object_get(r.json, "danger")));
	reply_clear(&r);

	fx_call(f, NULL, "POST /api/v1/intents/try",
	    "{\"text\":\"goi 9h toi, chong danh\"}", &r);
	assert_string_equal(reply_text(&r, "intent"), "DV_SELF");
	assert_string_equal(reply_text(&r, "keyword"), "chồng đánh");
	assert_true(json_is_true(json_object_get(r.json, "danger")));
	reply_clear(&r);

	fx_call(
	    f, NULL, "POST /api/v1/intents/try", "{\"text\":\"GOI T3\"}", &r);
	assert_string_equal(reply_text(&r, "intent"), "CALLBACK");
	assert_string_equal(reply_text(&r, "argument"), "T3");
	assert_string_equal(reply_text(&r, "reply_id"), "ACK");
	reply_clear(&r);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_poll_wakes),
	    T(test_poll_within_turn),
	    T(test_poll_times_out),
	    T(test_poll_client_leaves),
	    T(test_poll_half_close),
	    T(test_poll_extra_bytes),
	    T(test_poll_revoked),
	    T(test_poll_stop),
	    T(test_poll_cap),
	    T(test_case_life),
	    T(test_revoked_user_gives_back_his_cases),
	    T(test_keys),
	    T(test_people),
	    T(test_campaign),
	    T(test_status_and_metrics),
	    T(test_intent_try),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
