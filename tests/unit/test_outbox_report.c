/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Delivery reports at the door: which part one speaks of, what it settles, and
 * what it must leave alone. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "outbox_steps.h"

#define SHORT "Moi ba con den hop thon toi nay."

#define TO "+84900000101"

static const struct {
	const char *name, *modem, *number;
	int tp_mr;
	unsigned status;
	int64_t after; /* seconds since the send */
	const char *state;
} reports[] = {
    /* 23.040 9.2.3.15: 00-1F done, 20-3F still trying, 40-7F gave up */
    {"received", "m1", TO, 7, 0x00, 5, "delivered"},
    {"forwarded, unconfirmed", "m1", TO, 7, 0x01, 5, "delivered"},
    {"last of the first class", "m1", TO, 7, 0x1f, 5, "delivered"},
    {"congestion, trying", "m1", TO, 7, 0x20, 5, "sent"},
    {"last temporary", "m1", TO, 7, 0x3f, 5, "sent"},
    {"remote procedure error", "m1", TO, 7, 0x40, 5, "undelivered"},
    {"validity expired", "m1", TO, 7, 0x46, 5, "undelivered"},
    {"congestion, gave up", "m1", TO, 7, 0x60, 5, "undelivered"},
    {"reserved", "m1", TO, 7, 0xff, 5, "undelivered"},
    {"within three days", "m1", TO, 7, 0, 71 * 3600, "delivered"},
    {"too late", "m1", TO, 7, 0, 73 * 3600, "sent"},
    {"another modem", "m2", TO, 7, 0, 5, "sent"},
    {"another reference", "m1", TO, 8, 0, 5, "sent"},
    {"another number", "m1", "+84900000102", 7, 0, 5, "sent"},
    {"no number", "m1", "", 7, 0, 5, "sent"},
};

static struct radio_report
report_of(size_t i)
{
	struct radio_report r = {.modem = reports[i].modem,
	    .tp_mr = reports[i].tp_mr,
	    .tp_status = reports[i].status,
	    .smsc_time = clock_now()};

	assert_int_equal(
	    str_printf(r.number, sizeof(r.number), "%s", reports[i].number), 0);
	return r;
}

/* Nobody gets more than three in 24 hours: what he got is forgotten. */
static void
start_over(struct world *w, const char *sql)
{
	assert_int_equal(world_sql(w, sql), SQLITE_OK);
	assert_int_equal(
	    world_sql(w, "UPDATE recipient SET fed_at = NULL"), SQLITE_OK);
}

static void
test_reports(void **state)
{
	struct world *w = *state;
	struct radio_report r;
	struct radio_part p;
	struct campaign k;
	int64_t id;
	char *now;
	size_t i;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(reports); i++) {
		world_set_minute(w, 9 * 60);
		start_over(w, "DELETE FROM part");
		id = steps_campaign(w, SHORT);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_true(p.report);
		assert_int_equal(steps_sent(w, p.id, 7), 0);
		world_advance(w, reports[i].after);
		r = report_of(i);
		assert_int_equal(steps_report(w, &r), 0);
		now = world_text(w, "SELECT state FROM part");
		if (strcmp(now, reports[i].state) != 0)
			fail_msg("%s: %s", reports[i].name, now);
		free(now);
		steps_get(w, id, &k);
		assert_int_equal(k.counts.delivered,
		    strcmp(reports[i].state, "delivered") == 0);
		assert_int_equal(k.counts.undelivered,
		    strcmp(reports[i].state, "undelivered") == 0);
		/* once more: nothing changes */
		assert_int_equal(steps_report(w, &r), 0);
		steps_expect_part(w, p.id, reports[i].state);
	}
}

/* 256 references go round: the report is for the latest text to this number,
 * and a text to another number with the same reference is left alone. */
