/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, hex, UTF-8 and files; and the growing buffer. */
#include "config.h"

#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "buf.h"
#include "util.h"

static void
test_strerror(void **state)
{
	int err;

	(void)state;
	for (err = TC_ENOTREADY; err <= 0; err++) {
		assert_non_null(tc_strerror(err));
		assert_string_not_equal(tc_strerror(err), "unknown error");
	}
	assert_string_equal(tc_strerror(TC_EINVAL), "invalid");
	assert_string_equal(tc_strerror(TC_ENOENT), "not found");
	assert_string_equal(tc_strerror(1), "unknown error");
	assert_string_equal(tc_strerror(TC_ENOTREADY - 1), "unknown error");
}

static void
test_str_to_int64(void **state)
{
	static const struct {
		const char *s;
		int64_t min, max;
		int rc;
		int64_t v;
	} cases[] = {
	    {"0", 0, 0, 0, 0},
	    {"-5", -10, 10, 0, -5},
	    {"007", 0, 9, 0, 7},
	    {"9223372036854775807", INT64_MIN, INT64_MAX, 0, INT64_MAX},
	    {"-9223372036854775808", INT64_MIN, INT64_MAX, 0, INT64_MIN},
	    {"9223372036854775808", INT64_MIN, INT64_MAX, TC_EINVAL, 0},
	    {"", 0, 9, TC_EINVAL, 0},
	    {"-", -9, 9, TC_EINVAL, 0},
	    {"+1", 0, 9, TC_EINVAL, 0},
	    {" 1", 0, 9, TC_EINVAL, 0},
	    {"1 ", 0, 9, TC_EINVAL, 0},
	    {"- 1", -9, 9, TC_EINVAL, 0},
	    {"--1", -9, 9, TC_EINVAL, 0},
	    {"1x", 0, 99, TC_EINVAL, 0},
	    {"0x1", 0, 99, TC_EINVAL, 0},
	    {"10", 0, 9, TC_EINVAL, 0},
	    {"-1", 0, 9, TC_EINVAL, 0},
	};
	int64_t v;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		v = 0;
		assert_int_equal(
		    str_to_int64(cases[i].s, cases[i].min, cases[i].max, &v),
		    cases[i].rc);
		assert_true(v == cases[i].v);
	}
}

static void
test_str_printf(void **state)
{
	char s[6];

	(void)state;
	assert_int_equal(str_printf(s, sizeof(s), "%s", "12345"), 0);
	assert_int_equal(str_printf(s, sizeof(s), "%s", "123456"), TC_EFULL);
	assert_string_equal(s, "12345");
}

static void
test_hex(void **state)
{
	static const unsigned char raw[] = {0x00, 0x9a, 0xff};
	unsigned char back[3] = {1, 1, 1};
	char s[7];

	(void)state;
	assert_string_equal(hex_encode(s, raw, sizeof(raw)), "009aff");
	assert_int_equal(hex_decode(back, 3, "009AfF"), 0);
	assert_memory_equal(back, raw, 3);
	assert_int_equal(hex_decode(back, 3, "009af"), TC_EINVAL);
	assert_int_equal(hex_decode(back, 3, "009aff0"), TC_EINVAL);
	assert_int_equal(hex_decode(back, 3, "009ag0"), TC_EINVAL);
	assert_int_equal(hex_decode(back, 3, ""), TC_EINVAL);
	assert_int_equal(hex_decode(back, 0, ""), 0);
	assert_memory_equal(back, raw, 3);
}

