/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * AT commands for short messages in PDU mode (27.005). Called through
 * at_sms_rows and at_run_data only; owns nothing.
 */

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "at.h"
#include "clock.h"
#include "modem.h"
#include "persona.h"
#include "radio.h"
#include "sim.h"

#define SMSC_MAX 12 /* octets of an SMSC address, length included */
#define TPDU_MIN 7

/* A SIM that cannot be used, as a CMS error; 0 when it can. */
static int
sim_error(const struct modem *m)
{
	if (fault_is_on(m, FAULT_NO_SIM))
		return AT_CMS(CMS_NO_SIM);
	if (fault_is_on(m, FAULT_SIM_PUK))
		return AT_CMS(CMS_PUK);
	if (fault_is_on(m, FAULT_SIM_PIN))
		return AT_CMS(CMS_PIN);
	return 0;
}

static int
at_cmgf_set(struct modem *m, const char *args)
{
	(void)m;
	return strcmp(args, "0") == 0 ? AT_OK : AT_ERROR;
}

static int
at_csca_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CSCA: \"%s\",145", m->smsc);
	return AT_OK;
}

static int
at_csca_set(struct modem *m, const char *args)
{
	char number[PHONE_NUMBER_MAX];

	if (at_string(&args, number, sizeof(number)) != 0 || *number == '\0' ||
	    strspn(number + (*number == '+'), "0123456789") < 3)
		return AT_ERROR;
	memcpy(m->smsc, number, sizeof(m->smsc));
	return AT_OK;
}

static int
at_csms_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CSMS: %d,1,1,1", m->set.csms);
	return AT_OK;
}

static int
at_csms_set(struct modem *m, const char *args)
{
	int v = 0;

	if (at_ints(args, &v, 1) < 0 || v > 1)
		return AT_ERROR;
	m->set.csms = v;
	modem_say(m, "+CSMS: 1,1,1");
	return AT_OK;
}

static int
at_cmms_read(struct modem *m, const char *args)
{
	(void)args;
	modem_say(m, "+CMMS: %d", m->set.cmms);
	return AT_OK;
}

static int
at_cmms_set(struct modem *m, const char *args)
{
	int v = 0;

	if (at_ints(args, &v, 1) < 0 || v > 2)
		return AT_ERROR;
	m->set.cmms = v;
	return AT_OK;
}

static int
at_cnmi_read(struct modem *m, const char *args)
{
	const int *v = m->set.cnmi;

	(void)args;
	modem_say(m, "+CNMI: %d,%d,%d,%d,%d", v[0], v[1], v[2], v[3], v[4]);
	return AT_OK;
}

/* A modem without notifications offers none, and refuses the rest. */
static int
at_cnmi_query(struct modem *m, const char *args)
{
	(void)args;
	if (fault_is_on(m, FAULT_NOTIFY_REFUSED))
		return AT_ERROR;
	modem_say(m, "+CNMI: %s",
	    fault_is_on(m, FAULT_NOTIFY_NONE) ? "(0),(0),(0),(0),(0)"
					      : m->persona->cnmi);
	return AT_OK;
}

/* A place that is left out keeps its value, as most modems do. */
static int
at_cnmi_set(struct modem *m, const char *args)
{
	static const int none[5] = {0};
	const int *most =
	    fault_is_on(m, FAULT_NOTIFY_NONE) ? none : m->persona->cnmi_most;
	int v[5], i;

	if (fault_is_on(m, FAULT_NOTIFY_REFUSED))
		return AT_CMS(CMS_NOT_ALLOWED);
	memcpy(v, m->set.cnmi, sizeof(v));
	if (at_ints(args, v, TC_NELEM(v)) < 0)
		return AT_ERROR;
	for (i = 0; i < 5; i++)
		if (v[i] > most[i])
			return AT_ERROR;
	memcpy(m->set.cnmi, v, sizeof(v));
	radio_pump(m);
	return AT_OK;
}

static int
at_cnma(struct modem *m, const char *args)
{
	(void)args;
	return m->set.csms == 1 ? AT_OK : AT_CMS(CMS_NO_CNMA);
}

/* What a full memory looks like from outside. */
static unsigned
store_used(const struct modem *m, enum store_kind kind)
{
	if (fault_is_on(m, FAULT_FULL))
		return m->sim->opt.nslots;
	return m->stores[kind].used;
}

