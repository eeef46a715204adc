/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Quotas of a SIM: what each span lets through, what is left for help, what a
 * restart and a clock that is set remember. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "conf.h"
#include "radio_steps.h"
#include "radio/quota.h"

#define CRISIS 0
#define CASE 1
#define REPLY 2
#define CAMPAIGN 3
#define ONLY_CRISIS 1U
#define ONLY_HELP 7U
#define ALL 15U

static struct conf_modem
modem_of(int minute, int hour, int day, int share)
{
	return (struct conf_modem){.name = (char *)"m1",
	    .per_minute = minute,
	    .per_hour = hour,
	    .per_day = day,
	    .campaign_share = share};
}

struct take_op {
	struct quota *quota;
	int lane;
	bool is_back;
};

static int
op_take(void *arg)
{
	struct take_op *op = arg;

	return op->is_back ? quota_give_back(op->quota, op->lane)
			   : quota_take(op->quota, op->lane);
}

static void
take(struct world *w, struct quota *q, int lane, int times)
{
	while (times-- > 0)
		world_expect(
		    w, 0, op_take, &(struct take_op){.quota = q, .lane = lane});
}

static void
give_back(struct world *w, struct quota *q, int lane)
{
	world_expect(w, 0, op_take,
	    &(struct take_op){.quota = q, .lane = lane, .is_back = true});
}

/* No pause between two campaign texts: it has a test of its own. */
static unsigned
lanes(struct quota *q)
{
	q->paced_until = 0;
	return quota_lanes(q);
}

static const struct {
	int minute, hour, day, share;
	int lane, times; /* taken */
	unsigned left;
	int64_t wait; /* seconds until they are all there again, at most */
} limits[] = {
    {0, 0, 0, 80, REPLY, 500, ALL, 0},
    {0, 0, 0, 80, CAMPAIGN, 500, ALL, 0},
    {6, 0, 0, 80, REPLY, 5, ALL, 0},
    {6, 0, 0, 80, REPLY, 6, ONLY_CRISIS, 65},
    {6, 0, 0, 80, CRISIS, 6, ONLY_CRISIS, 65}, /* counted, not capped */
    {6, 0, 0, 80, CRISIS, 60, ONLY_CRISIS, 65},
    {6, 0, 0, 80, CAMPAIGN, 3, ALL, 0},
    {6, 0, 0, 80, CAMPAIGN, 4, ONLY_HELP, 65}, /* 80 % of 6 */
    {6, 0, 0, 100, CAMPAIGN, 6, ONLY_CRISIS, 65},
    {1, 0, 0, 80, CAMPAIGN, 0, ALL, 0}, /* at least one */
    {6, 0, 0, 0, CAMPAIGN, 0, ONLY_HELP, 0},
    {0, 0, 0, 0, CAMPAIGN, 0, ONLY_HELP, 0},
    {0, 60, 0, 80, CASE, 59, ALL, 0},
    {0, 60, 0, 80, CASE, 60, ONLY_CRISIS, 3660},
    {0, 60, 0, 50, CAMPAIGN, 30, ONLY_HELP, 3660},
    {0, 0, 200, 80, CAMPAIGN, 159, ALL, 0},
    {0, 0, 200, 80, CAMPAIGN, 160, ONLY_HELP, 25 * 3600},
    {0, 0, 200, 80, REPLY, 200, ONLY_CRISIS, 25 * 3600},
    /* the longest that refuses says how long */
    {6, 60, 0, 80, REPLY, 60, ONLY_CRISIS, 3660},
};

static void
test_limits(void **state)
{
	struct world *w = *state;
	struct conf_modem conf;
	struct quota q;
	int64_t wait;
	size_t i;

	for (i = 0; i < TC_NELEM(limits); i++) {
		assert_int_equal(world_sql(w, "DELETE FROM sim_ledger"), 0);
		conf = modem_of(limits[i].minute, limits[i].hour, limits[i].day,
		    limits[i].share);
		quota_init(&q, &w->core, &conf);
		quota_load(&q);
		take(w, &q, limits[i].lane, limits[i].times);
		if (lanes(&q) != limits[i].left)
			fail_msg("row %zu: %x", i, lanes(&q));
		wait = q.wake_at / 1000 - clock_now();
		if (limits[i].wait == 0)
			assert_int_equal(q.wake_at, 0);
		else
			assert_in_range(
			    wait, limits[i].wait / 2, limits[i].wait);
		world_advance(w, limits[i].wait);
		assert_int_equal(
		    lanes(&q), limits[i].share == 0 ? ONLY_HELP : ALL);
	}
}

