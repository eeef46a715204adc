/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: this test is its tincayd.
 * Here: the start and the end, and what comes in; test_modem_send.c has the
 * sends. Every test has a simulator and a folder of its own; every wait has a
 * deadline and ends with the event.
 */
#include "config.h"

#include <sys/socket.h>

#include <setjmp.h>
#include <signal.h>
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

static int
status_count(struct world *w, const char *what)
{
	char path[64];

	assert_int_equal(
	    str_printf(path, sizeof(path), "/proc/%d/status", (int)w->child),
	    0);
	return file_count(path, what);
}

static void
test_ready(void **state)
{
	struct world *w = *state;
	struct ml_ready ready;
	int64_t start = clock_mono_ms();

	child_spawn(w);
	child_ready(w, &ready);
	assert_in_range(clock_mono_ms() - start, 0, 3000);
	(void)fprintf(
	    stderr, "# start to READY %d ms\n", (int)(clock_mono_ms() - start));
	assert_true(strlen(ready.imsi) >= 14);
	assert_true(strlen(ready.imei) >= 14);
	assert_string_equal(ready.smsc, "+84900000999");
	assert_int_equal(ready.notifies, 1);
	assert_int_equal(status_count(w, "NoNewPrivs:\t1\n"), 1);
	link_expect_quiet(w);
	child_stop(w);
}

static void
delete_expect(struct world *w, const struct ml_place *place, int rc)
{
	struct ml_delete_sms d = {.place = *place};
	union ml_body body;

	link_put(w, ML_DELETE_SMS, 55, &d);
	link_expect(w, ML_DELETED, &body);
	assert_int_equal(w->id, 55);
	assert_int_equal(body.deleted.rc, rc);
	assert_int_equal(body.deleted.place.hash, place->hash);
}

static void
test_incoming(void **state)
{
	struct world *w = *state;
	struct ml_place place, wrong;
	union ml_body body;
	int64_t now = clock_now();

	child_start(w);
	link_expect_quiet(w);
	sim_text(w, SENDER, "giup toi ~", ",\"ucs2\":true");
	link_expect(w, ML_SMS_IN, &body);
	assert_int_equal(body.sms_in.kind, ML_SMS_TEXT);
	assert_string_equal(body.sms_in.number, SENDER);
	assert_string_equal(body.sms_in.text, "giup toi ~");
	assert_in_range(body.sms_in.smsc_time, now - 2, now + 20);
	assert_in_range(body.sms_in.age_ms, 0, 1000);
	assert_int_equal(body.sms_in.udh_present, 0);
	assert_true(strlen(body.sms_in.place.imsi) >= 14);
	place = body.sms_in.place;
	assert_int_equal(sim_used(w), 1);

	wrong = place;
	wrong.hash ^= 1;
	delete_expect(w, &wrong, TC_ENOENT);
	wrong = place;
	wrong.slot += 1;
	delete_expect(w, &wrong, TC_ENOENT);
	wrong = place;
	wrong.imsi[3] ^= 1;
	delete_expect(w, &wrong, TC_ENOENT);
	assert_int_equal(sim_used(w), 1);
	sim_fault(w, "delete-refused", 0, 0);
	delete_expect(w, &place, TC_EIO);
	assert_int_equal(sim_used(w), 1);
	delete_expect(w, &place, 0);
	assert_int_equal(sim_used(w), 0);
	delete_expect(w, &place, TC_ENOENT);
	child_stop(w);
}

static void
test_incoming_forms(void **state)
{
	struct world *w = *state;
	union ml_body body;
	char text[301];
	unsigned seen = 0, i;

	child_start(w);
	sim_text(w, "VTRACKING", "khuyen mai @ [x]", "");
	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.number, "VTRACKING");
	assert_string_equal(body.sms_in.text, "khuyen mai @ [x]");
	sim_text(w, SENDER, "Cứu tôi \\ud83d\\ude2d", "");
	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "Cứu tôi \xf0\x9f\x98\xad");

	memset(text, 'x', 300);
	text[300] = '\0';
	sim_text(w, SENDER, text, ",\"ref_bits\":16");
	for (i = 0; i < 2; i++) {
		link_expect(w, ML_SMS_IN, &body);
		assert_int_equal(body.sms_in.udh_present, 1);
		assert_int_equal(body.sms_in.ref_bits, 16);
		assert_int_equal(body.sms_in.total, 2);
		seen |= 1U << body.sms_in.seq;
	}
	assert_int_equal(seen, 6);
	child_stop(w);
}