static int
at_cpms_read(struct modem *m, const char *args)
{
	unsigned total = m->sim->opt.nslots;
	const enum store_kind *mem = m->set.mem;

	(void)args;
	modem_say(m, "+CPMS: \"%s\",%u,%u,\"%s\",%u,%u,\"%s\",%u,%u",
	    store_name(mem[0]), store_used(m, mem[0]), total,
	    store_name(mem[1]), store_used(m, mem[1]), total,
	    store_name(mem[2]), store_used(m, mem[2]), total);
	return AT_OK;
}

static int
at_cpms_query(struct modem *m, const char *args)
{
	const char *list = m->persona->memories;

	(void)args;
	modem_say(m, "+CPMS: %s,%s,%s", list, list, list);
	return AT_OK;
}

static int
at_cpms_set(struct modem *m, const char *args)
{
	enum store_kind mem[3];
	char name[8];
	int i;

	memcpy(mem, m->set.mem, sizeof(mem));
	for (i = 0; i < 3 && *args != '\0'; i++) {
		if (at_string(&args, name, sizeof(name)) != 0)
			return AT_ERROR;
		if (!persona_lists(m->persona->memories, name))
			return AT_CMS(CMS_NOT_ALLOWED);
		mem[i] = name[0] == 'S' ? STORE_SM : STORE_ME;
	}
	if (sim_error(m) != 0)
		return sim_error(m);
	memcpy(m->set.mem, mem, sizeof(mem));
	modem_say(m, "+CPMS: %u,%u,%u,%u,%u,%u", store_used(m, mem[0]),
	    m->sim->opt.nslots, store_used(m, mem[1]), m->sim->opt.nslots,
	    store_used(m, mem[2]), m->sim->opt.nslots);
	radio_pump(m);
	return AT_OK;
}

/* Reading */

/* The whole PDU as the AT interface shows it: SMSC address, then TPDU. */
static void
sms_hex(const struct modem *m, const struct sms *sms, char *hex)
{
	uint8_t address[SMSC_MAX + 2];
	int n;

	n = pdu_address_encode(m->smsc, address);
	if (n < 2 || n > SMSC_MAX) {
		n = 1;
		address[0] = 0;
	} else {
		address[0] = (uint8_t)(n - 1); /* octets, not digits */
	}
	pdu_hex(hex, address, (size_t)n);
	pdu_hex(hex + 2 * n, sms->tpdu, sms->len);
}

static int
at_cmgr(struct modem *m, const char *args)
{
	char hex[2 * (SMSC_MAX + PDU_MAX) + 1];
	struct sms *sms;
	int slot = 0;

	if (at_ints(args, &slot, 1) < 0)
		return AT_ERROR;
	if (sim_error(m) != 0)
		return sim_error(m);
	if (slot < store_first(m) || slot > (int)m->sim->opt.nslots)
		return AT_CMS(CMS_BAD_INDEX);
	sms = store_read(m, m->set.mem[0], (unsigned)slot);
	if (sms == NULL) /* an empty slot: only OK, as most modems */
		return AT_OK;
	sms_hex(m, sms, hex);
	modem_say(m, "+CMGR: %d,,%zu\r\n%s", sms->is_read, sms->len, hex);
	sms->is_read = true;
	return AT_OK;
}

static int
at_cmgl_set(struct modem *m, const char *args)
{
	char hex[2 * (SMSC_MAX + PDU_MAX) + 1];
	struct sms *sms;
	unsigned slot;
	int stat = 0;

	if (at_ints(args, &stat, 1) < 0 || stat > 4)
		return AT_ERROR;
	if (sim_error(m) != 0)
		return sim_error(m);
	for (slot = 0; slot <= m->sim->opt.nslots; slot++) {
		sms = store_get(m, m->set.mem[0], slot);
		if (sms == NULL || (stat != 4 && stat != sms->is_read))
			continue;
		sms_hex(m, sms, hex);
		modem_say(m, "+CMGL: %u,%d,,%zu\r\n%s", slot, sms->is_read,
		    sms->len, hex);
		sms->is_read = true;
	}
	return AT_OK;
}

static int
at_cmgl(struct modem *m, const char *args)
{
	(void)args;
	return at_cmgl_set(m, "0");
}

/* Does AT+CMGD=..,flag take this message? Flags 1 to 3 spare the unread; we
 * store nothing that was sent. */
static bool
is_deleted_by(const struct sms *sms, int flag)
{
	return sms != NULL && (flag == 4 || sms->is_read);
}