static void
test_utf8(void **state)
{
	static const struct {
		const char *s;
		bool valid;
	} cases[] = {
	    {"", true},
	    {"abcdefghijklmnopq", true},
	    {"abcdefg\xc3", false},
	    {"abcdefgh\xff", false},
	    {"Giúp tôi với, chị ở đâu", true},
	    {"\xc2\x80", true},
	    {"\xc1\xbf", false},
	    {"\xc2", false},
	    {"\xc2\x41", false},
	    {"\xe0\xa0\x80", true},
	    {"\xe0\x9f\xbf", false},
	    {"\xed\x9f\xbf", true},
	    {"\xed\xa0\x80", false},
	    {"\xee\x80\x80", true},
	    {"\xef\xbf\xbf", true},
	    {"\xe1\xbb", false},
	    {"\xe1\xbb\x41", false},
	    {"\xf0\x90\x80\x80", true},
	    {"\xf0\x8f\xbf\xbf", false},
	    {"\xf4\x8f\xbf\xbf", true},
	    {"\xf4\x90\x80\x80", false},
	    {"\xf5\x80\x80\x80", false},
	    {"\xf0\x9f\x98", false},
	    {"\x80", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		if (utf8_is_valid(cases[i].s, strlen(cases[i].s)) !=
		    cases[i].valid)
			fail_msg("case %zu", i);
	assert_true(utf8_is_valid("a\0b", 3));
}

static void
test_fnv64(void **state)
{
	uint64_t h;

	(void)state;
	/* Published: FNV-1a of "", "a", "foobar". */
	assert_true(fnv64(FNV64_INIT, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(fnv64(FNV64_INIT, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	h = fnv64(FNV64_INIT, "foo", 3);
	assert_true(fnv64(h, "bar", 3) == UINT64_C(0x85944171f73967e8));
}

static void
test_memory(void **state)
{
	char *s;

	(void)state;
	s = xstrndup("abcdef", 3);
	assert_string_equal(s, "abc");
	free(s);
	s = xstrndup("ab", 3);
	assert_string_equal(s, "ab");
	free(s);
	s = xasprintf("%d-%s", 7, "x");
	assert_string_equal(s, "7-x");
	free(s);
	s = xcalloc(0, 8);
	assert_non_null(s);
	free(s);
	s = xreallocarray(NULL, 0, 0);
	assert_non_null(s);
	free(s);
}

/* A fresh folder; the caller removes what it made. */
static char *
make_folder(void)
{
	const char *tmp = getenv("TMPDIR");
	char *path = xasprintf("%s/tc-util-XXXXXX", tmp != NULL ? tmp : "/tmp");

	assert_non_null(mkdtemp(path));
	return path;
}

static void
test_files(void **state)
{
	char *folder = make_folder(), *path = xasprintf("%s/f", folder), *data;
	struct stat st;
	size_t len;

	(void)state;
	assert_int_equal(file_read(path, 10, &data, &len), TC_ENOENT);
	assert_int_equal(file_write(path, 0640, "a\0bc", 4), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(file_read(path, 4, &data, &len), 0);
	assert_int_equal(len, 4);
	assert_memory_equal(data, "a\0bc", 5);
	free(data);
	assert_int_equal(file_read(path, 3, &data, NULL), TC_EFULL);
	assert_int_equal(file_write(path, 0600, "", 0), 0);
	assert_int_equal(file_read(path, 0, &data, NULL), 0);
	assert_string_equal(data, "");
	free(data);
	assert_int_equal(file_read(folder, 10, &data, NULL), TC_EIO);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(file_read(path, 10, &data, NULL), TC_EIO);
	/* Holds more than its size says, as a file that is being written. */
	assert_int_equal(
	    file_read("/proc/self/stat", 4096, &data, NULL), TC_EIO);
	/* Nothing but the FIFO may be left: no temporary file. */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(file_write(path, 0600, "x", 1), TC_EIO);
	free(path);
	free(folder);
}

/* A folder in the way of the rename: the write fails and leaves nothing. */
static void
test_file_write_whole(void **state)
{
	char *folder = make_folder(), *path = xasprintf("%s/f", folder);

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(file_write(path, 0600, "x", 1), TC_EIO);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
	free(path);
	free(folder);
}

static void
test_buf(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_string_equal(buf_str(&b), "");
	buf_drain(&b, 0);
	assert_int_equal(buf_put_str(&b, "abc"), 0);
	assert_int_equal(buf_put_char(&b, 'd'), 0);
	assert_int_equal(buf_put(&b, NULL, 0), 0);
	assert_int_equal(buf_printf(&b, "%d", 12), 0);
	assert_string_equal(buf_str(&b), "abcd12");
	buf_drain(&b, 2);
	assert_string_equal(buf_str(&b), "cd12");
	assert_int_equal(buf_put(&b, "345678", 6), 0);
	assert_int_equal(b.len, 10);
	assert_int_equal(buf_error(&b), 0);
	assert_int_equal(buf_put_char(&b, 'x'), TC_EFULL);
	assert_string_equal(buf_str(&b), "cd12345678");
	assert_int_equal(buf_error(&b), TC_EFULL);
	buf_drain(&b, 10);
	/* The error sticks: a later append would leave a hole. */
	assert_int_equal(buf_put_char(&b, 'x'), TC_EFULL);
	buf_reset(&b);
	assert_int_equal(buf_error(&b), 0);
	assert_string_equal(buf_str(&b), "");
	buf_clear(&b);
	assert_int_equal(b.max, 10);
}

static void
test_buf_printf(void **state)
{
	struct buf b;
	char s[301];

	(void)state;
	memset(s, 'x', sizeof(s) - 1);
	s[300] = '\0';
	buf_init(&b, 300);
	assert_int_equal(buf_printf(&b, "%s", s), 0);
	assert_string_equal(buf_str(&b), s);
	buf_reset(&b);
	assert_int_equal(buf_printf(&b, "%.299s", s), 0);
	assert_int_equal(buf_printf(&b, "ab"), TC_EFULL);
	assert_int_equal(b.len, 299);
	assert_int_equal(strlen(buf_str(&b)), 299);
	assert_int_equal(buf_printf(&b, "a"), TC_EFULL);
	buf_clear(&b);
	buf_init(&b, 0);
	assert_int_equal(buf_put_char(&b, 'x'), TC_EFULL);
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_strerror),
	    cmocka_unit_test(test_str_to_int64),
	    cmocka_unit_test(test_str_printf),
	    cmocka_unit_test(test_hex),
	    cmocka_unit_test(test_utf8),
	    cmocka_unit_test(test_fnv64),
	    cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_file_write_whole),
	    cmocka_unit_test(test_buf),
	    cmocka_unit_test(test_buf_printf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
