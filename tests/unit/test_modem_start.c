/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: the SIM's PIN, what is
 * asked and told at the start and now and then. See test_modem_child.c.
 */
#include "config.h"

#include <sys/wait.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "child_world.h"
#include "clock.h"

#define ENTERED "AT+CPIN=\\\""

static void
lock_sim(struct world *w, int tries)
{
	sim_do(w,
	    "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"sim-pin\","
	    "\"count\":%d}",
	    tries);
}

static void
pin_set(struct world *w, const char *pin)
{
	assert_int_equal(
	    str_printf(w->config.pin, sizeof(w->config.pin), "%s", pin), 0);
}

static void
gone_expect(struct world *w, enum ml_gone why, int pin_tried)
{
	union ml_body body;

	link_expect(w, ML_GONE, &body);
	assert_string_equal(
	    modemlink_gone_name(body.gone.why), modemlink_gone_name(why));
	assert_int_equal(body.gone.pin_tried, pin_tried);
	assert_int_equal(WEXITSTATUS(child_wait(w)), 1);
}

static void
test_pin(void **state)
{
	struct world *w = *state;
	struct ml_result r;

	lock_sim(w, 3);
	pin_set(w, "0000");
	child_start(w);
	assert_true((w->steps & ML_SKIP(ML_STEP_PIN)) != 0);
	assert_int_equal(journal_count(w, ENTERED), 1);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_SENT);
	link_ack(w, r.spool_id);
	child_stop(w);
	/* not asked for, not handed over */
	w->steps = 0;
	child_start(w);
	assert_int_equal(w->steps & ML_SKIP(ML_STEP_PIN), 0);
	assert_int_equal(journal_count(w, ENTERED), 1);
	child_stop(w);
}

static void
test_pin_wrong(void **state)
{
	struct world *w = *state;

	lock_sim(w, 3);
	pin_set(w, "1111");
	child_spawn(w);
	gone_expect(w, ML_GONE_PIN, 1);
	assert_int_equal(journal_count(w, ENTERED), 1);
	/* no PIN, or none that a SIM takes: nothing is tried */
	pin_set(w, "");
	child_spawn(w);
	gone_expect(w, ML_GONE_PIN, 0);
	pin_set(w, "00\\\"0");
	child_spawn(w);
	gone_expect(w, ML_GONE_PIN, 0);
	assert_int_equal(journal_count(w, ENTERED), 1);
	/* the last try blocks the SIM */
	lock_sim(w, 1);
	pin_set(w, "2222");
	child_spawn(w);
	gone_expect(w, ML_GONE_PUK, 1);
	pin_set(w, "0000");
	child_spawn(w);
	gone_expect(w, ML_GONE_PUK, 0);
	assert_int_equal(journal_count(w, ENTERED), 2);
}

static void
test_smsc(void **state)
{
	struct world *w = *state;
	struct ml_ready ready;
	int asked = journal_count(w, "CSCA");

	memcpy(w->config.smsc, "+84900000555", 13);
	child_spawn(w);
	child_ready(w, &ready);
	assert_string_equal(ready.smsc, "+84900000555");
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	/* 07 octets, international, the digits in pairs turned about */
	assert_true(journal_count(w, "07914809000055F5") +
			journal_count(w, "07914809000055f5") >=
		    1);
	assert_int_equal(journal_count(w, "CSCA"), asked);
	child_stop(w);
}

static struct ml_status
status_next(struct world *w)
{
	union ml_body body;
	unsigned type;

	do {
		type = link_next_frame(w, &body, WAIT_MS);
		assert_int_not_equal(type, 0);
	} while (type != ML_STATUS);
	return body.status;
}

/* The second has what is asked rarely. */
static void
test_status(void **state)
{
	struct world *w = *state;
	struct ml_status s;

	child_start(w);
	s = status_next(w);
	assert_int_equal(s.signal_percent, 60);
	assert_int_equal(s.size, 40);
	assert_int_equal(s.registration, ML_REG_UNKNOWN);
	s = status_next(w);
	assert_int_equal(s.registration, ML_REG_HOME);
	assert_string_equal(s.operator_name, "Song An");
	assert_int_equal(w->last_step, ML_STEP_NONE);
	child_stop(w);
}

static void
test_status_left_out(void **state)
{
	struct world *w = *state;
	struct ml_status s;

	w->config.skip = ML_SKIP(ML_STEP_SIGNAL) | ML_SKIP(ML_STEP_NETWORK);
	child_start(w);
	s = status_next(w);
	assert_int_equal(s.signal_percent, -1);
	assert_int_equal(s.size, 40);
	s = status_next(w);
	assert_int_equal(s.registration, ML_REG_UNKNOWN);
	assert_int_equal(journal_count(w, "AT+CSQ"), 0);
	assert_int_equal(journal_count(w, "AT+COPS"), 0);
	child_stop(w);
}

/* A question that is not answered ends the child in its step, not in the next
 * one: that of libgammu would be answered with what comes for it now. */
static void
test_status_without_answer(void **state)
{
	struct world *w = *state;
	union ml_body body;
	unsigned type;

	sim_do(w, "{\"do\":\"fault\",\"modem\":\"modem1\","
		  "\"kind\":\"signal-silent\",\"count\":0}");
	child_start(w);
	while ((type = link_next_frame(w, &body, 60000)) != ML_GONE)
		assert_int_not_equal(type, 0);
	assert_int_equal(body.gone.why, ML_GONE_MODEM_ERROR);
	assert_string_equal(body.gone.detail, "no answer");
	assert_int_equal(w->last_step, ML_STEP_SIGNAL);
	assert_int_not_equal(child_wait(w), 0);
}

/* The sanitizer's string functions stand before those of the C library that
 * end libgammu: it lives on there, and nothing is to be seen. */
#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

#ifndef IS_SANITIZED
/* libgammu aborts on the name of this operator. Its last word says in which
 * step; without that step the next child lives. */
static void
test_abort(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int status;

	sim_do(w, "{\"do\":\"fault\",\"modem\":\"modem1\","
		  "\"kind\":\"long-operator\",\"count\":0}");
	child_start(w);
	while (link_next_frame(w, &body, WAIT_MS) != 0)
		;
	status = child_wait(w);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_int_equal(w->last_step, ML_STEP_NETWORK);
	w->config.skip = ML_SKIP(w->last_step);
	child_start(w);
	(void)status_next(w);
	(void)status_next(w);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	child_stop(w);
}

#endif

#define TEST(t) cmocka_unit_test_setup_teardown(t, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_pin),
	    TEST(test_pin_wrong),
	    TEST(test_smsc),
	    TEST(test_status),
	    TEST(test_status_left_out),
	    TEST(test_status_without_answer),
#ifndef IS_SANITIZED
	    TEST(test_abort),
#endif
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
