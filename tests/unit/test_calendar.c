/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calendar of the commune: when its days are, when a draft is due, what is
 * no day. */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"
#include "clock.h"
#include "conf.h"
#include "outbox_steps.h"
#include "desk/duty.h"
#include "outreach/calendar.h"
#include "outreach/remind.h"
#include "tempdir.h"

#define DAY INT64_C(86400)

struct seen {
	int n;
	struct calendar_day day; /* the last one */
};

static void
on_day(const struct calendar_day *d, void *ctx)
{
	struct seen *s = ctx;

	s->n++;
	s->day = *d;
}

static int
read_calendar(struct world *w, const char *text, int year, struct seen *s)
{
	struct conf conf = {.content_dir = tempdir_new()};
	char *path = xasprintf("%s/calendar.conf", conf.content_dir);
	struct faults faults;
	int rc;

	memset(s, 0, sizeof(*s));
	if (text != NULL)
		assert_int_equal(file_write(path, 0600, text, strlen(text)), 0);
	w->core.conf = &conf;
	faults_init(&faults);
	rc = calendar_each(&w->core, year, &faults, on_day, s);
	assert_int_equal(faults.n > 0, rc == TC_EINVAL);
	faults_clear(&faults);
	free(path);
	tempdir_remove(conf.content_dir);
	return rc;
}

static const struct {
	const char *text;
	int year, rc, n;
	int64_t from, days; /* UTC; how long */
} rows[] = {
    {"day \"a\" { name = \"A\" date = \"08/03\" }", 2026, 0, 1,
	INT64_C(1772902800), 1},
    {"day \"a\" { name = \"A\" date = \"15/11\" until = \"15/12\" }", 2026, 0,
	1, INT64_C(1794675600), 31},
    {"day \"a\" { name = \"A\" date = \"20/12\" until = \"05/01\" }", 2026, 0,
	1, INT64_C(1797699600), 17},
    {"day \"a\" { name = \"A\" date = \"29/02\" }", 2028, 0, 1,
	INT64_C(1835370000), 1},
    {"day \"a\" { name = \"A\" date = \"29/02\" }", 2027, 0, 0, 0, 0},
    {"day \"a\" { name = \"A\" date = \"31/04\" }", 2026, TC_EINVAL, 0, 0, 0},
    {"day \"a\" { name = \"A\" date = \"8/3\" }", 2026, TC_EINVAL, 0, 0, 0},
    {"day \"a\" { name = \"A\" date = \"11-15\" }", 2026, TC_EINVAL, 0, 0, 0},
    {"day \"a\" { date = \"08/03\" }", 2026, TC_EINVAL, 0, 0, 0},
    {"day \"a\" {", 2026, TC_EINVAL, 0, 0, 0},
    {"", 2026, 0, 0, 0, 0},
    {NULL, 2026, 0, 0, 0, 0},
};

static void
test_days(void **state)
{
	struct seen s;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		if (read_calendar(*state, rows[i].text, rows[i].year, &s) !=
			rows[i].rc ||
		    s.n != rows[i].n || s.day.from != rows[i].from ||
		    s.day.until - s.day.from != rows[i].days * DAY)
			fail_msg("row %zu", i);
	}
}

/* A campaign that starts in ten days, and a day that is then. */
static void
test_a_draft_is_due(void **state)
{
	static const struct {
		int ahead, draft_days;
		bool has_campaign, is_due;
	} table[] = {{10, 14, false, true}, {10, 9, false, false},
	    {10, 14, true, false}, {-2, 14, false, false}};
	struct world *w = *state;
	struct campaign_draft d = campaign_draft_empty;
	time_t day;
	struct seen s;
	struct tm tm;
	char *text;
	size_t i;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(table); i++) {
		day = (time_t)(clock_now() + table[i].ahead * DAY + 7 * 3600);
		(void)gmtime_r(&day, &tm);
		if (table[i].has_campaign) {
			d.start_at = clock_now() + table[i].ahead * DAY;
			(void)steps_draft(w, "Hop thon.", &d);
		}
		text = xasprintf("day \"a\" { name = \"A\" date ="
				 " \"%02d/%02d\" draft_days = %d }",
		    tm.tm_mday, tm.tm_mon + 1, table[i].draft_days);
		assert_int_equal(
		    read_calendar(w, text, tm.tm_year + 1900, &s), 0);
		if (s.n != 1 || s.day.is_due != table[i].is_due ||
		    s.day.campaigns != table[i].has_campaign)
			fail_msg("row %zu", i);
		free(text);
	}
}

