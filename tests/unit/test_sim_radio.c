/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The network side of the simulator: texts to modems, delivery reports, faults,
 * calls, USSD, the phones and the control socket.
 */

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "clock.h"
#include "sim_world.h"

/* SMS-SUBMIT to +84900000001 "hello", without and with TP-SRR */
#define SEND "AT+CMGS=18\r0001000b914809000000f1000005e8329bfd06\032"
#define SEND_REPORT "AT+CMGS=18\r0021000b914809000000f1000005e8329bfd06\032"
#define NUMBER "+84900000001"

/* Texts to modems */

static void
test_incoming(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	assert_int_equal(world_text(w, 1, "Xin chào"), 1);
	assert_true(world_expect(w, 1, "\r\n+CMTI: \"SM\",1\r\n"));
	assert_int_equal(world_journal_count(w, "cmti", "text", "Xin chào"), 1);
	assert_true(world_ask(w, 1, "AT+CMGL=1\r", "OK"));
	assert_null(strstr(w->out[0], "+CMGL:")); /* not read yet */
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 1,0,,"));
	/* SMSC, DELIVER from +84900000001, 7-bit ("à" is in the alphabet) */
	assert_true(
	    world_expect(w, 1, "07914809000099F9040B914809000000F10000"));
	assert_true(world_ask(w, 1, "AT+CMGR=1\r", "+CMGR: 1,,"));
	assert_true(world_ask(w, 1, "AT+CMGD=1\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CPMS?\r", "\"SM\",0,3"));
	assert_int_equal(world_journal_count(w, "deleted", "from", NUMBER), 1);
}

/* Nothing is announced unless asked for, and everything waits in the store. */
static void
test_not_announced(void **state)
{
	struct world *w = *state;

	world_text(w, 1, "a");
	assert_false(world_sees_within(w, 1, "+CMTI", 50));
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 1,0,,"));
}

/* A full store refuses, the SMSC keeps it, room brings it. */
static void
test_full(void **state)
{
	struct world *w = *state;
	char text[2] = "a";

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	for (; text[0] < 'f'; text[0]++)
		world_text(w, 1, text);
	assert_true(world_expect(w, 1, "+CMTI: \"SM\",3"));
	assert_true(world_ask(w, 1, "AT+CPMS?\r", "\"SM\",3,3"));
	assert_int_equal(world_journal_count(w, "stored", NULL, NULL), 3);
	assert_true(world_ask(w, 1, "AT+CMGD=2\r", "+CMTI: \"SM\",2"));
	assert_int_equal(world_journal_count(w, "stored", "text", "d"), 1);
	assert_int_equal(world_journal_count(w, "stored", "text", "e"), 0);
	assert_true(world_ask(w, 1, "AT+CMGD=1,4\r", "+CMTI: \"SM\",1"));
	assert_int_equal(world_journal_count(w, "stored", "text", "e"), 1);
	/* the fault does the same to an empty store */
	world_fault(w, 1, "full");
	world_text(w, 1, "f");
	assert_true(world_ask(w, 1, "AT+CPMS?\r", "\"SM\",3,3"));
	assert_int_equal(world_journal_count(w, "stored", "text", "f"), 0);
	world_fault(w, 1, "clear");
	assert_int_equal(world_journal_count(w, "stored", "text", "f"), 1);
}

static void
test_spill(void **state)
{
	struct world *w = *state;
	int i;

	w->sim->opt.spill = true;
	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	for (i = 0; i < 4; i++)
		world_text(w, 1, "a");
	assert_true(world_expect(w, 1, "+CMTI: \"ME\",1"));
	assert_true(world_ask(w, 1, "AT+CPMS=\"ME\"\r", "+CPMS: 1,3,"));
	assert_true(world_ask(w, 1, "AT+CMGR=1\r", "+CMGR: 0,,"));
}

