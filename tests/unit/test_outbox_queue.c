/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What waits in the queue: which lanes and modems may take it, what is tried
 * again and where, and that nothing waits for ever. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "outbox/choose.h"
#include "outbox/policy.h"
#include "outbox_steps.h"
#include "store/message.h"

#define SHORT "Moi ba con den hop thon toi nay."

/* 400 septets: three segments. */
static int64_t
long_campaign(struct world *w)
{
	char text[401];
	size_t i;

	for (i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 26);
	text[i] = '\0';
	return steps_campaign(w, text);
}

/* --- policy --- */

static const struct {
	int lane, attempts;
	int64_t wait;
} backoffs[] = {
    {LANE_CRISIS, 1, 2},
    {LANE_CRISIS, 2, 4},
    {LANE_CRISIS, 7, 128},
    {LANE_CASE, 1, 3},
    {LANE_REPLY, 3, 20},
    {LANE_CAMPAIGN, 1, 60},
    {LANE_CAMPAIGN, 4, 480},
    {LANE_CAMPAIGN, 9, 60 * 256},
    {LANE_CAMPAIGN, 1000, 60 * 256},
    {LANE_REPLY, 0, 5},
};

static void
test_backoff(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(backoffs); i++)
		assert_int_equal(policy_try_again(backoffs[i].lane,
				     backoffs[i].attempts, 1000),
		    1000 + backoffs[i].wait);
}

/* Every code of 27.005 3.2.5, 24.011 E-2 and 23.040 9.2.3.22 has a meaning; what
 * stands in none of them may have gone out. */
static const struct {
	int code;
	enum refusal refusal;
} codes[] = {
    {-1, REFUSAL_UNKNOWN},
    {0, REFUSAL_UNKNOWN},
    {1, REFUSAL_TEXT},
    {8, REFUSAL_MODEM},
    {10, REFUSAL_MODEM},
    {21, REFUSAL_EITHER},
    {27, REFUSAL_LATER},
    {28, REFUSAL_MODEM},
    {29, REFUSAL_EITHER},
    {30, REFUSAL_MODEM},
    {38, REFUSAL_MODEM},
    {41, REFUSAL_LATER},
    {42, REFUSAL_LATER},
    {47, REFUSAL_LATER},
    {50, REFUSAL_MODEM},
    {69, REFUSAL_EITHER},
    {81, REFUSAL_LATER},
    {95, REFUSAL_TEXT},
    {99, REFUSAL_TEXT},
    {100, REFUSAL_UNKNOWN},
    {111, REFUSAL_UNKNOWN},
    {127, REFUSAL_UNKNOWN},
    {128, REFUSAL_TEXT},
    {145, REFUSAL_TEXT},
    {176, REFUSAL_TEXT},
    {192, REFUSAL_LATER},
    {193, REFUSAL_MODEM},
    {195, REFUSAL_TEXT},
    {197, REFUSAL_UNKNOWN}, /* a duplicate: the first one may be there */
    {208, REFUSAL_MODEM},
    {213, REFUSAL_MODEM},
    {255, REFUSAL_UNKNOWN},
    {300, REFUSAL_MODEM},
    {304, REFUSAL_TEXT},
    {305, REFUSAL_TEXT},
    {310, REFUSAL_MODEM},
    {318, REFUSAL_MODEM},
    {322, REFUSAL_MODEM},
    {330, REFUSAL_MODEM},
    {331, REFUSAL_MODEM},
    {332, REFUSAL_UNKNOWN},
    {340, REFUSAL_MODEM},
    {500, REFUSAL_UNKNOWN},
    {512, REFUSAL_UNKNOWN},
};

static void
test_codes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(codes); i++)
		if (policy_refusal(codes[i].code) != codes[i].refusal)
			fail_msg("code %d: %d", codes[i].code,
			    (int)policy_refusal(codes[i].code));
}

/* --- lanes --- */

#define BIT(lane) (1U << (lane))

