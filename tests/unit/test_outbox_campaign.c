/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Campaigns at the door: texts of several segments, the hour, consent and
 * opt-out at the moment of sending, and the account that leaves nobody out. */
#include "config.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "outbox_steps.h"

#define SHORT "Moi ba con den hop thon toi nay."

/* 160 septets fit in one segment, 306 in two, 459 in three. */
static char *
long_text(size_t len)
{
	char *s = xcalloc(1, len + 1);
	size_t i;

	for (i = 0; i < len; i++)
		s[i] = (char)('a' + i % 26);
	return s;
}

static int64_t
long_campaign(struct world *w, int people)
{
	char *text = long_text(400);
	int64_t id;

	steps_people(w, people);
	id = steps_campaign(w, text);
	free(text);
	return id;
}

/* --- several segments --- */

static void
test_segments_have_one_reference_and_one_modem(void **state)
{
	struct world *w = *state;
	char *text = long_text(400);
	struct radio_part p, other;
	struct buf joined;
	unsigned char ref = 0;
	struct campaign k;
	int64_t id;
	int seq;

	buf_init(&joined, 512);
	id = long_campaign(w, 1);
	for (seq = 1; seq <= 3; seq++) {
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_int_equal(p.lane, LANE_CAMPAIGN);
		assert_int_equal(p.udh_len, GSM_UDH_CONCAT);
		if (seq == 1)
			ref = p.udh[3];
		/* 3GPP 23.040 9.2.3.24.1 */
		assert_memory_equal(p.udh,
		    ((unsigned char[]){5, 0, 3, ref, 3, (unsigned char)seq}),
		    GSM_UDH_CONCAT);
		(void)buf_put_str(&joined, p.text);
		assert_int_equal(steps_next(w, "m2", &other), 0);
		assert_int_equal(steps_sent(w, p.id, 10 + seq), 0);
		steps_get(w, id, &k);
		assert_int_equal(k.counts.sending, seq < 3);
	}
	assert_string_equal(buf_str(&joined), text);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_int_equal(k.counts.sent, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	assert_int_equal(
	    world_count(w, "SELECT count(DISTINCT modem) FROM part"), 1);
	buf_clear(&joined);
	free(text);
}

/* A text with a hole helps nobody. */
static void
test_hole_cancels_the_rest(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	int64_t id = long_campaign(w, 1);

	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 1), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.partly, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	assert_int_equal(world_count(w, "SELECT count(*) FROM part"
					" WHERE state = 'cancelled'"),
	    1);
}

/* Help first, even between two segments of one text. */
static void
test_reply_goes_between_two_segments(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), reply;
	struct radio_part p;

	(void)long_campaign(w, 1);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	reply = steps_reply(w, contact, LANE_CRISIS);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.id, steps_part(w, reply, 1));
	assert_int_equal(steps_sent(w, p.id, 2), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.udh[5], 2);
}

/* The modem was away for two days: the rest of a text is dropped, and the
 * account says so. */
static void
test_rest_of_a_text_expires(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	int64_t id = long_campaign(w, 1);
	char *reason;

	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	world_advance(w, 2 * 24 * 3600);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.suppressed, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	reason = world_text(w, "SELECT reason FROM recipient");
	assert_string_equal(reason, "too_late");
	free(reason);
}