static void
delete_by_flag(struct modem *m, int flag)
{
	unsigned slot;

	for (slot = 0; slot <= m->sim->opt.nslots; slot++)
		if (is_deleted_by(store_get(m, m->set.mem[0], slot), flag) &&
		    store_delete(m, m->set.mem[0], slot) != 0)
			return;
}

static int
at_cmgd(struct modem *m, const char *args)
{
	int v[2] = {0, 0};

	if (at_ints(args, v, 2) < 0 || v[1] > 4)
		return AT_ERROR;
	if (sim_error(m) != 0)
		return sim_error(m);
	if (fault_take(m, FAULT_DELETE_REFUSED))
		return AT_CMS(CMS_NOT_ALLOWED);
	if (v[1] == 0) {
		if (v[0] < store_first(m) ||
		    store_delete(m, m->set.mem[0], (unsigned)v[0]) != 0)
			return AT_CMS(CMS_BAD_INDEX);
	} else {
		delete_by_flag(m, v[1]);
	}
	radio_pump(m);
	return AT_OK;
}

/* Sending */

static int
at_cmgs(struct modem *m, const char *args)
{
	int len = 0;

	if (at_ints(args, &len, 1) < 0)
		return AT_ERROR;
	if (len < TPDU_MIN || len > PDU_MAX)
		return AT_CMS(CMS_BAD_PDU);
	if (sim_error(m) != 0)
		return sim_error(m);
	if (fault_take(m, FAULT_NO_PROMPT))
		return AT_SILENT;
	if (fault_vanish(m, FAULT_VANISH_BEFORE_PROMPT, 0))
		return AT_LATER;
	modem_prompt(m, (unsigned)len);
	return AT_LATER;
}

static int
pdu_send(struct modem *m, const char *hex)
{
	uint8_t pdu[SMSC_MAX + PDU_MAX];
	struct pdu_submit submit;
	size_t len = strlen(hex) / 2, skip;

	if (len == 0 || len > sizeof(pdu) || strlen(hex) % 2 != 0 ||
	    hex_decode(pdu, len, hex) != 0)
		return AT_CMS(CMS_BAD_PDU);
	skip = (size_t)pdu[0] + 1;
	if (skip > SMSC_MAX || len != skip + m->pdu_len)
		return AT_CMS(CMS_BAD_PDU);
	if (pdu_submit_decode(pdu + skip, m->pdu_len, clock_now(), &submit) !=
	    0)
		return AT_CMS(CMS_BAD_PDU);
	if (fault_vanish(m, FAULT_VANISH_AFTER_PROMPT, 0))
		return AT_LATER;
	if (fault_is_on(m, FAULT_NO_NETWORK))
		return AT_CMS(CMS_NO_NETWORK);
	if (fault_take(m, FAULT_REFUSE))
		return AT_CMS(m->faults[FAULT_REFUSE].code);
	return radio_send(m, &submit);
}

void
at_run_data(struct modem *m, const char *data, bool is_cancelled)
{
	at_finish(m, is_cancelled ? AT_OK : pdu_send(m, data));
}

const struct at_row at_sms_rows[] = {
    {.name = "+CMGF",
	.test = "+CMGF: (0)",
	.text = "+CMGF: 0",
	.set = at_cmgf_set},
    {.name = "+CSCA", .test = "", .read = at_csca_read, .set = at_csca_set},
    {.name = "+CSMS",
	.test = "+CSMS: (0,1)",
	.read = at_csms_read,
	.set = at_csms_set},
    {.name = "+CMMS",
	.test = "+CMMS: (0-2)",
	.read = at_cmms_read,
	.set = at_cmms_set},
    {.name = "+CNMI",
	.query = at_cnmi_query,
	.read = at_cnmi_read,
	.set = at_cnmi_set},
    {.name = "+CNMA", .test = "+CNMA: (0-2)", .set = at_cnma, .exec = at_cnma},
    {.name = "+CPMS",
	.query = at_cpms_query,
	.read = at_cpms_read,
	.set = at_cpms_set},
    {.name = "+CMGR", .test = "", .set = at_cmgr},
    {.name = "+CMGL",
	.test = "+CMGL: (0-4)",
	.set = at_cmgl_set,
	.exec = at_cmgl},
    {.name = "+CMGD", .test = "", .set = at_cmgd},
    {.name = "+CMGS", .test = "", .set = at_cmgs},
    {.name = NULL},
};
