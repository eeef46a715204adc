/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The API of a daemon without its data key: what it serves, the passphrase, and
 * how often somebody may try it. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "conf.h"
#include "house.h"
#include "http_fixture.h"
#include "store/user.h"
#include "vault/vault.h"

#define UNLOCK "POST /api/v1/unlock"
#define RIGHT "{\"passphrase\": \"mot cum tu rat dai\"}"
#define WRONG "{\"passphrase\": \"mot cum tu khac\"}"

static int
setup(void **state)
{
	struct fx *f = fx_open();
	struct conf *conf = (struct conf *)f->core.conf;
	unsigned char key[VAULT_KEY];
	char *source = xasprintf("file:%s/data.key", f->dir);

	assert_int_equal(house_open(&f->core), 0);
	assert_int_equal(vault_read_key(source, key), 0);
	free(source);
	conf->key_source = xasprintf("passphrase:%s/wrapped", f->dir);
	assert_int_equal(
	    vault_wrap_key(conf->key_source + 11, "mot cum tu rat dai", key),
	    0);
	vault_lock(f->core.vault);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fx *f = *state;
	struct conf *conf = (struct conf *)f->core.conf;

	(void)remove(conf->key_source + 11);
	free(conf->key_source);
	conf->key_source = NULL;
	fx_close(f);
	return 0;
}

static void
test_served_while_locked(void **state)
{
	static const struct {
		const char *line, *body;
		int status;
	} rows[] = {
	    {"GET /api/v1/status", NULL, 200},
	    {"GET /metrics", NULL, 200},
	    {"GET /api/v1/users", NULL, 200},
	    {"GET /api/v1/cases", NULL, 200},
	    {"GET /api/v1/people", NULL, 503},
	    {"GET /api/v1/campaigns", NULL, 503},
	    {"POST /api/v1/people/forget", "{\"number\": \"0900000001\"}", 503},
	    {"POST /api/v1/cases/AAAAAAAA/claim", "{}", 503},
	    {"POST /api/v1/modems/usb0/ussd", "{\"code\": \"*101#\"}", 503},
	};
	struct fx *f = *state;
	const char *token =
	    fx_user(f, "nga", "HPN", ROLE_ADMIN | ROLE_HANDLER | ROLE_DRAFTER);
	struct reply r;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++)
		if (fx_call(f, token, rows[i].line, rows[i].body, NULL) !=
		    rows[i].status)
			fail_msg("%s is not %d", rows[i].line, rows[i].status);
	assert_int_equal(fx_call(f, NULL, "GET /api/v1/health", NULL, &r), 200);
	assert_string_equal(reply_text(&r, "status"), "locked");
	reply_clear(&r);
	assert_int_equal(
	    fx_call(f, token, "GET /api/v1/status", NULL, &r), 200);
	assert_string_equal(reply_text(&r, "state"), "locked");
	reply_clear(&r);
}

static void
test_unlock(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "nga", "", ROLE_ADMIN);
	struct reply r;

	assert_int_equal(fx_call(f, token, UNLOCK, "{}", NULL), 422);
	assert_int_equal(fx_call(f, token, UNLOCK, WRONG, &r), 403);
	assert_true(vault_is_locked(f->core.vault));
	reply_clear(&r);
	assert_int_equal(fx_call(f, token, UNLOCK, RIGHT, &r), 200);
	assert_int_equal(reply_int(&r, "waiting"), 0);
	reply_clear(&r);
	assert_false(vault_is_locked(f->core.vault));
	assert_int_equal(fx_call(f, token, UNLOCK, RIGHT, NULL), 409);
}

static void
test_lockout(void **state)
{
	struct fx *f = *state;
	const char *token = fx_user(f, "nga", "", ROLE_ADMIN);
	struct reply r;
	int i;

	for (i = 0; i < 3; i++)
		assert_int_equal(fx_call(f, token, UNLOCK, WRONG, NULL), 403);
	/* the right one, too: it is not even looked at */
	assert_int_equal(fx_call(f, token, UNLOCK, RIGHT, &r), 429);
	assert_non_null(strstr(r.head, "Retry-After: "));
	reply_clear(&r);
	assert_true(vault_is_locked(f->core.vault));
}

/* A key file of another database opens nothing. */
static void
test_foreign_key_file(void **state)
{
	static const unsigned char other[VAULT_KEY] = {5};
	struct fx *f = *state;
	const char *token = fx_user(f, "nga", "", ROLE_ADMIN);
	const char *path = f->core.conf->key_source + 11;

	assert_int_equal(remove(path), 0);
	assert_int_equal(fx_call(f, token, UNLOCK, RIGHT, NULL), 503);
	assert_int_equal(vault_wrap_key(path, "mot cum tu rat dai", other), 0);
	assert_int_equal(fx_call(f, token, UNLOCK, RIGHT, NULL), 409);
	assert_true(vault_is_locked(f->core.vault));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(test_served_while_locked),
	    TEST(test_unlock),
	    TEST(test_lockout),
	    TEST(test_foreign_key_file),
	};

	return cmocka_run_group_tests_name("http_unlock", tests, NULL, NULL);
}
