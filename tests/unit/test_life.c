/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of a modem: held by hand and for failures, resumed, what is told of
 * it and when. The children are played by the test. */
#include "config.h"

#include "unit.h"
#include "radio_steps.h"

static int
op_hold(void *arg)
{
	struct pool *p = arg;

	return radio_hold(p->radio, "m1");
}

static int
op_resume(void *arg)
{
	struct pool *p = arg;

	return radio_resume(p->radio, "m1");
}

static int
op_hold_and_fail(void *arg)
{
	assert_int_equal(op_hold(arg), 0);
	return TC_EINVAL;
}

static void
test_held_by_hand_over_a_restart(void **state)
{
	struct pool *p = *state;
	enum ml_type types[8];

	steps_up(p, 0);
	steps_turn(p);
	world_expect(&p->world, 0, op_hold, p);
	steps_expect(p, 0, MODEM_HELD, "by_hand");
	assert_int_equal(steps_frames(p, 0, types), 1);
	assert_int_equal(types[0], ML_STOP);
	world_expect(&p->world, TC_ESTATE, op_hold, p);
	steps_end(p, 0);
	steps_expect(p, 0, MODEM_HELD, "by_hand");
	steps_restart(p);
	steps_expect(p, 0, MODEM_HELD, "by_hand");
	steps_expect(p, 1, MODEM_ABSENT, "");
	steps_turn(p);
	steps_told(p, "m1 held on\n");
	world_expect(&p->world, 0, op_resume, p);
	steps_expect(p, 0, MODEM_BACKOFF, "resume");
	assert_true(event_pending(p->radio->modems[0].again, EV_TIMEOUT, NULL));
	world_expect(&p->world, TC_ESTATE, op_resume, p);
	steps_turn(p);
	steps_told(p, "m1 held off\nm1 sim_changed off\n");
}

/* What is on the air is finished and settled although it is held. */
static void
test_held_in_the_middle_of_a_send(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);
	struct ml_result result = {.outcome = ML_SENT, .tp_mr = 5};
	int64_t message;

	message = steps_reply(
	    &p->world, steps_contact(&p->world, "+84900000001"), LANE_REPLY);
	steps_turn(p);
	assert_int_equal(m->state, MODEM_BUSY);
	world_expect(&p->world, 0, op_hold, p);
	send_on_result(m, (uint64_t)m->in_flight, &result);
	steps_end(p, 0);
	steps_turn(p);
	steps_expect_message(&p->world, message, "sent");
	steps_expect(p, 0, MODEM_HELD, "by_hand");
}

/* A modem that goes, for whatever reason, is given nothing more; what it had not
 * begun is queued again, and what it had begun is uncertain. */
static void
check_last_words(struct pool *p, int64_t contact, enum ml_gone why)
{
	struct ml_gone_body gone = {.why = (uint8_t)why};
	struct ml_result result = {.outcome = ML_NOT_BEGUN, .tp_mr = -1};
	struct modem *m = steps_up(p, 0);
	enum ml_type types[8];
	int64_t message;

	message = steps_reply(&p->world, contact, LANE_REPLY);
	steps_turn(p);
	assert_int_equal(m->state, MODEM_BUSY);
	(void)steps_frames(p, 0, types);
	if (why == ML_GONE_STOPPED)
		child_stop(m, "shutdown");
	else
		steps_say(p, 0, ML_GONE, 0, &gone);
	assert_int_equal(steps_frames(p, 0, types), 1);
	assert_int_equal(types[0], ML_STOP);
	steps_say(p, 0, ML_RESULT, (uint64_t)m->in_flight, &result);
	steps_turn(p);
	steps_expect_message(&p->world, message, "queued");
	steps_end(p, 0);
	steps_turn(p);
	steps_expect_message(&p->world, message, "queued");

	steps_up(p, 0);
	steps_turn(p); /* the first one again */
	assert_int_equal(m->state, MODEM_BUSY);
	if (why == ML_GONE_STOPPED)
		child_stop(m, "shutdown");
	else
		steps_say(p, 0, ML_GONE, 0, &gone);
	steps_end(p, 0);
	steps_turn(p);
	steps_expect_message(&p->world, message, "uncertain");
}

static void
test_not_begun_is_queued_again(void **state)
{
	struct pool *p = *state;
	int64_t contact = steps_contact(&p->world, "+84900000001");

	check_last_words(p, contact, ML_GONE_STOPPED);
	check_last_words(p, contact, ML_GONE_NO_DEVICE);
	check_last_words(p, contact, ML_GONE_MODEM_ERROR);
}

