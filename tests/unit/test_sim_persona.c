/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The personalities of the simulator: how each answers, and what it says
 * unasked.
 */

#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "sim/persona.h"
#include "sim_world.h"

/* Give modem 1 a personality, as after power-on. */
static void
become(struct world *w, const char *name)
{
	struct modem *m = w->sim->modems[0];
	const struct fault_request vanish = {"vanish", -1, -1, -1};
	const struct fault_request back = {"back", -1, -1, -1};

	m->persona = persona_pick(name, 1);
	assert_non_null(m->persona);
	assert_int_equal(fault_set(m, &vanish), 0);
	assert_int_equal(fault_set(m, &back), 0);
	world_reopen(w, 1);
}

static void
test_pick(void **state)
{
	static const struct {
		const char *list;
		unsigned index;
		const char *name; /* NULL = none */
	} rows[] = {
	    {NULL, 1, "plain"},
	    {NULL, 64, "plain"},
	    {"huawei", 1, "huawei"},
	    {"huawei", 3, "huawei"},
	    {"huawei,zte", 1, "huawei"},
	    {"huawei,zte", 2, "zte"},
	    {"huawei,zte", 3, "zte"},
	    {"huawe", 1, NULL},
	    {"huaweii", 1, NULL},
	    {"", 1, NULL},
	    {"huawei,", 2, NULL},
	};
	const struct persona *p;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(rows); i++) {
		p = persona_pick(rows[i].list, rows[i].index);
		assert_int_equal(p != NULL, rows[i].name != NULL);
		if (p != NULL)
			assert_string_equal(p->name, rows[i].name);
	}
}

static void
test_answers(void **state)
{
	static const struct {
		const char *name;
		const char *say;
		const char *expect;
	} rows[] = {
	    {"plain", "ATI\r", "tincay\r\nTC-SIM\r\nRevision: 1\r\n"},
	    {"plain", "AT^CURC=0\r", "\r\nERROR\r\n"},
	    {"huawei", "ATI\r",
		"Model: E173\r\nRevision: 11.126.16.04.259\r\n"
		"IMEI: 350000000009010\r\n+GCAP"},
	    {"huawei", "AT+CGMI\r", "\r\nhuawei\r\n"},
	    {"huawei", "AT^CURC=0\r", "\r\nOK\r\n"},
	    {"huawei", "AT^NOTHING\r", "\r\nCOMMAND NOT SUPPORT\r\n"},
	    {"huawei", "AT+CREG=2;+CREG?\r", "+CREG: 2,1,1A4,81DE445\r\n"},
	    {"huawei", "AT+CNMI=?\r", "+CNMI: (0,1,2),(0,1,2,3),(0,2,3)"},
	    {"huawei", "AT+CUSD=1,\"*101#\",15\r", "ERROR"},
	    {"huawei", "AT+CUSD=1,\"AA182C3602\",15\r", "+CUSD: 0,\"d337885c"},
	    {"zte", "AT+CGMI\r", "ZTE INCORPORATED"},
	    {"zte", "AT+ZCDRUN=8\r", "SUCCESS):1\r\n\r\nOK"},
	    {"zte", "AT+CUSD=1,\"*101#\",15\r", "+CUSD: 0,\"So du TK"},
	    {"quectel", "AT+CGMM\r", "EC25"},
	    {"quectel", "AT+CPMS?\r", "+CPMS: \"ME\",0,3,\"ME\""},
	    {"quectel", "AT+CPMS=?\r", "(\"ME\",\"MT\",\"SM\"),(\"ME\""},
	    {"quectel", "AT+CPMS=\"MT\"\r", "+CPMS: 0,3,0,3,0,3"},
	    {"quectel", "AT+CUSD=1,\"*101#\",15\r", "+CUSD: 2,\"0053006f"},
	    {"simcom", "ATI\r", "SIM800 R14.18"},
	    {"simcom", "AT+CNMI=2,1,2,1\r", "ERROR"},
	    {"simcom", "AT+CNMI=2,1,0,1\r", "OK"},
	    {"simcom", "AT+CPMS=\"SM_P\"\r", "OK"},
	    {"simcom", "AT+CPMS=\"XX\"\r", "ERROR"},
	    {"simcom", "AT+CUSD=1,\"*101#\",15\r", "+CUSD: 0, \"So du"},
	    {"simcom", "AT+CSCS=\"HEX\"\r", "OK"},
	    {"simcom", "AT+CUSD=1,\"2A31303123\",15\r",
		"+CUSD: 0, \"536f206475"},
	    {"plain", "AT+CSCS=\"HEX\"\r", "ERROR"},
	};
	struct world *w = *state;
	const char *name = "";
	size_t i;

	for (i = 0; i < TC_NELEM(rows); i++) {
		if (strcmp(name, rows[i].name) != 0)
			become(w, rows[i].name);
		name = rows[i].name;
		if (!world_ask(w, 1, rows[i].say, rows[i].expect)) {
			print_message("%s, after %s\n", name, rows[i].say);
			fail();
		}
	}
}

/* What it says when it is plugged in, and again and again until it is asked for
 * its memory. */
static void
test_murmur(void **state)
{
	struct world *w = *state;
	static struct persona fast; /* the modem has it until its end */

	fast = *persona_pick("zte", 1);
	become(w, "zte");
	assert_true(world_expect(w, 1, "+ZPASR: \"UMTS\""));
	fast.murmur_ms = 5;
	w->sim->modems[0]->persona = &fast;
	persona_boot(w->sim->modems[0]);
	assert_true(world_expect(w, 1, "+ZUSIMR:2\r\n\r\n+ZUSIMR:2"));
	assert_true(world_ask(w, 1, "AT+CPMS?\r", "OK"));
	world_say(w, 1, "AT\r");
	assert_false(world_sees_within(w, 1, "+ZUSIMR:2", 30));
	persona_boot(w->sim->modems[0]);
	assert_true(world_expect(w, 1, "+ZUSIMR:2"));
	persona_hush(w->sim->modems[0]);
}

#define WORLD_TEST(f)                                                          \
	cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pick),
	    WORLD_TEST(test_answers),
	    WORLD_TEST(test_murmur),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