static void
test_routed(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,2\r", "OK"));
	world_text(w, 1, "hello");
	assert_true(
	    world_expect(w, 1, "+CMT: ,24\r\n00040B914809000000F10000"));
	assert_true(world_expect(w, 1, "05E8329BFD06\r\n"));
	assert_true(world_ask(w, 1, "AT+CPMS?\r", "\"SM\",0,3"));
	assert_int_equal(world_journal_count(w, "cmt", "text", "hello"), 1);
}

/* Notifications wait while a command runs its course up to the data. */
static void
test_notify_waits(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CMGS=18\r", "> "));
	world_text(w, 1, "a");
	assert_false(world_sees_within(w, 1, "+CMTI", 50));
	assert_true(world_ask(w, 1, "\033", "\r\nOK\r\n\r\n+CMTI: \"SM\",1"));
	/* but not while it is on the air */
	w->sim->opt.air_ms = 200;
	world_say(w, 1, SEND);
	assert_true(world_expect(w, 1, "> "));
	world_text(w, 1, "b");
	assert_true(world_expect(w, 1, "+CMTI: \"SM\",2"));
	assert_null(strstr(w->out[0], "+CMGS: "));
	assert_true(world_expect(w, 1, "+CMGS: 1\r\n\r\nOK"));
}

static json_t *
inbox(struct world *w, const char *number)
{
	json_t *list = phones_inbox(&w->sim->phones, number);

	assert_true(json_array_size(list) > 0);
	return list;
}

/* A modem texts a modem, long and in Vietnamese, parts shuffled on the way: the
 * sim cuts it, and what a terminal sends back is put together by a phone. */
static void
test_long_text(void **state)
{
	static const char text[] =
	    "Chồng tôi đánh tôi, tôi sợ lắm. Ở đây có chỗ nào an toàn cho mẹ "
	    "con tôi không? 😀 Tôi không dám gọi điện, xin nhắn tin.";
	struct world *w = *state;
	struct phone_sms sms = {NUMBER, "+84900000002", NULL, false, 0, 0};
	struct pdu_submit s;
	uint8_t tpdu[PDU_MAX + 2];
	json_t *list;
	struct sms *stored;
	unsigned slot;

	world_fault(w, 1, "shuffle");
	assert_int_equal(world_text(w, 1, text), 2);
	for (slot = 1; slot <= 2; slot++) {
		stored = store_get(w->sim->modems[0], STORE_SM, slot);
		assert_non_null(stored);
		/* DELIVER to SUBMIT: a reference more, the time stamp out */
		tpdu[0] = 0x41;
		tpdu[1] = 0;
		memcpy(tpdu + 2, stored->tpdu + 1, 10);
		memcpy(tpdu + 12, stored->tpdu + 18, stored->len - 18);
		assert_int_equal(
		    pdu_submit_decode(tpdu, stored->len - 6, 0, &s), 0);
		/* the second part came first */
		assert_int_equal(s.body.udh[5], slot == 1 ? 2 : 1);
		sms.body = &s.body;
		assert_int_equal(
		    phones_deliver(&w->sim->phones, &sms), slot == 2);
	}
	list = inbox(w, "+84900000002");
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(list, 0), "text")),
	    text);
	json_decref(list);
}

/* Reports */

static void
test_report_routed(void **state)
{
	struct world *w = *state;

	w->sim->report_ms = 1;
	assert_true(world_ask(w, 1, "AT+CNMI=2,1,0,1\r", "OK"));
	assert_true(world_ask(w, 1, SEND_REPORT, "+CMGS: 1"));
	/* TP-MR 1, recipient, two times, status 0 */
	assert_true(world_expect(w, 1, "+CDS: 25\r\n0006010B914809000000F1"));
	assert_int_equal(world_journal_count(w, "report", "to", NUMBER), 1);
	/* none without TP-SRR, none when the network gives none */
	assert_true(world_ask(w, 1, SEND, "+CMGS: 2"));
	w->sim->report_mode = SIM_REPORT_OFF;
	assert_true(world_ask(w, 1, SEND_REPORT, "+CMGS: 3"));
	assert_false(world_sees_within(w, 1, "+CDS", 50));
	assert_true(world_inbox_has(w, NUMBER, 3));
}

