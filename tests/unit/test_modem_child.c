/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: this test is its tincayd.
 * Every test has a simulator and a folder of its own; every wait has a deadline
 * and ends with the event.
 */
#include "config.h"

#include <sys/socket.h>

#include <poll.h>
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

/* A help text in a queue that is never empty is read between two sends. */
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
	assert_int_equal(at, 1); /* before the second RESULT */
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
			assert_true(type == ML_LOG || type == ML_STATUS);
		}
	}
	assert_int_equal(sim_used(w), 0);
	child_stop(w);
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
	    TEST(test_send),
	    TEST(test_speed),
	    TEST(test_send_limits),
	    TEST(test_send_refused),
	    TEST(test_send_without_end),
	    TEST(test_prompt_that_never_comes),
	    TEST(test_two_sends_at_once),
	    TEST(test_incoming),
	    TEST(test_incoming_forms),
	    TEST(test_incoming_unannounced),
	    TEST(test_incoming_while_sending),
	    TEST(test_storm),
	    TEST(test_stop_in_a_send),
	    TEST(test_stop_in_a_start),
	    TEST(test_chatter),
	    TEST(test_result_is_replayed),
	    TEST(test_killed_in_a_send),
	    TEST(test_killed_without_answer),
	    TEST(test_call),
	    TEST(test_report),
	    TEST(test_report_in_the_store),
	    TEST(test_gone),
	    TEST(test_bad_frame),
	    TEST(test_files_are_locked),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