static const struct {
	unsigned lanes;
	int got[LANE_NLANES + 1]; /* lanes in order, -1 = nothing more */
} offers[] = {
    {~0U, {LANE_CRISIS, LANE_CASE, LANE_REPLY, LANE_CAMPAIGN, -1}},
    {BIT(LANE_CRISIS) | BIT(LANE_CASE) | BIT(LANE_REPLY),
	{LANE_CRISIS, LANE_CASE, LANE_REPLY, -1}},
    {BIT(LANE_CRISIS), {LANE_CRISIS, -1}},
    {0, {-1}},
    /* a lane is worth nothing without those above it */
    {BIT(LANE_CRISIS) | BIT(LANE_CAMPAIGN), {LANE_CRISIS, -1}},
    {BIT(LANE_CAMPAIGN), {-1}},
};

/* Only what the quotas of the modem leave open is chosen; a campaign is not even
 * looked at. */
static void
test_only_lanes_that_are_offered(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_part p;
	size_t i;
	int n, lane;

	steps_people(w, 10);
	(void)steps_campaign(w, SHORT);
	for (i = 0; i < TC_NELEM(offers); i++) {
		struct radio_offer offer = {.modem = "m1",
		    .operator_name = "",
		    .lanes = offers[i].lanes};

		for (lane = LANE_REPLY; lane >= LANE_CRISIS; lane--)
			(void)steps_reply(w, contact, (enum lane)lane);
		for (n = 0; offers[i].got[n] >= 0; n++) {
			assert_int_equal(steps_offer(w, &offer, &p), 1);
			assert_int_equal(p.lane, offers[i].got[n]);
		}
		if (n < LANE_NLANES)
			assert_int_equal(steps_offer(w, &offer, &p), 0);
		assert_int_equal(
		    world_sql(w, "DELETE FROM message WHERE lane < 3"),
		    SQLITE_OK);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM message"), 1);
}

/* --- operators --- */

static void
set_operators(struct world *w)
{
	assert_int_equal(
	    world_sql(w, "UPDATE recipient SET operator = CASE"
			 " (SELECT count(*) FROM recipient r WHERE"
			 " r.person_id < recipient.person_id) % 3"
			 " WHEN 0 THEN 'viettel' WHEN 1 THEN 'mobifone'"
			 " ELSE '' END"),
	    SQLITE_OK);
}

/* Of its own operator first, then the others: no modem rests while somebody
 * waits. */
static void
test_own_operator_first(void **state)
{
	static const struct {
		const char *modem, *operator_name, *got;
	} rows[] = {
	    {"m1", "viettel", "viettel"},
	    {"m2", "mobifone", "mobifone"},
	    {"m1", "viettel", "viettel"},
	    {"m3", "vinaphone", ""},
	    {"m1", "viettel", ""},
	    {"m1", "viettel", "mobifone"},
	};
	struct world *w = *state;
	struct radio_part p;
	char *got;
	size_t i;

	steps_people(w, 6);
	(void)steps_campaign(w, SHORT);
	set_operators(w);
	for (i = 0; i < TC_NELEM(rows); i++) {
		struct radio_offer offer = {.modem = rows[i].modem,
		    .operator_name = rows[i].operator_name,
		    .lanes = ~0U};

		assert_int_equal(steps_offer(w, &offer, &p), 1);
		got = world_text(w, "SELECT r.operator FROM recipient r"
				    " JOIN message m USING(person_id)"
				    " ORDER BY m.id DESC LIMIT 1");
		assert_string_equal(got, rows[i].got);
		free(got);
	}
	assert_int_equal(steps_next(w, "m1", &p), 0);
}

/* --- another try, on which modem --- */

/* Refused and nothing of it on the air: a campaign's text goes where it can. */
static void
test_refused_campaign_goes_elsewhere(void **state)
{
	struct world *w = *state;
	struct radio_part p, again;
	struct campaign k;
	int64_t id;
	int seq;

	steps_people(w, 1);
	id = long_campaign(w);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 331), 1);
	world_advance(w, 61);
	for (seq = 1; seq <= 3; seq++) {
		assert_int_equal(steps_next(w, "m2", &again), 1);
		assert_int_equal(again.udh[3], p.udh[3]); /* same reference */
		assert_int_equal(steps_next(w, "m1", &p), 0);
		assert_int_equal(steps_sent(w, again.id, seq), 0);
		p = again;
	}
	steps_get(w, id, &k);
	assert_int_equal(k.counts.sent, 1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM part WHERE modem = 'm2'"), 3);
}

/* What has begun stays on its modem, and only the part that was refused is sent
 * again. */
