/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may do what, walked: every route is asked by every role. The matrix here
 * is written by hand, by resource, apart from the table of routes: a route that
 * is not in it, or that lets somebody else in, fails. R18, M40, M65.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "http/api.h"
#include "http_fixture.h"

#define V1 "/api/v1"
#define OPEN 0x1000u  /* needs no token */
#define KNOWN 0x2000u /* anybody who is known */
#define SETTERS (ROLE_SETUP | ROLE_ADMIN)

/* Exact paths first, then whatever is below one. A method of NULL: any. */
static const struct rule {
	const char *method, *path;
	unsigned roles;
} rules[] = {
    {NULL, V1 "/health", OPEN},
    {NULL, "/ussd", OPEN},
    {"POST", V1 "/session", OPEN},
    {"POST", V1 "/unlock", SETTERS},
    {NULL, V1 "/session", KNOWN},
    {NULL, V1 "/status", KNOWN},
    {NULL, "/metrics", KNOWN},
    /* setting up: reads no case, sends nothing */
    {NULL, V1 "/users", SETTERS},
    {"PUT", V1 "/agencies/{code}/key", SETTERS},
    {"POST", V1 "/agencies/{code}/rotate", ROLE_HANDLER},
    {NULL, V1 "/agencies/{code}/seals", SETTERS | ROLE_HANDLER},
    {"GET", V1 "/agencies", KNOWN},
    {NULL, V1 "/duty", SETTERS | ROLE_HANDLER},
    {NULL, V1 "/backup", ROLE_SETUP},
    /* cases: handlers, and nobody else */
    {NULL, V1 "/cases", ROLE_HANDLER},
    {NULL, V1 "/addresses", ROLE_HANDLER},
    {NULL, V1 "/audit/events", ROLE_REVIEWER},
    {NULL, V1 "/audit", SETTERS | ROLE_HANDLER | ROLE_REVIEWER},
    /* people and lists: who writes to them, and who must answer for their data */
    {NULL, V1 "/people", ROLE_DRAFTER | ROLE_ADMIN},
    {NULL, V1 "/lists", ROLE_DRAFTER | ROLE_APPROVER},
    {NULL, V1 "/coverage", ROLE_DRAFTER | ROLE_APPROVER},
    {NULL, V1 "/calendar", ROLE_DRAFTER | ROLE_APPROVER},
    {NULL, V1 "/events", ROLE_DRAFTER | ROLE_APPROVER},
    /* sending: never alone */
    {"POST", V1 "/campaigns/{id}/approve", ROLE_APPROVER},
    {"POST", V1 "/campaigns/{id}/start", ROLE_APPROVER},
    {"POST", V1 "/campaigns/{id}/resume", ROLE_APPROVER},
    {"POST", V1 "/campaigns/{id}/continue", ROLE_APPROVER},
    {NULL, V1 "/campaigns", ROLE_DRAFTER | ROLE_APPROVER},
    {NULL, V1 "/messages", ROLE_ADMIN | ROLE_TECHNICIAN | ROLE_APPROVER},
    {"GET", V1 "/modems", KNOWN},
    {NULL, V1 "/modems", SETTERS | ROLE_TECHNICIAN},
    {NULL, V1 "/alarms", SETTERS | ROLE_TECHNICIAN},
    {NULL, V1 "/reports", ROLE_ADMIN | ROLE_DRAFTER | ROLE_APPROVER},
    {NULL, V1 "/webhooks", SETTERS},
    {NULL, V1 "/intents", ROLE_SETUP | ROLE_ADMIN | ROLE_DRAFTER},
};

static const struct rule *
rule_of(const struct route *r)
{
	size_t len, i;

	for (i = 0; i < TC_NELEM(rules); i++) {
		len = strlen(rules[i].path);
		if ((rules[i].method == NULL ||
			strcmp(rules[i].method, r->method) == 0) &&
		    strncmp(rules[i].path, r->path, len) == 0 &&
		    (r->path[len] == '\0' || r->path[len] == '/'))
			return &rules[i];
	}
	return NULL;
}

/* "POST /api/v1/cases/AAAAAAAA/claim": every {x} becomes something. */
static void
request_line(const struct route *r, char *out, size_t size)
{
	const char *p = r->path, *end;
	size_t at;

	assert_int_equal(str_printf(out, size, "%s ", r->method), 0);
	while (*p != '\0') {
		at = strlen(out);
		end = *p == '{' ? strchr(p, '}') : NULL;
		if (end == NULL)
			assert_int_equal(
			    str_printf(out + at, size - at, "%c", *p++), 0);
		else
			assert_int_equal(str_printf(out + at, size - at, "%s",
					     "00000000000000a1"),
			    0);
		if (end != NULL)
			p = end + 1;
	}
}

