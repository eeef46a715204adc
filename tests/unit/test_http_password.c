/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One's own password: the old one is needed, tries are counted, other sessions
 * end. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "http_fixture.h"

#define SET "PUT /api/v1/session/password"
#define LOGIN "POST /api/v1/session"
#define OLD "{\"user\": \"nga\", \"password\": \"correct horse\"}"
#define NEW "{\"user\": \"nga\", \"password\": \"another horse\"}"
#define CHANGE                                                                 \
	"{\"password\": \"correct horse\", \"new_password\": \"another horse\"}"

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

static void
test_change(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "nga", "HPN", ROLE_HANDLER);

	assert_int_equal(fx_call(f, NULL, LOGIN, OLD, NULL), 201);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM session"), 2);
	assert_int_equal(fx_call(f, NULL, SET, CHANGE, NULL), 403); /* socket */
	assert_int_equal(fx_call(f, token, SET,
			     "{\"password\": \"correct horse\","
			     " \"new_password\": \"short\"}",
			     NULL),
	    422);
	assert_int_equal(fx_call(f, token, SET, CHANGE, NULL), 204);
	/* this session stays, the other one does not */
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/session", NULL, NULL), 200);
	assert_int_equal(fx_value(f, "SELECT count(*) FROM session"), 1);
	assert_int_equal(fx_call(f, NULL, LOGIN, OLD, NULL), 401);
	assert_int_equal(fx_call(f, NULL, LOGIN, NEW, NULL), 201);
}

/* A stolen session is no way to guess the password. */
static void
test_lockout(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "nga", "HPN", ROLE_HANDLER);
	int i;

	for (i = 0; i < 3; i++)
		assert_int_equal(fx_call(f, token, SET,
				     "{\"password\": \"is it this\","
				     " \"new_password\": \"another horse\"}",
				     NULL),
		    403);
	assert_int_equal(fx_call(f, token, SET, CHANGE, NULL), 429);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(test_change),
	    TEST(test_lockout),
	};

	return cmocka_run_group_tests_name("http_password", tests, NULL, NULL);
}
