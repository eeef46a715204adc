/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nobody claims a case: who is texted when, who may open it then; duty, the
 * daily text, and the clocks that the law sets. R16, R28, M12. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "desk/due.h"
#include "desk/escalate.h"
#include "desk/legal.h"
#include "duty_steps.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "turn.h"

#define NUMBER "+84900000001"

static bool
sees(struct world *w, const char *agency)
{
	struct desk_case k;

	return desk_get(&w->core, agency, steps_latest(w), &k) == 0;
}

/* U1: 30 minutes a step. HPN; mai; VHXH gets its copy; TRIAGE; then all. */
static void
test_r28_urgent_goes_up_the_ladder(void **state)
{
	struct world *w = *state;

	steps_roster(w);
	world_receive(w, NUMBER, "giup");
	assert_string_equal(steps_told(w, "ALERT"), "");
	steps_run(w, 29);
	assert_string_equal(steps_told(w, "ALERT"), "");
	steps_run(w, 2);
	assert_string_equal(steps_told(w, "ALERT"), "lan");
	assert_false(sees(w, "VHXH"));
	steps_run(w, 30);
	assert_string_equal(steps_told(w, "ALERT"), "mai");
	steps_run(w, 30);
	assert_string_equal(steps_told(w, "ALERT"), "linh");
	assert_true(sees(w, "VHXH"));
	assert_false(sees(w, "TRIAGE"));
	steps_run(w, 30);
	assert_string_equal(steps_told(w, "ALERT"), "ba");
	assert_true(sees(w, "TRIAGE"));
	steps_run(w, 60);
	assert_string_equal(steps_told(w, "ALERT"), "lan,ba,linh");
	steps_run(w, 60);
	assert_string_equal(steps_told(w, "ALERT"), "lan,ba,linh");
	assert_false(sees(w, "RECOVERY"));
	steps_claim(w, &w->lan, steps_latest(w), 0);
	steps_run(w, 180);
	assert_string_equal(steps_told(w, "ALERT"), "");
}

/* The person on duty has no number: his deputy, or TRIAGE, hears of it. */
static void
test_r28_nobody_is_told_in_vain(void **state)
{
	static const struct duty_person lan = {"lan", "HPN", NULL};
	static const struct duty_person an = {"an", "CAX", NULL};
	struct world *w = *state;
	struct duty_op op = {.world = w, .person = &lan};

	steps_roster(w);
	world_expect(w, 0, steps_op_phone, &op);
	op.person = &an;
	world_expect(w, 0, steps_op_phone, &op);
	world_receive(w, NUMBER, "cuu");
	assert_string_equal(steps_told(w, "ALERT"), "ba,mai");
}

/* U0, and nobody looks: at once, then every 5 minutes; night or not. */
static void
test_r28_emergency_waits_for_no_morning(void **state)
{
	struct world *w = *state;

	world_set_minute(w, 2 * 60);
	steps_roster(w);
	world_receive(w, NUMBER, "cuu");
	assert_string_equal(steps_told(w, "ALERT"), "an,lan");
	steps_run(w, 6);
	assert_string_equal(steps_told(w, "ALERT"), "an,lan");
	steps_run(w, 5);
	assert_string_equal(steps_told(w, "ALERT"), "an,mai");
	steps_run(w, 5); /* no second agency on this ladder: TRIAGE */
	assert_string_equal(steps_told(w, "ALERT"), "ba");
	assert_true(sees(w, "TRIAGE"));
	steps_run(w, 5);
	assert_string_equal(steps_told(w, "ALERT"), "an,lan,ba");
	steps_run(w, 15);
	assert_string_equal(steps_told(w, "ALERT"), "an,lan,ba");
}