/* One that was killed may say what it likes. */
static void
test_word_of_a_killed_child(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);
	struct ml_result result = {.outcome = ML_NOT_BEGUN, .tp_mr = -1};
	int64_t message;

	message = steps_reply(
	    &p->world, steps_contact(&p->world, "+84900000001"), LANE_REPLY);
	steps_turn(p);
	child_kill(m, "deadline");
	steps_say(p, 0, ML_RESULT, (uint64_t)m->in_flight, &result);
	steps_end(p, 0);
	steps_turn(p);
	steps_expect_message(&p->world, message, "uncertain");
}

/* The child hangs in a question, or gives it up: twice without an answer in
 * between, and it is not asked again. */
static void
hang_in(struct pool *p, enum ml_step step, bool is_killed)
{
	struct modem *m = steps_up(p, 0);

	steps_step(p, 0, step);
	if (is_killed) {
		assert_true(event_pending(m->step_timer, EV_TIMEOUT, NULL));
		steps_fire(p, m->step_timer);
		steps_expect(p, 0, MODEM_KILLING, "hung");
		steps_end(p, 0);
	} else
		steps_gone(p, 0, ML_GONE_MODEM_ERROR, false);
	assert_false(event_pending(m->step_timer, EV_TIMEOUT, NULL));
	m->nends = 0;
}

static void
test_question_that_hangs(void **state)
{
	struct pool *p = *state;
	struct modem *m = &p->radio->modems[0];
	struct ml_config config;

	hang_in(p, ML_STEP_SIGNAL, true);
	assert_int_equal(m->row.skip, 0);
	steps_up(p, 0);
	steps_step(p, 0, ML_STEP_SIGNAL);
	life_on_success(m);              /* says nothing of the question */
	steps_step(p, 0, ML_STEP_STORE); /* it was answered */
	steps_step(p, 0, ML_STEP_NONE);
	steps_end(p, 0);
	hang_in(p, ML_STEP_SIGNAL, true);
	assert_int_equal(m->row.skip, 0);
	life_on_success(m);
	hang_in(p, ML_STEP_SIGNAL, false);
	assert_int_equal(m->row.skip, ML_SKIP(ML_STEP_SIGNAL));
	hang_in(p, ML_STEP_READ, true); /* nothing works without that one */
	hang_in(p, ML_STEP_READ, true);
	assert_int_equal(m->row.skip, ML_SKIP(ML_STEP_SIGNAL));
	steps_restart(p);
	steps_starting(p, 0);
	assert_true(steps_config(p, 0, &config));
	assert_int_equal(config.skip, ML_SKIP(ML_STEP_SIGNAL));
}

/* Before the keys are set up nothing starts, whoever resumes it. */
static void
test_resumed_before_the_pool_was_started(void **state)
{
	struct pool *p = *state;

	p->radio->is_started = false;
	world_expect(&p->world, 0, op_hold, p);
	world_expect(&p->world, 0, op_resume, p);
	steps_expect(p, 0, MODEM_ABSENT, "");
	assert_false(
	    event_pending(p->radio->modems[0].again, EV_TIMEOUT, NULL));
}

static void
test_resumed_before_it_was_gone(void **state)
{
	struct pool *p = *state;

	steps_up(p, 0);
	world_expect(&p->world, 0, op_hold, p);
	world_expect(&p->world, 0, op_resume, p);
	steps_expect(p, 0, MODEM_KILLING, "resume");
	steps_end(p, 0);
	steps_expect(p, 0, MODEM_BACKOFF, "resume");
	assert_int_equal(p->radio->modems[0].failures, 0);
}

static void
test_hold_that_was_not_kept(void **state)
{
	struct pool *p = *state;

	steps_up(p, 0);
	world_expect(&p->world, TC_EINVAL, op_hold_and_fail, p);
	steps_expect(p, 0, MODEM_READY, "");
	world_expect(&p->world, 0, op_hold, p); /* it is not held yet */
}

static void
test_no_such_modem(void **state)
{
	struct pool *p = *state;

	assert_int_equal(radio_hold(p->radio, "m9"), TC_ENOENT);
	assert_int_equal(radio_resume(p->radio, "m9"), TC_ENOENT);
	assert_int_equal(radio_resume(p->radio, "m1"), TC_ESTATE);
}

/* Five ends in a row: held, tried once, held again, and well when it has sent
 * something. */