static void
test_report_stored(void **state)
{
	struct world *w = *state;

	w->sim->report_ms = 1;
	w->sim->report_mode = SIM_REPORT_FAIL;
	assert_true(world_ask(w, 1, "AT+CNMI=2,1,0,2\r", "OK"));
	assert_true(world_ask(w, 1, SEND_REPORT, "+CDSI: \"SM\",1"));
	assert_true(world_ask(w, 1, "AT+CMGR=1\r", "06010B914809000000F1"));
	assert_true(world_expect(w, 1, "46\r\n\r\nOK")); /* TP-ST: expired */
	assert_int_equal(world_journal_count(w, "deliver", NULL, NULL), 0);
	assert_true(world_inbox_has(w, NUMBER, 0));
}

/* Faults of sending: what the terminal sees, and how often it was on the
 * air. */
static void
test_send_faults(void **state)
{
	static const struct {
		const char *kind;
		const char *expect; /* "" = no answer at all */
		size_t on_air;
	} rows[] = {
	    {"bare-error", "\r\nERROR\r\n", 1},
	    {"no-final", "", 1},
	    {"refuse", "\r\n+CMS ERROR: 38\r\n", 0},
	    {"no-prompt", "", 0},
	    {"no-network", "\r\n+CMS ERROR: 331\r\n", 0},
	    {"hang", "", 0},
	    {"garbage", "+CMGS: ", 1},
	};
	struct world *w = *state;
	size_t i, before;

	for (i = 0; i < TC_NELEM(rows); i++) {
		before = world_journal_count(w, "air_end", NULL, NULL);
		world_fault(w, 1, rows[i].kind);
		if (rows[i].expect[0] != '\0') {
			assert_true(world_ask(w, 1, SEND, rows[i].expect));
		} else {
			world_say(w, 1, SEND);
			assert_false(world_sees_within(w, 1, "OK", 100));
			assert_null(strstr(w->out[0], "ERROR"));
			assert_null(strstr(w->out[0], "+CMGS:"));
		}
		assert_int_equal(world_journal_count(w, "air_end", NULL, NULL),
		    before + rows[i].on_air);
		world_fault(w, 1, "clear");
		/* and then it works again */
		assert_true(world_ask(w, 1, "\033\rAT+CSQ\r", "+CSQ: 20"));
	}
}

static void
test_late_final(void **state)
{
	struct fault_request r = {"late-final", -1, 150, -1};
	struct world *w = *state;

	assert_int_equal(fault_set(w->sim->modems[0], &r), 0);
	world_say(w, 1, SEND);
	assert_true(world_inbox_has(w, NUMBER, 1));
	assert_false(world_sees_within(w, 1, "+CMGS: ", 50));
	assert_true(world_expect(w, 1, "+CMGS: 1\r\n\r\nOK"));
	assert_true(world_ask(w, 1, SEND, "+CMGS: 2\r\n\r\nOK"));
}

static void
test_count(void **state)
{
	struct fault_request r = {"refuse", 2, -1, 21};
	struct fault_request bad = {"refuse", 2, -1, 1000};
	struct world *w = *state;

	assert_int_equal(fault_set(w->sim->modems[0], &r), 0);
	assert_true(world_ask(w, 1, SEND, "+CMS ERROR: 21"));
	assert_true(world_ask(w, 1, SEND, "+CMS ERROR: 21"));
	assert_true(world_ask(w, 1, SEND, "+CMGS: 1"));
	assert_int_equal(fault_set(w->sim->modems[0], &bad), TC_EINVAL);
	bad.kind = "no such thing";
	bad.code = -1;
	assert_int_equal(fault_set(w->sim->modems[0], &bad), TC_EINVAL);
}

/* Hung behind the prompt: the segment never goes out. */
static void
test_hang_at_prompt(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CMGS=18\r", "> "));
	world_fault(w, 1, "hang");
	world_say(w, 1, "0001000b914809000000f1000005e8329bfd06\032");
	assert_false(world_sees_within(w, 1, "O", 100));
	assert_int_equal(world_journal_count(w, "air_start", NULL, NULL), 0);
	world_fault(w, 1, "clear");
	assert_true(world_ask(w, 1, "AT\r", "OK"));
}