/* Whatever the order: no span of time sees more than the limit, and a token
 * comes back when it says so. */
static void
test_no_span_sees_more(void **state)
{
	enum {
		SPAN = 60,
		LIMIT = 6,
		ROUNDS = 400
	};
	struct world *w = *state;
	struct conf_modem conf = modem_of(LIMIT, 0, 0, 50);
	uint64_t seed = world_seed();
	int64_t sent[ROUNDS];
	int n = 0, campaigns = 0, i, k;
	struct quota q;

	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	for (i = 0; i < ROUNDS; i++) {
		int lane = (int)world_draw(&seed, 3) + 1;

		if (lanes(&q) & 1U << lane) {
			take(w, &q, lane, 1);
			campaigns += lane == CAMPAIGN;
			sent[n++] = clock_now();
		}
		world_advance(w, world_draw(&seed, 9));
	}
	assert_true(n > 100 && campaigns > 20);
	for (i = 0; i < n; i++) {
		for (k = i; k < n && sent[k] < sent[i] + SPAN; k++)
			;
		assert_true(k - i <= LIMIT);
	}
}

/* Two tokens are in use, one comes back: it says when. */
static void
test_wake_is_when_the_first_returns(void **state)
{
	struct world *w = *state;
	struct conf_modem conf = modem_of(2, 0, 0, 100);
	struct quota q;
	int64_t at;

	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	take(w, &q, REPLY, 1);
	world_advance(w, 30);
	take(w, &q, REPLY, 1);
	assert_int_equal(lanes(&q), ONLY_CRISIS);
	at = q.wake_at / 1000 - clock_now();
	assert_in_range(at, 30, 35);
	world_advance(w, at - 1);
	assert_int_equal(lanes(&q), ONLY_CRISIS);
	world_advance(w, 1);
	assert_int_equal(lanes(&q), ALL);
}

/* A restart, or a commit that failed, gives no hour and no day back. */
static void
test_restart_remembers(void **state)
{
	static const struct {
		int hour, day;
		int64_t later;
		unsigned left;
	} rows[] = {
	    {10, 0, 0, ONLY_CRISIS},
	    {10, 0, 3599, ONLY_CRISIS},
	    {10, 0, 2 * 3600, ALL},
	    {0, 10, 0, ONLY_CRISIS},
	    {0, 10, 23 * 3600, ONLY_CRISIS},
	    {0, 10, 25 * 3600, ALL},
	    {0, 11, 0, ALL},
	    {11, 0, 0, ALL},
	};
	struct world *w = *state;
	struct conf_modem conf;
	struct quota q;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		world_set_minute(w, 9 * 60);
		assert_int_equal(world_sql(w, "DELETE FROM sim_ledger"), 0);
		conf = modem_of(0, rows[i].hour, rows[i].day, 100);
		quota_init(&q, &w->core, &conf);
		quota_load(&q);
		take(w, &q, REPLY, 7);
		take(w, &q, CAMPAIGN, 3);
		world_restart(w);
		world_advance(w, rows[i].later);
		quota_init(&q, &w->core, &conf);
		quota_load(&q);
		if (lanes(&q) != rows[i].left)
			fail_msg("row %zu: %x", i, lanes(&q));
	}
}

/* The ledger is per modem. */
static void
test_other_modem_has_its_own(void **state)
{
	struct world *w = *state;
	struct conf_modem conf = modem_of(0, 0, 5, 100), other = conf;
	struct quota q, q2;

	other.name = (char *)"m2";
	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	take(w, &q, REPLY, 5);
	quota_init(&q2, &w->core, &other);
	quota_load(&q2);
	assert_int_equal(lanes(&q2), ALL);
	quota_load(&q);
	assert_int_equal(lanes(&q), ONLY_CRISIS);
}