static void
test_watched_queue_needs_no_text_at_once(void **state)
{
	struct world *w = *state;

	/* later than any other test here lives */
	world_advance(w, 1000 * HOUR);
	steps_roster(w);
	escalate_watched("HPN");
	world_receive(w, NUMBER, "cuu");
	assert_string_equal(
	    steps_told(w, "ALERT"), "an"); /* nobody of CAX looks */
	escalate_watched("CAX");
	escalate_watched("HPN");
	world_receive(w, "+84900000002", "cuu");
	assert_string_equal(steps_told(w, "ALERT"), "");
	world_advance(w, 91);
	world_receive(w, "+84900000003", "cuu");
	assert_string_equal(steps_told(w, "ALERT"), "lan");
}

/* Somebody in danger writes into a case that has its handler. */
static void
test_danger_alerts_who_has_it(void **state)
{
	struct world *w = *state;

	steps_roster(w);
	world_receive(w, NUMBER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	world_receive(w, NUMBER, "giup toi");
	assert_string_equal(steps_told(w, "ALERT"), "");
	world_receive(w, NUMBER, "giup no cam dao");
	assert_string_equal(steps_told(w, "ALERT"), "lan");
}

/* U2 counts working time: nobody is texted before so much of it is over. */
static void
test_what_can_wait_waits_for_the_office(void **state)
{
	struct world *w = *state;
	int64_t now, due;
	int i;

	for (i = 0; i < 7; i++) {
		world_advance(w, 24 * HOUR);
		world_set_minute(w, 16 * 60);
		world_advance(w, i * 24 * HOUR);
		steps_duty(w, "TRIAGE", "ba", "");
		now = clock_now();
		world_receive(w, NUMBER, "chao can bo xa nha");
		due = world_count(w, "SELECT max(due_at) FROM \"case\"");
		assert_in_range(due,
		    workdays_add(
			content_workdays(w->core.content), 420, now, 4 * HOUR),
		    workdays_add(content_workdays(w->core.content), 420,
			now + 5, 4 * HOUR));
		assert_true(due > now + 10 * HOUR); /* not today */
		world_advance(w, due - clock_now() - 60);
		steps_run(w, 0);
		assert_string_equal(steps_told(w, "ALERT"), "");
		steps_run(w, 2);
		assert_string_equal(steps_told(w, "ALERT"), "ba");
		assert_int_equal(
		    world_sql(w, "DELETE FROM \"case\"; DELETE FROM due;"
				 " DELETE FROM alert"),
		    SQLITE_OK);
		w->core.due_at = 0;
	}
}

/* --- merged and capped --- */

static void
test_r16_alerts_are_merged_and_capped(void **state)
{
	struct world *w = *state;
	char number[20], *slots;
	int i, n = 0;

	steps_duty(w, "HPN", "lan", "");
	steps_duty(w, "CAX", "an", "");
	for (i = 0; i < 40; i++) {
		assert_int_equal(
		    str_printf(number, sizeof(number), "+849000020%02d", i), 0);
		world_receive(w, number, "cuu");
	}
	assert_string_equal(steps_told(w, "ALERT"), "an,lan"); /* the first */
	steps_run(w, 2);
	slots = world_text(w, "SELECT slots FROM message WHERE staff_box IS NOT"
			      " NULL LIMIT 1");
	assert_non_null(strstr(slots, "\"queue\":\"CAX,HPN\""));
	assert_non_null(strstr(slots, "\"urgency\":\"U0\""));
	assert_non_null(strstr(slots, " +38\""));
	assert_null(strstr(slots, "+84"));
	assert_true(strlen(slots) < 70);
	free(slots);
	assert_string_equal(steps_told(w, "ALERT"), "an,lan");
	for (i = 0; i < 60; i++) { /* all wait still: again and again */
		steps_run(w, 1);
		n += strstr(steps_told(w, "ALERT"), "lan") != NULL;
	}
	assert_in_range(n, 3, 24); /* of hundreds */
}

static void
test_nobody_on_duty_is_told_and_does_no_harm(void **state)
{
	struct world *w = *state;

	world_receive(w, NUMBER, "cuu");
	steps_run(w, 60);
	assert_string_equal(steps_told(w, "ALERT"), "");
	assert_true(sees(w, "TRIAGE"));
	steps_duty(w, "TRIAGE", "ba", ""); /* stands in for every agency */
	steps_run(w, 16);
	assert_non_null(strstr(steps_told(w, "ALERT"), "ba"));
}

/* --- the roster --- */

static const struct {
	const char *agency, *user, *deputy;
	int64_t from, until;
} wrong[] = {
    {"NOWHERE", "lan", "", 0, 3600}, {"HPN", "an", "", 0, 3600}, /* of CAX */
    {"HPN", "nobody", "", 0, 3600}, /* of nothing */
    {"HPN", "lan", "lan", 0, 3600}, {"HPN", "lan", "an", 0, 3600},
    {"HPN", "lan", "", 3600, 3600}, {"HPN", "lan", "", -7200, -3600}, /* over */
    {"VHXH", "tuan", "", 0, 3600}, /* no handler */
};

static void
test_m12_who_may_be_on_duty(void **state)
{
	struct world *w = *state;
	struct duty_op op = {.world = w};
	int64_t now = clock_now();
	size_t i;

	for (i = 0; i < TC_NELEM(wrong); i++) {
		op.wish = (struct duty_wish){wrong[i].agency, wrong[i].user,
		    wrong[i].deputy, now + wrong[i].from, now + wrong[i].until};
		print_message("# row %zu\n", i);
		world_expect(w, TC_EINVAL, steps_op_duty, &op);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM duty"), 0);
}

/* Until the new one has taken over, the old one is texted, too. */
static void
test_m12_hand_over(void **state)
{
	struct world *w = *state;
	struct duty_op op = {.world = w};
	int64_t users[DUTY_USERS_MAX], now;

	steps_duty(w, "HPN", "lan", "");
	now = clock_now();
	op.wish = (struct duty_wish){
	    "HPN", "mai", "", now + 10 * HOUR, now + 20 * HOUR};
	world_expect(w, 0, steps_op_duty, &op);
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 1);
	assert_int_equal(users[0], w->lan.id);
	world_advance(w, 11 * HOUR);
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 2);
	assert_int_equal(users[0], 77);
	assert_int_equal(users[1], w->lan.id);
	op.user = steps_other;
	world_expect(w, 1, steps_op_take, &op);
	world_expect(w, 0, steps_op_take, &op); /* it is his already */
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 1);
	assert_int_equal(users[0], 77);
	world_advance(w, 10 * HOUR); /* his term is over, the long one is on */
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 1);
	assert_int_equal(users[0], w->lan.id);
}