/* A hang of some time ends by itself; what came meanwhile is in the store. */
static void
test_hang(void **state)
{
	struct fault_request r = {"hang", -1, 100, -1};
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	assert_int_equal(fault_set(w->sim->modems[0], &r), 0);
	world_say(w, 1, "AT\r");
	world_text(w, 1, "a");
	assert_false(world_sees_within(w, 1, "A", 50));
	while (fault_is_on(w->sim->modems[0], FAULT_HANG))
		(void)world_sees_within(w, 1, "~never~", 5);
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 1,0,,"));
}

static void
test_store_faults(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CNMI=2,1\r", "OK"));
	world_fault(w, 1, "duplicate-notify");
	world_text(w, 1, "a");
	assert_true(
	    world_expect(w, 1, "+CMTI: \"SM\",1\r\n\r\n+CMTI: \"SM\",1\r\n"));
	world_fault(w, 1, "no-notify");
	world_text(w, 1, "b");
	assert_false(world_sees_within(w, 1, "\"SM\",2", 50));
	world_fault(w, 1, "delete-refused");
	assert_true(world_ask(w, 1, "AT+CMGD=1\r", "+CMS ERROR: 302"));
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 2,0,,"));
	assert_true(world_ask(w, 1, "AT+CMGD=1\r", "OK"));
}

static void
test_chatter(void **state)
{
	struct fault_request r = {"chatter", 3, 5, -1};
	struct world *w = *state;

	assert_int_equal(fault_set(w->sim->modems[0], &r), 0);
	assert_true(world_expect(w, 1, "^RSSI:"));
	while (fault_is_on(w->sim->modems[0], FAULT_CHATTER))
		(void)world_sees_within(w, 1, "~never~", 5);
	assert_int_equal(world_journal_count(w, "tx", NULL, NULL), 3);
}

/* Pulled out in the middle of a send, and put in again. */
static void
test_vanish(void **state)
{
	struct world *w = *state;
	char path[128];

	assert_true(world_ask(w, 1, "AT+CNMI=2,1;+CMEE=1\r", "OK"));
	world_text(w, 1, "a");
	w->sim->opt.air_ms = 100;
	assert_true(world_ask(w, 1, SEND, "> "));
	world_fault(w, 1, "vanish");
	(void)snprintf(path, sizeof(path), "%s/modem1", w->dir);
	assert_int_not_equal(access(path, F_OK), 0);
	world_text(w, 1, "b");
	/* what was on the air arrives all the same */
	assert_true(world_inbox_has(w, NUMBER, 1));
	assert_int_equal(world_journal_count(w, "stored", NULL, NULL), 1);
	world_fault(w, 1, "back");
	world_reopen(w, 1);
	assert_int_equal(world_journal_count(w, "stored", "text", "b"), 1);
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMGL: 2,0,,"));
	assert_non_null(strstr(w->out[0], "+CMGL: 1,0,,"));
	assert_true(world_ask(w, 1, "AT+CNMI?\r", "+CNMI: 0,0,0,0,0"));
	w->sim->opt.air_ms = 1;
	assert_true(world_ask(w, 1, SEND, "+CMGS: 2"));
}

/* Calls and USSD */

static void
test_call(void **state)
{
	struct world *w = *state;
	struct modem *m = w->sim->modems[0];

	assert_true(world_ask(w, 1, "AT+CLIP=1\r", "OK"));
	assert_int_equal(call_start(m, "0900000001", 20, 1), 0);
	assert_int_equal(call_start(m, "0900000002", 20, 1), TC_ESTATE);
	assert_true(world_expect(
	    w, 1, "\r\nRING\r\n\r\n+CLIP: \"+84900000001\",145,,,,0\r\n"));
	world_say(w, 1, "AT+CLCC\r");
	assert_true(world_expect(w, 1, "+CLCC: 1,1,4,0,0,\"+84900000001\""));
	assert_true(world_expect(w, 1, "RING")); /* again */
	assert_true(world_ask(w, 1, "AT+CHUP\r", "OK"));
	assert_false(world_sees_within(w, 1, "RING", 60));
	assert_int_equal(world_journal_count(w, "call", "state", "hung up"), 1);
	/* the caller gives up */
	assert_int_equal(call_start(m, "0900000001", 2000, 1), 0);
	assert_true(world_expect(w, 1, "NO CARRIER"));
	assert_int_equal(world_journal_count(w, "call", "state", "missed"), 1);
	assert_int_equal(call_start(m, "", 20, 1), TC_EINVAL);
}