/* What was not taken by the network comes back, in memory and in the ledger. */
static void
test_given_back(void **state)
{
	struct world *w = *state;
	struct conf_modem conf = modem_of(3, 3, 3, 100);
	struct quota q;

	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	give_back(w, &q, REPLY); /* never below nothing */
	take(w, &q, REPLY, 2);
	take(w, &q, CAMPAIGN, 1);
	assert_int_equal(lanes(&q), ONLY_CRISIS);
	give_back(w, &q, REPLY);
	assert_int_equal(lanes(&q), ALL);
	quota_load(&q);
	assert_int_equal(lanes(&q), ALL);
	assert_int_equal(
	    world_count(w, "SELECT help * 10 + campaign FROM sim_ledger"), 11);
	take(w, &q, REPLY, 1);
	assert_int_equal(lanes(&q), ONLY_CRISIS);
}

/* The clock was years ahead and is set: nothing starves, and what the ledger has
 * of today holds. */
static void
test_clock_set_back(void **state)
{
	struct world *w = *state;
	struct conf_modem conf = modem_of(3, 0, 5, 100);
	struct quota q;

	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	take(w, &q, REPLY, 2);
	world_advance(w, 10 * 365 * 86400L);
	take(w, &q, REPLY, 3);
	assert_int_equal(lanes(&q), ONLY_CRISIS);
	world_advance(w, -10 * 365 * 86400L);
	assert_int_equal(lanes(&q), ALL);
	take(w, &q, REPLY, 2);
	assert_int_equal(lanes(&q), ALL);
	take(w, &q, REPLY, 1);
	assert_int_equal(lanes(&q), ONLY_CRISIS); /* five of today */
	world_advance(w, -30);                    /* a little is nothing */
	assert_int_equal(lanes(&q), ONLY_CRISIS);
}

static void
test_credit_below_the_reserve(void **state)
{
	static const struct {
		int reserve;
		int64_t credit, at;
		unsigned left;
	} rows[] = {
	    {0, 0, 5, ALL},
	    {20000, 0, 0, ALL}, /* never told */
	    {20000, 20000, 5, ALL},
	    {20000, 19999, 5, ONLY_HELP},
	    {20000, -500, 5, ONLY_HELP},
	};
	struct world *w = *state;
	struct conf_modem conf = modem_of(0, 0, 0, 80);
	struct quota q;
	size_t i;
	char *sql;

	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	for (i = 0; i < TC_NELEM(rows); i++) {
		conf.credit_reserve = rows[i].reserve;
		sql = xasprintf("INSERT OR REPLACE INTO modem(name, credit,"
				" credit_at) VALUES('m1', %" PRId64 ","
				" nullif(%" PRId64 ", 0))",
		    rows[i].credit, rows[i].at);
		assert_int_equal(world_sql(w, sql), 0);
		free(sql);
		assert_int_equal(quota_lanes(&q), rows[i].left);
		assert_int_equal(q.wake_at, 0);
	}
}

/* Campaign texts go at uneven distances around the even one; help is not held
 * back by that. */
static void
test_uneven_distances(void **state)
{
	static const struct {
		int minute, hour;
		int64_t even_ms;
	} rows[] = {{10, 0, 6000}, {10, 60, 6000}, {0, 60, 60000}, {0, 0, 0}};
	struct world *w = *state;
	struct conf_modem conf;
	int64_t gap, low, high;
	struct quota q;
	size_t i;
	int k;

	for (i = 0; i < TC_NELEM(rows); i++) {
		conf = modem_of(rows[i].minute, rows[i].hour, 0, 100);
		quota_init(&q, &w->core, &conf);
		low = INT64_MAX;
		high = 0;
		for (k = 0; k < 60; k++) {
			quota_load(&q);
			assert_int_equal(
			    world_sql(w, "DELETE FROM sim_ledger"), 0);
			take(w, &q, CAMPAIGN, 1);
			gap = q.paced_until - clock_now_us() / 1000;
			low = gap < low ? gap : low;
			high = gap > high ? gap : high;
		}
		if (rows[i].even_ms == 0) {
			assert_int_equal(quota_lanes(&q), ALL);
			continue;
		}
		assert_int_equal(quota_lanes(&q), ONLY_HELP);
		assert_int_equal(q.wake_at, q.paced_until);
		assert_in_range(low, 0, rows[i].even_ms * 8 / 10);
		assert_in_range(
		    high, rows[i].even_ms * 12 / 10, rows[i].even_ms * 15 / 10);
	}
}

