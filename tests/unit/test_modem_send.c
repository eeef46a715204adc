/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: what becomes of a send, and
 * of one that had no end. See test_modem_child.c.
 */
#include "config.h"

#include <sys/socket.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "child_world.h"
#include "clock.h"

static void
test_send(void **state)
{
	static const unsigned char udh[] = {5, 0, 3, 9, 2, 1};
	struct world *w = *state;
	struct ml_send_part part;
	struct ml_result r;

	child_start(w);
	send_text(w, 1, GSM_CODING_7BIT, "Lich tiem @ {tram} \xe2\x82\xac~");
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_SENT);
	assert_int_equal(r.tp_mr, 1);
	link_ack(w, r.spool_id);
	expect_inbox(w, PHONE, 1, "Lich tiem @ {tram} \xe2\x82\xac~");

	send_text(w, 2, GSM_CODING_UCS2, "Lịch tiêm ~ \xf0\x9f\x92\x89");
	r = result_of(w, 2);
	assert_int_equal(r.outcome, ML_SENT);
	assert_int_equal(r.tp_mr, 2);
	expect_inbox(w, PHONE, 2, "Lịch tiêm ~ \xf0\x9f\x92\x89");

	/* two parts become one message on the phone */
	part_set(&part, GSM_CODING_7BIT, "phan mot ");
	memcpy(part.udh, udh, sizeof(udh));
	part.udh_len = sizeof(udh);
	part.validity_min = 60;
	link_put(w, ML_SEND_PART, 3, &part);
	assert_int_equal(result_of(w, 3).outcome, ML_SENT);
	part_set(&part, GSM_CODING_7BIT, "phan hai");
	memcpy(part.udh, udh, sizeof(udh));
	part.udh[5] = 2;
	part.udh_len = sizeof(udh);
	link_put(w, ML_SEND_PART, 4, &part);
	assert_int_equal(result_of(w, 4).outcome, ML_SENT);
	expect_inbox(w, PHONE, 3, "phan mot phan hai");
	child_stop(w);
}

static long
rss_anon_kib(pid_t pid)
{
	char path[64], line[128];
	long kib = -1;
	FILE *f;

	assert_int_equal(
	    str_printf(path, sizeof(path), "/proc/%d/status", (int)pid), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	while (kib < 0 && fgets(line, sizeof(line), f) != NULL)
		(void)sscanf(line, "RssAnon: %ld", &kib);
	(void)fclose(f);
	return kib;
}

/* With libgammu's own naps a segment takes 0.7 s more than its air time. */
static void
test_speed(void **state)
{
	struct world *w = *state;
	const int count = 10, air_ms = 200;
	union ml_body body;
	int64_t start, took, latency;
	int i;

	sim_do(w, "{\"do\":\"air\",\"ms\":%d}", air_ms);
	child_start(w);
	link_expect_quiet(w);
	start = clock_mono_ms();
	for (i = 0; i < count; i++) {
		send_text(w, (uint64_t)i + 1, GSM_CODING_7BIT, "chien dich");
		link_ack(w, result_of(w, (uint64_t)i + 1).spool_id);
	}
	took = clock_mono_ms() - start;
	start = clock_mono_ms();
	sim_text(w, SENDER, "cuu", "");
	link_expect(w, ML_SMS_IN, &body);
	latency = clock_mono_ms() - start;
	(void)fprintf(stderr,
	    "# air time used %d %%, text to SMS_IN %d ms, RssAnon %ld KiB\n",
	    (int)(100 * count * air_ms / took), (int)latency,
	    rss_anon_kib(w->child));
	/* half of what is expected, for a busy machine */
	assert_true(took < 2 * count * air_ms);
	assert_in_range(latency, 0, 500);
	child_stop(w);
}

/* 70 code units with tildes, 160 septets, and what does not fit. */
static void
test_send_limits(void **state)
{
	struct world *w = *state;
	struct ml_result r;
	char text[ML_TEXT_MAX];

	child_start(w);
	memset(text, 'a', 160);
	text[160] = '\0';
	send_text(w, 1, GSM_CODING_7BIT, text);
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	expect_inbox(w, PHONE, 1, text);

	memset(text, '{', 80);
	text[80] = '\0';
	send_text(w, 2, GSM_CODING_7BIT, text);
	assert_int_equal(result_of(w, 2).outcome, ML_SENT);
	expect_inbox(w, PHONE, 2, text);

	memset(text, '{', 160);
	text[160] = '\0';
	send_text(w, 3, GSM_CODING_7BIT, text);
	r = result_of(w, 3);
	assert_int_equal(r.outcome, ML_REFUSED);
	assert_int_equal(r.code, 304);

	memset(text, 'b', 69);
	memcpy(text + 69, "~", 2);
	send_text(w, 4, GSM_CODING_UCS2, text);
	assert_int_equal(result_of(w, 4).outcome, ML_SENT);
	memcpy(text + 69, "\xe2\x88\xbc", 4);
	expect_inbox(w, PHONE, 3, text);

	memset(text, 'b', 71);
	text[71] = '\0';
	send_text(w, 5, GSM_CODING_UCS2, text);
	assert_int_equal(result_of(w, 5).outcome, ML_REFUSED);
	child_stop(w);
}

static void
test_send_refused(void **state)
{
	struct world *w = *state;
	struct ml_result r;

	child_start(w);
	sim_fault(w, "refuse", 0, 38);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_REFUSED);
	assert_int_equal(r.code, 38);
	assert_int_equal(r.tp_mr, -1);

	sim_fault(w, "bare-error", 0, 0);
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	r = result_of(w, 2);
	assert_int_equal(r.outcome, ML_UNCERTAIN);
	assert_int_equal(r.code, 0);

	/* and the next one is none the worse */
	send_text(w, 3, GSM_CODING_7BIT, "ba");
	r = result_of(w, 3);
	assert_int_equal(r.outcome, ML_SENT);
	child_stop(w);
}

