/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Too much: of everybody at once, of one text, of one question. Alerts are
 * grouped, nothing that came is left out, and an emergency is heard all the
 * same. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "clock.h"
#include "desk/flood.h"
#include "duty_steps.h"
#include "intake/content.h"
#include "intake/workdays.h"

#define HER "+84900000001"
#define DAY (24 * HOUR)
#define ITEMS "SELECT count(*) FROM case_item"
#define CASES "SELECT count(*) FROM \"case\""

/* The same text from so many numbers, the first of which is named. */
static void
many(struct world *w, int first, int n, const char *text)
{
	char number[20];

	for (; n > 0; n--, first++) {
		assert_int_equal(
		    str_printf(number, sizeof(number), "+849000%05d", first),
		    0);
		world_receive(w, number, text);
	}
}

static bool
is_on(struct world *w)
{
	struct flood_info info;

	flood_get(&w->core, &info);
	assert_true((info.since != 0) == info.is_on);
	return info.is_on;
}

/* --- everybody at once --- */

static void
test_begins_once_and_ends(void **state)
{
	struct world *w = *state;
	struct flood_info info;

	steps_roster(w);
	many(w, 10000, 29, "gop y cau hong");
	assert_false(is_on(w));
	steps_run(w, 2); /* those are of another minute */
	many(w, 10100, 29, "gop y cau hong");
	assert_false(is_on(w));
	assert_string_equal(steps_told(w, "FLOOD"), "");
	many(w, 10200, 1, "gop y cau hong");
	assert_true(is_on(w));
	flood_get(&w->core, &info);
	assert_int_equal(info.last_minute, 30);
	assert_string_equal(steps_told(w, "FLOOD"), "linh,an,lan,mai,ba");
	steps_run(w, 5);
	many(w, 10300, 60,
	    "gop y cau hong"); /* it goes on: nobody is told again */
	steps_run(w, 9);
	assert_true(is_on(w));
	steps_run(w, 2);
	assert_false(is_on(w));
	assert_string_equal(steps_told(w, "FLOOD"), "");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM due WHERE kind = 8"), 0);
	many(w, 10400, 30, "gop y cau hong");
	assert_true(is_on(w));
	assert_string_equal(steps_told(w, "FLOOD"), "linh,an,lan,mai,ba");
}

/* A clock that is set back makes no flood of the texts before, and holds none
 * on for ever. */
static void
test_clock_set_back(void **state)
{
	struct world *w = *state;

	many(w, 10000, 29, "gop y cau hong");
	world_advance(w, -2 * HOUR);
	many(w, 10100, 2, "gop y cau hong");
	assert_false(is_on(w));
	many(w, 10200, 28, "gop y cau hong");
	assert_true(is_on(w));
	world_advance(w, -2 * HOUR);
	many(w, 10300, 1, "gop y cau hong");
	assert_false(is_on(w));
}

static void
test_nothing_is_dropped(void **state)
{
	struct world *w = *state;

	many(w, 10000, 200, "giup");
	assert_true(is_on(w));
	assert_int_equal(world_count(w, CASES), 200);
	assert_int_equal(world_count(w, ITEMS), 200);
}

/* The second of two urgent cases that nobody took waits for its turn; what was
 * late before the flood was told at once. */
static void
test_alerts_are_grouped(void **state)
{
	struct world *w = *state;

	steps_roster(w);
	world_receive(w, HER, "giup");
	steps_run(w, 6);
	world_receive(w, "+84900000002", "giup");
	steps_run(w, 23);
	many(w, 10000, 30, "gop y cau hong");
	(void)steps_told(w, "FLOOD");
	steps_run(w, 2);
	assert_string_equal(steps_told(w, "ALERT"), "lan");
	steps_run(w, 6); /* 37 minutes: the second is late */
	assert_string_equal(steps_told(w, "ALERT"), "");
	many(w, 10100, 30, "gop y cau hong");
	steps_run(w, 7);
	assert_string_equal(steps_told(w, "ALERT"), "");
	steps_run(w, 2); /* 15 minutes after the first */
	assert_string_equal(steps_told(w, "ALERT"), "lan");
}

