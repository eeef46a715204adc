/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The AT side of the simulator, on a real pty: commands and their answers,
 * echo, how bytes become lines, and hostile input.
 */

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "sim_world.h"

/* SMS-SUBMIT to +84900000001 "hello", no SMSC, 18 octets */
#define PDU "0001000b914809000000f1000005e8329bfd06"
#define PDU_SEND "AT+CMGS=18\r"

static const struct {
	const char *say;
	const char *expect;
} commands[] = {
    {"AT\r", "AT\r\r\nOK\r\n"},
    {"at\r", "\r\nOK\r\n"},
    {"\n\nAT\r\n", "\r\nOK\r\n"},
    {"ATE1V1Q0\r", "\r\nOK\r\n"},
    {"ATI\r", "tincay\r\nTC-SIM"},
    {"AT+CGMI\r", "\r\ntincay\r\n\r\nOK\r\n"},
    {"AT+CGMI=?\r", "\r\nOK\r\n"},
    {"AT+CGSN\r", "\r\n350000000009010\r\n"},
    {"AT+CIMI\r", "\r\n452040000000901\r\n"},
    {"AT+CPIN?\r", "+CPIN: READY"},
    {"AT+CREG?\r", "+CREG: 0,1\r\n"},
    {"AT+CREG=2;+CREG?\r", "+CREG: 2,1,\"01A4\",\"00C8\""},
    {"AT+CREG=3\r", "ERROR"},
    {"AT+COPS?\r", "+COPS: 0,0,\"Song An\""},
    {"AT+COPS=3,2;+COPS?\r", "+COPS: 0,2,\"45204\""},
    {"AT+CSQ\r", "+CSQ: 20,99"},
    {"AT+CSCA?\r", "+CSCA: \"+84900000999\",145"},
    {"AT+CSCA=\"+84900000998\";+CSCA?\r", "\"+84900000998\",145"},
    {"AT+CSCA=\"x\"\r", "ERROR"},
    {"AT+CSCS=\"UCS2\";+CSCS?\r", "+CSCS: \"UCS2\""},
    {"AT+CSCS=\"KOI8\"\r", "ERROR"},
    {"AT+CMGF=0\r", "\r\nOK\r\n"},
    {"AT+CMGF=1\r", "\r\nERROR\r\n"},
    {"AT+CPMS=\"SM\",\"SM\",\"ME\"\r", "+CPMS: 0,3,0,3,0,3"},
    {"AT+CPMS?\r", "+CPMS: \"SM\",0,3,\"SM\",0,3,\"ME\",0,3"},
    {"AT+CPMS=\"XX\"\r", "+CMS ERROR: 302"},
    {"AT+CNMI=2,1;+CNMI?\r", "+CNMI: 2,1,0,0,0"},
    {"AT+CNMI=2,,,2;+CNMI?\r", "+CNMI: 2,1,0,2,0"},
    {"AT+CNMI=2,3\r", "ERROR"},
    {"AT+CMGR=1\r", "AT+CMGR=1\r\r\nOK\r\n"},
    {"AT+CMGR=0\r", "+CMS ERROR: 321"},
    {"AT+CMGR=4\r", "+CMS ERROR: 321"},
    {"AT+CMGL=4\r", "AT+CMGL=4\r\r\nOK\r\n"},
    {"AT+CMGL=5\r", "ERROR"},
    {"AT+CMGD=1\r", "\r\nOK\r\n"},
    {"AT+CMGD=4\r", "+CMS ERROR: 321"},
    {"AT+CNMA\r", "+CMS ERROR: 340"},
    {"AT+CSMS=1;+CNMA\r", "\r\nOK\r\n"},
    {"AT+CMMS=2;+CMMS?\r", "+CMMS: 2"},
    {"AT+CMEE=1;+CMEE?\r", "+CMEE: 1"},
    {"AT+CLIP=1;+CLIP?\r", "+CLIP: 1,1"},
    {"AT+CPAS\r", "+CPAS: 0"},
    {"AT+CBC\r", "+CBC: 0,100"},
    {"AT+CCLK?\r", "+CCLK: \""},
    {"ATA\r", "NO CARRIER"},
    {"ATH\r", "\r\nOK\r\n"},
    {"AT+CHUP\r", "\r\nOK\r\n"},
    {"AT+CMGSX=1\r", "ERROR"},
    {"AT+CMGX\r", "ERROR"},
    {"AT+\r", "ERROR"},
    {"AT%\r", "ERROR"},
    {"ATW\r", "ERROR"},
    {"AT+CMGS\r", "ERROR"},
    {"AT+CMGS=x\r", "ERROR"},
    {"AT+CMGS=177\r", "+CMS ERROR: 304"},
    {"AT+CMGS=99999999999\r", "ERROR"},
    {"ATZ\r", "\r\nOK\r\n"},
    {"AT+CMMS?\r", "+CMMS: 0"},
};