/* --- drafters are told --- */

static int
op_remind(void *arg)
{
	return remind_drafters(&((struct world *)arg)->core);
}

static int
op_phone(void *arg)
{
	struct world *w = arg;

	return duty_set_phone(&w->core, w->tuan.id, "+84900000001");
}

/* Let the clock run on; how many texts there are after a look. */
static int
told(struct world *w, int64_t seconds)
{
	world_advance(w, seconds);
	world_expect(w, 0, op_remind, w);
	return (int)world_count(w, "SELECT count(*) FROM message WHERE"
				   " template = 'DRAFT_DUE'");
}

/* The only day is 20 days ahead; it is 09:00. To be freed. */
static struct conf *
in_20_days(struct world *w)
{
	static struct conf conf;
	time_t day = (time_t)(clock_now() + 20 * DAY + 7 * 3600);
	char *path, *text;
	struct tm tm;

	(void)gmtime_r(&day, &tm);
	conf.content_dir = tempdir_new();
	path = xasprintf("%s/calendar.conf", conf.content_dir);
	text = xasprintf("day \"a\" { name = \"A\" date = \"%02d/%02d\" }",
	    tm.tm_mday, tm.tm_mon + 1);
	assert_int_equal(file_write(path, 0600, text, strlen(text)), 0);
	free(text);
	free(path);
	w->core.conf = &conf;
	return &conf;
}

/* 14 days before and on the eve, once each; over a restart; only drafters. */
static void
drafters_are_told(bool is_approved)
{
	struct campaign_draft d = campaign_draft_empty;
	const int on_the_eve = is_approved ? 1 : 2;
	struct conf *conf;
	struct world w;
	int64_t id;

	world_open(&w);
	conf = in_20_days(&w);
	steps_people(&w, 1);
	d.start_at = clock_now() + 20 * DAY;
	assert_int_equal(told(&w, 0), 0);
	assert_int_equal(told(&w, 7 * DAY), 0); /* nobody has a number */
	world_expect(&w, 0, op_phone, &w);
	assert_int_equal(told(&w, 60), 0);             /* it has just looked */
	assert_int_equal(told(&w, 21 * 3600 - 60), 0); /* six in the morning */
	assert_int_equal(told(&w, 3 * 3600), 1);
	world_restart(&w);
	assert_int_equal(told(&w, 2 * DAY), 1);
	id = steps_draft(&w, "Hop thon.", &d);
	if (is_approved) {
		assert_int_equal(steps_act(&w, &w.tuan, id, CAMPAIGN_CHECK), 0);
		assert_int_equal(
		    steps_act(&w, &w.hoa, id, CAMPAIGN_APPROVE), 0);
	}
	assert_int_equal(told(&w, 8 * DAY), 1);
	assert_int_equal(told(&w, DAY), on_the_eve);
	world_restart(&w);
	assert_int_equal(told(&w, 3600), on_the_eve);
	assert_int_equal(told(&w, 2 * DAY), on_the_eve);
	tempdir_remove(conf->content_dir);
	world_close(&w);
}

static void
test_drafters_are_told(void **state)
{
	(void)state;
	drafters_are_told(false);
	drafters_are_told(true);
}

static void
test_shipped_calendar(void **state)
{
	struct faults faults;

	(void)state;
	faults_init(&faults);
	assert_int_equal(calendar_check(TEST_ETC, &faults), 0);
	faults_clear(&faults);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_days),
	    WORLD_TEST(test_a_draft_is_due),
	    cmocka_unit_test(test_drafters_are_told),
	    cmocka_unit_test(test_shipped_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
