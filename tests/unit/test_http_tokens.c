/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tokens of machines: every route is asked with a token of every scope; what a
 * scope opens is written here by hand, apart from the table. And their life:
 * roles, expiry, revoking, last use, nothing kept but a hash.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "http/api.h"
#include "http/scopes.h"
#include "http_fixture.h"

#define V1 "/api/v1"
#define ALL_ROLES                                                              \
	(ROLE_ADMIN | ROLE_DRAFTER | ROLE_APPROVER | ROLE_HANDLER |            \
	    ROLE_TECHNICIAN | ROLE_REVIEWER)

/* Exact; a route that is not here is for people alone. "*": every scope. */
static const struct {
	const char *route, *scope;
} rules[] = {
    {"GET " V1 "/session", "*"},
    {"GET " V1 "/agencies", "*"},
    {"GET /metrics", "metrics"},
    {"GET " V1 "/status", "metrics"},
    {"GET " V1 "/cases", "queue"},
    {"GET " V1 "/cases/{code}", "queue"},
    {"GET " V1 "/messages", "messages"},
    {"GET " V1 "/messages/{id}", "messages"},
    {"GET " V1 "/campaigns", "campaigns"},
    {"GET " V1 "/campaigns/{id}", "campaigns"},
    {"GET " V1 "/modems", "modems"},
    {"GET " V1 "/modems/{name}", "modems"},
    {"GET " V1 "/audit/head", "audit"},
    {"GET " V1 "/audit/events", "audit"},
    {"GET " V1 "/audit/verify", "audit"},
    {"GET " V1 "/webhooks", "webhooks"},
    {"POST " V1 "/webhooks", "webhooks"},
    {"GET " V1 "/webhooks/{name}", "webhooks"},
    {"DELETE " V1 "/webhooks/{name}", "webhooks"},
    {"POST " V1 "/webhooks/{name}/test", "webhooks"},
    {"GET " V1 "/webhooks/{name}/deliveries", "webhooks"},
    {"POST " V1 "/webhooks/{name}/deliveries/{id}/retry", "webhooks"},
};

#define WORK "POST " V1 "/cases/{code}/" /* many */

/* May a token of this scope ask for it? */
static bool
may(const struct route *r, const char *scope)
{
	char route[128];

	assert_int_equal(
	    str_printf(route, sizeof(route), "%s %s", r->method, r->path), 0);
	if (strncmp(route, WORK, sizeof(WORK) - 1) == 0)
		return strcmp(scope, "work") == 0;
	for (size_t i = 0; i < TC_NELEM(rules); i++)
		if (strcmp(rules[i].route, route) == 0)
			return strcmp(rules[i].scope, "*") == 0 ||
			       strcmp(rules[i].scope, scope) == 0;
	return false;
}

/* Make a token; its text into out, its id into id. */
static int
token_new(
    struct fx *f, const char *user, const char *body, char out[64], char id[32])
{
	struct reply r;
	int status = fx_call(f, user, "POST " V1 "/tokens", body, &r);

	if (out != NULL)
		assert_int_equal(
		    str_printf(out, 64, "%s", reply_text(&r, "token")), 0);
	if (id != NULL)
		assert_int_equal(
		    str_printf(id, 32, "%s", reply_text(&r, "id")), 0);
	reply_clear(&r);
	return status;
}

/* "GET /api/v1/cases/x": every {y} becomes something that does not exist. */
static void
request_line(const struct route *r, char *out, size_t size)
{
	const char *p = r->path;
	size_t at;

	assert_int_equal(str_printf(out, size, "%s ", r->method), 0);
	while (*p != '\0') {
		at = strlen(out);
		if (*p != '{') {
			assert_int_equal(
			    str_printf(out + at, size - at, "%c", *p++), 0);
			continue;
		}
		assert_int_equal(
		    str_printf(out + at, size - at, "%s", "00000000000000a1"),
		    0);
		p = strchr(p, '}') + 1;
	}
}

static void
walk_routes(struct fx *f, const char *token, const char *scope)
{
	char line[256];
	struct reply r;
	bool is_refused;
	int status;

	for (size_t i = 0; i < nroutes; i++) {
		if (routes[i].roles == ROLES_OPEN)
			continue;
		request_line(&routes[i], line, sizeof(line));
		status = fx_call(f, token, line,
		    routes[i].body != BODY_NONE ? "{}" : NULL, &r);
		is_refused = status == 403 &&
			     strcmp(reply_text(&r, "detail"),
				 "not with the scopes of this token") == 0;
		if (status == 401 || is_refused == may(&routes[i], scope))
			fail_msg("%s with %s: %d", line, scope, status);
		reply_clear(&r);
	}
}

static void
test_every_route_by_every_scope(void **state)
{
	struct fx *f = *state;
	char body[64], token[64];
	const char *user;

	fx_set_keys(f);
	user = fx_user(f, "all", "HPN", ALL_ROLES);
	for (unsigned bit = 1; bit <= SCOPE_LAST; bit <<= 1) {
		const char *scope = scope_name((enum scope)bit);

		assert_int_equal(
		    str_printf(body, sizeof(body),
			"{\"name\":\"x\",\"scopes\":[\"%s\"]}", scope),
		    0);
		assert_int_equal(token_new(f, user, body, token, NULL), 201);
		walk_routes(f, token, scope);
	}
}

