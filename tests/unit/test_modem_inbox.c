/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: what comes in is known for
 * what it is, wherever it is stored and however it was announced. See
 * test_modem_child.c.
 */
#include "config.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "child_world.h"
#include "clock.h"

static void
fault_until_cleared(struct world *w, const char *kind)
{
	sim_do(w,
	    "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"%s\","
	    "\"count\":0}",
	    kind);
}

static struct ml_sms_in
sms_expect(struct world *w, const char *text)
{
	union ml_body body;

	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, text);
	return body.sms_in;
}

static void
delete_expect(struct world *w, const struct ml_place *place, int rc)
{
	struct ml_delete_sms d = {.place = *place};
	union ml_body body;

	link_put(w, ML_DELETE_SMS, 55, &d);
	link_expect(w, ML_DELETED, &body);
	assert_int_equal(body.deleted.rc, rc);
	assert_int_equal(body.deleted.place.hash, place->hash);
}

static const struct {
	const char *form;
	const char *sent;
	enum ml_sms_kind kind;
	const char *text;
} forms[] = {
    {"wap-push", "", ML_SMS_WAP, ""},
    {"binary", "67697570", ML_SMS_BINARY, ""},
    {"silent", "giup", ML_SMS_SILENT, "giup"},
    {"replace", "giup", ML_SMS_TEXT, "giup"},
    {"waiting", "", ML_SMS_WAITING, ""},
    {"waiting-text", "giup", ML_SMS_WAITING, "giup"},
};

/* Announced, and found on the SIM at the start. */
static void
test_kinds(void **state)
{
	struct world *w = *state;
	struct ml_sms_in in;
	char more[64];
	size_t i;

	child_start(w);
	for (i = 0; i < TC_NELEM(forms); i++) {
		assert_int_equal(str_printf(more, sizeof(more),
				     ",\"form\":\"%s\"", forms[i].form),
		    0);
		sim_text(w, SENDER, forms[i].sent, more);
		in = sms_expect(w, forms[i].text);
		assert_int_equal(in.kind, forms[i].kind);
		assert_string_equal(in.number, SENDER);
	}
	sim_text(w, SENDER, "giup", "");
	assert_int_equal(sms_expect(w, "giup").kind, ML_SMS_TEXT);
	child_stop(w);

	child_start(w);
	for (i = 0; i < TC_NELEM(forms); i++) {
		in = sms_expect(w, forms[i].text);
		assert_int_equal(in.kind, forms[i].kind);
	}
	in = sms_expect(w, "giup");
	assert_int_equal(in.kind, ML_SMS_TEXT);
	delete_expect(w, &in.place, 0);
	assert_int_equal(sim_used(w), (int)TC_NELEM(forms));
	child_stop(w);
}

/* The SIM's store and the modem's own; place 0 where it counts from 0. */
static void
test_stores(void **state)
{
	struct world *w = *state;
	struct ml_sms_in sm, me;
	int listings;

	fault_until_cleared(w, "slot-zero");
	sim_text(w, SENDER, "truoc", "");
	sim_text(w, SENDER, "truoc me", ",\"me\":true");
	journal_wait(w, "\"stored\"", 2);
	child_start(w);
	sm = sms_expect(w, "truoc");
	me = sms_expect(w, "truoc me");
	assert_int_equal(sm.place.folder, 1);
	assert_int_equal(me.place.folder, 2);
	delete_expect(w, &sm.place, 0);
	delete_expect(w, &me.place, 0);
	assert_int_equal(sim_used(w), 0);

	/* the same places, now announced and read there */
	link_expect_quiet(w);
	listings = journal_count(w, "AT+CMGL");
	sim_text(w, SENDER, "sau", "");
	sm = sms_expect(w, "sau");
	sim_text(w, SENDER, "sau me", ",\"me\":true");
	me = sms_expect(w, "sau me");
	assert_int_equal(journal_count(w, "AT+CMGL"), listings);
	delete_expect(w, &me.place, 0);
	delete_expect(w, &sm.place, 0);
	assert_int_equal(sim_used(w), 0);
	child_stop(w);
}

static void
test_notify_refused(void **state)
{
	struct world *w = *state;
	struct ml_ready ready;
	int64_t start;

	fault_until_cleared(w, "notify-refused");
	child_spawn(w);
	child_ready(w, &ready);
	assert_int_equal(ready.notifies, 0);
	link_expect_quiet(w);
	start = clock_mono_ms();
	sim_text(w, SENDER, "giup", "");
	/* the poll of poll_ms would be far too late */
	(void)sms_expect(w, "giup");
	assert_true(clock_mono_ms() - start < w->config.poll_ms / 2);
	child_stop(w);
}

/* A place names nothing: another message may lie there. */
static void
test_slot_reused(void **state)
{
	struct world *w = *state;
	struct ml_sms_in first, second;

	child_start(w);
	sim_text(w, SENDER, "mot", "");
	first = sms_expect(w, "mot");
	delete_expect(w, &first.place, 0);
	sim_text(w, SENDER, "hai", "");
	second = sms_expect(w, "hai");
	assert_int_equal(second.place.slot, first.place.slot);
	delete_expect(w, &first.place, TC_ENOENT);
	assert_int_equal(sim_used(w), 1);
	/* nor is it forgotten that it was offered */
	link_expect_quiet(w);
	delete_expect(w, &second.place, 0);
	assert_int_equal(sim_used(w), 0);
	child_stop(w);
}

