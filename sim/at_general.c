/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AT commands about the modem, the SIM and the network (V.250, 27.007). Called
 * through at_general_rows only; owns nothing.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "at.h"
#include "clock.h"
#include "modem.h"
#include "persona.h"
#include "sim.h"

#define OPERATOR_LONG "Song An"
#define OPERATOR_SHORT "SongAn"
#define OPERATOR_CODE "45204"
/* some modems give the name where the code belongs; of these seven letters
 * libgammu 1.42 dies */
#define OPERATOR_AS_CODE "SongAn1"
#define PIN "0000"
#define PUK "00000000"
#define SWAPPED_AT 5 /* the digit of the IMSI behind the network code */

static int
at_echo(struct modem *m, const char *args)
{
	m->set.echo = args[0] == '1';
	return args[0] == '\0' || strcmp(args, "0") == 0 ||
		       strcmp(args, "1") == 0
		   ? AT_OK
		   : AT_ERROR;
}

/* ATV1, ATQ0, ATX4 ...: taken, but results are always verbose. */
static int
at_ignore(struct modem *m, const char *args)
{
	(void)m;
	(void)args;
	return AT_OK;
}

static int
at_reset(struct modem *m, const char *args)
{
	(void)args;
	modem_set_defaults(m);
	return AT_OK;
}

/* ATI */
static int
at_info(struct modem *m, const char *args)
{
	const char *const *info = m->persona->info;
	char text[256] = "";
	size_t len = 0;
	int i;

	(void)args;
	for (i = 0; i < PERSONA_LINES && info[i] != NULL; i++) {
		if (str_printf(text + len, sizeof(text) - len, "%s%s%s",
			i > 0 ? "\r\n" : "", info[i],
			strcmp(info[i], "IMEI: ") == 0 ? m->imei : "") != 0)
			return AT_ERROR;
		len = strlen(text);
	}
	modem_say(m, "%s", text);
	return AT_OK;
}

static int
at_cgmi(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "%s", m->persona->maker);
	return AT_OK;
}

static int
at_cgmm(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "%s", m->persona->model);
	return AT_OK;
}

static int
at_cgmr(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "%s", m->persona->revision);
	return AT_OK;
}

static int
at_cgsn(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "%s", m->imei);
	return AT_OK;
}

/* The state of the SIM as a CME error, 0 when it works. */
static int
sim_error(const struct modem *m)
{
	if (fault_is_on(m, FAULT_NO_SIM))
		return AT_CME(CME_NO_SIM);
	if (fault_is_on(m, FAULT_SIM_PUK))
		return AT_CME(CME_PUK);
	if (fault_is_on(m, FAULT_SIM_PIN))
		return AT_CME(CME_PIN);
	return 0;
}

static int
at_cimi(struct modem *m, const char *args)
{
	int error = sim_error(m);

	(void)args;
	if (error != 0)
		return error;
	if (fault_is_on(m, FAULT_SIM_SWAPPED))
		modem_say(m, "%.*s9%s", SWAPPED_AT, m->imsi,
		    m->imsi + SWAPPED_AT + 1);
	else
		modem_say(m, "%s", m->imsi);
	return AT_OK;
}

static int
at_cpin_read(struct modem *m, const char *args)
{
	(void)args;
	if (fault_is_on(m, FAULT_NO_SIM))
		return AT_CME(CME_NO_SIM);
	modem_say(m, "+CPIN: %s",
	    fault_is_on(m, FAULT_SIM_PUK)   ? "SIM PUK"
	    : fault_is_on(m, FAULT_SIM_PIN) ? "SIM PIN"
					    : "READY");
	return AT_OK;
}

/* The last attempt blocks the SIM. */
static void
wrong_pin(struct modem *m)
{
	if (m->faults[FAULT_SIM_PIN].count == 1)
		fault_start(m, FAULT_SIM_PUK);
	(void)fault_take(m, FAULT_SIM_PIN);
}