static void
test_report_reference_used_again(void **state)
{
	struct world *w = *state;
	struct radio_report r = {.modem = "m1", .tp_mr = 7};
	struct radio_part p[3];
	int i;

	steps_people(w, 1);
	for (i = 0; i < 2; i++) {
		(void)steps_campaign(w, SHORT);
		assert_int_equal(steps_next(w, "m1", &p[i]), 1);
		assert_int_equal(steps_sent(w, p[i].id, 7), 0);
		world_advance(w, 60);
	}
	assert_int_equal(
	    world_sql(w, "UPDATE person SET consenting = 0"), SQLITE_OK);
	steps_people(w, 2);
	assert_int_equal(
	    world_sql(w, "DELETE FROM membership WHERE person_id IN"
			 " (SELECT person_id FROM message)"),
	    SQLITE_OK);
	(void)steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p[2]), 1);
	assert_string_equal(p[2].number, "+84900000102");
	assert_int_equal(steps_sent(w, p[2].id, 7), 0);
	memcpy(r.number, TO, sizeof(TO));
	assert_int_equal(steps_report(w, &r), 0);
	steps_expect_part(w, p[0].id, "sent");
	steps_expect_part(w, p[1].id, "delivered");
	steps_expect_part(w, p[2].id, "sent");
	r.tp_status = 0x46;
	assert_int_equal(steps_report(w, &r), 0);
	steps_expect_part(w, p[0].id, "undelivered");
	steps_expect_part(w, p[1].id, "delivered");
}

static void
test_r32_no_report_settles_a_reply(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, TO);
	struct radio_report r = {.modem = "m1", .number = TO, .tp_mr = 7};
	struct radio_part p;

	(void)steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 7), 0);
	assert_int_equal(steps_report(w, &r), 0);
	steps_expect_part(w, p.id, "sent");
}

/* Two parts to one number are uncertain: nobody knows which one the report
 * speaks of, so it settles neither. */
static void
test_ambiguous_report_settles_nothing(void **state)
{
	struct world *w = *state;
	struct radio_report r = {.modem = "m1", .number = TO, .tp_mr = 7};
	struct radio_part p[2];
	int i;

	steps_people(w, 1);
	for (i = 0; i < 2; i++) {
		(void)steps_campaign(w, SHORT);
		assert_int_equal(steps_next(w, "m1", &p[i]), 1);
		assert_int_equal(steps_lost(w, "m1"), 1);
	}
	assert_int_equal(steps_report(w, &r), 0);
	steps_expect_part(w, p[0].id, "uncertain");
	steps_expect_part(w, p[1].id, "uncertain");
}

/* A report is evidence for a part that was uncertain (promise 2), when the
 * modem had not even told the reference. */
static void
test_report_settles_what_was_uncertain(void **state)
{
	static const struct {
		unsigned status;
		const char *state;
	} rows[] = {
	    {0x00, "delivered"}, {0x46, "undelivered"}, {0x20, "uncertain"}};
	struct world *w = *state;
	struct radio_report r = {.modem = "m1", .number = TO, .tp_mr = 7};
	struct radio_part p;
	size_t i;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(rows); i++) {
		(void)steps_campaign(w, SHORT);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_int_equal(steps_lost(w, "m1"), 1);
		steps_expect_part(w, p.id, "uncertain");
		r.tp_mr = 7 + (int)i;
		r.tp_status = rows[i].status;
		assert_int_equal(steps_report(w, &r), 0);
		steps_expect_part(w, p.id, rows[i].state);
	}
}

/* The child tells a report again until it is acknowledged: it does not settle
 * a second part to the same number. */
static void
test_report_again_settles_nothing(void **state)
{
	struct world *w = *state;
	struct radio_report r = {.modem = "m1", .number = TO, .tp_mr = 7};
	struct radio_part p[2];

	steps_people(w, 1);
	(void)steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p[0]), 1);
	assert_int_equal(steps_sent(w, p[0].id, 7), 0);
	assert_int_equal(steps_report(w, &r), 0);
	(void)steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p[1]), 1);
	assert_int_equal(steps_lost(w, "m1"), 1);
	assert_int_equal(steps_report(w, &r), 0);
	steps_expect_part(w, p[0].id, "delivered");
	steps_expect_part(w, p[1].id, "uncertain");
}