static void
test_send_without_end(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int64_t start;

	w->config.send_deadline_ms = 700;
	child_start(w);
	sim_fault(w, "no-final", 0, 0);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	assert_int_equal(result_of(w, 1).outcome, ML_UNCERTAIN);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_MODEM_ERROR);
	assert_int_not_equal(child_wait(w), 0);

	/* the next child is careful */
	start = clock_mono_ms();
	child_spawn(w);
	link_expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, 1);
	assert_int_equal(body.result.outcome, ML_UNCERTAIN);
	child_ready(w, NULL);
	assert_true(clock_mono_ms() - start >= w->config.silence_ms);
}

static void
test_prompt_that_never_comes(void **state)
{
	struct world *w = *state;
	union ml_body body;

	child_start(w);
	sim_fault(w, "no-prompt", 0, 0);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	/* libgammu holds the thread, and the link lives */
	journal_wait(w, "AT+CMGS", 1);
	link_expect_quiet(w);
	link_expect(w, ML_RESULT, &body);
	assert_int_equal(body.result.outcome, ML_NOT_SENT);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_MODEM_ERROR);
}

/* The device vanishes at a step of a send: what is said of it, and whether the
 * simulator saw it on the air. */
static const struct {
	const char *fault;
	enum ml_outcome outcome;
	int on_air;
} vanishings[] = {
    {"vanish-before-prompt", ML_NOT_SENT, 0},
    {"vanish-after-prompt", ML_UNCERTAIN, 0},
    {"vanish-on-air", ML_UNCERTAIN, 1},
    {"vanish-before-final", ML_UNCERTAIN, 1},
};

static void
vanish_in_a_send(struct world *w, size_t i)
{
	uint64_t id = 10 + i;
	union ml_body body;
	struct ml_result r;
	int64_t start;
	int aired = journal_count(w, "\"air_start\"");

	child_spawn(w);
	if (i > 0)
		link_ack(w, result_of(w, id - 1).spool_id);
	child_ready(w, NULL);
	sim_fault(w, vanishings[i].fault, 0, 0);
	start = clock_mono_ms();
	send_text(w, id, GSM_CODING_7BIT, "mot");
	r = result_of(w, id);
	assert_string_equal(modemlink_outcome_name(r.outcome),
	    modemlink_outcome_name(vanishings[i].outcome));
	assert_int_equal(
	    journal_count(w, "\"air_start\""), aired + vanishings[i].on_air);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_NO_DEVICE);
	/* seen at once, not when a question was not answered in time */
	assert_in_range(clock_mono_ms() - start, 0, 9000);
	assert_int_not_equal(child_wait(w), 0);
	sim_fault(w, "back", 0, 0);
}

static void
test_vanish_in_a_send(void **state)
{
	struct world *w = *state;
	struct ml_result r;
	size_t i;

	for (i = 0; i < TC_NELEM(vanishings); i++)
		vanish_in_a_send(w, i);
	child_spawn(w);
	assert_int_equal(result_of(w, 9 + i).outcome, ML_UNCERTAIN);
	child_ready(w, NULL);
	send_text(w, 99, GSM_CODING_7BIT, "hai");
	r = result_of(w, 99);
	assert_int_equal(r.outcome, ML_SENT);
	child_stop(w);
}

/* Long pauses are no blindness. */
static void
test_vanish_with_full_naps(void **state)
{
	struct world *w = *state;

	w->config.full_naps = 1;
	vanish_in_a_send(w, 0);
}

