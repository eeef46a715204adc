/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vault: key sources, pseudonyms, boxes, random names, passwords. The known
 * answers were computed with Python's hashlib from the definition (crypto_kdf
 * is BLAKE2b with the number as salt and the context as personal string): if
 * one changes, every database in the field becomes unreadable.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "buf.h"
#include "daemon/vault/vault.h"
#include "secretfile.h"

#define NUMBER "+84900000123"
#define KEY_HEX                                                                \
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

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

static struct vault *
open_hex(const char *hex)
{
	struct vault *v;

	put_file("hex.key", hex, strlen(hex), 0600);
	assert_int_equal(open_source("file:", path, &v), 0);
	return v;
}

static void
assert_hex(const void *got, size_t len, const char *expected)
{
	char text[129];

	assert_true(len <= 64);
	assert_string_equal(hex_encode(text, got, len), expected);
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
	static const char *const names[] = {"hex.key", "key", "link", "new"};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(names); i++) {
		set_path(names[i]);
		(void)unlink(path);
	}
	return rmdir(folder);
}

static void
test_init_forbids_cores(void **state)
{
	struct rlimit lim;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_CORE, &lim), 0);
	assert_int_equal(lim.rlim_cur, 0);
	assert_int_equal(lim.rlim_max, 0);
}

static void
test_key_content(void **state)
{
	static const unsigned char raw[32] = "raw key of thirty-two bytes, ok";
	static const unsigned char zero[32];
	const struct {
		const void *data;
		size_t len;
		int rc;
	} rows[] = {
	    {raw, 32, 0},
	    {KEY_HEX, 64, 0},
	    {KEY_HEX "\n", 65, 0},
	    {KEY_HEX "0", 65, TC_EINVAL},
	    {KEY_HEX "\n\n", 66, TC_EINVAL},
	    {KEY_HEX, 63, TC_EINVAL},
	    {"x" KEY_HEX, 64, TC_EINVAL},
	    {raw, 31, TC_EINVAL},
	    {KEY_HEX, 33, TC_EINVAL},
	    {"", 0, TC_EINVAL},
	    {zero, 32, TC_EINVAL},
	};
	struct vault *v;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		put_file("key", rows[i].data, rows[i].len, 0600);
		assert_int_equal(open_source("file:", path, &v), rows[i].rc);
		assert_true((v != NULL) == (rows[i].rc == 0));
		vault_close(v);
	}
}

static void
test_key_mode(void **state)
{
	static const struct {
		mode_t mode;
		int own, credential;
	} rows[] = {
	    {0600, 0, 0},
	    {0400, 0, 0},
	    {0440, TC_EDENIED, 0},
	    {0640, TC_EDENIED, 0},
	    {0604, TC_EDENIED, TC_EDENIED},
	    {0620, TC_EDENIED, TC_EDENIED},
	    {0602, TC_EDENIED, TC_EDENIED},
	    {0700, TC_EDENIED, TC_EDENIED},
	    {0644, TC_EDENIED, TC_EDENIED},
	};
	struct vault *v;
	size_t i;

	(void)state;
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	for (i = 0; i < TC_NELEM(rows); i++) {
		put_file("key", KEY_HEX, 64, rows[i].mode);
		assert_int_equal(open_source("file:", path, &v), rows[i].own);
		vault_close(v);
		assert_int_equal(
		    open_source("credential:", "key", &v), rows[i].credential);
		vault_close(v);
	}
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

static void
test_key_owner(void **state)
{
	struct vault *v;

	(void)state;
	if (geteuid() != 0)
		skip();
	put_file("key", KEY_HEX, 64, 0600);
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_int_equal(open_source("file:", path, &v), TC_EDENIED);
}

static void
test_key_source(void **state)
{
	static const struct {
		const char *source;
		int rc;
	} rows[] = {
	    {"", TC_EINVAL},
	    {"/etc/tincay/data.key", TC_EINVAL},
	    {"http://key", TC_EINVAL},
	    {"file:", TC_ENOENT},
	    {"file:/nonexistent/key", TC_ENOENT},
	    {"file:/dev/zero", TC_EDENIED},
	    {"file:/tmp", TC_EDENIED},
	    {"credential:", TC_EINVAL},
	    {"credential:..", TC_EINVAL},
	    {"credential:a/b", TC_EINVAL},
	    {"credential:key", TC_ENOENT},
	    {"passphrase:/nonexistent/key", TC_ENOENT},
	    {"passphrase:/tmp", TC_EDENIED},
	};
	struct vault *v;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		assert_int_equal(vault_open(rows[i].source, &v), rows[i].rc);
		assert_null(v);
	}
}