static void
test_r9_optout_between_two_segments(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	int64_t id = long_campaign(w, 1);
	char *reason;

	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	world_receive(w, "0900000101", "TC");
	assert_int_equal(steps_next(w, "m1", &p), 1); /* the answer to TC */
	assert_int_equal(p.lane, LANE_REPLY);
	assert_int_equal(steps_sent(w, p.id, 2), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.suppressed, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	reason = world_text(w, "SELECT reason FROM recipient");
	assert_string_equal(reason, "opted_out");
	free(reason);
}

/* --- at the moment of sending --- */

static const struct {
	int minute;
	bool goes;
} hours[] = {
    {0, false},
    {7 * 60 + 29, false},
    {7 * 60 + 30, true},
    {12 * 60, true},
    {20 * 60 + 58, true},
    {21 * 60, false},
    {23 * 60 + 59, false},
};

static void
test_sending_hours(void **state)
{
	struct world *w = *state;
	int64_t contact = steps_contact(w, "+84900000001"), id, reply;
	struct radio_part p;
	struct campaign k;
	size_t i;

	steps_people(w, TC_NELEM(hours));
	id = steps_campaign(w, SHORT);
	for (i = 0; i < TC_NELEM(hours); i++) {
		world_set_minute(w, hours[i].minute);
		if (steps_next(w, "m1", &p) != hours[i].goes)
			fail_msg("minute %d", hours[i].minute);
		if (hours[i].goes)
			assert_int_equal(steps_sent(w, p.id, (int)i), 0);
		/* who asks is answered at any hour */
		reply = steps_reply(w, contact, LANE_REPLY);
		assert_int_equal(steps_next(w, "m1", &p), 1);
		assert_int_equal(p.id, steps_part(w, reply, 1));
	}
	steps_get(w, id, &k);
	assert_int_equal(k.counts.sent, 3);
	assert_int_equal(k.counts.queued, 4);
}

/* The evening comes between two segments, or between two tries. */
static void
test_sending_hours_hold_what_was_begun(void **state)
{
	struct world *w = *state;
	struct radio_part p;

	(void)long_campaign(w, 1);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	world_set_minute(w, 21 * 60);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	world_set_minute(w, 20 * 60);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	world_set_minute(w, 21 * 60);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	world_set_minute(w, 8 * 60);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(p.udh[5], 2);
}

/* What happens to a recipient between approval and his turn. */
static const struct {
	const char *sql; /* on the only recipient */
	const char *reason;
} refusals[] = {
    {"UPDATE person SET opted_out_at = 1, consenting = 0", "opted_out"},
    {"UPDATE person SET opted_out_at = 1", "opted_out"},
    {"UPDATE person SET consenting = 0", "no_consent"},
    {"DELETE FROM membership; DELETE FROM person", "forgotten"},
};

static void
test_consent_at_the_moment_of_sending(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	char *reason, *sql;
	int64_t id;
	size_t i;

	for (i = 0; i < TC_NELEM(refusals); i++) {
		assert_int_equal(
		    world_sql(w, "UPDATE person SET consenting = 1,"
				 " opted_out_at = NULL"),
		    SQLITE_OK);
		if (i == 0)
			steps_people(w, 1);
		id = steps_campaign(w, SHORT);
		assert_int_equal(world_sql(w, refusals[i].sql), SQLITE_OK);
		assert_int_equal(steps_next(w, "m1", &p), 0);
		steps_get(w, id, &k);
		assert_int_equal(k.counts.suppressed, 1);
		assert_int_equal(k.counts.total, 1);
		assert_int_equal(k.state, CAMPAIGN_DONE);
		sql = xasprintf("SELECT reason FROM recipient"
				" WHERE campaign_id = %" PRId64,
		    id);
		reason = world_text(w, sql);
		assert_string_equal(reason, refusals[i].reason);
		free(reason);
		free(sql);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM message"), 0);
}

/* More opted out in a row than one go looks at: nobody is forgotten and the
 * modem is told to ask again. */
static void
test_many_opted_out_in_a_row(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	uint64_t generation;
	int64_t id;
	int rc, i;

	steps_people(w, 200);
	id = steps_campaign(w, SHORT);
	assert_int_equal(
	    world_sql(w, "UPDATE person SET opted_out_at = 1 WHERE id <>"
			 " (SELECT max(id) FROM person)"),
	    SQLITE_OK);
	for (i = 0, rc = 0; rc == 0 && i < 10; i++) {
		generation = outbox_generation();
		rc = steps_next(w, "m1", &p);
		if (rc == 0)
			assert_true(outbox_generation() > generation);
	}
	assert_int_equal(rc, 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.suppressed, 199);
	assert_int_equal(k.counts.sent, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
}

static void
test_only_a_running_campaign_sends(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	int64_t id;

	steps_people(w, 3);
	id = steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_PAUSE), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_RESUME), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CANCEL), 0);
	assert_int_equal(steps_sent(w, p.id, 2), 0);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_CANCELLED);
	assert_int_equal(k.counts.sent, 2);
	assert_int_equal(k.counts.cancelled, 1);
}

