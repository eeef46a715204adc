/* SPDX-License-Identifier: GPL-2.0-or-later */
/* People who dial in: what they choose is a case at once and once, whatever
 * becomes of the session; a dropped session is taken up by the same number and
 * by nobody else. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "intake/ussd.h"
#include "world.h"

#define HER "0900000011"
#define HIM "0900000012"

struct step_op {
	struct world *world;
	struct ussd_step step;
	char screen[MENU_SCREEN_MAX];
	bool more;
};

static int
op_step(void *arg)
{
	struct step_op *op = arg;

	return ussd_take_step(
	    &op->world->core, &op->step, op->screen, &op->more);
}

static int64_t now_s; /* by the monotonic clock of the steps */

static struct step_op
step(struct world *w, const char *session, const char *number, const char *text)
{
	struct step_op op = {.world = w,
	    .step = {.session = session,
		.number = number,
		.text = text,
		.mono_ms = now_s * 1000}};

	world_expect(w, 0, op_step, &op);
	return op;
}

#define ITEMS "SELECT count(*) FROM case_item"
#define CASES "SELECT count(*) FROM \"case\""

static void
test_request_is_kept_at_once(void **state)
{
	struct world *w = *state;
	struct step_op op;

	op = step(w, "s1", HER, "");
	assert_true(op.more);
	assert_non_null(strstr(op.screen, "1 "));
	assert_null(strstr(op.screen, "8 "));
	assert_int_equal(world_count(w, CASES), 0);
	op = step(w, "s1", HER, "1");
	assert_true(op.more);
	/* the session may die here */
	assert_int_equal(world_count(w, CASES), 1);
	assert_int_equal(world_count(w, ITEMS), 1);
	assert_int_equal(
	    world_count(
		w, "SELECT count(*) FROM case_item WHERE kind = 'ussd'"),
	    1);
	/* nothing is sent: it leaves no trace on the phone */
	assert_int_equal(world_count(w, "SELECT count(*) FROM message"), 0);
}

/* The whole path comes with every step, and a gateway may ask twice. */
static void
test_request_is_kept_once(void **state)
{
	struct world *w = *state;
	struct step_op op;

	(void)step(w, "s1", HER, "1");
	(void)step(w, "s1", HER, "1");
	assert_int_equal(world_count(w, ITEMS), 1);
	op = step(w, "s1", HER, "1*9");
	assert_false(op.more);
	assert_int_equal(world_count(w, ITEMS), 2);
	(void)step(w, "s1", HER, "1*9");
	assert_int_equal(world_count(w, ITEMS), 2);
	world_restart(w);
	(void)step(w, "s1", HER, "1*9");
	assert_int_equal(world_count(w, ITEMS), 2);
	/* another session is another wish */
	(void)step(w, "s2", HER, "1");
	assert_int_equal(world_count(w, ITEMS), 3);
	assert_int_equal(world_count(w, CASES), 1);
}

static void
test_dropped_session_is_taken_up(void **state)
{
	struct world *w = *state;
	struct step_op op;

	(void)step(w, "s1", HER, "1");
	op = step(w, "s2", HIM, "");
	assert_null(strstr(op.screen, "8 "));
	op = step(w, "s3", HER, "");
	assert_non_null(strstr(op.screen, "8 "));
	op = step(w, "s3", HER, "8");
	assert_non_null(strstr(op.screen, "gio"));  /* where she was */
	assert_int_equal(world_count(w, ITEMS), 1); /* not filed again */
	op = step(w, "s3", HER, "8*9");
	assert_false(op.more);
	assert_int_equal(world_count(w, ITEMS), 2);
	/* it is over now */
	op = step(w, "s4", HER, "");
	assert_null(strstr(op.screen, "8 "));
	op = step(w, "s4", HER, "8");
	assert_true(op.more);
	assert_non_null(strstr(op.screen, "1 "));
}

/* 0 is the end: whoever dials again with her phone finds nothing. */
static void
test_left_session_is_gone(void **state)
{
	struct world *w = *state;
	struct step_op op;

	(void)step(w, "s1", HER, "1");
	op = step(w, "s1", HER, "1*0");
	assert_false(op.more);
	op = step(w, "s2", HER, "");
	assert_null(strstr(op.screen, "8 "));
}

