/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vault without its data key: the file that takes a passphrase, what works
 * while it is locked, the pair to which everything is sealed meanwhile. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "buf.h"
#include "daemon/vault/vault.h"
#include "secretfile.h"

#define NUMBER "+84900000123"

static char folder[64];
static char path[128];

static void
set_path(const char *name)
{
	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/%s", folder, name), 0);
}

static void
put_file(const char *name, const void *data, size_t len, mode_t mode)
{
	set_path(name);
	(void)unlink(path);
	assert_int_equal(secretfile_create(path, data, len), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static int
open_source(const char *prefix, const char *rest, struct vault **v)
{
	char source[256];

	assert_int_equal(
	    str_printf(source, sizeof(source), "%s%s", prefix, rest), 0);
	return vault_open(source, v);
}

static int
setup(void **state)
{
	(void)state;
	assert_int_equal(vault_init(), 0);
	strncpy(folder, "/tmp/test_vault.XXXXXX", sizeof(folder) - 1);
	return mkdtemp(folder) == NULL;
}

static int
teardown(void **state)
{
	static const char *const names[] = {"key", "wrapped", "again"};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(names); i++) {
		set_path(names[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

#define PASSPHRASE "mot cum tu rat dai"

static void
test_wrapped_key(void **state)
{
	unsigned char key[VAULT_KEY], got[VAULT_KEY];
	char text[512];
	size_t len, i;

	(void)state;
	vault_random(key, sizeof(key));
	set_path("wrapped");
	assert_int_equal(vault_wrap_key(path, "too short", key), TC_EINVAL);
	assert_int_equal(vault_wrap_key(path, PASSPHRASE, key), 0);
	assert_int_equal(vault_wrap_key(path, PASSPHRASE, key), TC_EEXIST);
	assert_int_equal(vault_wrapped_check(path), 0);
	assert_int_equal(vault_unwrap_key(path, PASSPHRASE, got), 0);
	assert_memory_equal(got, key, sizeof(key));
	assert_int_equal(
	    vault_unwrap_key(path, PASSPHRASE " ", got), TC_ECRYPTO);
	assert_int_equal(
	    secretfile_read(path, SECRETFILE_OWN, text, sizeof(text), &len), 0);
	/* salt, nonce, box: none of them may change */
	for (i = 40; i < len - 1; i += 60) {
		text[i] = text[i] == '0' ? '1' : '0';
		put_file("again", text, len, 0600);
		assert_int_equal(
		    vault_unwrap_key(path, PASSPHRASE, got), TC_ECRYPTO);
		text[i] = text[i] == '0' ? '1' : '0';
	}
	/* another magic, costs that no machine has, a cut file */
	for (i = 0; i < 32; i += 8) {
		memset(text + i, 'f', 8);
		put_file("again", text, len, 0600);
		assert_int_equal(vault_wrapped_check(path), TC_EINVAL);
	}
	put_file("again", text, len - 2, 0600);
	assert_int_equal(vault_wrapped_check(path), TC_EINVAL);
	set_path("wrapped");
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(vault_wrapped_check(path), TC_EDENIED);
}

static void
test_locked_vault(void **state)
{
	static const unsigned char house[VAULT_KEY] = {7};
	unsigned char key[VAULT_KEY], a[VAULT_MAC], b[VAULT_MAC];
	struct vault *v, *plain;
	struct buf box, text;

	(void)state;
	buf_init(&box, 1024);
	buf_init(&text, 1024);
	vault_random(key, sizeof(key));
	put_file("key", key, sizeof(key), 0600);
	assert_int_equal(open_source("file:", path, &plain), 0);
	assert_false(vault_is_locked(plain));
	assert_int_equal(vault_box(plain, VAULT_BOX_PERSON, "x", 1, &box), 0);
	set_path("wrapped");
	(void)unlink(path);
	assert_int_equal(vault_wrap_key(path, PASSPHRASE, key), 0);
	assert_int_equal(open_source("passphrase:", path, &v), 0);
	assert_true(vault_is_locked(v));
	assert_int_equal(
	    vault_unbox(v, VAULT_BOX_PERSON, box.data, box.len, &text),
	    TC_ENOTREADY);
	assert_int_equal(
	    vault_box(v, VAULT_BOX_PERSON, "x", 1, &text), TC_ENOTREADY);
	/* modems are the same, locked or not */
	vault_set_house_key(v, house);
	vault_mac(v, VAULT_MODEM, "imsi 1", 6, a);
	vault_unlock(v, key);
	assert_false(vault_is_locked(v));
	vault_mac(v, VAULT_MODEM, "imsi 1", 6, b);
	assert_memory_equal(a, b, sizeof(a));
	vault_phone_mac(v, VAULT_PERSON, NUMBER, a);
	vault_phone_mac(plain, VAULT_PERSON, NUMBER, b);
	assert_memory_equal(a, b, sizeof(a));
	assert_int_equal(
	    vault_unbox(v, VAULT_BOX_PERSON, box.data, box.len, &text), 0);
	assert_string_equal(buf_str(&text), "x");
	vault_lock(v);
	assert_int_equal(
	    vault_unbox(v, VAULT_BOX_PERSON, box.data, box.len, &text),
	    TC_ENOTREADY);
	vault_close(v);
	vault_close(plain);
	buf_clear(&box);
	buf_clear(&text);
}

static void
test_pair(void **state)
{
	struct vault_pair pair, other;
	struct buf sealed, text;

	(void)state;
	vault_pair_new(&pair);
	vault_pair_new(&other);
	buf_init(&sealed, 4096);
	buf_init(&text, 4096);
	assert_int_equal(
	    vault_case_seal_item(pair.pk, "giup toi", 8, &sealed), 0);
	assert_int_equal(
	    vault_pair_open(&pair, sealed.data, sealed.len, &text), 0);
	assert_string_equal(buf_str(&text), "giup toi");
	assert_int_equal(
	    vault_pair_open(&other, sealed.data, sealed.len, &text),
	    TC_ECRYPTO);
	assert_int_equal(
	    vault_pair_open(&pair, sealed.data, sealed.len - 1, &text),
	    TC_ECRYPTO);
	assert_int_equal(
	    vault_pair_open(&pair, sealed.data, 3, &text), TC_ECRYPTO);
	assert_int_equal(text.len, 8);
	buf_clear(&sealed);
	buf_clear(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_wrapped_key),
	    cmocka_unit_test(test_locked_vault),
	    cmocka_unit_test(test_pair),
	};

	return cmocka_run_group_tests_name(
	    "vault_lock", tests, setup, teardown);
}