static void
test_begun_text_stays(void **state)
{
	struct world *w = *state;
	struct radio_part first, second, p;
	int64_t id;
	struct campaign k;

	steps_people(w, 1);
	id = long_campaign(w);
	assert_int_equal(steps_next(w, "m1", &first), 1);
	assert_int_equal(steps_sent(w, first.id, 1), 0);
	assert_int_equal(steps_next(w, "m1", &second), 1);
	assert_int_equal(steps_result(w, second.id, ML_REFUSED, 331), 1);
	world_advance(w, 61);
	assert_int_equal(steps_next(w, "m2", &p), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, second.id);
	assert_int_equal(p.udh[5], 2);
	assert_int_equal(p.udh[3], first.udh[3]);
	assert_int_equal(steps_sent(w, p.id, 2), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.udh[5], 3);
	assert_int_equal(steps_sent(w, p.id, 3), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.sent, 1);
	assert_int_equal(world_count(w, "SELECT sum(attempts) FROM part"), 3);
}

/* A part that waits is in nobody's way: not in the order, not in the figures. */
static void
test_waiting_part_lets_others_go(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), a, b;
	int64_t lengths[LANE_NLANES];
	struct radio_part p;

	a = steps_reply(w, contact, LANE_CRISIS);
	b = steps_reply(w, contact, LANE_REPLY);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, a, 1));
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	assert_int_equal(outbox_queue_lengths(&w->core, lengths), 0);
	assert_int_equal(lengths[LANE_CRISIS], 1);
	assert_int_equal(lengths[LANE_REPLY], 1);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, b, 1));
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	world_advance(w, 3);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, a, 1));
}

/* After a restart what waits is known again. */
static void
test_waiting_part_after_restart(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	struct radio_part p;

	(void)steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	world_restart(w);
	outbox_due_at(1); /* what a new process does not know */
	world_advance(w, 60);
	assert_int_equal(steps_upkeep(w), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
}

/* --- nothing waits for ever --- */

/* R3: her modem is gone and stays away: the text expires, on no other modem. */
static void
test_r3_reply_of_a_dead_modem_expires(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), late, fresh;
	struct radio_part p;

	late = steps_reply(w, contact, LANE_CRISIS);
	world_advance(w, 200);
	fresh = steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_upkeep(w), 0);
	world_advance(w, 101);
	assert_int_equal(steps_next(w, "m2", &p), 0);
	assert_int_equal(steps_upkeep(w), 1);
	steps_expect_reason(w, late, "expired", "too_late");
	steps_expect_part(w, steps_part(w, late, 1), "cancelled");
	steps_expect_message(w, fresh, "queued");
	world_advance(w, 200);
	assert_int_equal(steps_upkeep(w), 1);
	assert_int_equal(steps_upkeep(w), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
}

/* What is on the air when it expires is not called expired. */
static void
test_expired_on_the_air(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t message = steps_reply(w, contact, LANE_CRISIS);
	struct radio_part p;

	assert_int_equal(steps_next(w, "m1", &p), 1);
	world_advance(w, 400);
	assert_int_equal(steps_upkeep(w), 0);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	steps_expect_message(w, message, "sent");
}

static void
test_stuck_part_is_uncertain(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int64_t message = steps_reply(w, contact, LANE_CRISIS);
	struct radio_part p;

	assert_int_equal(steps_next(w, "m1", &p), 1);
	world_advance(w, 14 * 60);
	assert_int_equal(steps_upkeep(w), 0);
	world_advance(w, 2 * 60);
	assert_int_equal(steps_upkeep(w), 1);
	steps_expect_reason(w, message, "uncertain", "lost");
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	steps_expect_message(w, message, "sent");
}

/* A report was asked for and never came; when it comes late it counts. */
static void
test_no_report_is_a_state(void **state)
{
	struct world *w = *state;
	struct radio_report r = {
	    .modem = "m1", .number = "+84900000101", .tp_mr = 7};
	struct radio_part p;
	struct campaign k;
	int64_t id;

	steps_people(w, 1);
	id = steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 7), 0);
	world_advance(w, OUTBOX_REPORT_WINDOW_S - 60);
	assert_int_equal(steps_upkeep(w), 0);
	world_advance(w, 61);
	assert_int_equal(steps_upkeep(w), 1);
	assert_int_equal(steps_upkeep(w), 0);
	steps_expect_part(w, p.id, "no_report");
	steps_get(w, id, &k);
	assert_int_equal(k.counts.no_report, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	/* the clock was wrong, not the operator */
	world_advance(w, -3600);
	assert_int_equal(steps_report(w, &r), 0);
	steps_expect_part(w, p.id, "delivered");
	steps_get(w, id, &k);
	assert_int_equal(k.counts.delivered, 1);
}

