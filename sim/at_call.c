/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AT commands for calls and USSD (27.007). Called through at_call_rows only;
 * owns nothing.
 */

#include "config.h"

#include <string.h>

#include "at.h"
#include "modem.h"
#include "radio.h"
#include "sim.h"

#define DCS_DEFAULT 15

static int
at_clip_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CLIP: %d,1", m->set.clip);
	return AT_OK;
}

static int
at_clip_set(struct modem *m, const char *args)
{
	int v = 0;

	if (at_ints(args, &v, 1) < 0 || v > 1)
		return AT_ERROR;
	m->set.clip = v;
	return AT_OK;
}

static int
at_switch(struct modem *m, const char *args)
{
	int v = 0;

	(void)m;
	return at_ints(args, &v, 1) < 0 || v > 1 ? AT_ERROR : AT_OK;
}

static int
at_hang_up(struct modem *m, const char *args)
{
	if (*args != '\0' && strcmp(args, "0") != 0)
		return AT_ERROR;
	call_end(m, "hung up", false);
	return AT_OK;
}

static int
at_answer(struct modem *m, const char *args)
{
	if (*args != '\0')
		return AT_ERROR;
	if (!m->call.is_on || m->call.is_answered) {
		modem_finish(m, "NO CARRIER");
		return AT_LATER;
	}
	call_answer(m);
	return AT_OK;
}

static int
at_clcc(struct modem *m, const char *args)
{
	(void)args;
	if (m->call.is_on)
		modem_say(m, "+CLCC: 1,1,%d,0,0,\"%s\",145",
		    m->call.is_answered ? 0 : 4, m->call.from);
	return AT_OK;
}

static int
at_cusd_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CUSD: %d", m->set.cusd);
	return AT_OK;
}

/* AT+CUSD=<n>[,<str>[,<dcs>]]; n = 2 ends a session. */
static int
at_cusd_set(struct modem *m, const char *args)
{
	char n[4], text[MODEM_USSD_MAX] = "";
	int mode = 0, dcs = DCS_DEFAULT;

	if (at_string(&args, n, sizeof(n)) != 0 || at_ints(n, &mode, 1) < 0 ||
	    mode > 2)
		return AT_ERROR;
	if (*args != '\0' && at_string(&args, text, sizeof(text)) != 0)
		return AT_ERROR;
	if (*args != '\0' && at_ints(args, &dcs, 1) < 0)
		return AT_ERROR;
	if (mode == 2) {
		ussd_cancel(m);
		return AT_OK;
	}
	m->set.cusd = mode;
	if (*text != '\0' && fault_take(m, FAULT_USSD_REFUSED))
		return AT_CME(m->faults[FAULT_USSD_REFUSED].code);
	if (*text != '\0' && ussd_request(m, text, dcs) != 0)
		return AT_ERROR;
	return AT_OK;
}

const struct at_row at_call_rows[] = {
    {.name = "H", .exec = at_hang_up},
    {.name = "A", .exec = at_answer},
    {.name = "+CHUP", .test = "", .exec = at_hang_up},
    {.name = "+CLCC", .test = "", .exec = at_clcc},
    {.name = "+CLIP",
	.test = "+CLIP: (0,1)",
	.read = at_clip_read,
	.set = at_clip_set},
    /* extended ring words and call waiting: taken, and of no effect */
    {.name = "+CRC", .test = "+CRC: (0,1)", .set = at_switch},
    {.name = "+CCWA", .test = "+CCWA: (0,1)", .set = at_switch},
    {.name = "+CUSD",
	.test = "+CUSD: (0-2)",
	.read = at_cusd_read,
	.set = at_cusd_set},
    {.name = NULL},
};