/* What is on the SIM at the start is offered; so is what nobody announced. */
static void
test_incoming_unannounced(void **state)
{
	struct world *w = *state;
	union ml_body body;

	w->config.poll_ms = 200;
	sim_text(w, SENDER, "truoc", "");
	journal_wait(w, "\"stored\"", 1);
	child_start(w);
	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "truoc");
	sim_fault(w, "no-notify", 0, 0);
	sim_text(w, SENDER, "lang le", "");
	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "lang le");
	/* twice announced is offered once */
	sim_fault(w, "duplicate-notify", 0, 0);
	sim_text(w, SENDER, "hai lan", "");
	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "hai lan");
	link_expect_quiet(w);
	child_stop(w);
}

/* A help text that comes during a send is told before the result of that send:
 * the next part is chosen when the result comes. */
static void
test_incoming_while_sending(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int i, sent = 0, at = -1;

	sim_do(w, "{\"do\":\"air\",\"ms\":200}");
	child_start(w);
	for (i = 0; i < 4; i++) {
		send_text(w, (uint64_t)i + 1, GSM_CODING_7BIT, "chien dich");
		if (i == 0) {
			journal_wait(w, "\"air_start\"", 1);
			sim_text(w, SENDER, "cuu", "");
		}
		for (;;) {
			unsigned type = link_next_frame(w, &body, WAIT_MS);

			if (type == ML_SMS_IN)
				at = sent;
			assert_int_not_equal(type, 0);
			if (type == ML_RESULT)
				break;
		}
		sent++;
	}
	assert_int_equal(at, 0); /* before the first RESULT */
	child_stop(w);
}

/* Texts come in at any moment of a send: none is lost or told twice, no send
 * loses its answer. */
static void
test_storm(void **state)
{
	struct world *w = *state;
	const int count = 30;
	int sent = 0, deleted = 0;
	int64_t got;
	struct ml_delete_sms d;
	union ml_body body;
	bool seen[30] = {false};
	char text[16];
	unsigned type;

	sim_do(w, "{\"do\":\"air\",\"ms\":30}");
	child_start(w);
	send_text(w, 1, GSM_CODING_7BIT, "chien dich");
	while (sent < count || deleted < count) {
		type = link_next_frame(w, &body, WAIT_MS);
		if (type == ML_RESULT) {
			assert_int_equal(body.result.outcome, ML_SENT);
			link_ack(w, body.result.spool_id);
			assert_int_equal(
			    str_printf(text, sizeof(text), "%d", sent), 0);
			sim_text(w, SENDER, text, "");
			if (++sent < count)
				send_text(w, (uint64_t)sent + 1,
				    GSM_CODING_7BIT, "chien dich");
		} else if (type == ML_SMS_IN) {
			assert_int_equal(
			    str_to_int64(body.sms_in.text, 0, count - 1, &got),
			    0);
			assert_false(seen[got]);
			seen[got] = true;
			d.place = body.sms_in.place;
			link_put(w, ML_DELETE_SMS, 3, &d);
		} else if (type == ML_DELETED) {
			assert_int_equal(body.deleted.rc, 0);
			deleted++;
		} else {
			assert_true(type == ML_LOG || type == ML_STATUS ||
				    type == ML_STEP);
		}
	}
	assert_int_equal(sim_used(w), 0);
	child_stop(w);
}

/* libgammu waits for a dumb modem; nobody waits for libgammu. */
static void
test_stop_in_a_start(void **state)
{
	struct world *w = *state;
	union ml_body body;

	sim_do(w, "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"hang\"}");
	child_spawn(w);
	journal_wait(w, "\"rx\"", 1);
	link_put(w, ML_PING, 4, NULL);
	link_expect(w, ML_PONG, &body);
	link_put(w, ML_STOP, 0, NULL);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_STOPPED);
	assert_int_equal(child_wait(w), 0);
}

