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
#include "desk/duty.h"
#include "desk/escalate.h"
#include "desk/legal.h"
#include "desk_steps.h"
#include "intake/content.h"
#include "intake/workdays.h"
#include "turn.h"

#define NUMBER "+84900000001"
#define HOUR INT64_C(3600)

static const struct person {
	const char *name, *agency, *number;
} people[] = {
    {"lan", "HPN", "+84900000101"},
    {"mai", "HPN", "+84900000102"},
    {"linh", "VHXH", "+84900000103"},
    {"ba", "TRIAGE", "+84900000104"},
    {"an", "CAX", "+84900000105"},
    {"chu", "UBND", "+84900000106"},
    {"yen", "HPN", "+84900000107"},
};

struct duty_op {
	struct world *world;
	struct duty_wish wish;
	const struct person *person;
	struct user user;
};

static int
op_duty(void *arg)
{
	struct duty_op *op = arg;

	return duty_set(&op->world->core, &op->wish);
}

static int
op_take(void *arg)
{
	struct duty_op *op = arg;

	return duty_take(&op->world->core, &op->user);
}

static int
op_phone(void *arg)
{
	struct duty_op *op = arg;
	struct user u;
	int rc;

	rc = store_user_by_name(op->world->core.store, op->person->name, &u);
	return rc != 0
		   ? rc
		   : duty_set_phone(&op->world->core, u.id, op->person->number);
}

static void
duty(struct world *w, const char *agency, const char *user, const char *deputy)
{
	struct duty_op op = {.world = w,
	    .wish = {agency, user, deputy, clock_now() - 60,
		clock_now() + 60 * 24 * HOUR}};

	world_expect(w, 0, op_duty, &op);
	assert_int_equal(store_user_by_name(w->core.store, user, &op.user), 0);
	world_expect(w, 1, op_take, &op);
}

static int
setup(void **state)
{
	struct duty_op op;
	struct world *w;
	size_t i;

	(void)steps_setup(state);
	w = *state;
	assert_int_equal(
	    world_sql(w,
		"INSERT INTO user VALUES(80, 'linh', 'VHXH', 8, 'x', 0, NULL),"
		" (81, 'chu', 'UBND', 8, 'x', 0, NULL),"
		" (82, 'yen', 'HPN', 8, 'x', 0, NULL)"),
	    SQLITE_OK);
	for (i = 0; i < TC_NELEM(people); i++) {
		op = (struct duty_op){.world = w, .person = &people[i]};
		world_expect(w, 0, op_phone, &op);
	}
	/* long ago, so that nobody watches any more */
	world_advance(w, 3 * HOUR);
	return 0;
}

/* --- who was texted --- */

static const char *
name_of(const char *number)
{
	size_t i;

	for (i = 0; i < TC_NELEM(people); i++)
		if (strcmp(people[i].number, number) == 0)
			return people[i].name;
	return "?";
}

/* The names of those who were texted since the last call, in the order of their
 * messages; forgets them. Everything that is said is queue, urgency and code. */
static const char *
told(struct world *w, const char *template)
{
	static char names[256];
	char *path = xasprintf("%s/tincay.db", w->dir);
	sqlite3_stmt *st;
	struct buf number;
	sqlite3 *db;

	names[0] = '\0';
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
			     "SELECT staff_box FROM message WHERE"
			     " staff_box IS NOT NULL AND template = ?1"
			     " ORDER BY id",
			     -1, &st, NULL),
	    SQLITE_OK);
	assert_int_equal(
	    sqlite3_bind_text(st, 1, template, -1, SQLITE_STATIC), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		buf_init(&number, 256);
		assert_int_equal(
		    vault_unbox(w->core.vault, VAULT_BOX_STAFF,
			sqlite3_column_blob(st, 0),
			(size_t)sqlite3_column_bytes(st, 0), &number),
		    0);
		assert_int_equal(
		    str_printf(names + strlen(names),
			sizeof(names) - strlen(names), "%s%s",
			names[0] != '\0' ? "," : "", name_of(buf_str(&number))),
		    0);
		buf_clear(&number);
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
	assert_int_equal(
	    world_sql(w, "DELETE FROM message WHERE staff_box IS NOT NULL"),
	    SQLITE_OK);
	free(path);
	return names;
}

/* Let time run in steps of a minute, as the daemon would. */
static void
run(struct world *w, int minutes)
{
	for (; minutes > 0; minutes--) {
		world_advance(w, 60);
		(void)due_run(&w->core);
		assert_int_equal(turn_commit(w->core.turn), 0);
	}
}

static bool
sees(struct world *w, const char *agency)
{
	struct desk_case k;

	return desk_get(&w->core, agency, steps_latest(w), &k) == 0;
}

static void
roster(struct world *w)
{
	duty(w, "HPN", "lan", "mai");
	duty(w, "VHXH", "linh", "");
	duty(w, "TRIAGE", "ba", "");
	duty(w, "CAX", "an", "");
}

