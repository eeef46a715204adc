/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The faults of the simulator that have more to them than a refused command,
 * and the odd texts a modem may get.
 */

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "sim_world.h"

/* SMS-SUBMIT to +84900000001 "hello" */
#define COMMAND "AT+CMGS=18\r"
#define DATA "0001000b914809000000f1000005e8329bfd06\032"
#define SEND COMMAND DATA
#define NUMBER "+84900000001"
#define LONG_TEXT                                                              \
	"Bon tram sau muoi ky tu thi mot tin nhan khong du, cho nen may cat "  \
	"ra lam nhieu phan, moi phan co so thu tu, va dien thoai cua nguoi "   \
	"nhan ghep lai theo so ay, du den truoc hay den sau, du co phan nao "  \
	"den hai lan hay khong bao gio den, va nguoi gui khong biet gi ca."

static void
fault(struct world *w, const char *kind, int64_t ms, int64_t code)
{
	const struct fault_request r = {kind, -1, ms, code};

	assert_int_equal(fault_set(w->sim->modems[0], &r), 0);
}

/* Another text takes the slot of one that was read and not yet deleted. */
static void
test_slot_reused(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	world_fault(w, 1, "slot-reused");
	world_text(w, 1, "a");
	assert_false(world_sees_within(w, 1, "+CMTI", 50));
	world_text(w, 1, "b");
	assert_true(world_expect(w, 1, "+CMTI: \"SM\",1\r\n"));
	assert_int_equal(world_journal_count(w, "stored", "text", "b"), 0);
	assert_true(world_ask(w, 1, "AT+CMGR=1\r", "+CMGR: 0,,"));
	assert_int_equal(world_journal_count(w, "deleted", "text", "a"), 0);
	assert_true(world_ask(w, 1, "AT+CMGR=1\r", "+CMGR: 0,,"));
	assert_true(world_expect(w, 1, "\r\n+CMTI: \"SM\",1\r\n"));
	assert_int_equal(world_journal_count(w, "deleted", "text", "a"), 1);
	assert_true(world_ask(w, 1, "AT+CMGR=1\r", "+CMGR: 1,,"));
	assert_int_equal(world_journal_count(w, "stored", "text", "b"), 1);
}

static void
test_slot_zero(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1;+CMEE=1\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CMGR=0\r", "+CMS ERROR: 321"));
	assert_true(world_ask(w, 1, "AT+CMGD=0\r", "+CMS ERROR: 321"));
	world_fault(w, 1, "slot-zero");
	world_text(w, 1, "a");
	assert_true(world_expect(w, 1, "+CMTI: \"SM\",0\r\n"));
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 0,0,,"));
	assert_true(world_ask(w, 1, "AT+CMGR=0\r", "+CMGR: 1,,"));
	assert_true(world_ask(w, 1, "AT+CMGD=0\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CPMS?\r", "\"SM\",0,3"));
}

static void
test_notifications(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CMEE=1\r", "OK"));
	world_fault(w, 1, "notify-refused");
	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "+CMS ERROR: 302"));
	assert_true(world_ask(w, 1, "AT+CNMI=?\r", "ERROR"));
	world_fault(w, 1, "clear");
	world_fault(w, 1, "notify-none");
	assert_true(world_ask(w, 1, "AT+CNMI=?\r", "(0),(0),(0),(0),(0)"));
	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "ERROR"));
	assert_true(world_ask(w, 1, "AT+CNMI=0,0\r", "OK"));
	world_text(w, 1, "a");
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 1,0,,"));
}