static int
op_revoke(void *arg)
{
	struct world *w = arg;
	int rc = store_user_revoke(w->core.store, "lan", clock_now());

	return rc != 0 ? rc : desk_release(&w->core, w->lan.id, &w->hoa);
}

static void
test_m12_cases_of_who_is_revoked_go_to_the_deputy(void **state)
{
	struct world *w = *state;
	int64_t users[DUTY_USERS_MAX];
	struct desk_case k;

	steps_roster(w);
	world_receive(w, NUMBER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	world_expect(w, 1, op_revoke, w);
	assert_int_equal(desk_get(&w->core, "HPN", steps_latest(w), &k), 0);
	assert_string_equal(k.claimed_by, "mai");
	assert_string_equal(k.state, "claimed");
	assert_string_equal(steps_told(w, "ALERT"), "mai");
	/* and what was his duty is the deputy's */
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 1);
	assert_int_equal(users[0], 77);
}

static int
op_plan(void *arg)
{
	struct world *w = arg;

	return duty_plan_heartbeat(&w->core);
}

static void
test_daily_text_to_everybody_on_duty(void **state)
{
	struct world *w = *state;
	char *slots;
	int day;

	world_set_minute(w, 6 * 60);
	steps_roster(w);
	world_expect(w, 0, op_plan, w);
	steps_run(w, 59);
	assert_string_equal(steps_told(w, "HEARTBEAT"), "");
	steps_run(w, 1);
	slots = world_text(w, "SELECT slots FROM message WHERE template ="
			      " 'HEARTBEAT' LIMIT 1");
	assert_int_equal(strncmp(slots, "{\"date\":\"", 9), 0);
	free(slots);
	assert_string_equal(steps_told(w, "HEARTBEAT"), "linh,an,lan,mai,ba");
	for (day = 0; day < 3; day++) {
		world_advance(w, 23 * HOUR);
		steps_run(w, 60);
		assert_string_equal(
		    steps_told(w, "HEARTBEAT"), "linh,an,lan,mai,ba");
	}
}