static void
test_key_symlink(void **state)
{
	char to[128];
	struct vault *v;

	(void)state;
	put_file("key", KEY_HEX, 64, 0600);
	memcpy(to, path, sizeof(to));
	set_path("link");
	assert_int_equal(symlink(to, path), 0);
	assert_int_equal(open_source("file:", path, &v), TC_EDENIED);
}

static void
test_new_key(void **state)
{
	unsigned char a[VAULT_MAC], b[VAULT_MAC];
	char *first, *second;
	struct vault *v;
	struct stat st;

	(void)state;
	set_path("new");
	assert_int_equal(vault_new_key(path), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_size, 65);
	assert_int_equal(open_source("file:", path, &v), 0);
	vault_phone_mac(v, VAULT_PERSON, NUMBER, a);
	vault_close(v);
	assert_int_equal(file_read(path, 100, &first, NULL), 0);
	assert_int_equal(vault_new_key(path), TC_EEXIST);
	assert_int_equal(file_read(path, 100, &second, NULL), 0);
	assert_string_equal(first, second);
	free(first);
	free(second);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(vault_new_key(path), 0);
	assert_int_equal(open_source("file:", path, &v), 0);
	vault_phone_mac(v, VAULT_PERSON, NUMBER, b);
	vault_close(v);
	assert_memory_not_equal(a, b, sizeof(a));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(vault_new_key("/nonexistent/key"), TC_ENOENT);
}

static void
test_mac_known(void **state)
{
	static const char *const expected[VAULT_NDOMAINS] = {
	    [VAULT_PERSON] = "8a92a318c46a203973795441305c4bc3"
			     "c6d31af19b1bc7aad9a2a667db96de5e",
	    [VAULT_CONTACT] = "0703f56d3833ce2fe792f2baed4fe592"
			      "c7530deacd7c5dc0c44fd9464e3f8f6f",
	    [VAULT_IDEMPOTENCY] = "c17e386bb588b357a2fd8011f596a3f4"
				  "32649f54c817fce79a21fcbba8dc5895",
	    [VAULT_MODEM] = "001995cb5551997c64b29923d6c01b40"
			    "b7be94f77c0607ef658b8c11f4eb0b5c",
	    [VAULT_GUARD] = "02f75c525509bdaca7fe8d68b774be5a"
			    "8cd739484e812e10fccef3925effa8c7",
	};
	struct vault *v = open_hex(KEY_HEX);
	unsigned char mac[VAULT_MAC];
	enum vault_domain d;

	(void)state;
	for (d = 0; d < VAULT_NDOMAINS; d++) {
		vault_phone_mac(v, d, NUMBER, mac);
		assert_hex(mac, sizeof(mac), expected[d]);
		vault_mac(v, d, NUMBER, strlen(NUMBER), mac);
		assert_hex(mac, sizeof(mac), expected[d]);
	}
	vault_close(v);
}