static int
at_cpin_set(struct modem *m, const char *args)
{
	char code[12];
	bool puk = fault_is_on(m, FAULT_SIM_PUK);

	if (fault_is_on(m, FAULT_NO_SIM))
		return AT_CME(CME_NO_SIM);
	if (at_string(&args, code, sizeof(code)) != 0)
		return AT_ERROR;
	if (strcmp(code, puk ? PUK : PIN) != 0) {
		if (!puk)
			wrong_pin(m);
		return AT_CME(CME_WRONG_PASSWORD);
	}
	fault_clear(m, FAULT_SIM_PIN);
	fault_clear(m, FAULT_SIM_PUK);
	return AT_OK;
}

static int
at_creg_read_n(struct modem *m, const char *name, int n)
{
	int stat = fault_is_on(m, FAULT_NO_NETWORK) || sim_error(m) ? 0 : 1;

	if (n == 2 && stat == 1)
		modem_say(m, "%s: %d,%d,%s", name, n, stat, m->persona->area);
	else
		modem_say(m, "%s: %d,%d", name, n, stat);
	return AT_OK;
}

static int
at_creg_set_n(int *n, const char *args)
{
	int v = 0;

	if (at_ints(args, &v, 1) < 0 || v > 2)
		return AT_ERROR;
	*n = v;
	return AT_OK;
}

static int
at_creg_read(struct modem *m, const char *args)
{
	(void)args;
	return at_creg_read_n(m, "+CREG", m->set.creg[0]);
}

static int
at_creg_set(struct modem *m, const char *args)
{
	return at_creg_set_n(&m->set.creg[0], args);
}

static int
at_cgreg_read(struct modem *m, const char *args)
{
	(void)args;
	return at_creg_read_n(m, "+CGREG", m->set.creg[1]);
}

static int
at_cgreg_set(struct modem *m, const char *args)
{
	return at_creg_set_n(&m->set.creg[1], args);
}

static int
at_cops_read(struct modem *m, const char *args)
{
	const char *names[] = {OPERATOR_LONG, OPERATOR_SHORT, OPERATOR_CODE};

	(void)args;
	if (fault_is_on(m, FAULT_LONG_OPERATOR))
		names[2] = OPERATOR_AS_CODE;
	if (fault_is_on(m, FAULT_NO_NETWORK))
		modem_say(m, "+COPS: 0");
	else
		modem_say(m, "+COPS: 0,%d,\"%s\",7", m->set.cops_format,
		    names[m->set.cops_format]);
	return AT_OK;
}

/* AT+COPS=<mode>[,<format>...]: only the format (mode 3) and automatic
 * selection mean something here. */
static int
at_cops_set(struct modem *m, const char *args)
{
	int v[2] = {0, m->set.cops_format};

	if (at_ints(args, v, 2) < 0 || (v[0] != 3 && v[0] != 0) || v[1] > 2)
		return AT_ERROR;
	m->set.cops_format = v[1];
	return AT_OK;
}

static int
at_csq(struct modem *m, const char *args)
{
	(void)args;
	if (fault_take(m, FAULT_SIGNAL_SILENT))
		return AT_SILENT;
	modem_say(m, "+CSQ: %d,99", fault_is_on(m, FAULT_NO_NETWORK) ? 99 : 20);
	return AT_OK;
}

static const char *const charsets[] = {
    [MODEM_GSM] = "GSM", [MODEM_UCS2] = "UCS2", [MODEM_HEX] = "HEX"};
_Static_assert(TC_NELEM(charsets) == MODEM_NCHARSETS, "character sets");

static int
at_cscs_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CSCS: \"%s\"", charsets[m->set.charset]);
	return AT_OK;
}

static int
at_cscs_query(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CSCS: %s", m->persona->charsets);
	return AT_OK;
}

static int
at_cscs_set(struct modem *m, const char *args)
{
	char name[8];
	size_t i;

	if (at_string(&args, name, sizeof(name)) != 0 ||
	    !persona_lists(m->persona->charsets, name))
		return AT_ERROR;
	m->set.charset = MODEM_GSM;
	for (i = 0; i < MODEM_NCHARSETS; i++)
		if (strcmp(name, charsets[i]) == 0)
			m->set.charset = (enum modem_charset)i;
	return AT_OK;
}