static void
test_call(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int i;

	child_start(w);
	for (i = 0; i < 2; i++) {
		sim_do(w,
		    "{\"do\":\"call\",\"from\":\"%s\",\"to\":\"modem1\","
		    "\"seconds\":10,\"ring_ms\":100}",
		    i == 0 ? SENDER : PHONE);
		link_expect(w, ML_CALL_IN, &body);
		assert_string_equal(
		    body.call_in.number, i == 0 ? SENDER : PHONE);
		assert_in_range(
		    body.call_in.at, clock_now() - 20, clock_now() + 1);
		link_ack(w, body.call_in.spool_id);
	}
	journal_wait(w, "\"hung up\"", 2);
	link_expect_quiet(w);

	/* It rings again and again while a send holds the line. */
	sim_do(w, "{\"do\":\"air\",\"ms\":600}");
	send_text(w, 9, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	sim_do(w,
	    "{\"do\":\"call\",\"from\":\"%s\",\"to\":\"modem1\","
	    "\"seconds\":10,\"ring_ms\":100}",
	    SENDER);
	assert_int_equal(result_of(w, 9).outcome, ML_SENT);
	link_expect(w, ML_CALL_IN, &body);
	assert_string_equal(body.call_in.number, SENDER);
	journal_wait(w, "\"hung up\"", 3);
	link_expect_quiet(w);
	child_stop(w);
}

static void
test_report(void **state)
{
	struct world *w = *state;
	struct ml_send_part part;
	struct ml_result r;
	union ml_body body;

	child_start(w);
	part_set(&part, GSM_CODING_7BIT, "mot");
	part.report = 1;
	link_put(w, ML_SEND_PART, 1, &part);
	r = result_of(w, 1);
	assert_int_equal(r.outcome, ML_SENT);
	link_expect(w, ML_REPORT_IN, &body);
	assert_int_equal(body.report_in.tp_mr, r.tp_mr);
	assert_int_equal(body.report_in.tp_status, 0);
	assert_string_equal(body.report_in.number, PHONE);
	assert_true(body.report_in.smsc_time > 0);
	link_expect_quiet(w);
	assert_int_equal(sim_used(w), 0);
	child_kill(w);
	child_spawn(w);
	link_expect(w, ML_RESULT, &body);
	link_expect(w, ML_REPORT_IN, &body);
	assert_string_equal(body.report_in.number, PHONE);
}

/* A report that came while no child was there lies in the store. */
static void
test_report_in_the_store(void **state)
{
	struct world *w = *state;
	struct ml_send_part part;
	struct ml_result r;
	union ml_body body;

	sim_do(w, "{\"do\":\"report\",\"mode\":\"fail\",\"ms\":300}");
	child_start(w);
	part_set(&part, GSM_CODING_7BIT, "mot");
	part.report = 1;
	link_put(w, ML_SEND_PART, 1, &part);
	r = result_of(w, 1);
	link_ack(w, r.spool_id);
	child_stop(w);
	journal_wait(w, "\"stored\"", 1);
	child_start(w);
	link_expect(w, ML_REPORT_IN, &body);
	assert_int_equal(body.report_in.tp_mr, r.tp_mr);
	assert_int_equal(body.report_in.tp_status, 0x46);
	link_ack(w, body.report_in.spool_id);
	link_expect_quiet(w);
	assert_int_equal(sim_used(w), 0);
	child_stop(w);
}

static void
gone_expect(struct world *w, enum ml_gone why)
{
	union ml_body body;

	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, why);
	assert_int_not_equal(child_wait(w), 0);
}

static void
test_gone(void **state)
{
	struct world *w = *state;

	sim_fault(w, "sim-pin", 0, 0);
	child_spawn(w);
	gone_expect(w, ML_GONE_PIN);
	sim_fault(w, "clear", 0, 0);
	sim_fault(w, "sim-puk", 0, 0);
	child_spawn(w);
	gone_expect(w, ML_GONE_PUK);
	sim_fault(w, "clear", 0, 0);
	sim_fault(w, "no-sim", 0, 0);
	child_spawn(w);
	gone_expect(w, ML_GONE_NO_SIM);
	sim_fault(w, "clear", 0, 0);
	child_start(w);
	sim_fault(w, "vanish", 0, 0);
	gone_expect(w, ML_GONE_NO_DEVICE);
	child_spawn(w);
	gone_expect(w, ML_GONE_NO_DEVICE);
	sim_fault(w, "back", 0, 0);
	child_start(w);
	child_stop(w);
}