static void
test_modem_that_fails_is_held(void **state)
{
	struct pool *p = *state;
	struct modem *m = &p->radio->modems[0];
	struct timeval left, now;
	int i;

	for (i = 0; i < 5; i++) {
		assert_int_not_equal(m->state, MODEM_HELD);
		steps_up(p, 0);
		child_kill(m, "protocol");
		steps_end(p, 0);
	}
	steps_expect(p, 0, MODEM_HELD, "failing");
	assert_true(event_pending(m->again, EV_TIMEOUT, &left));
	assert_int_equal(event_base_gettimeofday_cached(p->base, &now), 0);
	assert_true(left.tv_sec - now.tv_sec > 1700);
	steps_turn(p);
	steps_told(p, "m1 down on\nm1 held on\nm1 pin off\nm1 puk off\n");
	for (i = 0; i < 5; i++) /* half an hour later */
		m->ends[i] -= 2000 * 1000;
	steps_up(p, 0); /* the trial */
	steps_turn(p);
	steps_told(p, "m1 down off\n");
	child_kill(m, "protocol");
	steps_end(p, 0);
	steps_expect(p, 0, MODEM_HELD, "failing");
	steps_up(p, 0);
	life_on_success(m);
	steps_turn(p);
	steps_told(p, "m1 held off\n");
	child_kill(m, "protocol");
	steps_end(p, 0);
	steps_expect(p, 0, MODEM_BACKOFF, "protocol");
}

/* Neither a missing device nor a full disk is a fault of the modem. */
static void
test_ends_that_do_not_count(void **state)
{
	static const struct ml_gone_body gone = {.why = ML_GONE_NO_DEVICE};
	struct pool *p = *state;
	struct modem *m = &p->radio->modems[0];
	int i;

	for (i = 0; i < 10; i++) {
		steps_up(p, 0);
		life_on_goodbye(m, &gone);
		steps_end(p, 0);
		steps_expect(p, 0, MODEM_ABSENT, "no-device");
		steps_up(p, 0);
		child_stop(m, "database");
		steps_end(p, 0);
		steps_expect(p, 0, MODEM_BACKOFF, "database");
	}
}

/* Between two segments there is one commit: the result of the one and the
 * choice of the next are of the same turn. */
static void
test_one_commit_a_segment(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);
	struct ml_result result = {.outcome = ML_SENT, .tp_mr = 5};
	struct turn_stats before, after;
	char number[] = "+84900000001";
	int i;

	for (i = 0; i < 4; i++, number[11]++)
		(void)steps_reply(
		    &p->world, steps_contact(&p->world, number), LANE_REPLY);
	steps_turn(p);
	turn_get_stats(p->world.core.turn, &before);
	for (i = 1; i < 4; i++) {
		assert_int_equal(m->state, MODEM_BUSY);
		send_on_result(m, (uint64_t)m->in_flight, &result);
		steps_turn(p);
		turn_get_stats(p->world.core.turn, &after);
		assert_int_equal(after.commits - before.commits, i);
		assert_false(radio_has_more(p->radio));
	}
	assert_int_equal(m->state, MODEM_BUSY);
}

/* An event that the database did not take is told again. */
static void
test_event_is_told_until_it_is_kept(void **state)
{
	struct pool *p = *state;
	struct modem *m = steps_up(p, 0);

	steps_turn(p);
	steps_told(p, "m1 down off\nm1 held off\nm1 pin off\nm1 puk off\n");
	events_set(m, RADIO_EVENT_SIM_FULL, true);
	p->told_rc = TC_EIO;
	steps_turn(p);
	steps_told(p, "");
	assert_false(radio_has_more(p->radio)); /* the loop may sleep */
	p->told_rc = 0;
	radio_upkeep(p->radio);
	assert_true(events_wait(m));
	steps_turn(p);
	steps_told(p, "m1 sim_full on\n");
	steps_turn(p);
	steps_told(p, "");
}

#define LIFE_TEST(test)                                                        \
	cmocka_unit_test_setup_teardown(test, steps_open, steps_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    LIFE_TEST(test_held_by_hand_over_a_restart),
	    LIFE_TEST(test_held_in_the_middle_of_a_send),
	    LIFE_TEST(test_resumed_before_it_was_gone),
	    LIFE_TEST(test_not_begun_is_queued_again),
	    LIFE_TEST(test_word_of_a_killed_child),
	    LIFE_TEST(test_question_that_hangs),
	    LIFE_TEST(test_resumed_before_the_pool_was_started),
	    LIFE_TEST(test_hold_that_was_not_kept),
	    LIFE_TEST(test_no_such_modem),
	    LIFE_TEST(test_modem_that_fails_is_held),
	    LIFE_TEST(test_ends_that_do_not_count),
	    LIFE_TEST(test_one_commit_a_segment),
	    LIFE_TEST(test_event_is_told_until_it_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
