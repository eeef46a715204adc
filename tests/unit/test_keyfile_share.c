/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys of handlers, and the agency's sealed to them. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"
#include "ctl/keyfile.h"
#include "daemon/vault/vault.h"

#define PASS "con cò bay lả"

static char folder[64];
static char path[128];

static void
set_path(const char *name)
{
	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/%s", folder, name), 0);
}

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(keyfile_init(), 0);
	memcpy(folder, "/tmp/test_share.XXXXXX", 23);
	return mkdtemp(folder) == NULL;
}

static int
teardown(void **state)
{
	static const char *const names[] = {"agency.key", "lan.key", "mai.key"};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(names); i++) {
		set_path(names[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

/* A handler's own key, and the agency's sealed to it: the way of a case is the
 * same with either. */
static void
test_share(void **state)
{
	unsigned char sealed[KEYFILE_SEALED_KEY], case_sk[KEYFILE_KEY];
	unsigned char copy[KEYFILE_SEALED_KEY];
	struct keyfile *agency, *lan, *mai, *got;
	struct keyfile_public pub;
	struct case_key key;

	(void)state;
	set_path("agency.key");
	assert_int_equal(keyfile_create(path, "HPN", PASS, &pub), 0);
	assert_int_equal(keyfile_open(path, PASS, &agency), 0);
	set_path("lan.key");
	assert_int_equal(
	    keyfile_create_user(path, "user:x", PASS, NULL), TC_EINVAL);
	assert_int_equal(keyfile_create_user(path, "lan", PASS, NULL), 0);
	assert_int_equal(keyfile_open(path, PASS, &lan), 0);
	assert_string_equal(keyfile_public(lan)->user, "lan");
	assert_string_equal(keyfile_public(lan)->agency, "");
	set_path("mai.key");
	assert_int_equal(keyfile_create_user(path, "mai", PASS, NULL), 0);
	assert_int_equal(keyfile_open(path, PASS, &mai), 0);

	assert_int_equal(
	    keyfile_share(lan, keyfile_public(mai)->pk, sealed), TC_EINVAL);
	assert_int_equal(
	    keyfile_share(agency, keyfile_public(lan)->pk, sealed), 0);
	assert_int_equal(
	    keyfile_take_share(mai, &pub, sealed, &got), TC_ECRYPTO);
	assert_null(got);
	pub.pk[0] ^= 1; /* it is not the private half of that */
	assert_int_equal(
	    keyfile_take_share(lan, &pub, sealed, &got), TC_ECRYPTO);
	pub.pk[0] ^= 1;
	assert_int_equal(keyfile_take_share(lan, &pub, sealed, &got), 0);
	vault_case_new(&key);
	assert_int_equal(vault_case_seal_key(&key, pub.pk, copy), 0);
	assert_int_equal(
	    keyfile_open_case(got, copy, sizeof(copy), case_sk), 0);
	assert_memory_equal(case_sk, key.sk, sizeof(case_sk));
	/* and on from there: who has a share can give one */
	assert_int_equal(
	    keyfile_share(got, keyfile_public(mai)->pk, sealed), 0);
	keyfile_close(got);
	assert_int_equal(keyfile_take_share(mai, &pub, sealed, &got), 0);
	keyfile_close(got);
	keyfile_close(mai);
	keyfile_close(lan);
	keyfile_close(agency);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_share),
	};

	return cmocka_run_group_tests_name(
	    "keyfile_share", tests, setup, teardown);
}