/* A long text comes with a part too few, or one too many. */
static void
test_parts(void **state)
{
	struct world *w = *state;

	assert_int_equal(world_text(w, 1, LONG_TEXT), 2);
	assert_int_equal(world_journal_count(w, "stored", NULL, NULL), 2);
	assert_true(world_ask(w, 1, "AT+CMGD=1,4\r", "OK"));
	world_fault(w, 1, "part-missing");
	(void)world_text(w, 1, LONG_TEXT);
	assert_int_equal(world_journal_count(w, "stored", NULL, NULL), 3);
	assert_true(world_ask(w, 1, "AT+CMGD=1,4\r", "OK"));
	world_fault(w, 1, "part-doubled");
	(void)world_text(w, 1, LONG_TEXT);
	assert_int_equal(world_journal_count(w, "stored", NULL, NULL), 6);
	assert_true(world_ask(w, 1, "AT+CMGD=1,4\r", "OK"));
	(void)world_text(w, 1, LONG_TEXT);
	assert_int_equal(world_journal_count(w, "stored", NULL, NULL), 8);
}

/* The three attempts of a PIN, and the PUK behind it. */
static void
test_pin(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CMEE=1\r", "OK"));
	world_fault(w, 1, "sim-pin");
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: SIM PIN"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"1111\"\r", "+CME ERROR: 16"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"0000\"\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: READY"));
	world_fault(w, 1, "sim-pin");
	assert_true(world_ask(w, 1, "AT+CPIN=\"1111\"\r", "+CME ERROR: 16"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"1112\"\r", "+CME ERROR: 16"));
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: SIM PIN"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"1113\"\r", "+CME ERROR: 16"));
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: SIM PUK"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"0000\"\r", "+CME ERROR: 16"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"00000000\",\"0000\"\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: READY"));
}

static void
test_identity(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CIMI\r", "452040000000901"));
	world_fault(w, 1, "sim-swapped");
	assert_true(world_ask(w, 1, "AT+CIMI\r", "452049000000901"));
	world_fault(w, 1, "clear");
	assert_true(world_ask(w, 1, "AT+CIMI\r", "452040000000901"));
	world_fault(w, 1, "long-operator");
	assert_true(world_ask(w, 1, "AT+COPS=3,2;+COPS?\r", "0,2,\"SongAn1"));
	assert_true(world_ask(w, 1, "AT+COPS=3,0;+COPS?\r", "0,0,\"Song An"));
}

/* Steps of a send at which a modem may vanish: what was written by then, and
 * whether the segment was on the air. */
static void
test_vanish_steps(void **state)
{
	static const struct {
		const char *kind;
		bool prompts;
		size_t on_air;
	} rows[] = {
	    {"vanish-before-prompt", false, 0},
	    {"vanish-after-prompt", true, 0},
	    {"vanish-on-air", true, 1},
	    {"vanish-before-final", true, 1},
	};
	struct world *w = *state;
	size_t i, before;

	for (i = 0; i < TC_NELEM(rows); i++) {
		before = world_journal_count(w, "air_end", NULL, NULL);
		fault(w, rows[i].kind, 40, -1);
		world_say(w, 1, COMMAND);
		assert_int_equal(world_sees_within(w, 1, "\r\n> ",
				     rows[i].prompts ? 5000 : 50),
		    rows[i].prompts);
		if (rows[i].prompts)
			world_say(w, 1, DATA);
		assert_false(world_sees_within(w, 1, "+CMGS: ", 150));
		assert_int_equal(
		    world_journal_count(w, "air_end", NULL, NULL) - before,
		    rows[i].on_air);
		/* it is back by now */
		assert_int_equal(
		    world_journal_count(w, "close", NULL, NULL), i + 1);
		assert_int_equal(world_journal_count(w, "open", NULL, NULL),
		    WORLD_MODEMS + i + 1);
		world_reopen(w, 1);
		assert_true(world_ask(w, 1, SEND, "+CMGS: "));
	}
}

/* Two modems behind each other's link. */
static void
test_swap(void **state)
{
	struct world *w = *state;

	json_decref(world_control(
	    w, "{\"do\":\"swap\",\"modem\":\"1\",\"with\":\"2\"}"));
	world_reopen(w, 1);
	world_reopen(w, 2);
	assert_true(world_ask(w, 1, "AT+CIMI\r", "452040000000902"));
	assert_true(world_ask(w, 2, "AT+CIMI\r", "452040000000901"));
}

