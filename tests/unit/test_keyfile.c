/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Agency keys and the way of a case: sealed by the daemon's vault, opened on
 * the handler's side. Most key files here are written by the test itself from
 * the description in keyfile.h, with a cheap key derivation, which also proves
 * that the description is enough.
 */
#include "config.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "buf.h"
#include "ctl/keyfile.h"
#include "daemon/vault/vault.h"
#include "secretfile.h"

#define PASS "con cò bay lả"
#define NOTE "đã gọi"
#define ITEM "GIUP 1 +84900000123"
#define DEADLINE_MS 10000

static char folder[64];
static char path[128];

/* The six texts and two numbers of a key file. */
struct form {
	char agency[32];
	char pk[64];
	char kdf[16];
	char salt[64];
	char nonce[64];
	char wrapped[160];
	long long ops, mem;
	const char *extra; /* goes in front of the last brace */
};

static struct form good; /* agency HPN, passphrase PASS */

static void
set_path(const char *name)
{
	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/%s", folder, name), 0);
}

static void
put_file(const void *data, size_t len, mode_t mode)
{
	set_path("file");
	(void)unlink(path);
	assert_int_equal(secretfile_create(path, data, len), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static size_t
form_print(const struct form *f, char text[1024])
{
	assert_int_equal(
	    str_printf(text, 1024,
		"{\"tincay_key\": 1, \"agency\": \"%s\", "
		"\"public_key\": \"%s\", \"kdf\": {\"name\": "
		"\"%s\", \"ops\": %lld, \"mem\": %lld}, "
		"\"salt\": \"%s\", \"nonce\": \"%s\", "
		"\"wrapped\": \"%s\"%s}",
		f->agency, f->pk, f->kdf, f->ops, f->mem, f->salt, f->nonce,
		f->wrapped, f->extra != NULL ? f->extra : ""),
	    0);
	return strlen(text);
}

static int
form_open(const struct form *f, struct keyfile **kf)
{
	char text[1024];
	size_t len = form_print(f, text);

	put_file(text, len, 0600);
	return keyfile_open(path, PASS, kf);
}

static void
b64(char *dst, size_t size, const void *src, size_t len)
{
	sodium_bin2base64(dst, size, src, len, sodium_base64_VARIANT_ORIGINAL);
}

/* Any agency name and any public key, wrapped as keyfile.h says. */
static void
form_make(struct form *f, const char *agency, const unsigned char *pk,
    const unsigned char *sk)
{
	unsigned char salt[16], nonce[24], key[32], plain[64], box[80];
	size_t n = strlen(agency);

	memset(f, 0, sizeof(*f));
	f->ops = 1;
	f->mem = 8192;
	memcpy(f->agency, agency, n);
	memcpy(f->kdf, "argon2id13", 10);
	randombytes_buf(salt, sizeof(salt));
	randombytes_buf(nonce, sizeof(nonce));
	assert_int_equal(crypto_pwhash(key, 32, PASS, strlen(PASS), salt, 1,
			     8192, crypto_pwhash_ALG_ARGON2ID13),
	    0);
	memcpy(plain, sk, 32);
	memcpy(plain + 32, agency, n);
	(void)crypto_secretbox_easy(box, plain, 32 + n, nonce, key);
	b64(f->pk, sizeof(f->pk), pk, 32);
	b64(f->salt, sizeof(f->salt), salt, sizeof(salt));
	b64(f->nonce, sizeof(f->nonce), nonce, sizeof(nonce));
	b64(f->wrapped, sizeof(f->wrapped), box, 16 + 32 + n);
}

static struct keyfile *
open_agency(const char *agency)
{
	unsigned char pk[32], sk[32];
	struct keyfile *kf;
	struct form f;

	crypto_box_keypair(pk, sk);
	form_make(&f, agency, pk, sk);
	assert_int_equal(form_open(&f, &kf), 0);
	assert_string_equal(keyfile_public(kf)->agency, agency);
	assert_memory_equal(keyfile_public(kf)->pk, pk, sizeof(pk));
	return kf;
}

static int
setup(void **state)
{
	unsigned char pk[32], sk[32];

	(void)state;
	assert_int_equal(keyfile_init(), 0);
	strncpy(folder, "/tmp/test_keyfile.XXXXXX", sizeof(folder) - 1);
	crypto_box_keypair(pk, sk);
	form_make(&good, "HPN", pk, sk);
	return mkdtemp(folder) == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	set_path("file");
	(void)unlink(path);
	set_path("new");
	(void)unlink(path);
	return rmdir(folder);
}

static void
test_create(void **state)
{
	struct keyfile_public pub;
	struct keyfile *kf;
	struct stat st;
	char *text;

	(void)state;
	set_path("new");
	assert_int_equal(keyfile_create(path, "CAX", PASS, &pub), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(keyfile_create(path, "CAX", PASS, NULL), TC_EEXIST);
	assert_string_equal(pub.agency, "CAX");
	assert_true(vault_pk_valid(pub.pk));
	assert_int_equal(keyfile_open(path, PASS, &kf), 0);
	assert_memory_equal(keyfile_public(kf)->pk, pub.pk, sizeof(pub.pk));
	keyfile_close(kf);
	assert_int_equal(keyfile_open(path, "con cò bay la", &kf), TC_ECRYPTO);
	assert_null(kf);
	assert_int_equal(file_read(path, 4096, &text, NULL), 0);
	assert_non_null(strstr(text, "\"mem\": 268435456"));
	assert_non_null(strstr(text, "\"ops\": 3"));
	free(text);
}

static void
test_create_refuses(void **state)
{
	static const struct {
		const char *agency, *pass;
	} rows[] = {
	    {"", PASS},
	    {"hpn", PASS},
	    {"H N", PASS},
	    {"../HPN", PASS},
	    {"ABCDEFGHIJKLMNOPQ", PASS},
	    {"HPN", ""},
	    {"HPN", "elevenchars"},
	};
	size_t i;

	(void)state;
	set_path("none");
	for (i = 0; i < TC_NELEM(rows); i++)
		assert_int_equal(
		    keyfile_create(path, rows[i].agency, rows[i].pass, NULL),
		    TC_EINVAL);
	assert_int_equal(access(path, F_OK), -1);
}

static void
test_open_form(void **state)
{
	struct keyfile *kf;
	struct form f = good;

	(void)state;
	assert_int_equal(form_open(&f, &kf), 0);
	keyfile_close(kf);
	f.ops = 17;
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f.ops = -1;
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f = good;
	f.mem = 1LL << 40;
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f.mem = 8191;
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f = good;
	f.kdf[0] = 'x';
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f = good;
	f.extra = ", \"more\": 1";
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f.extra = ", \"agency\": \"CAX\"";
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
	f = good;
	memset(f.wrapped, 'A', 120);
	assert_int_equal(form_open(&f, &kf), TC_EINVAL);
}

/* Each letter of each binary field, of the name, and each number. */
static void
test_open_changed(void **state)
{
	static const size_t fields[] = {offsetof(struct form, agency),
	    offsetof(struct form, pk), offsetof(struct form, salt),
	    offsetof(struct form, nonce), offsetof(struct form, wrapped)};
	struct keyfile *kf;
	struct form f;
	size_t i, j;
	char *text;
	int rc;

	(void)state;
	for (i = 0; i < TC_NELEM(fields); i++) {
		f = good;
		text = (char *)&f + fields[i];
		for (j = 0; text[j] != '\0' && text[j] != '='; j++) {
			text[j] = text[j] == 'A' ? 'B' : 'A';
			rc = form_open(&f, &kf);
			assert_true(rc == TC_ECRYPTO || rc == TC_EINVAL);
			assert_null(kf);
			memcpy(&f, &good, sizeof(f));
		}
		assert_true(j > 0);
	}
	f = good;
	f.ops = 2;
	assert_int_equal(form_open(&f, &kf), TC_ECRYPTO);
	f = good;
	f.mem = 16384;
	assert_int_equal(form_open(&f, &kf), TC_ECRYPTO);
}

/* Wrapped well, but the public key belongs to somebody else. */
static void
test_open_foreign_pk(void **state)
{
	unsigned char pk[32], sk[32], other[32], other_sk[32];
	struct keyfile *kf;
	struct form f;

	(void)state;
	crypto_box_keypair(pk, sk);
	crypto_box_keypair(other, other_sk);
	form_make(&f, "HPN", other, sk);
	assert_int_equal(form_open(&f, &kf), TC_ECRYPTO);
	assert_null(kf);
}

static void
test_open_truncated(void **state)
{
	static const char big[5000] = "{";
	struct keyfile *kf;
	char text[1024];
	size_t len, i;

	(void)state;
	len = form_print(&good, text);
	for (i = 0; i < len; i++) {
		put_file(text, i, 0600);
		assert_int_equal(keyfile_open(path, PASS, &kf), TC_EINVAL);
	}
	put_file(big, sizeof(big), 0600);
	assert_int_equal(keyfile_open(path, PASS, &kf), TC_EINVAL);
	put_file(text, len, 0640);
	assert_int_equal(keyfile_open(path, PASS, &kf), TC_EDENIED);
	set_path("none");
	assert_int_equal(keyfile_open(path, PASS, &kf), TC_ENOENT);
}

/* The whole way: the daemon seals to two agencies and forgets the secret; each
 * opens its own envelope alone. */
static void
test_case(void **state)
{
	struct keyfile *hpn = open_agency("HPN"), *yte = open_agency("YTE");
	unsigned char env[VAULT_SEALED_KEY], again[VAULT_SEALED_KEY], sk[32];
	struct buf item, out;
	struct case_key ck, gone;

	(void)state;
	buf_init(&item, 1000);
	buf_init(&out, 1000);
	vault_case_new(&ck);
	assert_int_equal(
	    vault_case_seal_key(&ck, keyfile_public(hpn)->pk, env), 0);
	assert_int_equal(
	    vault_case_seal_key(&ck, keyfile_public(yte)->pk, again), 0);
	/* One ephemeral key, and nothing else in common; another case has
	 * another. */
	assert_memory_equal(env, again, 32);
	assert_memory_not_equal(env + 32, again + 32, 48);
	vault_case_new(&gone);
	assert_memory_not_equal(ck.copy_pk, gone.copy_pk, 32);
	assert_memory_not_equal(ck.copy_pk, ck.pk, 32);
	memcpy(&gone, &ck, sizeof(gone));
	vault_case_wipe(&ck);
	assert_true(sodium_is_zero((unsigned char *)&ck, sizeof(ck)));
	/* a later text: the daemon has the public half alone */
	assert_int_equal(
	    vault_case_seal_item(gone.pk, ITEM, strlen(ITEM), &item), 0);
	assert_int_equal(
	    keyfile_open_case(yte, env, sizeof(env), sk), TC_ECRYPTO);
	assert_int_equal(keyfile_open_case(hpn, env, sizeof(env), sk), 0);
	assert_memory_equal(sk, gone.sk, sizeof(sk));
	assert_int_equal(keyfile_open_item(sk, item.data, item.len, &out), 0);
	assert_string_equal(buf_str(&out), ITEM);
	memset(sk, 0, sizeof(sk));
	assert_int_equal(
	    keyfile_open_case(hpn, again, sizeof(again), sk), TC_ECRYPTO);
	assert_int_equal(keyfile_open_case(yte, again, sizeof(again), sk), 0);
	assert_memory_equal(sk, gone.sk, sizeof(sk));
	keyfile_wipe(sk, sizeof(sk));
	assert_true(sodium_is_zero(sk, sizeof(sk)));
	buf_clear(&item);
	buf_clear(&out);
	keyfile_close(hpn);
	keyfile_close(yte);
}

static void
test_case_changed(void **state)
{
	struct keyfile *kf = open_agency("HPN");
	unsigned char env[VAULT_SEALED_KEY], sk[32];
	struct case_key ck, other;
	struct buf item, out;
	size_t i;

	(void)state;
	buf_init(&item, 1000);
	buf_init(&out, 1000);
	vault_case_new(&ck);
	vault_case_new(&other);
	assert_memory_not_equal(ck.sk, other.sk, sizeof(ck.sk));
	assert_int_equal(
	    vault_case_seal_key(&ck, keyfile_public(kf)->pk, env), 0);
	assert_int_equal(vault_case_seal_item(ck.pk, ITEM, 19, &item), 0);
	for (i = 0; i < sizeof(env); i++) {
		env[i] ^= 4;
		assert_int_equal(
		    keyfile_open_case(kf, env, sizeof(env), sk), TC_ECRYPTO);
		env[i] ^= 4;
		assert_int_equal(keyfile_open_case(kf, env, i, sk), TC_ECRYPTO);
	}
	for (i = 0; i < item.len; i++) {
		item.data[i] ^= 4;
		assert_int_equal(
		    keyfile_open_item(ck.sk, item.data, item.len, &out),
		    TC_ECRYPTO);
		item.data[i] ^= 4;
		assert_int_equal(
		    keyfile_open_item(ck.sk, item.data, i, &out), TC_ECRYPTO);
	}
	assert_int_equal(
	    keyfile_open_item(other.sk, item.data, item.len, &out), TC_ECRYPTO);
	/* an envelope is not an item, nor an item an envelope */
	assert_int_equal(
	    keyfile_open_item(ck.sk, env, sizeof(env), &out), TC_ECRYPTO);
	assert_int_equal(
	    keyfile_open_case(kf, item.data, item.len, sk), TC_ECRYPTO);
	assert_int_equal(out.len, 0);
	buf_clear(&item);
	buf_clear(&out);
	keyfile_close(kf);
}

static void
test_item_lengths(void **state)
{
	static const size_t lengths[] = {0, 1, 63, 64, 65, 160, 65536};
	unsigned char *plain = xcalloc(1, 65537);
	struct buf item, out;
	struct case_key ck;
	size_t i;

	(void)state;
	memset(plain, 0x80, 65537); /* looks like padding */
	buf_init(&item, 100000);
	buf_init(&out, 100000);
	vault_case_new(&ck);
	for (i = 0; i < TC_NELEM(lengths); i++) {
		buf_reset(&item);
		buf_reset(&out);
		assert_int_equal(
		    vault_case_seal_item(ck.pk, plain, lengths[i], &item), 0);
		assert_int_equal(item.len, 48 + (lengths[i] / 64 + 1) * 64);
		assert_int_equal(
		    keyfile_open_item(ck.sk, item.data, item.len, &out), 0);
		assert_int_equal(out.len, lengths[i]);
		if (lengths[i] > 0)
			assert_memory_equal(out.data, plain, lengths[i]);
	}
	buf_reset(&item);
	assert_int_equal(
	    vault_case_seal_item(ck.pk, plain, 65537, &item), TC_EFULL);
	assert_int_equal(item.len, 0);
	buf_clear(&item);
	buf_clear(&out);
	free(plain);
}

/* The points of low order on Curve25519 and its twist, RFC 7748 section 6.1. */
static void
test_bad_points(void **state)
{
	static const char *const points[] = {
	    "00000000000000000000000000000000"
	    "00000000000000000000000000000000",
	    "01000000000000000000000000000000"
	    "00000000000000000000000000000000",
	    "01000000000000000000000000000000"
	    "00000000000000000000000000000080",
	    "e0eb7a7c3b41b8ae1656e3faf19fc46a"
	    "da098deb9c32b1fd866205165f49b800",
	    "5f9c95bca3508c24b1d0b1559c83ef5b"
	    "04445cc4581c8e86d8224eddd09f1157",
	    "ecffffffffffffffffffffffffffffff"
	    "ffffffffffffffffffffffffffffff7f",
	    "edffffffffffffffffffffffffffffff"
	    "ffffffffffffffffffffffffffffff7f",
	    "eeffffffffffffffffffffffffffffff"
	    "ffffffffffffffffffffffffffffff7f",
	};
	unsigned char pk[32], env[VAULT_SEALED_KEY];
	struct case_key ck;
	struct buf item;
	size_t i;

	(void)state;
	buf_init(&item, 1000);
	vault_case_new(&ck);
	assert_true(vault_pk_valid(ck.pk));
	for (i = 0; i < TC_NELEM(points); i++) {
		assert_int_equal(hex_decode(pk, sizeof(pk), points[i]), 0);
		assert_false(vault_pk_valid(pk));
		assert_int_equal(vault_case_seal_key(&ck, pk, env), TC_ECRYPTO);
		assert_true(sodium_is_zero(env, sizeof(env)));
		assert_int_equal(
		    vault_case_seal_item(pk, ITEM, 19, &item), TC_ECRYPTO);
	}
	assert_int_equal(item.len, 0);
	buf_clear(&item);
}

static void
test_passphrase_file(void **state)
{
	static char longest[1024], longer[1024];
	const struct {
		const char *data;
		size_t len;
		int rc;
		const char *line;
	} rows[] = {
	    {PASS, sizeof(PASS) - 1, 0, PASS},
	    {PASS "\n", sizeof(PASS), 0, PASS},
	    {PASS "\r\n", sizeof(PASS) + 1, 0, PASS},
	    {PASS "\nmore\n", sizeof(PASS) + 5, 0, PASS},
	    {" a b ", 5, 0, " a b "},
	    {longest, 1023, 0, longest},
	    {longer, 1024, TC_EINVAL, NULL},
	    {"", 0, TC_EINVAL, NULL},
	    {"\n", 1, TC_EINVAL, NULL},
	    {"\r\n", 2, TC_EINVAL, NULL},
	    {"a\0b\n", 4, TC_EINVAL, NULL},
	};
	char out[PASSPHRASE_SIZE];
	size_t i;

	(void)state;
	memset(longest, 'x', 1023);
	memset(longer, 'x', 1024);
	for (i = 0; i < TC_NELEM(rows); i++) {
		put_file(rows[i].data, rows[i].len, 0600);
		assert_int_equal(passphrase_read(path, out), rows[i].rc);
		if (rows[i].line != NULL)
			assert_string_equal(out, rows[i].line);
	}
	put_file(PASS, strlen(PASS), 0644);
	assert_int_equal(passphrase_read(path, out), TC_EDENIED);
	set_path("none");
	assert_int_equal(passphrase_read(path, out), TC_ENOENT);
}

/* Read from the terminal until it shows text, or the deadline or its end. */
static void
tty_expect(int tty, const char *text, char *seen, size_t size)
{
	struct pollfd pfd = {.fd = tty, .events = POLLIN};
	size_t len = strlen(seen);
	ssize_t n;

	while (strstr(seen, text) == NULL) {
		assert_int_equal(poll(&pfd, 1, DEADLINE_MS), 1);
		n = read(tty, seen + len, size - 1 - len);
		assert_true(n > 0);
		len += (size_t)n;
		seen[len] = '\0';
	}
}

/* In a child with a terminal of its own: ask, then show the outcome in hex. */
static void
tty_child(bool confirm)
{
	char out[PASSPHRASE_SIZE], hex[2 * sizeof(out) + 1];
	struct termios t;
	int rc;

	rc = passphrase_ask("Khóa: ", confirm, out);
	if (tcgetattr(STDIN_FILENO, &t) != 0 || (t.c_lflag & ECHO) == 0 ||
	    (t.c_lflag & ISIG) == 0)
		rc = -99;
	(void)dprintf(
	    STDOUT_FILENO, "rc=%d %s.", rc, hex_encode(hex, out, strlen(out)));
	_exit(0);
}

static void
test_passphrase_ask(void **state)
{
	static const struct {
		const char *first, *second; /* second: asked twice */
		const char *shown;
	} rows[] = {
	    {"mat khau 1\n", NULL, "rc=0 6d6174206b6861752031."},
	    {"mat khau 1\n", "mat khau 1\n", "rc=0 6d6174206b6861752031."},
	    {"mat khau 1\n", "mat khau 2\n", "rc=-1 ."},
	    {"\n", NULL, "rc=-1 ."},
	    {"mat kh\003", NULL, "rc=-1 ."},
	    {"\004", NULL, "rc=-7 ."},
	};
	char seen[512];
	int tty, status;
	pid_t pid;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		seen[0] = '\0';
		pid = forkpty(&tty, NULL, NULL, NULL);
		assert_true(pid >= 0);
		if (pid == 0)
			tty_child(rows[i].second != NULL);
		tty_expect(tty, "Khóa: ", seen, sizeof(seen));
		assert_true(
		    write(tty, rows[i].first, strlen(rows[i].first)) > 0);
		if (rows[i].second != NULL) {
			tty_expect(tty, "Again: ", seen, sizeof(seen));
			assert_true(write(tty, rows[i].second,
					strlen(rows[i].second)) > 0);
		}
		tty_expect(tty, rows[i].shown, seen, sizeof(seen));
		assert_null(strstr(seen, "mat kh"));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		assert_int_equal(close(tty), 0);
	}
}

static void
test_passphrase_ask_no_terminal(void **state)
{
	char out[PASSPHRASE_SIZE];
	int status;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)setsid();
		_exit(passphrase_ask("?", false, out) == TC_ENOENT ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_create),
	    cmocka_unit_test(test_create_refuses),
	    cmocka_unit_test(test_open_form),
	    cmocka_unit_test(test_open_changed),
	    cmocka_unit_test(test_open_foreign_pk),
	    cmocka_unit_test(test_open_truncated),
	    cmocka_unit_test(test_case),
	    cmocka_unit_test(test_case_changed),
	    cmocka_unit_test(test_item_lengths),
	    cmocka_unit_test(test_bad_points),
	    cmocka_unit_test(test_passphrase_file),
	    cmocka_unit_test(test_passphrase_ask),
	    cmocka_unit_test(test_passphrase_ask_no_terminal),
	};

	return cmocka_run_group_tests_name("keyfile", tests, setup, teardown);
}