static void
test_ussd(void **state)
{
	static const struct {
		const char *say;
		const char *expect;
	} rows[] = {
	    {"AT+CUSD=1,\"*101#\",15\r", "+CUSD: 0,\"So du TK chinh: 25.000d"},
	    {"AT+CUSD=1,\"*102#\",15\r", "+CUSD: 0,\"00421ea1"},
	    {"AT+CUSD=1,\"*999#\",15\r", "+CUSD: 4\r\n"},
	    {"AT+CUSD=1,\"*098#\",15\r", "+CUSD: 1,\"1. Goi cuoc"},
	    {"AT+CUSD=1,\"1\",15\r", "+CUSD: 1,\"1. SMS100"},
	    {"AT+CUSD=1,\"2\",15\r", "+CUSD: 0,\"Ban da dang ky goi SMS500."},
	    {"AT+CUSD=1,\"*098#\"\r", "+CUSD: 1,\"1. Goi cuoc"},
	    {"AT+CUSD=2\r", "OK"},
	    {"AT+CUSD=1,\"2\"\r", "+CUSD: 4\r\n"}, /* no session any more */
	    /* packed septets, as some sticks want it (*101#) */
	    {"AT+CUSD=1,\"AA182C3602\",15\r", "+CUSD: 0,\"d337885c0"},
	    {"AT+CSCS=\"UCS2\"\r", "OK"},
	    {"AT+CUSD=1,\"002A0031003000310023\",15\r", "+CUSD: 0,\"0053006f"},
	    {"AT+CUSD=1,\"\"\r", "OK"},
	    {"AT+CUSD=3\r", "ERROR"},
	    {"AT+CUSD=1,\"*101#\r", "ERROR"},
	};
	struct world *w = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++)
		if (!world_ask(w, 1, rows[i].say, rows[i].expect)) {
			print_message("after %s\n", rows[i].say);
			fail();
		}
	assert_true(world_ask(w, 1, "AT+CSCS=\"GSM\"\r", "OK"));
	assert_int_equal(
	    ussd_notify(w->sim->modems[0], "Khuyen mai", false), 0);
	assert_true(world_expect(w, 1, "+CUSD: 0,\"Khuyen mai\",15"));
}

/* Phones */

static void
test_numbers(void **state)
{
	static const struct {
		const char *s;
		const char *number; /* NULL = refused */
	} rows[] = {
	    {"0900 000 001", "+84900000001"},
	    {"84900000001", "+84900000001"},
	    {"+84 900-000.001", "+84900000001"},
	    {"111", "111"},
	    {"VIETTEL", "VIETTEL"},
	    {"", NULL},
	    {"0000000000000000000000000000000000000000000", NULL},
	};
	char number[PHONE_NUMBER_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		assert_int_equal(phone_number(rows[i].s, number),
		    rows[i].number != NULL ? 0 : TC_EINVAL);
		if (rows[i].number != NULL)
			assert_string_equal(number, rows[i].number);
	}
}

