/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a case between claim and close: who may do what in which state,
 * what time alone does, how she may be called. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/due.h"
#include "desk_steps.h"
#include "store/store.h"
#include "turn.h"

#define NUMBER "+84900000001"
#define HOUR 3600

/* --- the table of moves, walked --- */

/* What is done in every state, and what state follows; NULL: refused with
 * rc. */
enum act {
	ACT_CLAIM,
	ACT_NOTE,
	ACT_WAIT,
	ACT_GO_ON,
	ACT_HAND,
	ACT_CALL,
	ACT_CLOSE,
	NACTS
};
static const char *const act_names[NACTS] = {
    "claim", "note", "wait", "go on", "hand", "call", "close"};

enum start {
	START_NEW,
	START_CLAIMED,
	START_ACTIVE,
	START_WAITING,
	START_CLOSED,
	NSTARTS
};
static const char *const start_names[NSTARTS] = {
    "new", "claimed", "active", "waiting", "closed"};

static const struct {
	const char *state;
	int rc;
} moves[NSTARTS][NACTS] = {
    [START_NEW] = {{"claimed", 0}, {"new", 0}, {NULL, TC_ESTATE},
	{NULL, TC_ESTATE}, {NULL, TC_ESTATE}, {NULL, TC_ESTATE},
	{NULL, TC_ESTATE}},
    [START_CLAIMED] = {{"claimed", 0}, {"active", 0}, {"waiting", 0},
	{"active", 0}, {"claimed", 0}, {"active", 0}, {"closed", 0}},
    [START_ACTIVE] = {{"active", 0}, {"active", 0}, {"waiting", 0},
	{"active", 0}, {"claimed", 0}, {"active", 0}, {"closed", 0}},
    [START_WAITING] = {{"waiting", 0}, {"waiting", 0}, {"waiting", 0},
	{"active", 0}, {"claimed", 0}, {"active", 0}, {"closed", 0}},
    [START_CLOSED] = {{NULL, TC_ESTATE}, {NULL, TC_ESTATE}, {NULL, TC_ESTATE},
	{NULL, TC_ESTATE}, {NULL, TC_ESTATE}, {NULL, TC_ESTATE},
	{NULL, TC_ESTATE}},
};

struct act_op {
	struct world *world;
	const struct user *user;
	const char *code, *word;
	enum act act;
	int64_t at;
};

static int
op_act(void *arg)
{
	static const char sealed[] = "sealed at the handler's side";
	const struct desk_note note = {sealed, sizeof(sealed)};
	struct act_op *op = arg;
	struct core *c = &op->world->core;

	switch (op->act) {
	case ACT_CLAIM:
		return desk_claim(c, op->user, op->code);
	case ACT_NOTE:
		return desk_note(c, op->user, op->code, &note);
	case ACT_WAIT:
		return desk_next(c, op->user, op->code,
		    op->at != 0 ? op->at : clock_now() + HOUR);
	case ACT_GO_ON:
		return desk_next(c, op->user, op->code, 0);
	case ACT_HAND:
		return desk_hand(c, op->user, op->code, op->word);
	case ACT_CALL:
		return desk_call(
		    c, op->user, op->code, op->word != NULL ? op->word : "");
	case ACT_CLOSE:
		return desk_close(c, op->user, op->code, "helped");
	case NACTS:
		break;
	}
	return TC_EINVAL;
}

static void
act(struct world *w, const struct user *u, enum act act, int rc)
{
	struct act_op op = {w, u, steps_latest(w), NULL, act, 0};

	if (act == ACT_HAND)
		op.word = steps_other.name;
	world_expect(w, rc, op_act, &op);
}

static struct desk_case
get(struct world *w)
{
	struct desk_case k;

	assert_int_equal(desk_get(&w->core, "HPN", steps_latest(w), &k), 0);
	return k;
}

static void
start(struct world *w, enum start start)
{
	world_receive(w, NUMBER, "giup");
	if (start >= START_CLAIMED)
		act(w, &w->lan, ACT_CLAIM, 0);
	if (start >= START_ACTIVE)
		act(w, &w->lan, ACT_NOTE, 0);
	if (start == START_WAITING)
		act(w, &w->lan, ACT_WAIT, 0);
	if (start == START_CLOSED)
		act(w, &w->lan, ACT_CLOSE, 0);
	assert_string_equal(get(w).state, start_names[start]);
}

