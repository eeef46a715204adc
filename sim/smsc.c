/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SMSC towards the modems: texts wait in the queue of their modem until it
 * can take them, and are stored or routed and announced as AT+CNMI and AT+CPMS
 * say (27.005 clause 3.4.1). Called by text.c, radio.c and at_sms.c; owns the queues and the slots. Nothing that
 * was accepted is lost: a full, absent or unregistered modem makes it wait.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "radio.h"
#include "sim.h"

#define CNMI_STORE 1
#define CNMI_ROUTE 2

struct sms *
store_get(const struct modem *m, enum store_kind kind, unsigned slot)
{
	if (slot > m->sim->opt.nslots)
		return NULL;
	return m->stores[kind].slots[slot];
}

int
store_first(const struct modem *m)
{
	return fault_is_on(m, FAULT_SLOT_ZERO) ? 0 : 1;
}

static json_t *
journal_slot(enum store_kind kind, unsigned slot, const struct sms *sms)
{
	return json_pack("{s:s,s:i,s:I,s:s,s:s,s:b}", "store", store_name(kind),
	    "slot", (int)slot, "id", (json_int_t)sms->id, "from", sms->from,
	    "text", sms->text, "report", sms->is_report);
}

int
store_delete(struct modem *m, enum store_kind kind, unsigned slot)
{
	struct store *store = &m->stores[kind];
	struct sms *sms = store_get(m, kind, slot);

	if (slot > m->sim->opt.nslots)
		return TC_ENOENT;
	if (sms == NULL)
		return 0;
	journal_log(&m->sim->journal, m->index, "deleted",
	    journal_slot(kind, slot, sms));
	free(sms);
	store->slots[slot] = NULL;
	store->used--;
	return 0;
}

/* Put a message into the first free slot; the slot, -1 when there is none. */
static int
store_put(struct modem *m, enum store_kind kind, struct sms *sms)
{
	struct store *store = &m->stores[kind];
	unsigned slot;

	if (store->used == m->sim->opt.nslots || fault_is_on(m, FAULT_FULL))
		return -1;
	slot = (unsigned)store_first(m);
	while (slot <= m->sim->opt.nslots && store->slots[slot] != NULL)
		slot++;
	if (slot > m->sim->opt.nslots)
		return -1;
	store->slots[slot] = sms;
	store->used++;
	journal_log(&m->sim->journal, m->index, "stored",
	    journal_slot(kind, slot, sms));
	return (int)slot;
}

/* +CMTI or +CDSI, unless CNMI or a fault says no. */
static void
announce(
    struct modem *m, enum store_kind kind, unsigned slot, const struct sms *sms)
{
	bool wanted =
	    sms->is_report ? m->set.cnmi[3] == 2 : m->set.cnmi[1] == CNMI_STORE;
	const char *name = sms->is_report ? "+CDSI" : "+CMTI";
	int times;

	if (!wanted || m->set.cnmi[0] == 0 || fault_take(m, FAULT_NO_NOTIFY))
		return;
	times = fault_take(m, FAULT_DUPLICATE_NOTIFY) ? 2 : 1;
	while (times-- > 0)
		modem_notify(m, sms->is_report ? "cdsi" : "cmti",
		    journal_slot(kind, slot, sms), "%s: \"%s\",%u", name,
		    store_name(kind), slot);
}

/* Store and announce. False when there is no room. */
static bool
store_incoming(struct modem *m, struct sms *sms)
{
	enum store_kind kind = sms->in_me ? STORE_ME : m->set.mem[2];
	int slot;

	slot = store_put(m, kind, sms);
	if (slot < 0 && m->sim->opt.spill && kind == STORE_SM) {
		kind = STORE_ME;
		slot = store_put(m, kind, sms);
	}
	if (slot < 0)
		return false;
	announce(m, kind, (unsigned)slot, sms);
	return true;
}

/* The fault slot-reused: two texts wait for it. The first is stored and the
 * second kept back until the first is read again; then it has the slot. */
static bool
is_kept_back(const struct modem *m, const struct sms *sms)
{
	if (!fault_is_on(m, FAULT_SLOT_REUSED) || sms->is_report)
		return false;
	return m->stores[m->set.mem[2]].used > 0 ||
	       TAILQ_NEXT(sms, entry) == NULL;
}

struct sms *
store_read(struct modem *m, enum store_kind kind, unsigned slot)
{
	struct sms *sms = store_get(m, kind, slot);

	if (sms != NULL && sms->is_read && !sms->is_report &&
	    !TAILQ_EMPTY(&m->pending) && fault_is_on(m, FAULT_SLOT_REUSED) &&
	    store_delete(m, kind, slot) == 0) {
		(void)fault_take(m, FAULT_SLOT_REUSED);
		radio_pump(m);
		sms = store_get(m, kind, slot);
	}
	return sms;
}

/* Hand it to the terminal without storing (+CMT, +CDS). */
static void
route_incoming(struct modem *m, struct sms *sms)
{
	char hex[2 * PDU_MAX + 1];
	json_t *fields;

	fields = json_pack("{s:I,s:s,s:s}", "id", (json_int_t)sms->id, "from",
	    sms->from, "text", sms->text);
	pdu_hex(hex, sms->tpdu, sms->len);
	if (sms->is_report)
		modem_notify(
		    m, "cds", fields, "+CDS: %zu\r\n00%s", sms->len, hex);
	else
		modem_notify(
		    m, "cmt", fields, "+CMT: ,%zu\r\n00%s", sms->len, hex);
	free(sms);
}

/* Would this message go straight to the terminal? */
static bool
is_routed(const struct modem *m, const struct sms *sms)
{
	if (m->set.cnmi[0] == 0)
		return false;
	return sms->is_report ? m->set.cnmi[3] == 1
			      : m->set.cnmi[1] == CNMI_ROUTE;
}

/* Is the modem in the network? */
static bool
is_reachable(const struct modem *m)
{
	return modem_is_open(m) && !fault_is_on(m, FAULT_NO_NETWORK) &&
	       !fault_is_on(m, FAULT_NO_SIM) &&
	       !fault_is_on(m, FAULT_SIM_PIN) && !fault_is_on(m, FAULT_SIM_PUK);
}

void
radio_pump(struct modem *m)
{
	struct sms *sms;

	while ((sms = TAILQ_FIRST(&m->pending)) != NULL && is_reachable(m)) {
		if ((is_routed(m, sms) && fault_is_on(m, FAULT_HANG)) ||
		    is_kept_back(m, sms))
			return;
		TAILQ_REMOVE(&m->pending, sms, entry);
		if (is_routed(m, sms)) {
			route_incoming(m, sms);
		} else if (!store_incoming(m, sms)) {
			TAILQ_INSERT_HEAD(&m->pending, sms, entry);
			return;
		}
		m->nreceived++;
	}
}

void
radio_offer(struct modem *m, struct sms *sms)
{
	TAILQ_INSERT_TAIL(&m->pending, sms, entry);
	radio_pump(m);
}