/* What comes when the device is gone already is handed back, for another modem
 * to take; STOP ends the waiting for it. */
static void
test_late_send_is_handed_back(void **state)
{
	struct world *w = *state;
	union ml_body body;

	w->is_slow = true;
	child_start(w);
	sim_fault(w, "vanish", 0, 0);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_NO_DEVICE);
	send_text(w, 5, GSM_CODING_7BIT, "mot");
	link_put(w, ML_STOP, 0, NULL);
	assert_int_equal(result_of(w, 5).outcome, ML_NOT_BEGUN);
	assert_int_not_equal(child_wait(w), 0);

	/* Its successor offers it again, until it is acknowledged. */
	sim_fault(w, "back", 0, 0);
	child_spawn(w);
	assert_int_equal(result_of(w, 5).outcome, ML_NOT_BEGUN);
	child_ready(w, NULL);
	assert_int_equal(journal_count(w, "\"air_start\""), 0);
	child_stop(w);
}

/* STOP overtakes a part that has not begun; one that is on the air ends. */
static void
test_stop_before_a_send(void **state)
{
	struct world *w = *state;
	union ml_body body;

	child_start(w);
	assert_int_equal(kill(w->child, SIGSTOP), 0);
	send_text(w, 5, GSM_CODING_7BIT, "mot");
	link_put(w, ML_STOP, 0, NULL);
	assert_int_equal(kill(w->child, SIGCONT), 0);
	assert_int_equal(result_of(w, 5).outcome, ML_NOT_BEGUN);
	link_expect(w, ML_GONE, &body);
	assert_int_equal(body.gone.why, ML_GONE_STOPPED);
	assert_int_equal(child_wait(w), 0);
	assert_int_equal(journal_count(w, "\"air_start\""), 0);
}

static void
test_bad_frame(void **state)
{
	struct world *w = *state;

	child_start(w);
	assert_int_equal(send(w->fd, "this is no frame at all", 23, 0), 23);
	gone_expect(w, ML_GONE_PROTOCOL);
}

/* What the kernel lets the child open: nothing beside its spool. */
static void
test_files_are_locked(void **state)
{
	struct world *w = *state;
	union ml_body body;
	char secret[128];

	assert_int_equal(
	    str_printf(secret, sizeof(secret), "%s/secret", w->dir), 0);
	assert_int_equal(file_write(secret, 0600, "key", 3), 0);
	/* A device path that is none of ours: the only file name that the
	 * child takes from outside. Without the lock libgammu opens it. */
	assert_int_equal(str_printf(w->config.device, sizeof(w->config.device),
			     "%s", secret),
	    0);
	child_spawn(w);
	do {
		unsigned type = link_next_frame(w, &body, WAIT_MS);

		assert_int_not_equal(type, 0);
		if (type == ML_GONE)
			break;
		if (type == ML_LOG &&
		    strstr(body.log.line, "without landlock") != NULL)
			skip();
	} while (true);
	assert_int_equal(body.gone.why, ML_GONE_NO_DEVICE);
	assert_non_null(strstr(body.gone.detail, "required permission"));
	assert_int_not_equal(child_wait(w), 0);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_ready),
	    TEST(test_incoming),
	    TEST(test_incoming_forms),
	    TEST(test_incoming_unannounced),
	    TEST(test_incoming_while_sending),
	    TEST(test_storm),
	    TEST(test_stop_in_a_start),
	    TEST(test_call),
	    TEST(test_report),
	    TEST(test_report_in_the_store),
	    TEST(test_gone),
	    TEST(test_late_send_is_handed_back),
	    TEST(test_stop_before_a_send),
	    TEST(test_bad_frame),
	    TEST(test_files_are_locked),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