static int
at_cmee_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CMEE: %d", m->set.cmee);
	return AT_OK;
}

static int
at_cmee_set(struct modem *m, const char *args)
{
	int v = 0;

	if (at_ints(args, &v, 1) < 0 || v > 2)
		return AT_ERROR;
	m->set.cmee = v;
	return AT_OK;
}

static int
at_cclk(struct modem *m, const char *args)
{
	time_t t = (time_t)clock_now() + SIM_ZONE_MIN * 60;
	struct tm tm;

	(void)args;
	if (gmtime_r(&t, &tm) == NULL)
		return AT_ERROR;
	modem_say(m, "+CCLK: \"%02d/%02d/%02d,%02d:%02d:%02d+%02d\"",
	    tm.tm_year % 100, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
	    tm.tm_sec, SIM_ZONE_MIN / 15);
	return AT_OK;
}

static int
at_cnum(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CNUM: \"\",\"%s\",145", m->number);
	return AT_OK;
}

const struct at_row at_general_rows[] = {
    {.name = "E", .exec = at_echo},
    {.name = "V", .exec = at_ignore},
    {.name = "Q", .exec = at_ignore},
    {.name = "X", .exec = at_ignore},
    {.name = "S0", .exec = at_ignore},
    {.name = "&C", .exec = at_ignore},
    {.name = "&D", .exec = at_ignore},
    {.name = "&F", .exec = at_reset},
    {.name = "Z", .exec = at_reset},
    {.name = "I", .exec = at_info},
    {.name = "+CGMI", .test = "", .exec = at_cgmi},
    {.name = "+GMI", .test = "", .exec = at_cgmi},
    {.name = "+CGMM", .test = "", .exec = at_cgmm},
    {.name = "+GMM", .test = "", .exec = at_cgmm},
    {.name = "+CGMR", .test = "", .exec = at_cgmr},
    {.name = "+GMR", .test = "", .exec = at_cgmr},
    {.name = "+CGSN", .test = "", .exec = at_cgsn},
    {.name = "+GSN", .test = "", .exec = at_cgsn},
    {.name = "+CIMI", .test = "", .exec = at_cimi},
    {.name = "+CNUM", .test = "", .exec = at_cnum},
    {.name = "+CPIN", .test = "", .read = at_cpin_read, .set = at_cpin_set},
    {.name = "+CREG",
	.test = "+CREG: (0-2)",
	.read = at_creg_read,
	.set = at_creg_set},
    {.name = "+CGREG",
	.test = "+CGREG: (0-2)",
	.read = at_cgreg_read,
	.set = at_cgreg_set},
    {.name = "+COPS",
	.test = "+COPS: (2,\"" OPERATOR_LONG "\",\"" OPERATOR_SHORT
		"\",\"" OPERATOR_CODE "\",7),,(0,3),(0-2)",
	.read = at_cops_read,
	.set = at_cops_set},
    {.name = "+CSQ", .test = "+CSQ: (0-31,99),(0-7,99)", .exec = at_csq},
    {.name = "+CSCS",
	.query = at_cscs_query,
	.read = at_cscs_read,
	.set = at_cscs_set},
    {.name = "+CMEE",
	.test = "+CMEE: (0-2)",
	.read = at_cmee_read,
	.set = at_cmee_set},
    {.name = "+CGATT", .test = "+CGATT: (0,1)", .text = "+CGATT: 1"},
    {.name = "+CPAS", .test = "+CPAS: (0,3,4)", .text = "+CPAS: 0"},
    {.name = "+CBC", .test = "+CBC: (0),(0-100)", .text = "+CBC: 0,100"},
    {.name = "+CFUN",
	.test = "+CFUN: (0,1),(0,1)",
	.text = "+CFUN: 1",
	.set = at_ignore},
    {.name = "+CCLK", .test = "", .read = at_cclk, .set = at_ignore},
    {.name = NULL},
};