static void
test_upkeep_is_bounded(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001");
	int i;

	for (i = 0; i < 450; i++)
		(void)steps_reply(w, contact, LANE_REPLY);
	world_advance(w, 301);
	assert_int_equal(steps_upkeep(w), 200);
	assert_int_equal(steps_upkeep(w), 200);
	assert_int_equal(steps_upkeep(w), 50);
	assert_int_equal(steps_upkeep(w), 0);
}

/* --- look-ups --- */

/* Each of these runs for every part, or every ten seconds: an index leads to
 * its rows, and no table is read from end to end. */
static const char *const lookups[] = {
    "SELECT id FROM part WHERE modem = 'm1' AND lane <= 3 AND state = 'queued'"
    " AND not_before = 0 ORDER BY lane, queue_seq LIMIT 1",
    "SELECT not_before FROM part WHERE state = 'queued' AND not_before > 0"
    " ORDER BY not_before LIMIT 1",
    "SELECT id FROM part WHERE state = 'submitting' AND submitted_at < 5",
    "SELECT id FROM part WHERE report = 1 AND state = 'sent' AND"
    " submitted_at < 5 ORDER BY submitted_at LIMIT 1",
    "SELECT id FROM message m WHERE expires_at < 5 AND state IN ('queued',"
    " 'sending') ORDER BY expires_at LIMIT 1",
    "SELECT person_id FROM recipient INDEXED BY recipient_queue"
    " WHERE campaign_id = 4 AND operator = 'x' AND state = 'queued'"
    " AND not_before = 0 LIMIT 1",
    "SELECT person_id FROM recipient INDEXED BY recipient_queue"
    " WHERE campaign_id = 4 AND state = 'queued' AND not_before = 0"
    " ORDER BY operator LIMIT 1",
    "SELECT fed_at FROM recipient WHERE person_id = 4 AND fed_at > 5"
    " ORDER BY fed_at DESC LIMIT 9",
    "SELECT count(*) FROM theme_optout WHERE person_id = 4 AND theme = 'x'",
    "SELECT id FROM part WHERE modem = 'm1' AND tp_mr = 7 AND report = 1 AND"
    " (state = 'sent' OR state = 'delivered' OR state = 'undelivered' OR"
    " state = 'no_report')",
};

static void
test_no_table_is_scanned(void **state)
{
	struct world *w = *state;
	char *path = xasprintf("%s/tincay.db", w->dir), *sql;
	sqlite3_stmt *st;
	const char *step;
	sqlite3 *db;
	size_t i;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (i = 0; i < TC_NELEM(lookups); i++) {
		sql = xasprintf("EXPLAIN QUERY PLAN %s", lookups[i]);
		assert_int_equal(
		    sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW) {
			step = (const char *)sqlite3_column_text(st, 3);
			if (strstr(step, "USING") == NULL ||
			    strstr(step, "TEMP B-TREE") != NULL)
				fail_msg("%s: %s", lookups[i], step);
		}
		assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
		free(sql);
	}
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_backoff),
	    cmocka_unit_test(test_codes),
	    WORLD_TEST(test_only_lanes_that_are_offered),
	    WORLD_TEST(test_own_operator_first),
	    WORLD_TEST(test_refused_campaign_goes_elsewhere),
	    WORLD_TEST(test_begun_text_stays),
	    WORLD_TEST(test_waiting_part_lets_others_go),
	    WORLD_TEST(test_waiting_part_after_restart),
	    WORLD_TEST(test_r3_reply_of_a_dead_modem_expires),
	    WORLD_TEST(test_expired_on_the_air),
	    WORLD_TEST(test_stuck_part_is_uncertain),
	    WORLD_TEST(test_no_report_is_a_state),
	    WORLD_TEST(test_upkeep_is_bounded),
	    WORLD_TEST(test_no_table_is_scanned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
