/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The driven clock and the calendar of a fixed zone. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"

#define VIETNAM 420
#define HOURS INT64_C(3600)

static void
put_offset(int fd, int64_t v)
{
	unsigned char raw[8];
	int i;

	for (i = 0; i < 8; i++)
		raw[i] = (unsigned char)((uint64_t)v >> (8 * i));
	assert_int_equal(pwrite(fd, raw, sizeof(raw), 0), sizeof(raw));
}

/* The difference to the real clock, give or take the seconds that pass. */
static void
check_offset(int64_t expected)
{
	int64_t before = time(NULL), now = clock_now(), after = time(NULL);

	/* time() may lag behind clock_gettime() by a tick. */
	assert_true(now >= before + expected);
	assert_true(now <= after + expected + 1);
}

static void
test_driven(void **state)
{
	char path[] = "/tmp/tc-clock-XXXXXX";
	int fd = mkstemp(path);
	int64_t us;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(unsetenv("TINCAY_CLOCK"), 0);
	assert_int_equal(clock_init(), 0);
	check_offset(0);
	assert_int_equal(setenv("TINCAY_CLOCK", "/nonexistent/clock", 1), 0);
	assert_int_equal(clock_init(), TC_EIO);
	assert_int_equal(setenv("TINCAY_CLOCK", path, 1), 0);
	assert_int_equal(clock_init(), TC_EIO); /* empty */
	assert_int_equal(write(fd, "1234567", 7), 7);
	assert_int_equal(clock_init(), TC_EIO); /* a byte short */
	put_offset(fd, 0);
	assert_int_equal(clock_init(), 0);
	check_offset(0);
	assert_true(clock_is_trusted());
	/* Seen at once, in both directions, without a new clock_init(). */
	put_offset(fd, 36 * HOURS);
	check_offset(36 * HOURS);
	us = clock_now_us();
	assert_true(us / 1000000 - clock_now() <= 0);
	assert_true(clock_now() - us / 1000000 <= 2);
	put_offset(fd, -5);
	check_offset(-5);
	put_offset(fd, INT64_MAX);
	assert_true(clock_now() > 0 && clock_now_us() > 0);
	put_offset(fd, INT64_MIN);
	assert_true(clock_now() < 0 && clock_now_us() < 0);
	put_offset(fd, 0);
	assert_int_equal(setenv("TINCAY_CLOCK", "/tmp", 1), 0);
	assert_int_equal(clock_init(), TC_EIO); /* a folder */
	assert_int_equal(unlink(path), 0);
	close(fd);
}

static void
test_mono(void **state)
{
	int64_t a = clock_mono_ms(), b = clock_mono_ms();

	(void)state;
	assert_true(a > 0 && b >= a);
}

static void
test_minute_of_day(void **state)
{
	static const struct {
		int64_t t;
		int zone;
		int minute;
	} cases[] = {
	    {0, 0, 0}, {0, VIETNAM, 420}, {59, 0, 0}, {60, 0, 1}, {-1, 0, 1439},
	    {-86400, 0, 0}, {-86401, 0, 1439}, {17 * HOURS - 1, VIETNAM, 1439},
	    {17 * HOURS, VIETNAM, 0}, {0, -60, 1380},
	    {1795469681, VIETNAM, 274}, /* 2026-11-24 04:34:41 +07 */
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		assert_int_equal(clock_minute_of_day(cases[i].t, cases[i].zone),
		    cases[i].minute);
	/* Times that a peer made up. */
	assert_in_range(clock_minute_of_day(INT64_MAX, VIETNAM), 0, 1439);
	assert_in_range(clock_minute_of_day(INT64_MIN, -VIETNAM), 0, 1439);
}

static void
test_day_start(void **state)
{
	static const struct {
		int64_t t;
		int zone;
		int64_t start;
	} cases[] = {
	    {0, 0, 0}, {86399, 0, 0}, {86400, 0, 86400}, {-1, 0, -86400},
	    {0, VIETNAM, -7 * HOURS}, {17 * HOURS - 1, VIETNAM, -7 * HOURS},
	    {17 * HOURS, VIETNAM, 17 * HOURS},
	    {1795469681, VIETNAM, 1795453200}, /* 2026-11-24 00:00 +07 */
	};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		assert_int_equal(
		    clock_day_start(cases[i].t, cases[i].zone), cases[i].start);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_driven),
	    cmocka_unit_test(test_mono),
	    cmocka_unit_test(test_minute_of_day),
	    cmocka_unit_test(test_day_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
