/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Series of texts: two people, relative days, and every rule of campaigns. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "intake_steps.h"
#include "outbox_steps.h"
#include "outreach/series.h"

#define A "+84900000101"
#define DAY INT64_C(86400)

struct series_op {
	struct world *world;
	struct series series;
	const char *text;
	int day;
	struct series_join join;
	struct campaign_refusal why;
};

static int
op_new(void *arg)
{
	struct series_op *op = arg;

	return series_new(
	    &op->world->core, &op->world->tuan, &op->series, &op->why);
}

static int
op_add(void *arg)
{
	struct series_op *op = arg;

	return series_add(
	    &op->world->core, op->series.id, op->day, op->text, &op->why);
}

static int
op_approve(void *arg)
{
	struct series_op *op = arg;

	return series_approve(
	    &op->world->core, &op->world->hoa, op->series.id, &op->why);
}

static int
op_self(void *arg)
{
	struct series_op *op = arg;

	return series_approve(
	    &op->world->core, &op->world->tuan, op->series.id, &op->why);
}

static int
op_cancel(void *arg)
{
	struct series_op *op = arg;

	return series_cancel(&op->world->core, op->series.id, &op->why);
}

static int
op_enrol(void *arg)
{
	struct series_op *op = arg;

	return series_enrol(
	    &op->world->core, op->series.id, &op->join, &op->why);
}

static int
run(struct series_op *op, int (*act)(void *))
{
	int rc = turn_run(op->world->core.turn, act, op);

	assert_int_equal(turn_commit(op->world->core.turn), 0);
	return rc;
}

static int
add(struct series_op *op, int day, const char *text)
{
	op->day = day;
	op->text = text;
	return run(op, op_add);
}

static struct series_op
draft(struct world *w, bool is_visits)
{
	struct series_op op = {.world = w,
	    .series = {.name = "Luật mỗi tuần",
		.theme = "PHAPLUAT",
		.is_visits = is_visits,
		.per_day = 1,
		.per_month = 4}};

	world_expect(w, 0, op_new, &op);
	return op;
}

/* Law tips on days 0, 7, 14; approved. */
static struct series_op
tips(struct world *w)
{
	struct series_op op = draft(w, false);

	assert_int_equal(add(&op, 0, "Luat: tin mot"), 0);
	assert_int_equal(add(&op, 7, "Luat: tin hai"), 0);
	assert_int_equal(add(&op, 14, "Luat: tin ba"), 0);
	assert_int_equal(run(&op, op_approve), 0);
	return op;
}

static int
sent(struct world *w, char *out)
{
	struct radio_part part;
	int n = 0;

	while (steps_next(w, "m1", &part) == 1) {
		assert_int_equal(steps_sent(w, part.id, n++), 0);
		if (out != NULL)
			assert_int_equal(
			    str_printf(out, ML_TEXT_MAX, "%s", part.text), 0);
	}
	return n;
}

/* A text and its answer, which is sent. */
static void
says(struct world *w, const char *text, const char *want)
{
	char *queued;

	world_receive(w, A, text);
	queued = steps_queued(w);
	assert_string_equal(queued != NULL ? queued : "", want);
	free(queued);
}

static void
test_two_people(void **state)
{
	struct world *w = *state;
	struct series_op op = draft(w, false);

	assert_int_equal(run(&op, op_approve), TC_ESTATE); /* no text */
	assert_int_equal(add(&op, 3, "Luat: tin mot"), 0);
	assert_int_equal(add(&op, 3, "Luat: tin hai"), TC_EINVAL);
	assert_int_equal(add(&op, 4, "xem http://x.vn"), TC_EINVAL);
	assert_int_equal(run(&op, op_self), TC_EDENIED);
	says(w, "NT 1", "SERIES_NONE"); /* nobody approved it */
	assert_int_equal(run(&op, op_approve), 0);
	assert_int_equal(add(&op, 9, "Luat: tin hai"), TC_ESTATE);
	assert_int_not_equal(
	    world_sql(w, "INSERT INTO series_step SELECT series_id, 9, 9, 1,"
			 " text_box FROM series_step"),
	    0);
}