/* And without one it does not wait: the test above could fail. */
static void
test_alerts_without_a_flood(void **state)
{
	struct world *w = *state;

	steps_roster(w);
	world_receive(w, HER, "giup");
	steps_run(w, 6);
	world_receive(w, "+84900000002", "giup");
	steps_run(w, 25);
	assert_string_equal(steps_told(w, "ALERT"), "lan");
	steps_run(w, 6);
	assert_string_equal(steps_told(w, "ALERT"), "lan");
}

/* U0 of somebody who never wrote before waits for no flood, and what waited goes
 * with it. */
static void
test_emergency_alerts_in_a_flood(void **state)
{
	struct world *w = *state;
	char *slots;

	steps_roster(w);
	world_receive(w, HER, "giup");
	steps_run(w, 6);
	world_receive(w, "+84900000002", "giup");
	steps_run(w, 23);
	many(w, 10000, 30, "gop y cau hong");
	steps_run(w, 8);
	(void)steps_told(w, "ALERT"); /* of the first */
	assert_true(is_on(w));
	world_receive(w, "+84900000003", "cuu");
	slots = world_text(w, "SELECT group_concat(slots) FROM message WHERE"
			      " template = 'ALERT'");
	assert_non_null(strstr(slots, "\"urgency\":\"U0\""));
	assert_non_null(strstr(slots, " +1\""));
	free(slots);
	assert_string_equal(steps_told(w, "ALERT"), "an,lan");
}

/* An hour of emergencies, one a minute: whoever had his share of texts is still
 * texted every five minutes. */
static void
test_emergencies_outlast_the_share_of_the_hour(void **state)
{
	struct world *w = *state;
	int minute, quiet = 0, n = 0;

	steps_roster(w);
	for (minute = 0; minute < 60; minute++) {
		many(w, 20000 + minute, 1, "cuu");
		quiet++;
		if (strstr(steps_told(w, "ALERT"), "an") != NULL) {
			quiet = 0;
			n++;
		}
		if (quiet > 6)
			fail_msg("minute %d: silence", minute);
		steps_run(w, 1);
	}
	assert_in_range(n, 12, 30);
}

/* One reply to a number for what somebody reads, and each emergency has its own;
 * information is given as ever. */
static void
test_replies_in_a_flood(void **state)
{
	static const char *const texts[] = {
	    "giup", "giup toi", "y te", "cuu", "giup em, no cam dao"};
	struct world *w = *state;
	char *got;
	size_t i;

	many(w, 10000, 30, "gop y cau hong");
	assert_int_equal(world_sql(w, "DELETE FROM message"), SQLITE_OK);
	for (i = 0; i < TC_NELEM(texts); i++)
		world_receive(w, HER, texts[i]);
	got = world_text(w, "SELECT group_concat(template, ' ') FROM (SELECT"
			    " template FROM message ORDER BY id)");
	assert_string_equal(got, "N1 HEALTH N2 N1");
	free(got);
}

/* --- the same text --- */

/* The first three are kept, the rest is a line of the ledger each; another text,
 * and another number, are news. */
static void
test_same_text_is_kept_three_times(void **state)
{
	struct world *w = *state;
	int i;

	steps_roster(w);
	for (i = 0; i < 10; i++)
		world_receive(w, HER, "cuu em voi, no cam dao");
	assert_int_equal(world_count(w, CASES), 1);
	assert_int_equal(world_count(w, ITEMS), 3);
	assert_int_equal(world_count(w, "SELECT items FROM \"case\""), 3);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_event"
					" WHERE act = 'same'"),
	    7);
	world_receive(w, HER, "cuu");
	assert_int_equal(world_count(w, ITEMS), 4);
	world_receive(w, "+84900000002", "cuu em voi, no cam dao");
	assert_int_equal(world_count(w, ITEMS), 5);
	assert_int_equal(world_count(w, CASES), 2);
}

/* Where there is no case to count it in, it makes one. */
static void
test_same_text_is_never_lost(void **state)
{
	struct world *w = *state;
	int i;

	for (i = 0; i < 5; i++)
		world_receive(w, HER, "y te"); /* opens none */
	assert_int_equal(world_count(w, CASES), 0);
	for (i = 0; i < 5; i++) {
		world_receive(w, HER, "giup");
		assert_int_equal(
		    world_sql(w, "DELETE FROM \"case\""), SQLITE_OK);
	}
	world_receive(w, HER, "giup");
	assert_int_equal(world_count(w, ITEMS), 1);
}

/* --- the same question --- */

/* Who wants to know where women go: texts of one number, at which day; marked
 * after the last of them? */
