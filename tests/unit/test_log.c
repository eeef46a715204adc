/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One event is one line, whatever it contains, and no line tells a number. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "log.h"

static char sink_line[2048];
static enum log_level sink_level;
static unsigned sink_calls;

static void
sink_cb(enum log_level level, const char *line, void *ctx)
{
	assert_ptr_equal(ctx, sink_line);
	sink_level = level;
	sink_calls++;
	assert_int_equal(
	    str_printf(sink_line, sizeof(sink_line), "%s", line), 0);
}

static int
setup(void **state)
{
	(void)state;
	log_set_level(LOG_LEVEL_INFO);
	log_set_sink(sink_cb, sink_line);
	sink_line[0] = '\0';
	sink_calls = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	log_set_sink(NULL, NULL);
	return 0;
}

static void
test_levels(void **state)
{
	(void)state;
	log_debug("test dropped");
	assert_int_equal(sink_calls, 0);
	log_set_level(LOG_LEVEL_DEBUG);
	log_debug("test kept n=%d", 1);
	assert_int_equal(sink_level, LOG_LEVEL_DEBUG);
	assert_string_equal(sink_line, "test kept n=1");
	log_set_level(LOG_LEVEL_ERR);
	log_warn("test dropped");
	assert_int_equal(sink_calls, 1);
	log_err("test kept");
	assert_int_equal(sink_level, LOG_LEVEL_ERR);
}

static void
test_escape(void **state)
{
	static const char *const cases[][2] = {
	    {"a\nb", "a\\nb"},
	    {"a\r\t\x1b[31m\x7f", "a\\x0d\\x09\\x1b[31m\\x7f"},
	    {"nel\xc2\x85.", "nel\\xc2\\x85."},
	    {"bad\xff\xc3(", "bad\\xff\\xc3("},
	    {"cut\xe1\xbb", "cut\\xe1\\xbb"},
	    {"Song An, xã", "Song An, xã"},
	    {"\\n", "\\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		log_info("%s", cases[i][0]);
		assert_string_equal(sink_line, cases[i][1]);
	}
}

static void
test_long(void **state)
{
	char s[3000];
	size_t i;

	(void)state;
	memset(s, 'x', sizeof(s) - 1);
	s[sizeof(s) - 1] = '\0';
	log_info("%s", s);
	assert_int_equal(strlen(sink_line), 1023);
	memset(s, '\n', sizeof(s) - 1);
	log_info("%s", s);
	assert_int_equal(strlen(sink_line), 1022);
	/* Never half a character. */
	for (i = 0; i + 3 < sizeof(s); i += 3)
		memcpy(s + i, "\xe1\xbb\xad", 3);
	s[i] = '\0';
	log_info("x%s", s);
	assert_true(utf8_is_valid(sink_line, strlen(sink_line)));
	assert_true(strlen(sink_line) >= 1020 && strlen(sink_line) <= 1023);
}

/* With standard error going to a pipe. */
static void
test_stderr(void **state)
{
	char got[256];
	int fds[2], saved;
	ssize_t n;

	(void)state;
	log_set_sink(NULL, NULL);
	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	saved = dup(STDERR_FILENO);
	assert_true(saved >= 0);
	assert_int_equal(dup2(fds[1], STDERR_FILENO), STDERR_FILENO);
	errno = ENOENT;
	log_info("radio modem ready name=%s", "viettel1");
	assert_int_equal(errno, ENOENT);
	n = read(fds[0], got, sizeof(got) - 1);
	log_err("x");
	assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
	assert_true(n > 0);
	got[n] = '\0';
	assert_string_equal(got, "INFO radio modem ready name=viettel1\n");
	n = read(fds[0], got, sizeof(got) - 1);
	assert_int_equal(n, 6);
	assert_memory_equal(got, "ERR x\n", 6);
	close(saved);
	close(fds[0]);
	close(fds[1]);
}

static void
test_number(void **state)
{
	static const char *const cases[][2] = {
	    {"+84900000678", "...678"},
	    {"0900 000 678", "...678"},
	    {"123456", "...456"},
	    {"12345", "12345"},
	    {"8088", "8088"},
	    {"113", "113"},
	    {"Viettel", "alpha"},
	    {"0900000001a", "alpha"},
	    {"\xef\xbc\x90", "alpha"},
	    {"", "none"},
	};
	const char *kept[8];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		assert_string_equal(log_number(cases[i][0]), cases[i][1]);
	/* Eight in one log line are still eight. */
	for (i = 0; i < 8; i++) {
		char s[8];

		assert_int_equal(str_printf(s, sizeof(s), "11%zu", i), 0);
		kept[i] = log_number(s);
	}
	for (i = 0; i < 8; i++)
		assert_int_equal(kept[i][2], '0' + (int)i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_levels, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_escape, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_long, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stderr, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_number, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