static void
test_seen(void **state)
{
	static const struct vault_seen rows[] = {
	    {NUMBER, 1700000000, -1, 0, "GIUP 1", 6},
	    {"+84900000124", 1700000000, -1, 0, "GIUP 1", 6},
	    {NUMBER, 1700000001, -1, 0, "GIUP 1", 6},
	    {NUMBER, 1700000000, 7, 0, "GIUP 1", 6},
	    {NUMBER, 1700000000, -1, 1, "GIUP 1", 6},
	    {NUMBER, 1700000000, -1, 0, "GIUP 2", 6},
	    {NUMBER, 1700000000, -1, 0, "GIUP 1", 5},
	    {NUMBER, 1700000000, -1, 0, "", 0},
	    {NUMBER, -1700000000, -1, 0, "GIUP 1", 6},
	};
	unsigned char hash[TC_NELEM(rows)][VAULT_SEEN], again[VAULT_SEEN];
	struct vault *v = open_hex(KEY_HEX);
	size_t i, j;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		vault_seen_hash(v, &rows[i], hash[i]);
		vault_seen_hash(v, &rows[i], again);
		assert_memory_equal(hash[i], again, sizeof(again));
		for (j = 0; j < i; j++)
			assert_memory_not_equal(
			    hash[i], hash[j], sizeof(again));
	}
	assert_hex(hash[0], VAULT_SEEN, "6553f100c7a76f4542b77233559e7dd9");
	vault_close(v);
}

static void
test_box_round_trip(void **state)
{
	static const size_t lengths[] = {
	    0, 1, 12, 31, 32, 33, 160, 4000, VAULT_PLAIN_MAX};
	struct vault *v = open_hex(KEY_HEX);
	unsigned char *plain = xcalloc(1, VAULT_PLAIN_MAX);
	struct buf box, out;
	size_t i;

	(void)state;
	memset(plain, 0x80, VAULT_PLAIN_MAX); /* looks like padding */
	buf_init(&box, 2 * VAULT_PLAIN_MAX);
	buf_init(&out, 2 * VAULT_PLAIN_MAX);
	for (i = 0; i < TC_NELEM(lengths); i++) {
		buf_reset(&box);
		buf_reset(&out);
		assert_int_equal(
		    vault_box(v, VAULT_BOX_PERSON, plain, lengths[i], &box), 0);
		assert_int_equal(box.len, 40 + (lengths[i] / 32 + 1) * 32);
		assert_int_equal(
		    vault_unbox(v, VAULT_BOX_PERSON, box.data, box.len, &out),
		    0);
		assert_int_equal(out.len, lengths[i]);
		if (lengths[i] > 0)
			assert_memory_equal(out.data, plain, lengths[i]);
	}
	buf_reset(&box);
	assert_int_equal(
	    vault_box(v, VAULT_BOX_PERSON, plain, VAULT_PLAIN_MAX + 1, &box),
	    TC_EFULL);
	assert_int_equal(box.len, 0);
	buf_clear(&box);
	buf_clear(&out);
	free(plain);
	vault_close(v);
}

static void
test_box_hides(void **state)
{
	struct vault *v = open_hex(KEY_HEX);
	struct buf a, b;

	(void)state;
	buf_init(&a, 1000);
	buf_init(&b, 1000);
	assert_int_equal(
	    vault_box(v, VAULT_BOX_CONTACT, NUMBER, strlen(NUMBER), &a), 0);
	assert_int_equal(
	    vault_box(v, VAULT_BOX_CONTACT, "+123456789012345", 16, &b), 0);
	assert_int_equal(a.len, b.len);
	buf_reset(&b);
	assert_int_equal(
	    vault_box(v, VAULT_BOX_CONTACT, NUMBER, strlen(NUMBER), &b), 0);
	assert_memory_not_equal(a.data, b.data, a.len);
	assert_null(memmem(a.data, a.len, "900000123", 9));
	buf_clear(&a);
	buf_clear(&b);
	vault_close(v);
}