static void
test_commands(void **state)
{
	struct world *w = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(commands); i++)
		if (!world_ask(w, 1, commands[i].say, commands[i].expect)) {
			print_message("after %s\n", commands[i].say);
			fail();
		}
	/* the second modem is another one */
	assert_true(world_ask(w, 2, "AT+CGSN\r", "\r\n350000000009020\r\n"));
}

static void
test_echo_off(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "ATE0\r", "OK\r\n"));
	assert_true(world_ask(w, 1, "AT\r", "OK\r\n"));
	assert_string_equal(w->out[0], "\r\nOK\r\n");
}

/* PIN and PUK, as CME errors or bare ones (27.007 clause 9.1). */
static void
test_sim_states(void **state)
{
	struct world *w = *state;

	world_fault(w, 1, "sim-pin");
	assert_true(world_ask(w, 1, "AT+CIMI\r", "\r\nERROR\r\n"));
	assert_true(world_ask(w, 1, "AT+CMEE=1;+CIMI\r", "+CME ERROR: 11"));
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: SIM PIN"));
	assert_true(world_ask(w, 1, "AT+CMGL=4\r", "+CMS ERROR: 311"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"1234\"\r", "+CME ERROR: 16"));
	assert_true(world_ask(w, 1, "AT+CPIN=\"0000\"\r", "\r\nOK\r\n"));
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: READY"));
	world_fault(w, 1, "sim-puk");
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CPIN: SIM PUK"));
	world_fault(w, 1, "no-sim");
	assert_true(world_ask(w, 1, "AT+CPIN?\r", "+CME ERROR: 10"));
	world_fault(w, 1, "clear");
	world_fault(w, 1, "no-network");
	assert_true(world_ask(w, 1, "AT+CREG?\r", "+CREG: 0,0"));
	assert_true(world_ask(w, 1, "AT+CSQ\r", "+CSQ: 99,99"));
	world_fault(w, 1, "clear");
}

/* PDU and Ctrl-Z in pieces, with the line ends that some programs add. */
static void
test_send_pieces(void **state)
{
	struct world *w = *state;
	size_t i;

	assert_true(world_ask(w, 1, PDU_SEND, "\r\n> "));
	for (i = 0; i < strlen(PDU); i += 7)
		world_write(
		    w, 1, &PDU[i], strlen(PDU) - i < 7 ? strlen(PDU) - i : 7);
	world_say(w, 1, "\r\n");
	assert_true(world_ask(w, 1, "\032", "\r\n+CMGS: 1\r\n\r\nOK\r\n"));
	assert_true(world_inbox_has(w, "+84900000001", 1));
	assert_int_equal(world_journal_count(w, "air_end", "text", "hello"), 1);
	assert_int_equal(world_journal_count(w, "rx", "data", PDU "\032"), 1);
}

static void
test_send_bad(void **state)
{
	static const struct {
		const char *announce;
		const char *data;
		const char *expect;
	} rows[] = {
	    {"AT+CMGS=17\r", PDU "\032", "+CMS ERROR: 304"},
	    {PDU_SEND, "\032", "+CMS ERROR: 304"},
	    {PDU_SEND, "00\032", "+CMS ERROR: 304"},
	    {PDU_SEND, "0\032", "+CMS ERROR: 304"},
	    {PDU_SEND, PDU "0\032", "+CMS ERROR: 304"},
	    {PDU_SEND, "zz" PDU "\032", "+CMS ERROR: 304"},
	    {PDU_SEND, "ff01000b914809000000f1000005e8329bfd06\032",
		"+CMS ERROR: 304"},
	    {PDU_SEND, PDU "\033", "\r\nOK\r\n"}, /* taken back */
	};
	struct world *w = *state;
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		assert_true(world_ask(w, 1, rows[i].announce, "> "));
		assert_true(world_ask(w, 1, rows[i].data, rows[i].expect));
	}
	assert_int_equal(world_journal_count(w, "air_start", NULL, NULL), 0);
	assert_true(world_ask(w, 1, "AT\r", "OK"));
}

