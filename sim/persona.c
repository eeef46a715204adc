/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of personalities and their murmur. Called by modem.c and the AT
 * handlers; owns the murmur event of a modem. The answers are those of sticks
 * and modules that are common in Vietnam, as their manuals and public logs have
 * them. Nothing can fail.
 */

#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "at.h"
#include "persona.h"
#include "sim.h"

static const struct persona personas[] = {
    {
	.name = "plain",
	.maker = "tincay",
	.model = "TC-SIM",
	.revision = "Revision: 1",
	.info = {"tincay", "TC-SIM", "Revision: 1"},
	.charsets = "(\"GSM\",\"UCS2\")",
	.memories = "(\"SM\",\"ME\")",
	.memory = STORE_SM,
	.cnmi = "(0-2),(0-2),(0,2),(0-2),(0,1)",
	.cnmi_most = {2, 2, 2, 2, 1},
	.area = "\"01A4\",\"00C8\"",
	.unknown = "ERROR",
    },
    {
	.name = "huawei",
	.maker = "huawei",
	.model = "E173",
	.revision = "11.126.16.04.259",
	.info = {"Manufacturer: huawei", "Model: E173",
	    "Revision: 11.126.16.04.259", "IMEI: ", "+GCAP: +CGSM,+DS,+ES"},
	.charsets = "(\"IRA\",\"UCS2\",\"GSM\")",
	.memories = "(\"ME\",\"MT\",\"SM\")",
	.memory = STORE_SM,
	.cnmi = "(0,1,2),(0,1,2,3),(0,2,3),(0,1,2),(0,1)",
	.cnmi_most = {2, 3, 3, 2, 1},
	.area = "1A4,81DE445",
	.unknown = "COMMAND NOT SUPPORT",
	.ussd = USSD_PACKED,
	.boot = {"^BOOT:20239124,0,0,0,77", "^SIMST:1", "^SRVST:2"},
	.murmur = {"^RSSI:17", "^MODE:5,4", "^RSSI:18",
	    "^DSFLOWRPT:00000012,00000000,00000000,00000000000004F6,"
	    "00000000000007B8,00000000,00000000"},
	.murmur_ms = 3000,
	.hush = "^CURC=0",
	.own = {{"^CURC=0", ""}, {"^PORTSEL=1", ""}},
    },
    {
	.name = "zte",
	.maker = "ZTE INCORPORATED",
	.model = "MF190",
	.revision = "BD_MF190V1.0.0B01",
	.info = {"Manufacturer: ZTE INCORPORATED", "Model: MF190",
	    "Revision: BD_MF190V1.0.0B01", "IMEI: ", "+GCAP: +CGSM,+DS,+ES"},
	.charsets = "(\"IRA\",\"GSM\",\"UCS2\")",
	.memories = "(\"ME\",\"MT\",\"SM\")",
	.memory = STORE_SM,
	.cnmi = "(0,1,2),(0,1,2,3),(0,2),(0,1,2),(0,1)",
	.cnmi_most = {2, 3, 2, 2, 1},
	.area = "\"1A4\",\"81DE445\"",
	.unknown = "ERROR",
	.boot = {"+ZPASR: \"No Service\"",
	    "+ZDONR: \"Song An\",452,04,\"CS_PS\",\"ROAM_OFF\"",
	    "+ZPASR: \"UMTS\""},
	.murmur = {"+ZUSIMR:2"},
	.murmur_ms = 2000,
	.hush = "+CPMS?",
	.own = {{"+ZCDRUN=8", "Close autorun state result(0:FAIL 1:SUCCESS):1"},
	    {"+ZOPRT=5", ""}},
    },
    {
	.name = "quectel",
	.maker = "Quectel",
	.model = "EC25",
	.revision = "EC25EFAR06A03M4G",
	.info = {"Quectel", "EC25", "Revision: EC25EFAR06A03M4G"},
	.charsets = "(\"GSM\",\"IRA\",\"UCS2\")",
	.memories = "(\"ME\",\"MT\",\"SM\")",
	.memory = STORE_ME,
	.cnmi = "(0-2),(0-3),(0,2),(0-2),(0,1)",
	.cnmi_most = {2, 3, 2, 2, 1},
	.area = "\"1A4\",\"81DE445\"",
	.unknown = "ERROR",
	.ussd = USSD_UCS2,
	.ussd_done = 2,
	.boot = {"RDY", "+CPIN: READY", "+QUSIM: 1", "+CFUN: 1",
	    "+QIND: SMS DONE", "+QIND: PB DONE"},
    },
    {
	.name = "simcom",
	.maker = "SIMCOM_Ltd",
	.model = "SIMCOM_SIM800L",
	.revision = "Revision:1418B05SIM800L24",
	.info = {"SIM800 R14.18"},
	.charsets = "(\"IRA\",\"GSM\",\"UCS2\",\"HEX\",\"PCCP\",\"PCDN\","
		    "\"8859-1\")",
	.memories = "(\"SM\",\"ME\",\"SM_P\",\"ME_P\",\"MT\")",
	.memory = STORE_SM,
	.cnmi = "(0-3),(0-3),(0),(0,1),(0,1)",
	.cnmi_most = {3, 3, 0, 1, 1},
	.area = "\"01A4\",\"00C8\"",
	.unknown = "ERROR",
	.cusd_gap = true,
	.boot = {"RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready"},
	.murmur = {"*PSUTTZ: 2026,3,10,2,0,0,\"+28\",0", "DST: 0"},
	.murmur_ms = 60000,
    },
};