/* Every byte, every cut, every other purpose, another key: nothing opens. */
static void
test_box_refuses(void **state)
{
	struct vault *v = open_hex(KEY_HEX);
	struct vault *other;
	struct buf box, out;
	enum vault_purpose p;
	size_t i;

	(void)state;
	buf_init(&box, 1000);
	buf_init(&out, 1000);
	assert_int_equal(vault_box(v, VAULT_BOX_PART, NUMBER, 12, &box), 0);
	for (p = 0; p < VAULT_NPURPOSES; p++)
		assert_int_equal(vault_unbox(v, p, box.data, box.len, &out),
		    p == VAULT_BOX_PART ? 0 : TC_ECRYPTO);
	assert_string_equal(buf_str(&out), NUMBER);
	buf_reset(&out);
	for (i = 0; i < box.len; i++) {
		box.data[i] ^= 0x40;
		assert_int_equal(
		    vault_unbox(v, VAULT_BOX_PART, box.data, box.len, &out),
		    TC_ECRYPTO);
		box.data[i] ^= 0x40;
		assert_int_equal(
		    vault_unbox(v, VAULT_BOX_PART, box.data, i, &out),
		    TC_ECRYPTO);
	}
	other = open_hex("ff0102030405060708090a0b0c0d0e0f"
			 "101112131415161718191a1b1c1d1e1f");
	assert_int_equal(
	    vault_unbox(other, VAULT_BOX_PART, box.data, box.len, &out),
	    TC_ECRYPTO);
	assert_int_equal(out.len, 0);
	vault_close(other);
	buf_clear(&box);
	buf_clear(&out);
	vault_close(v);
}

static void
test_box_known(void **state)
{
	/* made by another implementation of crypto_kdf and crypto_secretbox */
	static const char hex[] =
	    "6465666768696a6b6c6d6e6f707172737475767778797a7b"
	    "a4c73374a6f3216cbdffd9fe73b3b11edb24baccbd7b0113"
	    "3217e9c42294cb6696cb3610bf5c0a17ffda3e7dec04c5e8";
	struct vault *v = open_hex(KEY_HEX);
	unsigned char box[72];
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	assert_int_equal(hex_decode(box, sizeof(box), hex), 0);
	assert_int_equal(
	    vault_unbox(v, VAULT_BOX_PERSON, box, sizeof(box), &out), 0);
	assert_string_equal(buf_str(&out), NUMBER);
	buf_clear(&out);
	vault_close(v);
}

static void
test_box_full(void **state)
{
	struct vault *v = open_hex(KEY_HEX);
	struct buf box, out;

	(void)state;
	buf_init(&box, 71);
	assert_int_equal(
	    vault_box(v, VAULT_BOX_PERSON, NUMBER, 12, &box), TC_EFULL);
	assert_int_equal(box.len, 0);
	buf_clear(&box);
	buf_init(&box, 72);
	buf_init(&out, 11);
	assert_int_equal(vault_box(v, VAULT_BOX_PERSON, NUMBER, 12, &box), 0);
	assert_int_equal(
	    vault_unbox(v, VAULT_BOX_PERSON, box.data, box.len, &out),
	    TC_EFULL);
	assert_int_equal(out.len, 0);
	buf_clear(&box);
	buf_clear(&out);
	vault_close(v);
}

/* R17: letters of the alphabet alone, all of them in all places, no repeats. */
static void
test_case_code(void **state)
{
	enum {
		N = 4000
	};
	static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	static char codes[N][VAULT_CASE_CODE_SIZE];
	unsigned count[8][32] = {{0}};
	size_t i, j;

	(void)state;
	for (i = 0; i < N; i++) {
		vault_case_code(codes[i]);
		assert_int_equal(strlen(codes[i]), 8);
		assert_int_equal(strspn(codes[i], letters), 8);
		for (j = 0; j < 8; j++)
			count[j][strchr(letters, codes[i][j]) - letters]++;
	}
	/* mean 125, standard deviation 11: 7 of them either way */
	for (i = 0; i < 8; i++)
		for (j = 0; j < 32; j++)
			assert_in_range(count[i][j], 48, 202);
	qsort(codes, N, sizeof(codes[0]),
	    (int (*)(const void *, const void *))strcmp);
	for (i = 1; i < N; i++)
		assert_string_not_equal(codes[i - 1], codes[i]);
}