static void
test_every_act_in_every_state(void **state)
{
	struct world w;
	int s, a;

	(void)state;
	for (s = 0; s < NSTARTS; s++)
		for (a = 0; a < NACTS; a++) {
			const char *want = moves[s][a].state;

			print_message(
			    "# %s, %s\n", start_names[s], act_names[a]);
			steps_open(&w);
			start(&w, (enum start)s);
			act(&w, &w.lan, (enum act)a, moves[s][a].rc);
			assert_string_equal(get(&w).state,
			    want != NULL ? want : start_names[s]);
			world_close(&w);
		}
}

/* Only whoever has it acts, but a colleague may write a note. */
static void
test_another_may_not(void **state)
{
	struct world *w = *state;
	int a;

	start(w, START_CLAIMED);
	for (a = 0; a < NACTS; a++)
		act(w, &steps_other, (enum act)a,
		    a == ACT_NOTE    ? 0
		    : a == ACT_CLAIM ? TC_ESTATE
				     : TC_EDENIED);
	for (a = 0; a < NACTS; a++)
		act(w, &steps_police, (enum act)a, TC_ENOENT);
	assert_string_equal(get(w).state, "claimed");
	assert_int_equal(get(w).items, 2);
}

static void
test_handed_to_a_colleague(void **state)
{
	struct world *w = *state;
	struct act_op op = {w, &w->lan, NULL, NULL, ACT_HAND, 0};
	static const char *const wrong[] = {"lan", "an", "tuan", "nobody"};
	size_t i;

	start(w, START_ACTIVE);
	op.code = steps_latest(w);
	for (i = 0; i < TC_NELEM(wrong); i++) {
		op.word = wrong[i];
		world_expect(w, TC_EINVAL, op_act, &op);
	}
	act(w, &w->lan, ACT_HAND, 0);
	assert_string_equal(get(w).claimed_by, "mai");
	act(w, &w->lan, ACT_CLOSE, TC_EDENIED);
	act(w, &steps_other, ACT_CLOSE, 0);
}

/* --- what time does --- */

static int
run_due(struct world *w, int64_t seconds)
{
	int n;

	world_advance(w, seconds);
	n = due_run(&w->core);
	assert_int_equal(turn_commit(w->core.turn), 0);
	return n;
}

static void
test_a_claim_that_nobody_touches_ends(void **state)
{
	struct world *w = *state;
	int64_t now;

	start(w, START_CLAIMED);
	assert_int_equal(get(w).claim_until - get(w).claimed_at, 4 * HOUR);
	assert_int_equal(run_due(w, 4 * HOUR - 60), 0);
	assert_string_equal(get(w).state, "claimed");
	assert_int_equal(run_due(w, 61), 1);
	now = clock_now();
	assert_string_equal(get(w).state, "new");
	assert_string_equal(get(w).claimed_by, "");
	assert_int_equal(get(w).claim_until, 0);
	assert_in_range(get(w).due_at, now + 1790, now + 1800); /* anew */
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'expired' AND detail = 'lan'"),
	    1);
	act(w, &steps_other, ACT_CLAIM, 0);
}

static void
test_work_keeps_a_claim(void **state)
{
	struct world *w = *state;

	start(w, START_ACTIVE);
	assert_int_equal(get(w).claim_until, 0);
	assert_int_equal(run_due(w, 30 * 24 * HOUR), 0);
	assert_string_equal(get(w).state, "active");
}

static void
test_waits_until_the_day(void **state)
{
	struct world *w = *state;
	struct act_op op = {w, &w->lan, NULL, NULL, ACT_WAIT, 0};
	static const int64_t wrong[] = {-60, 3 * 366 * 24 * HOUR};
	int64_t change;
	size_t i;

	start(w, START_CLAIMED);
	op.code = steps_latest(w);
	for (i = 0; i < TC_NELEM(wrong); i++) {
		op.at = clock_now() + wrong[i];
		world_expect(w, TC_EINVAL, op_act, &op);
	}
	op.at = clock_now() + 24 * HOUR;
	world_expect(w, 0, op_act, &op);
	assert_int_equal(get(w).next_at, op.at);
	change = get(w).change;
	assert_int_equal(run_due(w, 24 * HOUR - 60), 0);
	world_restart(w); /* it is not forgotten */
	w->core.due_at = 0;
	assert_int_equal(run_due(w, 61), 1);
	assert_string_equal(get(w).state, "active");
	assert_int_equal(get(w).next_at, 0);
	assert_true(get(w).change > change); /* the handler sees it */
	assert_int_equal(run_due(w, HOUR), 0);
}

static void
test_what_she_writes_ends_the_wait(void **state)
{
	struct world *w = *state;

	start(w, START_WAITING);
	world_receive(w, NUMBER, "giup toi");
	assert_string_equal(get(w).state, "active");
	assert_string_equal(get(w).claimed_by, "lan");
	assert_int_equal(run_due(w, 2 * HOUR), 0);
}