/* The last one ends while the campaign is paused: resumed, it is done. */
static void
test_paused_at_the_last_one(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	struct campaign k;
	int64_t id;

	steps_people(w, 1);
	id = steps_campaign(w, SHORT);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_PAUSE), 0);
	assert_int_equal(steps_sent(w, p.id, 1), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_PAUSED);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_RESUME), 0);
	steps_get(w, id, &k);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	assert_true(k.row.ended_at != 0);
}

/* Refused for now, and then somebody cancels or pauses: it is known at once that
 * the second try never comes, or comes when it goes on; before the refusal or
 * after it. */
static void
check_stopped_between_two_tries(
    struct world *w, enum campaign_act act, bool is_late)
{
	int64_t id = steps_campaign(w, SHORT);
	struct radio_part p;
	struct campaign k;

	assert_int_equal(steps_next(w, "m1", &p), 1);
	if (is_late)
		assert_int_equal(steps_act(w, &w->hoa, id, act), 0);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	if (!is_late)
		assert_int_equal(steps_act(w, &w->hoa, id, act), 0);
	steps_expect_part(w, p.id, "cancelled");
	steps_get(w, id, &k);
	assert_int_equal(k.counts.sending, 0);
	assert_int_equal(k.row.fed, 0);
	assert_int_equal(k.row.spent, 0);
	assert_int_equal(k.counts.cancelled, act == CAMPAIGN_CANCEL);
	assert_int_equal(k.counts.queued, act == CAMPAIGN_PAUSE);
	world_advance(w, 61);
	assert_int_equal(steps_next(w, "m1", &p), 0);
	if (act == CAMPAIGN_CANCEL)
		return;
	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_RESUME), 0);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	(void)steps_sent(w, p.id, 1);
	steps_get(w, id, &k);
	assert_int_equal(k.counts.sent, 1);
	assert_int_equal(k.state, CAMPAIGN_DONE);
}

static void
test_cancelled_between_two_tries(void **state)
{
	steps_people(*state, 1);
	check_stopped_between_two_tries(*state, CAMPAIGN_CANCEL, false);
	check_stopped_between_two_tries(*state, CAMPAIGN_CANCEL, true);
}

static void
test_paused_between_two_tries(void **state)
{
	steps_people(*state, 1);
	check_stopped_between_two_tries(*state, CAMPAIGN_PAUSE, false);
}

static void
test_paused_before_a_refusal(void **state)
{
	steps_people(*state, 1);
	check_stopped_between_two_tries(*state, CAMPAIGN_PAUSE, true);
}

/* What has begun to go out goes on. */
static void
test_cancelled_between_two_segments(void **state)
{
	struct world *w = *state;
	struct radio_part p;
	int64_t id;

	id = long_campaign(w, 1);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	(void)steps_sent(w, p.id, 1);
	assert_int_equal(steps_next(w, "m1", &p), 1);
	assert_int_equal(steps_result(w, p.id, ML_REFUSED, 42), 1);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_CANCEL), 0);
	steps_expect_part(w, p.id, "queued");
	world_advance(w, 61);
	assert_int_equal(steps_next(w, "m1", &p), 1);
}

/* --- the account --- */

#define ACCOUNT_PEOPLE 40

struct account {
	struct world *world;
	int64_t campaign;
	struct radio_part pending[ACCOUNT_PEOPLE * 3 + 1];
	int npending;
};