/* Two texts to one number had the same reference: the report tells when the
 * SMSC took the one that it speaks of. */
static const struct {
	int64_t scts; /* seconds behind the first send; 0 = not told */
	const char *first, *second;
} stamps[] = {
    {5, "delivered", "sent"},
    {3605, "sent", "delivered"},
    {3600 - 170, "sent", "delivered"},
    {170, "delivered", "sent"},
    {1800, "sent", "delivered"}, /* fits none: the latest */
    {0, "sent", "delivered"},
};

static void
test_report_of_the_one_that_was_taken_then(void **state)
{
	struct world *w = *state;
	struct radio_part p[2];
	int64_t start;
	size_t i;
	int k;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(stamps); i++) {
		struct radio_report r = {
		    .modem = "m1", .number = TO, .tp_mr = 7};

		world_set_minute(w, 9 * 60);
		start_over(w, "DELETE FROM part");
		start = clock_now();
		for (k = 0; k < 2; k++) {
			(void)steps_campaign(w, SHORT);
			assert_int_equal(steps_next(w, "m1", &p[k]), 1);
			assert_int_equal(steps_sent(w, p[k].id, 7), 0);
			world_advance(w, 3600);
		}
		r.smsc_time = stamps[i].scts == 0 ? 0 : start + stamps[i].scts;
		assert_int_equal(steps_report(w, &r), 0);
		steps_expect_part(w, p[0].id, stamps[i].first);
		steps_expect_part(w, p[1].id, stamps[i].second);
		if (stamps[i].scts != 5)
			continue;
		/* told twice: it is not of the other one either */
		assert_int_equal(steps_report(w, &r), 0);
		steps_expect_part(w, p[1].id, "sent");
	}
}

/* The modem told no TP-MR (-1), or its result was lost: the time alone says
 * which one, and two at the same time are no evidence. */
static const struct {
	bool is_lost; /* uncertain, else sent without a TP-MR */
	int64_t apart, scts;
	const char *first, *second;
} unknowns[] = {
    {false, 3600, 5, "delivered", "sent"},
    {false, 3600, 3605, "sent", "delivered"},
    {false, 3600, 1800, "sent", "sent"},
    {false, 60, 5, "sent", "sent"},
    {true, 3600, 5, "delivered", "uncertain"},
    {true, 3600, 3605, "uncertain", "delivered"},
    {true, 60, 5, "uncertain", "uncertain"},
    {true, 3600, 0, "uncertain", "uncertain"},
};

static void
test_report_without_a_reference(void **state)
{
	struct world *w = *state;
	struct radio_part p[2];
	int64_t start;
	size_t i;
	int k;

	steps_people(w, 1);
	for (i = 0; i < TC_NELEM(unknowns); i++) {
		struct radio_report r = {
		    .modem = "m1", .number = TO, .tp_mr = 7};

		world_set_minute(w, 9 * 60);
		start_over(w, "DELETE FROM part");
		start = clock_now();
		for (k = 0; k < 2; k++) {
			(void)steps_campaign(w, SHORT);
			assert_int_equal(steps_next(w, "m1", &p[k]), 1);
			if (unknowns[i].is_lost)
				assert_int_equal(steps_lost(w, "m1"), 1);
			else
				assert_int_equal(steps_sent(w, p[k].id, -1), 0);
			world_advance(w, unknowns[i].apart);
		}
		r.smsc_time =
		    unknowns[i].scts == 0 ? 0 : start + unknowns[i].scts;
		assert_int_equal(steps_report(w, &r), 0);
		steps_expect_part(w, p[0].id, unknowns[i].first);
		steps_expect_part(w, p[1].id, unknowns[i].second);
	}
}