/* The role of the user counts too, when it is made and when it is used. */
static void
test_roles_count(void **state)
{
	static const struct {
		unsigned roles;
		const char *scopes;
		int status;
	} cases[] = {
	    {ROLE_HANDLER, "[\"queue\",\"work\",\"audit\",\"metrics\"]", 201},
	    {ROLE_HANDLER, "[\"queue\",\"campaigns\"]", 403},
	    {ROLE_HANDLER, "[\"webhooks\"]", 403},
	    {ROLE_TECHNICIAN, "[\"metrics\",\"messages\",\"modems\"]", 201},
	    {ROLE_TECHNICIAN, "[\"queue\"]", 403},
	    {ROLE_TECHNICIAN, "[\"audit\"]", 403},
	    {ROLE_REVIEWER, "[\"audit\"]", 201},
	    {ROLE_DRAFTER, "[\"campaigns\"]", 201},
	    {ROLE_DRAFTER, "[\"work\"]", 403},
	    {ROLE_ADMIN, "[\"webhooks\"]", 201},
	    {ROLE_ADMIN, "[\"queue\"]", 403},
	    {ROLE_ADMIN, "[\"everything\"]", 422},
	    {ROLE_ADMIN, "[]", 422},
	};
	struct fx *f = *state;
	char name[16], body[128];
	const char *user;
	size_t i;

	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(str_printf(name, sizeof(name), "u%zu", i), 0);
		user = fx_user(f, name, "HPN", cases[i].roles);
		assert_int_equal(
		    str_printf(body, sizeof(body),
			"{\"name\":\"x\",\"scopes\":%s}", cases[i].scopes),
		    0);
		if (token_new(f, user, body, NULL, NULL) != cases[i].status)
			fail_msg("%s", body);
	}
	/* root on the socket is no user */
	assert_int_equal(
	    token_new(f, NULL, "{\"name\":\"x\",\"scopes\":[\"metrics\"]}",
		NULL, NULL),
	    403);
}

#define QUEUE "{\"name\":\"x\",\"scopes\":[\"queue\"],\"days\":2}"

static int
ask(struct fx *f, const char *token)
{
	return fx_call(f, token, "GET " V1 "/cases", NULL, NULL);
}

static void
test_life(void **state)
{
	struct fx *f = *state;
	char a[64], b[64], id[32], line[96];
	const char *lan = fx_user(f, "lan", "HPN", ROLE_HANDLER);
	const char *mai = fx_user(f, "mai", "HPN", ROLE_HANDLER);
	const char *root = fx_user(f, "root", "", ROLE_ADMIN);
	struct reply r;

	fx_set_keys(f);
	assert_int_equal(token_new(f, lan, QUEUE, a, id), 201);
	assert_int_equal(token_new(f, lan, QUEUE, b, NULL), 201);
	assert_string_not_equal(a, b);
	assert_int_equal(
	    fx_value(f, "SELECT count(*) FROM token WHERE used_at > 0"), 0);
	assert_int_equal(ask(f, a), 200);
	assert_int_equal(
	    fx_value(f, "SELECT count(*) FROM token WHERE used_at > 0"), 1);
	/* others see and revoke it only as administrators */
	assert_int_equal(
	    str_printf(line, sizeof(line), "POST " V1 "/tokens/%s/revoke", id),
	    0);
	assert_int_equal(fx_call(f, mai, line, "{}", NULL), 404);
	assert_int_equal(fx_call(f, mai, "GET " V1 "/tokens", NULL, &r), 200);
	assert_int_equal(json_array_size(json_object_get(r.json, "tokens")), 0);
	reply_clear(&r);
	assert_int_equal(fx_call(f, root, "GET " V1 "/tokens", NULL, &r), 200);
	assert_int_equal(json_array_size(json_object_get(r.json, "tokens")), 2);
	assert_null(strstr(r.body, a));
	reply_clear(&r);
	assert_int_equal(fx_call(f, root, line, "{}", NULL), 200);
	assert_int_equal(ask(f, a), 401);
	assert_int_equal(ask(f, b), 200);
	/* its time is over */
	fx_sql(f, "UPDATE token SET expires_at = expires_at - 2 * 86400");
	assert_int_equal(ask(f, b), 401);
}

/* With its user, and with his roles. */
static void
test_ends_with_its_user(void **state)
{
	struct fx *f = *state;
	char token[64];
	const char *lan =
	    fx_user(f, "lan", "HPN", ROLE_HANDLER | ROLE_TECHNICIAN);

	fx_set_keys(f);
	assert_int_equal(token_new(f, lan, QUEUE, token, NULL), 201);
	assert_int_equal(ask(f, token), 200);
	fx_sql(f, "UPDATE user SET roles = 16 WHERE name = 'lan'");
	assert_int_equal(ask(f, token), 403);
	fx_sql(f, "UPDATE user SET roles = 8 WHERE name = 'lan'");
	assert_int_equal(ask(f, token), 200);
	assert_int_equal(
	    fx_call(f, NULL, "POST " V1 "/users/lan/revoke", "{}", NULL), 200);
	assert_int_equal(ask(f, token), 401);
}

static void
test_only_so_many(void **state)
{
	struct fx *f = *state;
	const char *lan = fx_user(f, "lan", "HPN", ROLE_HANDLER);

	for (int i = 0; i < 32; i++)
		assert_int_equal(token_new(f, lan, QUEUE, NULL, NULL), 201);
	assert_int_equal(token_new(f, lan, QUEUE, NULL, NULL), 409);
	fx_sql(f, "UPDATE token SET revoked_at = 1 WHERE id ="
		  " (SELECT min(id) FROM token)");
	assert_int_equal(token_new(f, lan, QUEUE, NULL, NULL), 201);
}

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

#define TOKEN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TOKEN_TEST(test_every_route_by_every_scope),
	    TOKEN_TEST(test_roles_count),
	    TOKEN_TEST(test_life),
	    TOKEN_TEST(test_ends_with_its_user),
	    TOKEN_TEST(test_only_so_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