/* U1: 30 minutes a step. HPN; mai; VHXH gets its copy; TRIAGE; then all. */
static void
test_r28_urgent_goes_up_the_ladder(void **state)
{
	struct world *w = *state;

	roster(w);
	world_receive(w, NUMBER, "giup");
	assert_string_equal(told(w, "ALERT"), "");
	run(w, 29);
	assert_string_equal(told(w, "ALERT"), "");
	run(w, 2);
	assert_string_equal(told(w, "ALERT"), "lan");
	assert_false(sees(w, "VHXH"));
	run(w, 30);
	assert_string_equal(told(w, "ALERT"), "mai");
	run(w, 30);
	assert_string_equal(told(w, "ALERT"), "linh");
	assert_true(sees(w, "VHXH"));
	assert_false(sees(w, "TRIAGE"));
	run(w, 30);
	assert_string_equal(told(w, "ALERT"), "ba");
	assert_true(sees(w, "TRIAGE"));
	run(w, 60);
	assert_string_equal(told(w, "ALERT"), "lan,ba,linh");
	run(w, 60);
	assert_string_equal(told(w, "ALERT"), "lan,ba,linh");
	assert_false(sees(w, "RECOVERY"));
	steps_claim(w, &w->lan, steps_latest(w), 0);
	run(w, 180);
	assert_string_equal(told(w, "ALERT"), "");
}

/* The person on duty has no number: his deputy, or TRIAGE, hears of it. */
static void
test_r28_nobody_is_told_in_vain(void **state)
{
	static const struct person lan = {"lan", "HPN", NULL};
	static const struct person an = {"an", "CAX", NULL};
	struct world *w = *state;
	struct duty_op op = {.world = w, .person = &lan};

	roster(w);
	world_expect(w, 0, op_phone, &op);
	op.person = &an;
	world_expect(w, 0, op_phone, &op);
	world_receive(w, NUMBER, "cuu");
	assert_string_equal(told(w, "ALERT"), "ba,mai");
}

/* U0, and nobody looks: at once, then every 5 minutes; night or not. */
static void
test_r28_emergency_waits_for_no_morning(void **state)
{
	struct world *w = *state;

	world_set_minute(w, 2 * 60);
	roster(w);
	world_receive(w, NUMBER, "cuu");
	assert_string_equal(told(w, "ALERT"), "an,lan");
	run(w, 6);
	assert_string_equal(told(w, "ALERT"), "an,lan");
	run(w, 5);
	assert_string_equal(told(w, "ALERT"), "an,mai");
	run(w, 5); /* no second agency on this ladder: TRIAGE */
	assert_string_equal(told(w, "ALERT"), "ba");
	assert_true(sees(w, "TRIAGE"));
	run(w, 5);
	assert_string_equal(told(w, "ALERT"), "an,lan,ba");
	run(w, 15);
	assert_string_equal(told(w, "ALERT"), "an,lan,ba");
}

static void
test_watched_queue_needs_no_text_at_once(void **state)
{
	struct world *w = *state;

	/* later than any other test here lives */
	world_advance(w, 1000 * HOUR);
	roster(w);
	escalate_watched("HPN");
	world_receive(w, NUMBER, "cuu");
	assert_string_equal(told(w, "ALERT"), "an"); /* nobody of CAX looks */
	escalate_watched("CAX");
	escalate_watched("HPN");
	world_receive(w, "+84900000002", "cuu");
	assert_string_equal(told(w, "ALERT"), "");
	world_advance(w, 91);
	world_receive(w, "+84900000003", "cuu");
	assert_string_equal(told(w, "ALERT"), "lan");
}