/* A session that was silent for three minutes is over, here as well, and what is
 * typed then is not taken: it may be another hand. */
static void
test_silent_session_is_over(void **state)
{
	struct world *w = *state;
	struct step_op op;

	(void)step(w, "s1", HER, "");
	now_s += USSD_IDLE_S;
	op = step(w, "s1", HER, "1"); /* just in time */
	assert_true(op.more);
	assert_int_equal(world_count(w, ITEMS), 1);
	now_s += USSD_IDLE_S;
	op = step(w, "s2", HER, ""); /* may still be taken up */
	assert_non_null(strstr(op.screen, "8 "));
	now_s += 1;
	op = step(w, "s1", HER, "1*9");
	assert_false(op.more);
	assert_string_equal(op.screen, "Cam on. Chao ban.");
	assert_int_equal(world_count(w, ITEMS), 1); /* no hour was filed */
	now_s += 1;
	op = step(w, "s3", HER, "");
	assert_null(strstr(op.screen, "8 ")); /* what is over is over */
}

/* The place of a session in the table is found again, and a table that is full
 * forgets whoever was silent longest. */
static void
test_many_sessions(void **state)
{
	struct world *w = *state;
	struct step_op op;
	char *session;
	int i;

	(void)step(w, "mine", HER, "2");
	now_s++;
	for (i = 0; i < 300; i++) {
		session = xasprintf("other%d", i);
		(void)step(w, session, HIM, "");
		free(session);
	}
	op = step(w, "mine2", HER, "");
	assert_null(strstr(op.screen, "8 "));
	/* the path is told anew with each step: nothing is lost, or filed twice */
	op = step(w, "mine", HER, "2*9");
	assert_false(op.more);
	assert_int_equal(world_count(w, ITEMS), 2);
}

/* The gateway says that it is over: known or not, in time or twice, nothing is
 * filed by it, and she may go on where she was. */
static void
test_notice_of_the_end(void **state)
{
	struct world *w = *state;
	struct step_op op;

	ussd_end(&w->core, "nobody");
	(void)step(w, "s1", HER, "1");
	ussd_end(&w->core, "s1");
	ussd_end(&w->core, "s1");
	assert_int_equal(world_count(w, ITEMS), 1);
	op = step(w, "s2", HER, "");
	assert_non_null(strstr(op.screen, "8 "));
	op = step(w, "s2", HER, "8*9");
	assert_false(op.more);
	ussd_end(&w->core, "s2");
	op = step(w, "s3", HER, "");
	assert_null(strstr(op.screen, "8 "));
}

/* What followed "8" meant something else in the session that was forgotten. */
static void
test_forgotten_session_ends(void **state)
{
	struct world *w = *state;
	struct step_op op;

	(void)step(w, "s1", HER, "2");
	(void)step(w, "s2", HER, "");
	(void)step(w, "s2", HER, "8");
	assert_int_equal(world_count(w, ITEMS), 1);
	world_restart(w);
	op = step(w, "s2", HER, "8*1");
	assert_false(op.more);
	assert_int_equal(world_count(w, ITEMS), 1);
}

/* THOI was said on this phone; who asks again is heard. */
static void
test_hushed_is_heard_again(void **state)
{
	struct world *w = *state;

	world_receive(w, HER, "giup");
	world_receive(w, HER, "thoi");
	(void)step(w, "s1", HER, "1");
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM contact WHERE NOT hushed"), 1);
}

static void
test_no_path(void **state)
{
	struct world *w = *state;
	struct step_op op = {.world = w,
	    .step = {.session = "s1", .number = HER, .text = "1*x"}};

	world_expect(w, TC_EINVAL, op_step, &op);
	assert_int_equal(world_count(w, ITEMS), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_request_is_kept_at_once),
	    WORLD_TEST(test_request_is_kept_once),
	    WORLD_TEST(test_dropped_session_is_taken_up),
	    WORLD_TEST(test_left_session_is_gone),
	    WORLD_TEST(test_silent_session_is_over),
	    WORLD_TEST(test_many_sessions),
	    WORLD_TEST(test_notice_of_the_end),
	    WORLD_TEST(test_forgotten_session_ends),
	    WORLD_TEST(test_hushed_is_heard_again),
	    WORLD_TEST(test_no_path),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