/* Refused: told so, there still, and not offered as new with every listing. */
static void
test_delete_refused(void **state)
{
	struct world *w = *state;
	struct ml_sms_in in;
	int listings;

	w->config.poll_ms = 100;
	child_start(w);
	sim_text(w, SENDER, "mot", "");
	in = sms_expect(w, "mot");
	sim_fault(w, "delete-refused", 0, 0);
	delete_expect(w, &in.place, TC_EIO);
	listings = journal_count(w, "AT+CMGL");
	journal_wait(w, "AT+CMGL", listings + 3);
	link_expect_quiet(w);
	delete_expect(w, &in.place, 0);
	assert_int_equal(sim_used(w), 0);
	child_stop(w);
}

/* What the modem leaves to the next send: main.c's BUSY_MS, in the journal's
 * microseconds. */
#define BUSY_US 500000

/* The shortest time between the end of a segment on the air and the next
 * listing, by the simulator's clock; -1: nothing was listed after one. */
static int64_t
journal_shortest_pause(struct world *w)
{
	int64_t t, air_end = 0, shortest = -1;
	char path[128], *line = NULL;
	size_t size = 0;
	json_t *entry;
	FILE *f;

	assert_int_equal(
	    str_printf(path, sizeof(path), "%s/journal", w->dir), 0);
	f = fopen(path, "r");
	assert_non_null(f);
	while (getline(&line, &size, f) > 0) {
		entry = json_loads(line, 0, NULL);
		t = json_integer_value(json_object_get(entry, "t"));
		if (strstr(line, "\"air_end\"") != NULL)
			air_end = t;
		else if (air_end != 0 && strstr(line, "AT+CMGL") != NULL &&
			 (shortest < 0 || t - air_end < shortest))
			shortest = t - air_end;
		json_decref(entry);
	}
	free(line);
	(void)fclose(f);
	return shortest;
}

/* In a campaign nothing is asked that can wait: the next send follows. On a
 * machine that is late the modem may list, but only after its pause. */
static void
test_sends_before_questions(void **state)
{
	struct world *w = *state;
	int asked, i;

	w->config.poll_ms = 50;
	sim_do(w, "{\"do\":\"air\",\"ms\":100}");
	child_start(w);
	journal_wait(w, "AT+CSQ", 1); /* the questions of the start */
	send_text(w, 1, GSM_CODING_7BIT, "mot");
	for (i = 1; i <= 8; i++) {
		assert_int_equal(result_of(w, (uint64_t)i).outcome, ML_SENT);
		(void)poll(NULL, 0, 20); /* tincayd commits */
		send_text(w, (uint64_t)i + 1, GSM_CODING_7BIT, "mot");
	}
	assert_int_equal(result_of(w, 9).outcome, ML_SENT);
	/* the campaign is over */
	asked = journal_count(w, "AT+CMGL");
	journal_wait(w, "AT+CMGL", asked + 2);
	assert_in_range(journal_shortest_pause(w), BUSY_US, 60 * BUSY_US);
	child_stop(w);
}

static void
call(struct world *w, const char *from, int seconds)
{
	sim_do(w,
	    "{\"do\":\"call\",\"from\":\"%s\",\"to\":\"modem1\","
	    "\"seconds\":%d,\"ring_ms\":100}",
	    from, seconds);
}

static void
call_expect(struct world *w, const char *number)
{
	union ml_body body;

	link_expect(w, ML_CALL_IN, &body);
	assert_string_equal(body.call_in.number, number);
	link_ack(w, body.call_in.spool_id);
}

/* Withheld, or from a network that tells no number at all: hung up and counted
 * once, idle or in a send. */
static void
test_calls_without_number(void **state)
{
	struct world *w = *state;

	child_start(w);
	call(w, "withheld", 10);
	call_expect(w, "");
	journal_wait(w, "\"hung up\"", 1);
	link_expect_quiet(w);

	fault_until_cleared(w, "no-clip");
	call(w, SENDER, 10);
	call_expect(w, "");
	journal_wait(w, "\"hung up\"", 2);
	link_expect_quiet(w);

	sim_do(w, "{\"do\":\"air\",\"ms\":1500}");
	send_text(w, 9, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	call(w, SENDER, 10);
	assert_int_equal(result_of(w, 9).outcome, ML_SENT);
	call_expect(w, "");
	journal_wait(w, "\"hung up\"", 3);
	link_expect_quiet(w);
	child_stop(w);
}

/* Who calls again right after being hung up is hung up again. */
static void
test_call_again(void **state)
{
	struct world *w = *state;
	int i;

	child_start(w);
	for (i = 1; i <= 3; i++) {
		call(w, SENDER, 20);
		call_expect(w, SENDER);
		journal_wait(w, "\"hung up\"", i);
	}
	link_expect_quiet(w);
	child_stop(w);
}

/* She lets it ring once. */
static void
test_call_given_up(void **state)
{
	struct world *w = *state;

	child_start(w);
	sim_do(w, "{\"do\":\"air\",\"ms\":1500}");
	send_text(w, 9, GSM_CODING_7BIT, "mot");
	journal_wait(w, "\"air_start\"", 1);
	call(w, SENDER, 1);
	journal_wait(w, "\"missed\"", 1);
	assert_int_equal(result_of(w, 9).outcome, ML_SENT);
	call_expect(w, SENDER);
	link_expect_quiet(w);
	child_stop(w);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_kinds),
	    TEST(test_stores),
	    TEST(test_notify_refused),
	    TEST(test_slot_reused),
	    TEST(test_delete_refused),
	    TEST(test_sends_before_questions),
	    TEST(test_calls_without_number),
	    TEST(test_call_again),
	    TEST(test_call_given_up),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