static void
test_random_id(void **state)
{
	int64_t all_or = 0, all_and = INT64_MAX, id, last = 0;
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		id = vault_random_id();
		assert_true(id > 0);
		assert_true(id != last);
		all_or |= id;
		all_and &= id;
		last = id;
	}
	assert_true(all_or == INT64_MAX);
	assert_true(all_and == 0);
}

static void
test_token(void **state)
{
	char a[VAULT_TOKEN_SIZE], b[VAULT_TOKEN_SIZE];
	unsigned char hash[VAULT_MAC];

	(void)state;
	vault_token_new(a);
	vault_token_new(b);
	assert_int_equal(strlen(a), 43);
	assert_int_equal(strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789-_"),
	    43);
	assert_string_not_equal(a, b);
	vault_token_hash("tincay", hash);
	assert_hex(hash, sizeof(hash),
	    "30dc4cf5035a6ba618e71044024fe905"
	    "28b8284e39fabe71b3848d042f61632c");
}

static void
test_password(void **state)
{
	char a[VAULT_PWHASH_SIZE], b[VAULT_PWHASH_SIZE], longer[1026];

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(vault_password_hash("Bảy hạt gạo", a), 0);
	assert_int_equal(vault_password_hash("Bảy hạt gạo", b), 0);
	assert_int_equal(strncmp(a, "$argon2id$v=19$m=65536,t=2,p=1$", 31), 0);
	assert_string_not_equal(a, b);
	assert_int_equal(vault_password_verify(a, "Bảy hạt gạo"), 0);
	assert_int_equal(vault_password_verify(a, "Bảy hạt gao"), TC_EDENIED);
	assert_int_equal(vault_password_verify(a, ""), TC_EDENIED);
	assert_int_equal(vault_password_verify("", "x"), TC_EDENIED);
	assert_int_equal(vault_password_verify("$argon2id$", "x"), TC_EDENIED);
	assert_int_equal(vault_password_verify(longer, "x"), TC_EDENIED);
	assert_int_equal(vault_password_hash("", a), TC_EINVAL);
	assert_int_equal(vault_password_hash(longer, a), TC_EINVAL);
}

static void
test_chain_known(void **state)
{
	static const unsigned char prev[VAULT_MAC] = {1, 2, 3};
	unsigned char link[VAULT_MAC];

	(void)state;
	vault_chain(prev, "case opened", 11, link);
	assert_hex(link, sizeof(link),
	    "02bb976dae27868432f06a8aedb042b6"
	    "b6edb4011ca0819e12f554ca2e44f6d8");
}

static void
test_equal_wipe(void **state)
{
	unsigned char a[8] = "secret!", b[8] = "secret!";

	(void)state;
	assert_true(vault_equal(a, b, sizeof(a)));
	b[7] = 1;
	assert_false(vault_equal(a, b, sizeof(a)));
	vault_wipe(a, sizeof(a));
	assert_memory_equal(a, "\0\0\0\0\0\0\0", 8);
	vault_random(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_init_forbids_cores),
	    cmocka_unit_test(test_key_content),
	    cmocka_unit_test(test_key_mode),
	    cmocka_unit_test(test_key_owner),
	    cmocka_unit_test(test_key_source),
	    cmocka_unit_test(test_key_symlink),
	    cmocka_unit_test(test_new_key),
	    cmocka_unit_test(test_mac_known),
	    cmocka_unit_test(test_seen),
	    cmocka_unit_test(test_box_round_trip),
	    cmocka_unit_test(test_box_hides),
	    cmocka_unit_test(test_box_refuses),
	    cmocka_unit_test(test_box_known),
	    cmocka_unit_test(test_box_full),
	    cmocka_unit_test(test_case_code),
	    cmocka_unit_test(test_random_id),
	    cmocka_unit_test(test_token),
	    cmocka_unit_test(test_password),
	    cmocka_unit_test(test_chain_known),
	    cmocka_unit_test(test_equal_wipe),
	};

	return cmocka_run_group_tests_name("vault", tests, setup, teardown);
}