static void
test_closed_is_due_no_more(void **state)
{
	struct world *w = *state;

	start(w, START_CLAIMED);
	act(w, &w->lan, ACT_CLOSE, 0);
	assert_int_equal(world_count(w, "SELECT count(*) FROM due"), 0);
	assert_int_equal(run_due(w, 30 * 24 * HOUR), 0);
}

/* One that cannot be done is tried later and stops no other. */
static void
test_one_that_fails_stops_no_other(void **state)
{
	struct world *w = *state;

	start(w, START_CLAIMED);
	world_receive(w, "+84900000002", "giup");
	act(w, &w->lan, ACT_CLAIM, 0);
	assert_int_equal(
	    world_sql(w, "CREATE TRIGGER broken BEFORE UPDATE ON \"case\""
			 " WHEN old.contact_id = (SELECT contact_id FROM"
			 " \"case\" ORDER BY claimed_at, rowid LIMIT 1) BEGIN"
			 " SELECT raise(ABORT, 'broken'); END"),
	    SQLITE_OK);
	assert_int_equal(run_due(w, 5 * HOUR), 2);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""
					" WHERE state = 'new'"),
	    1);
	assert_int_equal(world_sql(w, "DROP TRIGGER broken"), SQLITE_OK);
	assert_int_equal(run_due(w, 61), 1);
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""
					" WHERE state = 'new'"),
	    2);
}

static int
op_release(void *arg)
{
	struct world *w = arg;

	return desk_release(&w->core, w->lan.id, &w->hoa);
}

static void
test_m12_revoked_user_gives_back_all_he_had(void **state)
{
	struct world *w = *state;

	start(w, START_WAITING);
	world_expect(w, 1, op_release, w);
	assert_string_equal(get(w).state, "new");
	assert_string_equal(get(w).claimed_by, "");
	/* not what he planned, but the clock of a new case */
	assert_int_equal(world_count(w, "SELECT count(*) FROM due"), 1);
	assert_int_equal(run_due(w, 29 * 60), 0);
	assert_int_equal(run_due(w, 2 * 60), 1);
	assert_string_equal(get(w).state, "new");
}

/* --- calling her --- */

/* 2026-03-02 is a Monday; UTC+7. */
#define MONDAY INT64_C(1772384400)
static const struct {
	struct call_hours hours;
	int day, minute;
	bool is_hour;
} hours[] = {
    {{0, 0, 0}, 0, 3 * 60, true},
    {{9 * 60, 10 * 60, 0}, 0, 9 * 60, true},
    {{9 * 60, 10 * 60, 0}, 3, 10 * 60 - 1, true},
    {{9 * 60, 10 * 60, 0}, 0, 10 * 60, false},
    {{9 * 60, 10 * 60, 0}, 0, 9 * 60 - 1, false},
    {{9 * 60, 10 * 60, 1 << 1}, 1, 9 * 60, true},
    {{9 * 60, 10 * 60, 1 << 1}, 2, 9 * 60, false},
    {{0, 0, 1 << 6}, 6, 12 * 60, true},
    {{0, 0, 1 << 6}, 0, 12 * 60, false},
    {{22 * 60, 2 * 60, 0}, 4, 23 * 60, true},
    {{22 * 60, 2 * 60, 0}, 4, 60, true},
    {{22 * 60, 2 * 60, 0}, 4, 2 * 60, false},
    {{22 * 60, 2 * 60, 1 << 4}, 4, 23 * 60, true},
    {{22 * 60, 2 * 60, 1 << 4}, 5, 60, true}, /* still Friday's night */
    {{22 * 60, 2 * 60, 1 << 4}, 4, 60, false},
    {{22 * 60, 1440, 0}, 4, 1439, true},
};

static void
test_r6_hours(void **state)
{
	struct world *w = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(hours); i++)
		if (desk_is_hour(&w->core, &hours[i].hours,
			MONDAY + hours[i].day * 86400 + hours[i].minute * 60) !=
		    hours[i].is_hour)
			fail_msg("row %zu", i);
}

static int
op_contact(void *arg)
{
	struct act_op *op = arg;
	struct desk_contact how = {.state = op->word,
	    .has_hours = true,
	    .hours = {9 * 60, 10 * 60, 0}};

	return desk_contact(&op->world->core, op->user, op->code, &how);
}