static const struct {
	unsigned role;
	const char *name;
} roles[] = {
    {ROLE_ADMIN, "admin"},
    {ROLE_DRAFTER, "drafter"},
    {ROLE_APPROVER, "approver"},
    {ROLE_HANDLER, "handler"},
    {ROLE_TECHNICIAN, "technician"},
    {ROLE_REVIEWER, "reviewer"},
};

static void
test_every_route_by_every_role(void **state)
{
	struct fx *f = *state;
	const char *tokens[TC_NELEM(roles)];
	const struct rule *rule;
	char line[256];
	size_t i, k;
	int status;

	fx_set_keys(f);
	for (k = 0; k < TC_NELEM(roles); k++)
		tokens[k] =
		    xstrdup(fx_user(f, roles[k].name, "HPN", roles[k].role));
	for (i = 0; i < nroutes; i++) {
		rule = rule_of(&routes[i]);
		if (rule == NULL)
			fail_msg("%s %s is not in the matrix", routes[i].method,
			    routes[i].path);
		if (strcmp(routes[i].path, V1 "/session") == 0 ||
		    (rule->roles & OPEN) != 0)
			continue; /* would end the sessions of this test */
		request_line(&routes[i], line, sizeof(line));
		for (k = 0; k < TC_NELEM(roles); k++) {
			bool may = (rule->roles & (roles[k].role | KNOWN)) != 0;

			status = fx_call(f, tokens[k], line,
			    routes[i].body != BODY_NONE ? "{}" : NULL, NULL);
			if (!may && status != 403)
				fail_msg("%s as %s: %d", line, roles[k].name,
				    status);
			if ((routes[i].roles & roles[k].role) != 0 &&
			    status == 401)
				fail_msg("%s as %s is not known", line,
				    roles[k].name);
		}
		status =
		    fx_call(f, "not-a-token-not-a-token-not-a-token-not-a-t",
			line, NULL, NULL);
		if (status != 401)
			fail_msg("%s with a false token: %d", line, status);
	}
	for (k = 0; k < TC_NELEM(roles); k++)
		free((char *)tokens[k]);
}

/* And the other way round: what the matrix promises is there. */
static void
test_the_matrix_is_no_wish(void **state)
{
	const struct rule *rule;
	unsigned allowed;
	size_t i;

	(void)state;
	for (i = 0; i < nroutes; i++) {
		rule = rule_of(&routes[i]);
		assert_non_null(rule);
		allowed = routes[i].roles;
		if (rule->roles == OPEN)
			assert_int_equal(allowed, ROLES_OPEN);
		else if (rule->roles == KNOWN)
			assert_int_equal(allowed, ROLES_ANY);
		else if ((allowed & ~rule->roles) != 0 || allowed == 0)
			fail_msg("%s %s lets in %#x", routes[i].method,
			    routes[i].path, allowed & ~rule->roles);
	}
}

/* How many lines of the ledger say that lan looked; every line is another's. */
static int
views_seen(struct fx *f, const char *token, const char *not_agency)
{
	struct reply r;
	json_t *line;
	size_t i;
	int n = 0;

	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/audit/events", NULL, &r), 200);
	json_array_foreach(json_object_get(r.json, "events"), i, line)
	{
		assert_string_not_equal(
		    json_string_value(json_object_get(line, "agency")),
		    not_agency);
		n += strcmp(json_string_value(json_object_get(line, "act")),
			 "viewed") == 0 &&
		     strcmp(json_string_value(json_object_get(line, "actor")),
			 "lan") == 0;
	}
	reply_clear(&r);
	return n;
}

/* Somebody of another agency sees who looked, and no case. */
static void
test_reviewer_sees_who_looked(void **state)
{
	struct fx *f = *state;
	const char *lan, *other, *own;
	char line[64];
	struct reply r;

	fx_set_keys(f);
	lan = fx_user(f, "lan", "HPN", ROLE_HANDLER);
	other = fx_user(f, "ra", "CAX", ROLE_REVIEWER);
	own = fx_user(f, "rh", "HPN", ROLE_REVIEWER);
	fx_file(f, "SUPPORT", "giup");
	assert_int_equal(fx_call(f, lan, "GET /api/v1/cases", NULL, &r), 200);
	assert_int_equal(
	    str_printf(line, sizeof(line), "GET /api/v1/cases/%s",
		json_string_value(json_object_get(
		    json_array_get(json_object_get(r.json, "cases"), 0),
		    "code"))),
	    0);
	reply_clear(&r);
	assert_int_equal(views_seen(f, other, "CAX"), 0);
	assert_int_equal(fx_call(f, lan, line, NULL, NULL), 200);
	assert_int_equal(views_seen(f, other, "CAX"), 1);
	assert_int_equal(views_seen(f, own, "HPN"), 0);
	assert_int_equal(fx_call(f, other, line, NULL, NULL), 403);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_every_route_by_every_role, setup, teardown),
	    cmocka_unit_test(test_the_matrix_is_no_wish),
	    cmocka_unit_test_setup_teardown(
		test_reviewer_sees_who_looked, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