static const struct {
	const char *name;
	struct {
		const char *text;
		int day;
	} said[4];
	bool is_marked;
} asks[] = {
    {"once", {{"nha", 0}}, false},
    {"twice", {{"nha", 0}, {"5", 1}}, false},
    {"three times", {{"nha", 0}, {"5", 1}, {"tam lanh", 2}}, true},
    {"and when to call", {{"nha", 0}, {"goi 9", 0}, {"o nha me", 1}}, false},
    {"something else", {{"nha", 0}, {"giup", 1}, {"giup", 2}}, false},
    {"not in one week", {{"nha", 0}, {"nha", 8}, {"nha", 9}}, false},
    {"in the last week", {{"nha", 0}, {"nha", 8}, {"nha", 9}, {"5", 14}}, true},
    {"help again and again", {{"giup", 0}, {"giup", 1}, {"giup", 2}}, false},
};

static void
test_who_asks_again_and_again_is_marked(void **state)
{
	struct world w;
	size_t i, k;
	int day;

	(void)state;
	for (i = 0; i < TC_NELEM(asks); i++) {
		world_open(&w);
		day = 0;
		for (k = 0; k < 4 && asks[i].said[k].text != NULL; k++) {
			world_advance(&w, (asks[i].said[k].day - day) * DAY);
			day = asks[i].said[k].day;
			world_receive(&w, HER, asks[i].said[k].text);
		}
		if ((world_count(&w, CASES " WHERE repeated") == 1) !=
			asks[i].is_marked ||
		    (world_count(&w, "SELECT count(*) FROM case_event WHERE"
				     " act = 'repeated'") == 1) !=
			asks[i].is_marked)
			fail_msg("%s", asks[i].name);
		world_close(&w);
	}
}

static const struct user dao = {.id = 83, .name = "dao", .agency = "DCTC"};
#define ALERTS_OF_DAO "SELECT count(*) FROM alert WHERE user_id = 83"

/* Whoever is on duty is texted once; then whoever has the case; and the queue
 * shows it. */
static void
test_mark_is_told(void **state)
{
	struct world *w = *state;
	struct desk_case k;

	steps_roster(w);
	assert_int_equal(
	    world_sql(w, "INSERT INTO user VALUES(83, 'dao', 'DCTC', 8, 'x', 0,"
			 " NULL)"),
	    SQLITE_OK);
	world_receive(w, HER, "nha");
	world_receive(w, HER, "tam lanh");
	assert_string_equal(steps_told(w, "ALERT"), "");
	world_receive(w, HER, "dctc");
	/* nobody is on duty in DCTC */
	assert_string_equal(steps_told(w, "ALERT"), "ba");
	world_receive(w, HER, "tin cay");
	assert_string_equal(steps_told(w, "ALERT"), "");
	assert_int_equal(desk_get(&w->core, "DCTC", steps_latest(w), &k), 0);
	assert_true(k.repeated);
	steps_claim(w, &dao, steps_latest(w), 0);
	steps_close(w, &dao, steps_latest(w), 0);
	world_advance(w, 8 * DAY);
	world_receive(w, HER, "nha");
	assert_int_equal(desk_get(&w->core, "DCTC", steps_latest(w), &k), 0);
	assert_false(k.repeated); /* another time */
	steps_claim(w, &dao, steps_latest(w), 0);
	world_receive(w, HER, "tam lanh");
	assert_int_equal(world_count(w, ALERTS_OF_DAO), 0);
	world_receive(w, HER, "nha");
	assert_int_equal(world_count(w, ALERTS_OF_DAO), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    DUTY_TEST(test_begins_once_and_ends),
	    WORLD_TEST(test_clock_set_back),
	    WORLD_TEST(test_nothing_is_dropped),
	    DUTY_TEST(test_alerts_are_grouped),
	    DUTY_TEST(test_alerts_without_a_flood),
	    DUTY_TEST(test_emergency_alerts_in_a_flood),
	    DUTY_TEST(test_emergencies_outlast_the_share_of_the_hour),
	    WORLD_TEST(test_replies_in_a_flood),
	    DUTY_TEST(test_same_text_is_kept_three_times),
	    WORLD_TEST(test_same_text_is_never_lost),
	    cmocka_unit_test(test_who_asks_again_and_again_is_marked),
	    DUTY_TEST(test_mark_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
