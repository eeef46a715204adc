/* SPDX-License-Identifier: GPL-2.0-or-later */
/* duty.conf, and working time: every sum against one that counts minute by
 * minute. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"
#include "intake/workdays.h"
#include "tempdir.h"
#include "util.h"

#define ZONE 420

static struct workdays *
load(const char *text, struct faults *faults)
{
	char *dir = tempdir_new();
	char *path = xasprintf("%s/duty.conf", dir);
	struct workdays *w;

	if (text != NULL)
		assert_int_equal(file_write(path, 0600, text, strlen(text)), 0);
	faults_init(faults);
	w = workdays_load(dir, faults);
	free(path);
	tempdir_remove(dir);
	return w;
}

/* "2026-02-13 16:00" in the commune. */
static int64_t
local(const char *text)
{
	struct tm tm = {0};
	const char *end = strptime(text, "%Y-%m-%d %H:%M", &tm);

	assert_true(end != NULL && *end == '\0');
	return (int64_t)timegm(&tm) - ZONE * 60;
}

static const char calendar[] =
    "work_days = {\"T2\", \"T3\", \"T4\", \"T5\", \"T6\"}\n"
    "work_hours = {\"07:30-11:30\", \"13:30-17:00\"}\n"
    "holidays = {\"01-01\", \"04-30..05-01\", \"2026-02-16..2026-02-20\","
    " \"2026-04-27\"}\n";

#define HOURS(n) ((n)*INT64_C(3600))
#define DAY INT64_C(27000) /* 7.5 hours */

static const struct {
	const char *from;
	int64_t seconds;
	const char *until;
} sums[] = {
    {"2026-03-02 08:00", HOURS(2), "2026-03-02 10:00"}, /* a Monday */
    {"2026-03-02 10:00", HOURS(4), "2026-03-02 16:00"}, /* over noon */
    {"2026-03-02 11:00", 1800, "2026-03-02 11:30"},     /* to the minute */
    {"2026-03-02 12:00", HOURS(1), "2026-03-02 14:30"},
    {"2026-03-02 03:00", HOURS(1), "2026-03-02 08:30"},
    {"2026-03-02 16:00", HOURS(4), "2026-03-03 10:30"},
    {"2026-03-06 16:00", HOURS(4), "2026-03-09 10:30"}, /* a weekend */
    {"2026-03-07 09:00", HOURS(4), "2026-03-09 11:30"},
    {"2026-02-13 16:00", HOURS(4), "2026-02-23 10:30"}, /* Tet */
    {"2026-04-29 16:30", HOURS(1), "2026-05-04 08:00"}, /* 30/4, 1/5 */
    {"2026-12-31 17:00", HOURS(1), "2027-01-04 08:30"}, /* every year */
    {"2026-03-02 10:00", 2 * DAY, "2026-03-04 10:00"},
    {"2026-03-05 10:00", 2 * DAY, "2026-03-09 10:00"},
    {"2026-04-24 10:00", 2 * DAY, "2026-04-29 10:00"},
};

static void
test_sums(void **state)
{
	struct faults faults;
	struct workdays *w = load(calendar, &faults);
	size_t i;

	(void)state;
	assert_non_null(w);
	assert_int_equal(workdays_day(w), DAY);
	for (i = 0; i < TC_NELEM(sums); i++)
		if (workdays_add(w, ZONE, local(sums[i].from),
			sums[i].seconds) != local(sums[i].until))
			fail_msg("row %zu: %s", i, sums[i].from);
	workdays_free(w);
}

/* Minute by minute through two months with Tet in them. */
static void
test_counted(void **state)
{
	struct faults faults;
	struct workdays *w = load(calendar, &faults);
	int64_t t = local("2026-01-30 00:00"), end = local("2026-03-30 00:00");
	int64_t from, seconds, at;
	unsigned seed = 7;

	(void)state;
	for (from = t; from < end; from += 7 * 3600 + 60) {
		seed = seed * 1103515245 + 12345;
		seconds = 60 * (int64_t)(1 + seed / 65536 % 1200);
		at = from;
		for (int64_t left = seconds; left > 0; at += 60)
			left -= workdays_is_open(w, ZONE, at) ? 60 : 0;
		assert_int_equal(workdays_add(w, ZONE, from, seconds), at);
	}
	workdays_free(w);
}

static const struct {
	const char *text;
	const char *why; /* NULL: fine */
} files[] = {
    {NULL, NULL},
    {"", NULL},
    {"alerts_per_hour = 3\nheartbeat = no\n", NULL},
    {"work_days = {\"T2\", \"T8\"}\n", "T2 ... T7"},
    {"work_hours = {\"07:30-07:30\"}\n", "hours such as"},
    {"work_hours = {\"13:00-17:00\", \"08:00-13:30\"}\n", "hours such as"},
    {"work_hours = {\"13:00 17:00\"}\n", "hours such as"},
    {"holidays = {\"2026-13-01\"}\n", "a day such as"},
    {"holidays = {\"05-01..04-30\"}\n", "a day such as"},
    {"holidays = {\"05-01..2026-05-02\"}\n", "a day such as"},
    {"holidays = {\"2026-02-16-20\"}\n", "a day such as"},
    {"holidays = {\"tomorrow\"}\n", "a day such as"},
    {"alerts_per_hour = 0\n", "alerts_per_hour"},
    {"lunch = yes\n", "lunch"},
};

static void
test_files(void **state)
{
	struct faults faults;
	struct workdays *w;
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(files); i++) {
		w = load(files[i].text, &faults);
		if ((w != NULL) != (files[i].why == NULL))
			fail_msg("row %zu", i);
		if (w == NULL) {
			text = faults_text(&faults, 0);
			assert_non_null(strstr(text, files[i].why));
			free(text);
		}
		faults_clear(&faults);
		workdays_free(w);
	}
	w = load("heartbeat = no\nalerts_per_hour = 3\n", &faults);
	assert_int_equal(w->heartbeat, -1);
	assert_int_equal(w->alerts_per_hour, 3);
	assert_int_equal(w->days, 0x1f); /* what is not said is as without */
	assert_int_equal(w->nspans, 2);
	workdays_free(w);
}

/* The file that is shipped. */
static void
test_shipped(void **state)
{
	struct faults faults;
	struct workdays *w;

	(void)state;
	faults_init(&faults);
	w = workdays_load(TEST_ETC, &faults);
	assert_non_null(w);
	assert_false(workdays_is_open(w, ZONE, local("2027-02-08 09:00")));
	assert_true(workdays_is_open(w, ZONE, local("2027-02-12 09:00")));
	assert_false(workdays_is_open(w, ZONE, local("2029-09-02 09:00")));
	workdays_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sums),
	    cmocka_unit_test(test_counted),
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