/* A part that comes twice is counted, not shown twice. */
static void
test_duplicate_part(void **state)
{
	struct world *w = *state;
	struct pdu_body body = {.udh = {5, 0, 3, 9, 2, 1},
	    .udh_len = 6,
	    .msg_class = -1,
	    .text = "x"};
	struct phone_sms sms = {"a", "b", &body, true, 60, 1};
	json_t *list, *m;

	assert_false(phones_deliver(&w->sim->phones, &sms));
	assert_false(phones_deliver(&w->sim->phones, &sms));
	assert_int_equal(phones_count(&w->sim->phones, "b"), 0);
	body.udh[5] = 2;
	assert_true(phones_deliver(&w->sim->phones, &sms));
	list = inbox(w, "b");
	m = json_array_get(list, 0);
	assert_int_equal(json_array_size(list), 1);
	assert_string_equal(
	    json_string_value(json_object_get(m, "text")), "xx");
	assert_int_equal(
	    json_integer_value(json_object_get(m, "duplicates")), 1);
	assert_int_equal(json_integer_value(json_object_get(m, "vp")), 60);
	json_decref(list);
	/* the same reference again is another message */
	assert_false(phones_deliver(&w->sim->phones, &sms));
	body.udh[5] = 1;
	assert_true(phones_deliver(&w->sim->phones, &sms));
	assert_int_equal(phones_count(&w->sim->phones, "b"), 2);
	phones_clear(&w->sim->phones, "b");
	assert_int_equal(phones_count(&w->sim->phones, "b"), 0);
}

/* A short code is a phone like any other, not the index of a modem; the number
 * of a modem is that modem. */
static void
test_recipients(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(
	    w, 1, "AT+CMGS=13\r0001000181f1000005e8329bfd06\032", "+CMGS:"));
	assert_true(world_inbox_has(w, "1", 1));
	assert_true(world_ask(w, 2, "AT+CNMI=2,1\r", "OK"));
	world_say(
	    w, 1, "AT+CMGS=18\r0001000b914809000009f2000005e8329bfd06\032");
	assert_true(world_expect(w, 2, "+CMTI: \"SM\",1"));
	assert_int_equal(
	    world_journal_count(w, "stored", "from", "+84900000901"), 1);
}

/* The control socket */

static const struct {
	const char *line;
	bool ok;
} requests[] = {
    {"{\"do\":\"status\"}", true},
    {"{\"do\":\"text\",\"from\":\"0900000001\",\"to\":\"modem1\","
     "\"text\":\"a\",\"class\":0,\"ref_bits\":16}",
	true},
    {"{\"do\":\"text\",\"to\":\"+84900000902\",\"pdu\":\"00ff\"}", true},
    {"{\"do\":\"text\",\"to\":\"modem1\",\"pdu\":\"0\"}", false},
    {"{\"do\":\"text\",\"to\":\"modem1\",\"pdu\":\"\"}", false},
    {"{\"do\":\"text\",\"to\":\"modem1\"}", false},
    {"{\"do\":\"text\",\"from\":\"\",\"to\":\"1\",\"text\":\"a\"}", false},
    {"{\"do\":\"text\",\"from\":\"1\",\"to\":\"modem9\",\"text\":\"a\"}",
	false},
    {"{\"do\":\"text\",\"from\":\"1\",\"to\":\"1\",\"text\":\"a\","
     "\"class\":4}",
	false},
    {"{\"do\":\"call\",\"from\":\"0900000001\",\"to\":\"2\"}", true},
    {"{\"do\":\"call\",\"from\":\"0900000001\",\"to\":\"2\"}", false},
    {"{\"do\":\"ussd\",\"modem\":\"1\",\"text\":\"a\"}", true},
    {"{\"do\":\"ussd\",\"modem\":\"1\"}", false},
    {"{\"do\":\"menu\",\"path\":\"*1#\",\"text\":\"a\"}", true},
    {"{\"do\":\"menu\",\"path\":\"\",\"text\":\"a\"}", false},
    {"{\"do\":\"fault\",\"modem\":\"1\",\"kind\":\"full\"}", true},
    {"{\"do\":\"fault\",\"modem\":\"1\",\"kind\":\"?\"}", false},
    {"{\"do\":\"fault\",\"modem\":\"1\",\"kind\":\"full\","
     "\"count\":\"1\"}",
	false},
    {"{\"do\":\"air\",\"ms\":5}", true},
    {"{\"do\":\"air\",\"ms\":-5}", false},
    {"{\"do\":\"air\"}", false},
    {"{\"do\":\"report\",\"mode\":\"fail\",\"ms\":5}", true},
    {"{\"do\":\"report\",\"mode\":\"x\"}", false},
    {"{\"do\":\"report\",\"mode\":\"delay\",\"ms\":9}", true},
    {"{\"do\":\"report\",\"mode\":\"delay\"}", false},
    {"{\"do\":\"inbox\",\"number\":\"0900000001\"}", true},
    {"{\"do\":\"inbox\"}", false},
    {"{\"do\":\"wait\",\"number\":\"0900000001\",\"count\":1,"
     "\"timeout_ms\":10}",
	false},
    {"{\"do\":\"wait\",\"number\":\"0900000001\",\"count\":0}", true},
    {"{\"do\":\"clear\"}", true},
    {"{\"do\":\"dance\"}", false},
    {"{\"do\":1}", false},
    {"[]", false},
    {"", false},
    {"{\"do\":\"status\"", false},
};