static void
test_r6_outside_of_her_hours_needs_a_reason(void **state)
{
	struct world *w = *state;
	struct act_op op = {w, &w->lan, NULL, "safe", ACT_CALL, 0};

	start(w, START_CLAIMED);
	op.code = steps_latest(w);
	world_expect(w, 0, op_contact, &op);
	op.word = "";
	world_set_minute(w, 9 * 60 + 30);
	world_expect(w, 0, op_act, &op);
	world_set_minute(w, 10 * 60 + 30);
	world_expect(w, TC_EAGAIN, op_act, &op);
	op.word = "because";
	world_expect(w, TC_EINVAL, op_act, &op);
	op.word = "danger";
	world_expect(w, 0, op_act, &op);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM case_event WHERE"
			   " act = 'called' AND detail = 'danger'"),
	    1);
}

static void
test_r5_unsafe_phone_needs_a_reason(void **state)
{
	struct world *w = *state;
	struct act_op op = {w, &w->lan, NULL, "unsafe", ACT_CALL, 0};

	start(w, START_CLAIMED);
	op.code = steps_latest(w);
	world_expect(w, 0, op_contact, &op);
	world_set_minute(w, 9 * 60 + 30); /* within her hours */
	op.word = "";
	world_expect(w, TC_EAGAIN, op_act, &op);
	op.word = "asked";
	world_expect(w, 0, op_act, &op);
}

static void
test_r6_goi_sets_her_hours(void **state)
{
	struct world *w = *state;

	world_receive(w, NUMBER, "giup");
	world_receive(w, NUMBER, "GOI T3 8-10");
	assert_int_equal(world_count(w, "SELECT call_from = 480 AND"
					" call_until = 600 AND call_days = 2"
					" FROM contact"),
	    1);
	/* what comes later does not take it away */
	world_receive(w, NUMBER, "cuu");
	world_receive(w, NUMBER, "toi o nha");
	assert_int_equal(world_count(w, "SELECT call_from FROM contact"), 480);
}

static void
test_r7_hushed_is_called_by_nobody(void **state)
{
	struct world *w = *state;
	struct act_op op = {w, &w->lan, NULL, "danger", ACT_CALL, 0};

	start(w, START_CLAIMED);
	world_receive(w, NUMBER, "THOI");
	op.code = steps_latest(w);
	world_expect(w, TC_ESTATE, op_act, &op);
	op.word = "safe";
	world_expect(w, TC_ESTATE, op_contact, &op); /* nor made safe */
	op.word = "unsafe";
	world_expect(w, 0, op_contact, &op);
	world_receive(w, NUMBER, "giup"); /* she asks again */
	op.word = "";
	world_set_minute(w, 9 * 60 + 30);
	world_expect(w, TC_EAGAIN, op_act, &op); /* unsafe (R5) */
	op.word = "danger";
	world_expect(w, 0, op_act, &op);
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact WHERE"
					" state = 'unsafe' AND NOT hushed"),
	    1);
}

static int
op_unsent(void *arg)
{
	struct world *w = arg;

	return desk_on_unsent(&w->core,
	    world_count(w, "SELECT id FROM contact"), "expired", "late");
}

static void
test_a_reply_that_never_went_out(void **state)
{
	struct world *w = *state;
	int64_t change;

	world_receive(w, NUMBER, "y te"); /* a contact without a case */
	world_expect(w, 0, op_unsent, w);
	start(w, START_CLAIMED);
	change = get(w).change;
	assert_false(get(w).call_back);
	world_expect(w, 0, op_unsent, w);
	assert_true(get(w).call_back);
	assert_true(get(w).change > change);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'unsent' AND detail = 'late'"),
	    1);
	act(w, &w->lan, ACT_NOTE, 0);
	assert_true(get(w).call_back); /* a note is no call */
	act(w, &w->lan, ACT_CALL, 0);
	assert_false(get(w).call_back);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_act_in_every_state),
	    STEPS_TEST(test_another_may_not),
	    STEPS_TEST(test_handed_to_a_colleague),
	    STEPS_TEST(test_a_claim_that_nobody_touches_ends),
	    STEPS_TEST(test_work_keeps_a_claim),
	    STEPS_TEST(test_waits_until_the_day),
	    STEPS_TEST(test_what_she_writes_ends_the_wait),
	    STEPS_TEST(test_closed_is_due_no_more),
	    STEPS_TEST(test_one_that_fails_stops_no_other),
	    STEPS_TEST(test_m12_revoked_user_gives_back_all_he_had),
	    STEPS_TEST(test_r6_hours),
	    STEPS_TEST(test_r6_outside_of_her_hours_needs_a_reason),
	    STEPS_TEST(test_r5_unsafe_phone_needs_a_reason),
	    STEPS_TEST(test_r6_goi_sets_her_hours),
	    STEPS_TEST(test_r7_hushed_is_called_by_nobody),
	    STEPS_TEST(test_a_reply_that_never_went_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