/* The pool offers what the quotas leave, and tells when more is there. */
static void
test_pool_keeps_quotas(void **state)
{
	struct pool *p = *state;
	struct world *w = &p->world;
	int64_t contact = steps_contact(w, "+84900000001");
	enum ml_type types[8];
	struct ml_result sent = {.outcome = ML_SENT, .tp_mr = 1};
	int i;

	p->modem_conf[0].per_minute = 2;
	steps_restart(p);
	(void)steps_up(p, 0);
	for (i = 0; i < 3; i++)
		(void)steps_reply(w, contact, LANE_REPLY);
	for (i = 0; i < 2; i++) {
		steps_turn(p);
		assert_int_equal(steps_frames(p, 0, types) > 0, 1);
		assert_true(p->radio->modems[0].in_flight != 0);
		sent.spool_id++;
		steps_say(p, 0, ML_RESULT,
		    (uint64_t)p->radio->modems[0].in_flight, &sent);
	}
	steps_turn(p);
	assert_int_equal(p->radio->modems[0].in_flight, 0);
	assert_true(radio_wake_at(p->radio) > clock_now_us() / 1000);
	assert_int_equal(
	    world_count(w, "SELECT help FROM sim_ledger WHERE modem = 'm1'"),
	    2);
	/* help is never held back */
	(void)steps_reply(w, contact, LANE_CRISIS);
	steps_turn(p);
	assert_true(p->radio->modems[0].in_flight != 0);
	sent.spool_id++;
	steps_say(
	    p, 0, ML_RESULT, (uint64_t)p->radio->modems[0].in_flight, &sent);
	world_advance(w, 66);
	outbox_touch();
	steps_turn(p);
	assert_true(p->radio->modems[0].in_flight != 0);
}

static void
test_figures_for_people(void **state)
{
	struct conf_modem conf = modem_of(6, 0, 200, 50);
	struct radio_quota told[RADIO_NSPANS];
	struct world *w = *state;
	struct quota q;

	quota_init(&q, &w->core, &conf);
	quota_load(&q);
	take(w, &q, REPLY, 2);
	take(w, &q, CAMPAIGN, 3);
	quota_tell(&q, told);
	assert_int_equal(told[RADIO_MINUTE].limit, 6);
	assert_int_equal(told[RADIO_MINUTE].campaign_limit, 3);
	assert_int_equal(told[RADIO_MINUTE].used, 5);
	assert_int_equal(told[RADIO_MINUTE].campaign_used, 3);
	assert_int_equal(told[RADIO_HOUR].limit, 0);
	world_advance(w, 66);
	quota_tell(&q, told);
	assert_int_equal(told[RADIO_MINUTE].used, 0);
	assert_int_equal(told[RADIO_HOUR].used, 5);
	assert_int_equal(told[RADIO_DAY].used, 5);
	assert_int_equal(told[RADIO_DAY].campaign_limit, 100);
	assert_string_equal(radio_span_name(RADIO_DAY), "day");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_limits),
	    WORLD_TEST(test_no_span_sees_more),
	    WORLD_TEST(test_wake_is_when_the_first_returns),
	    WORLD_TEST(test_restart_remembers),
	    WORLD_TEST(test_other_modem_has_its_own),
	    WORLD_TEST(test_given_back),
	    WORLD_TEST(test_clock_set_back),
	    WORLD_TEST(test_credit_below_the_reserve),
	    WORLD_TEST(test_uneven_distances),
	    WORLD_TEST(test_figures_for_people),
	    cmocka_unit_test_setup_teardown(
		test_pool_keeps_quotas, steps_open, steps_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