/* Somebody in danger writes into a case that has its handler. */
static void
test_danger_alerts_who_has_it(void **state)
{
	struct world *w = *state;

	roster(w);
	world_receive(w, NUMBER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	world_receive(w, NUMBER, "giup toi");
	assert_string_equal(told(w, "ALERT"), "");
	world_receive(w, NUMBER, "giup no cam dao");
	assert_string_equal(told(w, "ALERT"), "lan");
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
		duty(w, "TRIAGE", "ba", "");
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
		run(w, 0);
		assert_string_equal(told(w, "ALERT"), "");
		run(w, 2);
		assert_string_equal(told(w, "ALERT"), "ba");
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

	duty(w, "HPN", "lan", "");
	duty(w, "CAX", "an", "");
	for (i = 0; i < 40; i++) {
		assert_int_equal(
		    str_printf(number, sizeof(number), "+849000020%02d", i), 0);
		world_receive(w, number, "cuu");
	}
	assert_string_equal(told(w, "ALERT"), "an,lan"); /* the first */
	run(w, 2);
	slots = world_text(w, "SELECT slots FROM message WHERE staff_box IS NOT"
			      " NULL LIMIT 1");
	assert_non_null(strstr(slots, "\"queue\":\"CAX,HPN\""));
	assert_non_null(strstr(slots, "\"urgency\":\"U0\""));
	assert_non_null(strstr(slots, " +38\""));
	assert_null(strstr(slots, "+84"));
	assert_true(strlen(slots) < 70);
	free(slots);
	assert_string_equal(told(w, "ALERT"), "an,lan");
	for (i = 0; i < 60; i++) { /* all wait still: again and again */
		run(w, 1);
		n += strstr(told(w, "ALERT"), "lan") != NULL;
	}
	assert_in_range(n, 3, 24); /* of hundreds */
}

static void
test_nobody_on_duty_is_told_and_does_no_harm(void **state)
{
	struct world *w = *state;

	world_receive(w, NUMBER, "cuu");
	run(w, 60);
	assert_string_equal(told(w, "ALERT"), "");
	assert_true(sees(w, "TRIAGE"));
	duty(w, "TRIAGE", "ba", ""); /* stands in for every agency */
	run(w, 16);
	assert_non_null(strstr(told(w, "ALERT"), "ba"));
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
		world_expect(w, TC_EINVAL, op_duty, &op);
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

	duty(w, "HPN", "lan", "");
	now = clock_now();
	op.wish = (struct duty_wish){
	    "HPN", "mai", "", now + 10 * HOUR, now + 20 * HOUR};
	world_expect(w, 0, op_duty, &op);
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 1);
	assert_int_equal(users[0], w->lan.id);
	world_advance(w, 11 * HOUR);
	assert_int_equal(duty_users(&w->core, "HPN", DUTY_PERSON, users), 2);
	assert_int_equal(users[0], 77);
	assert_int_equal(users[1], w->lan.id);
	op.user = steps_other;
	world_expect(w, 1, op_take, &op);
	world_expect(w, 0, op_take, &op); /* it is his already */
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

	roster(w);
	world_receive(w, NUMBER, "giup");
	steps_claim(w, &w->lan, steps_latest(w), 0);
	world_expect(w, 1, op_revoke, w);
	assert_int_equal(desk_get(&w->core, "HPN", steps_latest(w), &k), 0);
	assert_string_equal(k.claimed_by, "mai");
	assert_string_equal(k.state, "claimed");
	assert_string_equal(told(w, "ALERT"), "mai");
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
	roster(w);
	world_expect(w, 0, op_plan, w);
	run(w, 59);
	assert_string_equal(told(w, "HEARTBEAT"), "");
	run(w, 1);
	slots = world_text(w, "SELECT slots FROM message WHERE template ="
			      " 'HEARTBEAT' LIMIT 1");
	assert_int_equal(strncmp(slots, "{\"date\":\"", 9), 0);
	free(slots);
	assert_string_equal(told(w, "HEARTBEAT"), "linh,an,lan,mai,ba");
	for (day = 0; day < 3; day++) {
		world_advance(w, 23 * HOUR);
		run(w, 60);
		assert_string_equal(told(w, "HEARTBEAT"), "linh,an,lan,mai,ba");
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

	roster(w);
	duty(w, "UBND", "chu", "");
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
		run(w, 1);
		assert_string_equal(told(w, "ALERT"), "");
		run(w, 2);
		assert_string_equal(told(w, "ALERT"), "lan,chu");
		run(w, 117);
		assert_string_equal(told(w, "ALERT"), "");
		run(w, 4);
		assert_string_equal(told(w, "ALERT"), "lan,chu");
		legal(w, &w->lan, clocks[i].stop, 0);
		world_advance(w, 13 * HOUR);
		run(w, 3);
		assert_string_equal(told(w, "ALERT"), "");
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event WHERE"
					" act = 'clock_overdue'"),
	    TC_NELEM(clocks));
	legal(w, &w->lan, "requested", 0);
	legal(w, &w->lan, "decided", 0); /* in time: nobody is texted */
	world_advance(w, 13 * HOUR);
	run(w, 3);
	assert_string_equal(told(w, "ALERT"), "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, world_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_r28_urgent_goes_up_the_ladder),
	    TEST(test_r28_nobody_is_told_in_vain),
	    TEST(test_r28_emergency_waits_for_no_morning),
	    TEST(test_watched_queue_needs_no_text_at_once),
	    TEST(test_danger_alerts_who_has_it),
	    TEST(test_what_can_wait_waits_for_the_office),
	    TEST(test_r16_alerts_are_merged_and_capped),
	    TEST(test_nobody_on_duty_is_told_and_does_no_harm),
	    TEST(test_m12_who_may_be_on_duty),
	    TEST(test_m12_hand_over),
	    TEST(test_m12_cases_of_who_is_revoked_go_to_the_deputy),
	    TEST(test_daily_text_to_everybody_on_duty),
	    TEST(test_twelve_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