static void
test_slow(void **state)
{
	struct world *w = *state;

	fault(w, "slow", 100, -1);
	world_say(w, 1, SEND);
	assert_false(world_sees_within(w, 1, "+CMGS: ", 60));
	assert_true(world_expect(w, 1, "+CMGS: 1"));
}

static void
test_ussd_faults(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CMEE=1;+CUSD=1\r", "OK"));
	world_fault(w, 1, "ussd-refused");
	assert_true(
	    world_ask(w, 1, "AT+CUSD=1,\"*101#\",15\r", "+CME ERROR: 100"));
	fault(w, "ussd-failed", -1, 2);
	assert_true(world_ask(w, 1, "AT+CUSD=1,\"*101#\",15\r", "+CUSD: 2\r"));
	world_fault(w, 1, "ussd-silent");
	world_say(w, 1, "AT+CUSD=1,\"*101#\",15\r");
	assert_false(world_sees_within(w, 1, "\r\n+CUSD", 60));
	assert_true(
	    world_ask(w, 1, "AT+CUSD=1,\"*101#\",15\r", "+CUSD: 0,\"So du"));
}

/* The octets that tell an odd text from a common one: TP-PID and TP-DCS behind
 * the sender, and the header. */
static void
test_odd_texts(void **state)
{
	static const struct {
		const char *form;
		const char *text; /* NULL = none */
		const char *octets;
	} rows[] = {
	    {"wap-push", NULL, "440B914809000000F10004"},
	    {"binary", "c0ffee", "040B914809000000F10004"},
	    {"silent", "", "040B914809000000F14000"},
	    {"replace", "a", "040B914809000000F14100"},
	    {"waiting", NULL, "040B914809000000F100C8"},
	    {"waiting-text", "a", "040B914809000000F100D8"},
	};
	struct world *w = *state;
	char request[128];
	json_t *answer;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		(void)snprintf(request, sizeof(request),
		    "{\"do\":\"text\",\"from\":\"" NUMBER
		    "\",\"to\":\"1\",\"form\":\"%s\"%s%s%s}",
		    rows[i].form, rows[i].text != NULL ? ",\"text\":\"" : "",
		    rows[i].text != NULL ? rows[i].text : "",
		    rows[i].text != NULL ? "\"" : "");
		answer = world_control(w, request);
		assert_true(json_is_true(json_object_get(answer, "ok")));
		json_decref(answer);
		assert_true(world_ask(w, 1, "AT+CMGR=1\r", rows[i].octets));
		assert_true(world_ask(w, 1, "AT+CMGD=1\r", "OK"));
	}
	answer = world_control(w, "{\"do\":\"text\",\"from\":\"" NUMBER
				  "\",\"to\":\"1\",\"form\":\"fax\"}");
	assert_false(json_is_true(json_object_get(answer, "ok")));
	json_decref(answer);
}

/* A text in the memory of the modem, and one with a reference of our choice. */
static void
test_memory_and_reference(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	json_decref(
	    world_control(w, "{\"do\":\"text\",\"from\":\"" NUMBER
			     "\",\"to\":\"1\",\"text\":\"a\",\"me\":true}"));
	assert_true(world_expect(w, 1, "+CMTI: \"ME\",1"));
	json_decref(world_control(w,
	    "{\"do\":\"text\",\"from\":\"" NUMBER
	    "\",\"to\":\"1\",\"text\":\"" LONG_TEXT "\",\"ref\":171}"));
	assert_true(world_expect(w, 1, "+CMTI: \"SM\",2"));
	assert_true(world_ask(w, 1, "AT+CMGR=2\r", "050003AB0202"));
}

#define WORLD_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_slot_reused),
	    WORLD_TEST(test_slot_zero),
	    WORLD_TEST(test_notifications),
	    WORLD_TEST(test_parts),
	    WORLD_TEST(test_pin),
	    WORLD_TEST(test_identity),
	    WORLD_TEST(test_vanish_steps),
	    WORLD_TEST(test_swap),
	    WORLD_TEST(test_slow),
	    WORLD_TEST(test_ussd_faults),
	    WORLD_TEST(test_odd_texts),
	    WORLD_TEST(test_memory_and_reference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
