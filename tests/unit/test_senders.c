/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numbers-ok: a fixed line and an old number, all zeros but the prefix */
/* Senders who are no people, bodies that are no texts, and missed calls: each is
 * kept for somebody to see, and who may be answered. */
#include "config.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "conf.h"
#include "intake/intake.h"
#include "intake_steps.h"
#include "turn.h"

#define HER "+84900000001"

/* Who cannot be a person is kept for one to see, and never answered. */
static const struct {
	const char *number, *text;
	bool is_answered;
} senders[] = {
    {"900", "giup", false},
    {"8079", "Ban da nhan 5GB", false},
    {"6089", "giup", false},
    {"19001234", "giup", false},
    {"18001234", "giup", false},
    {"VIETTEL", "TC", false},
    {"Viettel", "thoi", false},
    {"ÉÉÉÉÉÉÉÉÉÉÉ", "giup", false}, /* 22 bytes of UTF-8 */
    {"ΔΦΓΛΩΠΨΣΘΞΔ", "giup", false},
    {"!!!", "giup", false},
    {"", "giup", false},
    {"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
     "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac",
	"giup", false}, /* eight euro signs: no name, no number */
    {"123456789012345678901234567890", "giup", false},
    {"0243456789x", "giup", false},
    {"+12025550123", "giup", true}, /* a foreign phone */
    {"0900000001", "giup", true},
    {"84900000001", "giup", true},
};

static void
test_r30_no_answer_to_machines(void **state)
{
	struct world w;
	struct arrival a;
	char *reply;
	size_t i;
	int rc;

	(void)state;
	for (i = 0; i < TC_NELEM(senders); i++) {
		world_open(&w);
		a = steps_arrival(&w, senders[i].number, senders[i].text);
		rc = turn_run(w.core.turn, steps_op_receive, &a);
		assert_int_equal(turn_commit(w.core.turn), 0);
		reply = steps_queued(&w);
		if (rc != 0 || (reply != NULL) != senders[i].is_answered)
			fail_msg("%s: %d", senders[i].number, rc);
		free(reply);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM case_item"), 1);
		assert_int_equal(world_count(&w, "SELECT count(*) FROM \"case\""
						 " WHERE queue = 'TRIAGE'"),
		    !senders[i].is_answered);
		assert_int_equal(
		    world_count(&w, "SELECT count(*) FROM person"), 0);
		world_close(&w);
	}
}

/* What is no text, or not the whole of one: somebody who can be called is to be
 * called, a machine is for TRIAGE, and what is there of a text is read, but
 * never as a word that stood alone. */
static const struct {
	const char *number, *text;
	bool binary, incomplete;
	const char *queue; /* and urgency */
	bool is_answered;
	enum ml_sms_kind kind;
} bodies[] = {
    {HER, "", true, false, "HPN1", false, ML_SMS_TEXT},
    {HER, "", false, false, "HPN1", false, ML_SMS_TEXT},
    {"900", "", true, false, "TRIAGE2", false, ML_SMS_TEXT},
    {"VIETTEL", "", false, false, "TRIAGE2", false, ML_SMS_TEXT},
    {"+84900000901", "", true, false, "TRIAGE2", false,
	ML_SMS_TEXT}, /* our own SIM */
    {"0900000901", "giup", false, false, "TRIAGE2", false, ML_SMS_TEXT},
    {HER, "", true, false, "HPN1", false, ML_SMS_BINARY},
    {HER, "", true, false, "HPN1", false, ML_SMS_WAP},
    {HER, "", true, false, "TRIAGE2", false, ML_SMS_SILENT},
    {HER, "cuu", true, false, "TRIAGE2", false, ML_SMS_WAITING},
    {HER, "giup toi, chong", false, true, "HPN1", true, ML_SMS_TEXT},
    {HER, "thoi", false, true, "TRIAGE2", true, ML_SMS_TEXT},
    {HER, "tc", false, true, "TRIAGE2", true, ML_SMS_TEXT},
    {HER, "y te", false, true, "YTE2", true, ML_SMS_TEXT},
};