static const struct {
	unsigned status;
	const char *state, *reason;
	int run; /* reports in a row without a delivery */
} finals[] = {
    {0x46, "undelivered", "not_reached", 1},
    {0x43, "undelivered", "no_such_number", 2},
    {0x20, "sent", "", 2},
    {0x41, "undelivered", "no_such_number", 3},
    {0x62, "undelivered", "not_reached", 4},
    {0x7f, "undelivered", "not_reached", 5},
    {0x40, "undelivered", "refused", 6},
    {0x48, "undelivered", "refused", 7},
    {0x80, "undelivered", "refused", 8},
    {0x02, "delivered", "", 0},
    {0x46, "undelivered", "not_reached", 1},
};

/* Why it did not arrive, and how many in a row of this modem did not. */
static void
test_reasons_and_runs(void **state)
{
	struct world *w = *state;
	struct radio_report r = {.modem = "m1", .number = TO, .tp_mr = 7};
	struct radio_part p;
	char *reason;
	size_t i;

	steps_people(w, 1);
	assert_int_equal(outbox_reports_without_delivery(&w->core, "m1"), 0);
	for (i = 0; i < TC_NELEM(finals); i++) {
		start_over(w, "DELETE FROM message");
		(void)steps_campaign(w, SHORT);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_int_equal(steps_sent(w, p.id, 7), 0);
		r.tp_status = finals[i].status;
		assert_int_equal(steps_report(w, &r), 0);
		steps_expect_part(w, p.id, finals[i].state);
		reason = world_text(w, "SELECT reason FROM message");
		assert_string_equal(reason, finals[i].reason);
		free(reason);
		assert_int_equal(steps_report(w, &r), 0); /* told again */
		assert_int_equal(
		    outbox_reports_without_delivery(&w->core, "m1"),
		    finals[i].run);
	}
	assert_int_equal(outbox_reports_without_delivery(&w->core, "m2"), 0);
}

static void
on_part(const struct outbox_part *p, void *ctx)
{
	struct buf *b = ctx;

	buf_printf(b, "%d %s %s %d %d %d %s\n", p->seq, p->state, p->modem,
	    p->tp_mr, p->tp_status, p->code, p->reason);
}

/* What the API shows of each part: a report's status is no code of the modem. */
static void
test_parts_are_told(void **state)
{
	struct world *w = *state;
	struct radio_report r = {.modem = "m1", .tp_mr = 7, .tp_status = 0x46};
	struct radio_part p;
	struct buf b;
	int64_t id;

	steps_people(w, 1);
	(void)steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 7), 0);
	assert_int_equal(
	    str_printf(r.number, sizeof(r.number), "%s", p.number), 0);
	assert_int_equal(steps_report(w, &r), 0);
	id = world_count(w, "SELECT id FROM message");
	buf_init(&b, 1024);
	assert_int_equal(outbox_parts(&w->core, id, on_part, &b), 0);
	assert_string_equal(
	    buf_str(&b), "1 undelivered m1 7 70 0 not_reached\n");
	buf_reset(&b);
	id = steps_reply(w, steps_contact(w, "+84900000001"), LANE_REPLY);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	assert_int_equal(outbox_parts(&w->core, id, on_part, &b), 0);
	assert_string_equal(buf_str(&b), "1 queued m1 -1 -1 42 \n");
	buf_clear(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_reports),
	    WORLD_TEST(test_report_reference_used_again),
	    WORLD_TEST(test_r32_no_report_settles_a_reply),
	    WORLD_TEST(test_ambiguous_report_settles_nothing),
	    WORLD_TEST(test_report_settles_what_was_uncertain),
	    WORLD_TEST(test_report_again_settles_nothing),
	    WORLD_TEST(test_report_of_the_one_that_was_taken_then),
	    WORLD_TEST(test_report_without_a_reference),
	    WORLD_TEST(test_reasons_and_runs),
	    WORLD_TEST(test_parts_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