/* --- the clocks of the law --- */

struct legal_op {
	struct world *world;
	const struct user *user;
	const char *code, *act;
};

static int
op_legal(void *arg)
{
	struct legal_op *op = arg;

	return legal_act(&op->world->core, op->user, op->code, op->act);
}

static void
legal(struct world *w, const struct user *u, const char *act, int rc)
{
	struct legal_op op = {w, u, steps_latest(w), act};

	world_expect(w, rc, op_legal, &op);
}

static int
op_touch(void *arg)
{
	struct world *w = arg;

	return desk_call(&w->core, &w->lan, steps_latest(w), "");
}

static void
test_twelve_hours(void **state)
{
	static const struct {
		const char *start, *stop;
	} clocks[] = {{"requested", "decided"}, {"requested", "refused"},
	    {"requested", "withdrawn"}, {"reported", "measures"},
	    {"reported", "no_danger"}};
	struct world *w = *state;
	size_t i;

	steps_roster(w);
	steps_duty(w, "UBND", "chu", "");
	world_receive(w, NUMBER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	world_expect(w, 0, op_touch, w);
	legal(w, &w->lan, "imagined", TC_EINVAL);
	legal(w, &steps_police, "requested", TC_ENOENT);
	for (i = 0; i < TC_NELEM(clocks); i++) {
		legal(w, &w->lan, clocks[i].stop, TC_ESTATE);
		legal(w, &w->lan, clocks[i].start, 0);
		legal(w, &w->lan, clocks[i].start, TC_ESTATE);
		world_advance(w, 9 * HOUR + 58 * 60);
		steps_run(w, 1);
		assert_string_equal(steps_told(w, "ALERT"), "");
		steps_run(w, 2);
		assert_string_equal(steps_told(w, "ALERT"), "lan,chu");
		steps_run(w, 117);
		assert_string_equal(steps_told(w, "ALERT"), "");
		steps_run(w, 4);
		assert_string_equal(steps_told(w, "ALERT"), "lan,chu");
		legal(w, &w->lan, clocks[i].stop, 0);
		world_advance(w, 13 * HOUR);
		steps_run(w, 3);
		assert_string_equal(steps_told(w, "ALERT"), "");
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'clock_overdue'"),
	    TC_NELEM(clocks));
	legal(w, &w->lan, "requested", 0);
	legal(w, &w->lan, "decided", 0); /* in time: nobody is texted */
	world_advance(w, 13 * HOUR);
	steps_run(w, 3);
	assert_string_equal(steps_told(w, "ALERT"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DUTY_TEST(test_r28_urgent_goes_up_the_ladder),
	    DUTY_TEST(test_r28_nobody_is_told_in_vain),
	    DUTY_TEST(test_r28_emergency_waits_for_no_morning),
	    DUTY_TEST(test_watched_queue_needs_no_text_at_once),
	    DUTY_TEST(test_danger_alerts_who_has_it),
	    DUTY_TEST(test_what_can_wait_waits_for_the_office),
	    DUTY_TEST(test_r16_alerts_are_merged_and_capped),
	    DUTY_TEST(test_nobody_on_duty_is_told_and_does_no_harm),
	    DUTY_TEST(test_m12_who_may_be_on_duty),
	    DUTY_TEST(test_m12_hand_over),
	    DUTY_TEST(test_m12_cases_of_who_is_revoked_go_to_the_deputy),
	    DUTY_TEST(test_daily_text_to_everybody_on_duty),
	    DUTY_TEST(test_twelve_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