const struct persona *
persona_pick(const char *list, unsigned index)
{
	const char *s = list != NULL ? list : "plain";
	size_t i, len;

	for (; index > 1 && strchr(s, ',') != NULL; index--)
		s = strchr(s, ',') + 1;
	len = strcspn(s, ",");
	for (i = 0; i < TC_NELEM(personas); i++)
		if (strlen(personas[i].name) == len &&
		    strncmp(s, personas[i].name, len) == 0)
			return &personas[i];
	return NULL;
}

bool
persona_lists(const char *list, const char *name)
{
	char quoted[16];

	return str_printf(quoted, sizeof(quoted), "\"%s\"", name) == 0 &&
	       strstr(list, quoted) != NULL;
}

int
persona_command(struct modem *m, const char *command)
{
	const struct persona *p = m->persona;
	size_t i;

	if (p->hush != NULL && strcasecmp(p->hush, command) == 0)
		persona_hush(m);
	for (i = 0; i < TC_NELEM(p->own) && p->own[i].command != NULL; i++) {
		if (strcasecmp(p->own[i].command, command) != 0)
			continue;
		if (*p->own[i].answer != '\0')
			modem_say(m, "%s", p->own[i].answer);
		return AT_OK;
	}
	return AT_UNKNOWN;
}

static void
on_murmur(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;
	const struct persona *p = m->persona;

	(void)fd;
	(void)what;
	if (m->murmur == PERSONA_LINES || p->murmur[m->murmur] == NULL)
		m->murmur = 0;
	modem_notify(m, NULL, NULL, "%s", p->murmur[m->murmur++]);
	sim_timer(m->ev_murmur, p->murmur_ms);
}

void
persona_boot(struct modem *m)
{
	const struct persona *p = m->persona;
	int i;

	for (i = 0; i < PERSONA_LINES && p->boot[i] != NULL; i++)
		modem_notify(m, NULL, NULL, "%s", p->boot[i]);
	if (p->murmur_ms == 0)
		return;
	if (m->ev_murmur == NULL)
		m->ev_murmur = event_new(m->sim->base, -1, 0, on_murmur, m);
	sim_timer(m->ev_murmur, p->murmur_ms);
}

void
persona_hush(struct modem *m)
{
	if (m->ev_murmur != NULL)
		event_del(m->ev_murmur);
}