static void
account_settle(struct account *a, uint64_t *seed)
{
	struct radio_report r = {.modem = "m1"};
	struct radio_part *p;
	unsigned draw;

	if (a->npending == 0)
		return;
	p = &a->pending[--a->npending];
	draw = world_draw(seed, 6);
	if (draw == 0)
		(void)steps_result(a->world, p->id, ML_REFUSED, 42);
	else if (draw == 1)
		(void)steps_result(a->world, p->id, ML_REFUSED, 1);
	else if (draw == 2)
		(void)steps_lost(a->world, "m1");
	else
		(void)steps_sent(a->world, p->id, (int)world_draw(seed, 256));
	/* the pause between two tries is over */
	assert_int_equal(world_sql(a->world, "UPDATE part SET not_before = 0"
					     " WHERE not_before > 0"),
	    SQLITE_OK);
	if (draw < 4)
		return;
	r.tp_mr = (int)world_count(
	    a->world, "SELECT tp_mr FROM part ORDER BY settled_at DESC");
	r.tp_status = draw == 4 ? 0 : 0x46;
	memcpy(r.number, p->number, sizeof(r.number));
	assert_int_equal(steps_report(a->world, &r), 0);
}

static void
account_optout(struct account *a, uint64_t *seed)
{
	char *number =
	    xasprintf("+84900000%03u", 101 + world_draw(seed, ACCOUNT_PEOPLE));

	world_receive(a->world, number, "TC");
	free(number);
}

static void
account_step(struct account *a, uint64_t *seed)
{
	switch (world_draw(seed, 12)) {
	case 0:
		account_optout(a, seed);
		break;
	case 1:
		(void)steps_act(
		    a->world, &a->world->hoa, a->campaign, CAMPAIGN_PAUSE);
		break;
	case 2:
	case 3:
		(void)steps_act(
		    a->world, &a->world->hoa, a->campaign, CAMPAIGN_RESUME);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		if (a->npending == 0 &&
		    steps_next(a->world, "m1", &a->pending[a->npending]) == 1)
			a->npending++;
		break;
	default:
		account_settle(a, seed);
	}
}

/* Whatever happens, every recipient is in exactly one state, and when nobody
 * is left to come the campaign is done. */
static void
test_account_of_recipients(void **state)
{
	struct account *a = xcalloc(1, sizeof(*a));
	uint64_t seed = world_seed();
	char *text = long_text(200);
	struct campaign k;
	int i = 0;

	a->world = *state;
	steps_people(a->world, ACCOUNT_PEOPLE);
	a->campaign = steps_campaign(a->world, text);
	do {
		account_step(a, &seed);
		steps_get(a->world, a->campaign, &k);
		assert_int_equal(k.counts.total, ACCOUNT_PEOPLE);
	} while (k.state != CAMPAIGN_DONE && i++ < 5000);
	assert_int_equal(k.state, CAMPAIGN_DONE);
	assert_int_equal(k.counts.queued + k.counts.sending, 0);
	free(text);
	free(a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_segments_have_one_reference_and_one_modem),
	    WORLD_TEST(test_hole_cancels_the_rest),
	    WORLD_TEST(test_reply_goes_between_two_segments),
	    WORLD_TEST(test_rest_of_a_text_expires),
	    WORLD_TEST(test_r9_optout_between_two_segments),
	    WORLD_TEST(test_sending_hours),
	    WORLD_TEST(test_sending_hours_hold_what_was_begun),
	    WORLD_TEST(test_consent_at_the_moment_of_sending),
	    WORLD_TEST(test_many_opted_out_in_a_row),
	    WORLD_TEST(test_only_a_running_campaign_sends),
	    WORLD_TEST(test_paused_at_the_last_one),
	    WORLD_TEST(test_cancelled_between_two_tries),
	    WORLD_TEST(test_paused_between_two_tries),
	    WORLD_TEST(test_paused_before_a_refusal),
	    WORLD_TEST(test_cancelled_between_two_segments),
	    WORLD_TEST(test_account_of_recipients),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