/* Who does not wait for the prompt or the answer loses nothing. */
static void
test_typed_ahead(void **state)
{
	struct world *w = *state;

	world_say(w, 1, PDU_SEND PDU "\032AT+CSQ\rAT+CBC\r");
	assert_true(world_expect(w, 1, "+CBC: 0,100\r\n\r\nOK\r\n"));
	assert_non_null(strstr(w->out[0], "> "));
	assert_non_null(strstr(w->out[0], "+CMGS: 1\r\n\r\nOK"));
	assert_true(strstr(w->out[0], "+CMGS: 1") < strstr(w->out[0], "+CSQ:"));
}

static void
test_overlong(void **state)
{
	struct world *w = *state;
	char junk[8000];

	memset(junk, 'A', sizeof(junk));
	junk[1] = 'T';
	world_write(w, 1, junk, sizeof(junk));
	assert_true(world_ask(w, 1, "\r", "\r\nERROR\r\n"));
	assert_true(world_ask(w, 1, PDU_SEND, "> "));
	world_write(w, 1, junk, sizeof(junk));
	assert_true(world_ask(w, 1, "\032", "+CMS ERROR: 304"));
	assert_true(world_ask(w, 1, "AT\r", "\r\nOK\r\n"));
	/* typed while the answer to the line before was awaited */
	w->sim->opt.at_delay_ms = 5;
	memcpy(junk, "AT\rAT", 5);
	world_write(w, 1, junk, sizeof(junk));
	assert_true(world_expect(w, 1, "\r\nOK\r\n"));
	assert_true(world_ask(w, 1, "\r", "\r\nERROR\r\n"));
}

/* Escape drops a half line, backspace a letter; what is no command is
 * ignored. */
static void
test_editing(void **state)
{
	struct world *w = *state;

	assert_true(world_ask(w, 1, "AT+CMGF=1\033AT\r", "\r\nOK\r\n"));
	assert_true(world_ask(w, 1, "AT+CSX\bQ\r", "+CSQ: 20"));
	world_say(w, 1, "hello\r");
	assert_false(world_sees_within(w, 1, "ERROR", 50));
}

/* Any bytes at all: it may refuse, it must live and answer afterwards. */
static void
test_noise(void **state)
{
	struct world *w = *state;
	unsigned char noise[512];
	uint32_t random = 7;
	size_t i, k;

	for (i = 0; i < 60; i++) {
		for (k = 0; k < sizeof(noise); k++) {
			random = random * 1664525 + 1013904223;
			noise[k] = (unsigned char)(random >> 24);
		}
		memcpy(
		    noise, i % 2 ? "\rAT+CMGS=20\r" : "\rAT+CUSD=1,\"\r", 12);
		memcpy(noise + 200, "\rAT+CNMI=", 9);
		memcpy(noise + 300, "\rAT+CPMS=\"", 10);
		world_write(w, 1, noise, sizeof(noise));
		(void)world_sees_within(w, 1, "~never~", 2);
	}
	assert_true(world_ask(w, 1, "\033\rATZ\r", "OK"));
	assert_true(world_ask(w, 1, "AT+CGSN\r", "350000000009010"));
}

#define WORLD_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    WORLD_TEST(test_commands),
	    WORLD_TEST(test_echo_off),
	    WORLD_TEST(test_sim_states),
	    WORLD_TEST(test_send_pieces),
	    WORLD_TEST(test_send_bad),
	    WORLD_TEST(test_typed_ahead),
	    WORLD_TEST(test_overlong),
	    WORLD_TEST(test_editing),
	    WORLD_TEST(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