/* Noise in front of an answer, and one that comes too late for nobody. */
static void
test_garbage_and_late(void **state)
{
	struct world *w = *state;
	int i;

	child_start(w);
	for (i = 0; i < 3; i++) {
		sim_fault(w, i < 2 ? "garbage" : "late-final", 400, 0);
		send_text(w, (uint64_t)i + 1, GSM_CODING_7BIT, "mot");
		assert_int_equal(
		    result_of(w, (uint64_t)i + 1).outcome, ML_SENT);
		assert_int_equal(journal_count(w, "\"air_end\""), i + 1);
	}
	child_stop(w);
}

static void
test_two_sends_at_once(void **state)
{
	struct world *w = *state;
	union ml_body body;

	child_start(w);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_PROTOCOL);
	assert_int_equal(journal_count(w, "\"air_start\""), 1);
}

static void
test_stop_in_a_send(void **state)
{
	struct world *w = *state;
	union ml_body body;

	sim_do(w, "{\"do\":\"air\",\"ms\":300}");
	child_start(w);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	link_put(w, ML_STOP, 0, NULL);
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_STOPPED);
	assert_int_equal(child_wait(w), 0);
}

/* A modem that never stops talking does not hold the child. */
static void
test_chatter(void **state)
{
	struct world *w = *state;
	union ml_body body;

	w->config.send_deadline_ms = 700;
	child_start(w);
	sim_do(w, "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"chatter\","
		  "\"ms\":5,\"count\":0}");
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	assert_int_equal(result_of(w, 1).outcome, ML_SENT);
	sim_fault(w, "no-final", 0, 0);
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	assert_int_equal(result_of(w, 2).outcome, ML_UNCERTAIN);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_MODEM_ERROR);
}

static void
test_result_is_replayed(void **state)
{
	struct world *w = *state;
	union ml_body body;
	uint64_t spool_id;

	sim_do(w, "{\"do\":\"air\",\"ms\":300}");
	child_start(w);
	send_text(w, 71, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	/* the daemon dies; the orphan ends its send, its successor waits */
	(void)shutdown(w->fd, SHUT_RDWR);
	(void)close(w->fd);
	child_spawn(w);
	link_expect(w, ML_RESULT, &body);
	assert_int_equal(w->id, 71);
	assert_int_equal(body.result.outcome, ML_SENT);
	assert_int_equal(body.result.tp_mr, 1);
	spool_id = body.result.spool_id;
	child_ready(w, NULL);
	child_kill(w);

	/* again, until it is acknowledged */
	child_spawn(w);
	link_expect(w, ML_RESULT, &body);
	assert_int_equal(body.result.spool_id, spool_id);
	link_ack(w, spool_id);
	child_ready(w, NULL);
	child_stop(w);
	child_start(w);
	child_stop(w);
}

/* The child dies in a send; what its successor says of it. */
static struct ml_result
kill_in_a_send(struct world *w, const char *fault)
{
	int64_t start;
	struct ml_result r;

	child_start(w);
	sim_fault(w, fault, 300, 0);
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	start = clock_mono_ms();
	child_kill(w);
	child_spawn(w);
	r = result_of(w, 1);
	child_ready(w, NULL);
	assert_true(clock_mono_ms() - start >= w->config.silence_ms);
	return r;
}

static void
test_killed_in_a_send(void **state)
{
	struct world *w = *state;
	int64_t start = clock_mono_ms();
	struct ml_result r;

	/* The answer comes while the successor listens, and settles it. */
	r = kill_in_a_send(w, "late-final");
	assert_int_equal(r.outcome, ML_SENT);
	assert_int_equal(r.tp_mr, 1);
	assert_true(clock_mono_ms() - start >= 300 + w->config.silence_ms);
	/* It is not taken for an answer to this one. */
	send_text(w, 2, GSM_CODING_7BIT, "hai");
	r = result_of(w, 2);
	assert_int_equal(r.outcome, ML_SENT);
	assert_int_equal(r.tp_mr, 2);
	child_stop(w);
}

static void
test_killed_without_answer(void **state)
{
	struct world *w = *state;
	struct ml_result r = kill_in_a_send(w, "no-final");

	assert_int_equal(r.outcome, ML_UNCERTAIN);
	assert_int_equal(r.tp_mr, -1);
	child_stop(w);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_send),
	    TEST(test_speed),
	    TEST(test_send_limits),
	    TEST(test_send_refused),
	    TEST(test_send_without_end),
	    TEST(test_prompt_that_never_comes),
	    TEST(test_vanish_in_a_send),
	    TEST(test_vanish_with_full_naps),
	    TEST(test_garbage_and_late),
	    TEST(test_two_sends_at_once),
	    TEST(test_stop_in_a_send),
	    TEST(test_chatter),
	    TEST(test_result_is_replayed),
	    TEST(test_killed_in_a_send),
	    TEST(test_killed_without_answer),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
