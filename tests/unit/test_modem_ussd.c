/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The whole tincay-modem against a simulated modem: USSD in every form, menus,
 * sessions that are refused, forgotten, begun by the network, or in the way.
 * See test_modem_child.c.
 */
#include "config.h"

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

#define BALANCE "So du TK chinh: 25.000d. HSD: 31/12/2027."
#define TEXTS "Bạn còn 150 tin nhắn, dùng đến 31/12/2027."

static void
dial(struct world *w, uint64_t id, const char *text)
{
	struct ml_ussd q;

	memset(&q, 0, sizeof(q));
	assert_int_equal(str_printf(q.text, sizeof(q.text), "%s", text), 0);
	link_put(w, ML_USSD, id, &q);
}

static void
expect_ussd(
    struct world *w, uint64_t id, enum ml_ussd_status status, const char *text)
{
	union ml_body body;

	link_expect(w, ML_USSD_IN, &body);
	assert_string_equal(modemlink_ussd_status_name(body.ussd_in.status),
	    modemlink_ussd_status_name(status));
	assert_string_equal(body.ussd_in.text, text);
	assert_int_equal(w->id, id);
}

/* Of the simulator's faults, one with a +CUSD status or CME code. */
static void
ussd_fault(struct world *w, const char *kind, int code)
{
	sim_do(w,
	    "{\"do\":\"fault\",\"modem\":\"modem1\",\"kind\":\"%s\","
	    "\"code\":%d,\"count\":1}",
	    kind, code);
}

static void
test_forms(void **state)
{
	/* what the modem reads of "*101#" */
	static const char *const written[ML_USSD_NFORMS] = {
	    [ML_USSD_AUTO] = "AT+CUSD=1,\\\"002A003100300031",
	    [ML_USSD_TEXT] = "AT+CUSD=1,\\\"*101#",
	    [ML_USSD_PACKED] = "AT+CUSD=1,\\\"AA182C3602",
	    [ML_USSD_UCS2] = "AT+CUSD=1,\\\"002A003100300031",
	};
	struct world *w = *state;
	int form, seen;

	for (form = 0; form < ML_USSD_NFORMS; form++) {
		w->config.ussd_form = (uint8_t)form;
		seen = journal_count(w, written[form]);
		child_start(w);
		dial(w, 7, "*101#");
		expect_ussd(w, 7, ML_USSD_DONE, BALANCE);
		assert_int_equal(journal_count(w, written[form]), seen + 1);
		dial(w, 8, "*102#");
		expect_ussd(w, 8, ML_USSD_DONE, TEXTS);
		assert_true((w->steps & ML_SKIP(ML_STEP_USSD)) != 0);
		child_stop(w);
	}
}

static void
test_menu(void **state)
{
	struct world *w = *state;

	child_start(w);
	dial(w, 3, "*098#");
	expect_ussd(
	    w, 3, ML_USSD_MENU, "1. Goi cuoc\n2. Kiem tra so du\n3. Thoat");
	dial(w, 3, "1");
	expect_ussd(w, 3, ML_USSD_MENU, "1. SMS100\n2. SMS500");
	dial(w, 3, "2");
	expect_ussd(w, 3, ML_USSD_DONE, "Ban da dang ky goi SMS500.");
	/* the next code is none of its answers */
	dial(w, 4, "*101#");
	expect_ussd(w, 4, ML_USSD_DONE, BALANCE);
	child_stop(w);
}

static void
test_refused(void **state)
{
	struct world *w = *state;

	child_start(w);
	ussd_fault(w, "ussd-refused", 100);
	dial(w, 1, "*101#");
	expect_ussd(w, 1, ML_USSD_FAILED, "");
	ussd_fault(w, "ussd-failed", 4);
	dial(w, 2, "*101#");
	expect_ussd(w, 2, ML_USSD_UNSUPPORTED, "");
	ussd_fault(w, "ussd-failed", 2);
	dial(w, 3, "*101#");
	expect_ussd(w, 3, ML_USSD_TERMINATED, "");
	ussd_fault(w, "ussd-failed", 5);
	dial(w, 4, "*101#");
	expect_ussd(w, 4, ML_USSD_TIMEOUT, "");
	/* no second command in one */
	dial(w, 5, "*101#\",15\rAT+CMGD=1,4");
	expect_ussd(w, 5, ML_USSD_FAILED, "");
	assert_int_equal(journal_count(w, "CMGD"), 0);
	dial(w, 6, "*101#");
	expect_ussd(w, 6, ML_USSD_DONE, BALANCE);
	child_stop(w);
}

