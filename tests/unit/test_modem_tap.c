/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modem/tap: what libgammu says in passing. The words are asked of the library
 * itself, which is what the product depends on.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "modem/tap.h"

/* SMS-DELIVER from +84900000001 with TP-PID and TP-DCS to be filled in. */
static void
decode(GSM_StateMachine *sm, unsigned char pid, unsigned char dcs)
{
	unsigned char pdu[] = {0x00, 0x04, 0x0b, 0x91, 0x48, 0x09, 0x00, 0x00,
	    0x00, 0xf1, pid, dcs, 0x62, 0x11, 0x42, 0x60, 0x03, 0x51, 0x82,
	    0x01, 0x31};
	GSM_SMSMessage sms;
	size_t end = 0;

	memset(&sms, 0, sizeof(sms));
	assert_int_equal(GSM_DecodePDUFrame(
			     GSM_GetDI(sm), &sms, pdu, sizeof(pdu), &end, TRUE),
	    ERR_NONE);
}

static void
test_octets(void **state)
{
	GSM_StateMachine *sm = GSM_AllocStateMachine();
	struct tap t;

	(void)state;
	tap_open(&t, sm);
	assert_int_equal(t.pid, -1);
	assert_int_equal(t.dcs, -1);
	decode(sm, 0x40, 0xc8);
	assert_int_equal(t.pid, 0x40);
	assert_int_equal(t.dcs, 0xc8);
	decode(sm, 0, 0);
	assert_int_equal(t.pid, 0);
	assert_int_equal(t.dcs, 0);
	tap_forget(&t);
	assert_int_equal(t.pid, -1);
	GSM_FreeStateMachine(sm);
}

static void
test_lines(void **state)
{
	struct tap t;

	(void)state;
	memset(&t, 0, sizeof(t));
	tap_line("", &t);
	tap_line("text with SMS PID: 0x40 in it", &t);
	assert_int_equal(t.pid, 0);
	tap_line(
	    "Incoming SMS information ignored as MT memory is disabled", &t);
	assert_true(t.is_missed && !t.has_rung);
	tap_line("waiting for caller ID.", &t);
	assert_true(t.has_rung);
	tap_line("Escaping SMS mode", &t);
	assert_true(t.is_escaped);
	tap_line("SMS DCS: 0xFFFFFFC8", &t);
	assert_int_equal(t.dcs, 0xc8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_octets),
	    cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