static void
test_tip_a_week(void **state)
{
	struct world *w = *state;
	char text[ML_TEXT_MAX] = "";

	(void)tips(w);
	says(w, "NT 1", "SERIES");
	assert_int_equal(sent(w, text), 2); /* the answer, and the first one */
	assert_string_equal(text, "Luat: tin mot");
	world_advance(w, 6 * DAY);
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, DAY);
	world_restart(w);
	assert_int_equal(sent(w, text), 1);
	assert_string_equal(text, "Luat: tin hai");
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, 6 * DAY + 14 * 3600); /* 23:00, then the morning */
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, 10 * 3600);
	assert_int_equal(sent(w, text), 1);
	assert_string_equal(text, "Luat: tin ba");
	/* He is no subscriber by it. */
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM person WHERE consenting"), 0);
}

/* TC, the theme, THOI, the end of the series: nothing more. */
static void
test_what_ends_it(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {{"TC", "opted_out"}, {"TC luật", "theme"},
	    {"THOI", "opted_out"}, {NULL, ""}};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		struct series_op op;
		struct world w;
		char *got;

		world_open(&w);
		op = tips(&w);
		world_receive(&w, A, "NT 1");
		(void)sent(&w, NULL);
		world_advance(&w, DAY);
		if (rows[i].text != NULL)
			world_receive(&w, A, rows[i].text);
		else
			assert_int_equal(run(&op, op_cancel), 0);
		(void)sent(&w, NULL);
		world_advance(&w, 7 * DAY);
		assert_int_equal(sent(&w, NULL), 0);
		got =
		    world_text(&w, "SELECT reason FROM notice WHERE step = 2");
		assert_string_equal(got, rows[i].reason);
		free(got);
		world_close(&w);
	}
}

/* With a campaign on the same day it waits for the next; a month has four. */
static void
test_limits(void **state)
{
	struct world *w = *state;
	int i;

	steps_people(w, 1); /* A */
	(void)tips(w);
	(void)steps_campaign(w, "Hop thon");
	assert_int_equal(sent(w, NULL), 1);
	world_receive(w, A, "NT 1");
	assert_int_equal(sent(w, NULL), 1); /* the answer alone */
	world_advance(w, DAY);
	assert_int_equal(sent(w, NULL), 1);
	for (i = 0; i < 3; i++) {
		world_advance(w, DAY);
		(void)steps_campaign(w, "Hop thon");
		(void)sent(w, NULL);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM notice WHERE"
					" state = 'sent'"),
	    1);
}

/* M56: neutral, at the desk alone, from an agreed day, and never against TC. */
static void
test_visits(void **state)
{
	static const struct {
		const char *text;
		int rc;
	} rows[] = {{"Song An: nhac ban lich kham ngay mai", 0},
	    {"Nhac ban kham thai ngay mai", TC_EINVAL},
	    {"Nhắc mẹ bầu đi khám", TC_EINVAL},
	    {"Moi nan nhan den kham", TC_EINVAL}};
	struct world *w = *state;
	struct series_op op = draft(w, true);
	char text[ML_TEXT_MAX] = "";
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++)
		if (add(&op, 27 + (int)i, rows[i].text) != rows[i].rc)
			fail_msg("%s", rows[i].text);
	op.join = (struct series_join){
	    A, clock_now() - 10 * DAY, "phieu", "2026-01-05", "Hoa"};
	assert_int_equal(run(&op, op_enrol), TC_ESTATE);
	assert_int_equal(run(&op, op_approve), 0);
	says(w, "NT 1", "SERIES_NONE"); /* not by SMS */
	(void)sent(w, NULL);
	assert_int_equal(run(&op, op_enrol), 0);
	world_advance(w, 16 * DAY);
	assert_int_equal(sent(w, NULL), 0);
	world_advance(w, DAY);
	assert_int_equal(sent(w, text), 1);
	assert_string_equal(text, rows[0].text);
	world_receive(w, A, "TC");
	assert_int_equal(run(&op, op_enrol), TC_ESTATE);
	assert_int_equal(world_count(w, "SELECT count(*) FROM consent WHERE"
					" scope = 'series' AND how = 'phieu'"),
	    1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_two_people),
	    WORLD_TEST(test_tip_a_week),
	    cmocka_unit_test(test_what_ends_it),
	    WORLD_TEST(test_limits),
	    WORLD_TEST(test_visits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