/* A network that never answers; and one that answers when nobody waits any
 * more is not taken for the answer to the next code. */
static void
test_timeout(void **state)
{
	struct world *w = *state;
	int64_t start;

	w->config.send_deadline_ms = 1000;
	child_start(w);
	ussd_fault(w, "ussd-silent", 0);
	start = clock_mono_ms();
	dial(w, 1, "*101#");
	expect_ussd(w, 1, ML_USSD_TIMEOUT, "");
	assert_true(clock_mono_ms() - start >= 500);
	link_expect_quiet(w);
	dial(w, 2, "*101#");
	expect_ussd(w, 2, ML_USSD_DONE, BALANCE);
	child_stop(w);
}

/* One at a time. */
static void
test_busy(void **state)
{
	struct world *w = *state;

	child_start(w);
	sim_do(w, "{\"do\":\"air\",\"ms\":500}");
	dial(w, 1, "*101#");
	dial(w, 2, "*102#");
	expect_ussd(w, 2, ML_USSD_FAILED, "");
	expect_ussd(w, 1, ML_USSD_DONE, BALANCE);
	child_stop(w);
}

static void
test_network_begins(void **state)
{
	struct world *w = *state;

	child_start(w);
	sim_do(w,
	    "{\"do\":\"ussd\",\"modem\":\"modem1\",\"text\":\"Khuyen mai\"}");
	expect_ussd(w, 0, ML_USSD_DONE, "Khuyen mai");
	dial(w, 1, "*101#");
	expect_ussd(w, 1, ML_USSD_DONE, BALANCE);
	sim_do(w, "{\"do\":\"ussd\",\"modem\":\"modem1\",\"text\":\"Mua goi? "
		  "1. Co\",\"more\":true}");
	expect_ussd(w, 0, ML_USSD_MENU, "Mua goi? 1. Co");
	link_expect_quiet(w);
	/* Ended, or "1" would be bought. */
	assert_int_equal(journal_count(w, "AT+CUSD=2"), 1);
	dial(w, 2, "1");
	expect_ussd(w, 2, ML_USSD_UNSUPPORTED, "");
	assert_int_equal(journal_count(w, "AT+CUSD=2"), 2);
	child_stop(w);
}

/* A text goes before a session; so does the end of the child. */
static void
test_in_the_way(void **state)
{
	struct world *w = *state;
	union ml_body body;
	int ended;

	child_start(w);
	dial(w, 3, "*098#");
	expect_ussd(
	    w, 3, ML_USSD_MENU, "1. Goi cuoc\n2. Kiem tra so du\n3. Thoat");
	send_text(w, 9, GSM_CODING_7BIT, "Chung toi da nhan");
	expect_ussd(w, 3, ML_USSD_TERMINATED, "");
	assert_int_equal(result_of(w, 9).outcome, ML_SENT);
	dial(w, 4, "*098#");
	expect_ussd(
	    w, 4, ML_USSD_MENU, "1. Goi cuoc\n2. Kiem tra so du\n3. Thoat");
	dial(w, 4, "");
	expect_ussd(w, 4, ML_USSD_TERMINATED, "");
	dial(w, 4, "");
	link_expect_quiet(w);
	dial(w, 5, "*098#");
	link_expect(w, ML_USSD_IN, &body);
	ended = journal_count(w, "AT+CUSD=2");
	link_put(w, ML_STOP, 0, NULL);
	expect_ussd(w, 5, ML_USSD_TERMINATED, "");
	assert_int_equal(journal_count(w, "AT+CUSD=2"), ended + 1);
}

/* A text that comes in during a session is told at once. */
static void
test_text_in_a_session(void **state)
{
	struct world *w = *state;
	union ml_body body;

	child_start(w);
	dial(w, 3, "*098#");
	link_expect(w, ML_USSD_IN, &body);
	sim_text(w, SENDER, "giup", "");
	link_expect(w, ML_SMS_IN, &body);
	assert_string_equal(body.sms_in.text, "giup");
	dial(w, 3, "2");
	expect_ussd(w, 3, ML_USSD_DONE, "So du: 25.000d");
	child_stop(w);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, world_setup, world_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_forms),
	    TEST(test_menu),
	    TEST(test_refused),
	    TEST(test_timeout),
	    TEST(test_busy),
	    TEST(test_network_begins),
	    TEST(test_in_the_way),
	    TEST(test_text_in_a_session),
	};

	cmocka_set_test_filter(getenv("TEST_FILTER"));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