static void
test_bodies_that_are_no_text(void **state)
{
	struct conf_modem modem = {.number = "+84900000901"};
	struct conf conf = {.modems = &modem, .nmodems = 1};
	struct arrival a;
	struct world w;
	char *got;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(bodies); i++) {
		world_open(&w);
		w.core.conf = &conf;
		a = steps_arrival(&w, bodies[i].number, bodies[i].text);
		a.in.binary = bodies[i].binary;
		a.in.kind = bodies[i].kind;
		a.in.incomplete = bodies[i].incomplete;
		world_expect(&w, 0, steps_op_receive, &a);
		got = world_text(&w, "SELECT queue || urgency FROM \"case\"");
		if (strcmp(got, bodies[i].queue) != 0)
			fail_msg("%zu: %s", i, got);
		free(got);
		got = steps_queued(&w);
		if ((got != NULL) != bodies[i].is_answered)
			fail_msg("%zu: answered %s", i, got);
		free(got);
		world_close(&w);
	}
}

/* What is left of a sentence is no answer to "when?": it neither hushes nor is an
 * hour. */
static void
test_half_a_text_in_a_conversation(void **state)
{
	static const char *const texts[] = {"khong", "stop", "khong cong an"};
	struct world *w = *state;
	struct arrival a;
	size_t i;

	world_receive(w, HER, "giup");
	for (i = 0; i < TC_NELEM(texts); i++) {
		a = steps_arrival(w, HER, texts[i]);
		a.in.incomplete = true;
		world_expect(w, 0, steps_op_receive, &a);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM contact"
					" WHERE state = 'unknown'"),
	    1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM contact_refusal"), 0);
}

/* --- calls --- */

static int
op_call(void *arg)
{
	struct arrival *a = arg;

	return intake_call(
	    &a->world->core, "m1", a->in.number, a->in.received_at);
}

static void
test_r29_missed_call_is_a_case_without_a_reply(void **state)
{
	static const char *const callers[] = {"0900000001", "", "02690000000",
	    "+12025550123", "1900", "not a number at all, and rather long"};
	struct world *w = *state;
	struct arrival a;
	size_t i;

	for (i = 0; i < TC_NELEM(callers); i++) {
		a = steps_arrival(w, callers[i], "");
		world_expect(w, 0, op_call, &a);
		assert_int_equal(
		    world_count(w, "SELECT count(*) FROM \"case\""), i + 1);
	}
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_item"
					" WHERE kind = 'call'"),
	    TC_NELEM(callers));
	assert_null(steps_queued(w));
}

/* Unless she said that texts are safe; and a hidden number has no phone. */
static void
test_r29_safe_contact_is_answered(void **state)
{
	struct world *w = *state;
	struct arrival a = steps_arrival(w, HER, "");
	char *reply;

	world_expect(w, 0, op_call, &a);
	a.in.number = "";
	world_expect(w, 0, op_call, &a);
	assert_int_equal(
	    world_sql(w, "UPDATE contact SET state = 'safe'"), SQLITE_OK);
	world_expect(w, 0, op_call, &a);
	assert_null(steps_queued(w));
	a.in.number = HER;
	world_expect(w, 0, op_call, &a);
	reply = steps_queued(w);
	assert_non_null(reply);
	assert_string_equal(reply, "N1");
	free(reply);
	/* the hidden ones are one request, too */
	assert_int_equal(world_count(w, "SELECT count(*) FROM \"case\""), 2);
	assert_int_equal(world_count(w, "SELECT count(*) FROM case_item"), 4);
}

/* A call is no text: what she hushed stays hushed. */
static void
test_r7_call_does_not_end_a_hush(void **state)
{
	struct world *w = *state;
	struct arrival a = steps_arrival(w, HER, "");

	world_receive(w, HER, "giup");
	world_receive(w, HER, "THOI");
	world_expect(w, 0, op_call, &a);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM \"case\" WHERE hushed"), 1);
	assert_int_equal(
	    world_count(w, "SELECT count(*) FROM contact WHERE hushed"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_r30_no_answer_to_machines),
	    cmocka_unit_test(test_bodies_that_are_no_text),
	    WORLD_TEST(test_half_a_text_in_a_conversation),
	    WORLD_TEST(test_r29_missed_call_is_a_case_without_a_reply),
	    WORLD_TEST(test_r29_safe_contact_is_answered),
	    WORLD_TEST(test_r7_call_does_not_end_a_hush),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