static void
test_control(void **state)
{
	struct world *w = *state;
	json_t *answer;
	size_t i;

	for (i = 0; i < TC_NELEM(requests); i++) {
		answer = world_control(w, requests[i].line);
		assert_non_null(answer);
		if (json_is_true(json_object_get(answer, "ok")) !=
		    requests[i].ok) {
			print_message("%s\n", requests[i].line);
			fail();
		}
		/* a refusal says why */
		assert_int_equal(
		    json_is_string(json_object_get(answer, "error")),
		    !requests[i].ok);
		json_decref(answer);
	}
}

/* wait answers at the moment of delivery, not later. */
static void
test_control_wait(void **state)
{
	struct world *w = *state;
	json_t *answer;
	int64_t start;

	w->sim->opt.air_ms = 50;
	world_say(w, 1, SEND);
	start = clock_mono_ms();
	answer = world_control(w,
	    "{\"do\":\"wait\",\"number\":\"0900000001\",\"timeout_ms\":2500}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	assert_true(clock_mono_ms() - start < 2000);
	json_decref(answer);
}

/* A line without end is no reason to grow. */
static void
test_control_flood(void **state)
{
	struct world *w = *state;
	char *line = xmalloc(100001);
	json_t *answer;

	memset(line, 'x', 100000);
	line[100000] = '\0';
	/* dropped, or answered as the nonsense it is */
	answer = world_control(w, line);
	assert_false(json_is_true(json_object_get(answer, "ok")));
	json_decref(answer);
	free(line);
	answer = world_control(w, "{\"do\":\"status\"}");
	assert_true(json_is_true(json_object_get(answer, "ok")));
	json_decref(answer);
}

/* Nobody else may start in the same folder. */
static void
test_one_per_folder(void **state)
{
	struct world *w = *state;
	struct sim *other;

	assert_int_not_equal(sim_new(&w->sim->opt, &other), 0);
	assert_null(other);
	assert_true(world_ask(w, 1, "AT\r", "OK"));
}

#define WORLD_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_incoming),
	    WORLD_TEST(test_not_announced),
	    WORLD_TEST(test_full),
	    WORLD_TEST(test_spill),
	    WORLD_TEST(test_routed),
	    WORLD_TEST(test_notify_waits),
	    WORLD_TEST(test_long_text),
	    WORLD_TEST(test_report_routed),
	    WORLD_TEST(test_report_stored),
	    WORLD_TEST(test_send_faults),
	    WORLD_TEST(test_late_final),
	    WORLD_TEST(test_count),
	    WORLD_TEST(test_hang),
	    WORLD_TEST(test_hang_at_prompt),
	    WORLD_TEST(test_store_faults),
	    WORLD_TEST(test_chatter),
	    WORLD_TEST(test_vanish),
	    WORLD_TEST(test_call),
	    WORLD_TEST(test_ussd),
	    cmocka_unit_test(test_numbers),
	    WORLD_TEST(test_duplicate_part),
	    WORLD_TEST(test_recipients),
	    WORLD_TEST(test_control),
	    WORLD_TEST(test_control_wait),
	    WORLD_TEST(test_control_flood),
	    WORLD_TEST(test_one_per_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
