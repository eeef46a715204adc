/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The SMSC towards the modems: texts from phones are cut and encoded, wait in
 * the queue of their modem until it can take them, and are stored or routed and
 * announced as AT+CNMI and AT+CPMS say (27.005 clause 3.4.1). Called by
 * control.c, radio.c and at_sms.c; owns the queues and the slots. Nothing that
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
	if (slot < 1 || slot > m->sim->opt.nslots)
		return NULL;
	return m->stores[kind].slots[slot - 1];
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

	if (slot < 1 || slot > m->sim->opt.nslots)
		return TC_ENOENT;
	if (sms == NULL)
		return 0;
	journal_log(&m->sim->journal, m->index, "deleted",
	    journal_slot(kind, slot, sms));
	free(sms);
	store->slots[slot - 1] = NULL;
	store->used--;
	return 0;
}

/* Put a message into the first free slot; the slot, 0 when there is none. */
static unsigned
store_put(struct modem *m, enum store_kind kind, struct sms *sms)
{
	struct store *store = &m->stores[kind];
	unsigned slot;

	if (store->used == m->sim->opt.nslots || fault_is_on(m, FAULT_FULL))
		return 0;
	for (slot = 1; store->slots[slot - 1] != NULL; slot++)
		;
	store->slots[slot - 1] = sms;
	store->used++;
	journal_log(&m->sim->journal, m->index, "stored",
	    journal_slot(kind, slot, sms));
	return slot;
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
	enum store_kind kind = m->set.mem[2];
	unsigned slot;

	slot = store_put(m, kind, sms);
	if (slot == 0 && m->sim->opt.spill && kind == STORE_SM) {
		kind = STORE_ME;
		slot = store_put(m, kind, sms);
	}
	if (slot == 0)
		return false;
	announce(m, kind, slot, sms);
	return true;
}

/* Hand it to the terminal without storing (+CMT, +CDS). */
static void
route_incoming(struct modem *m, struct sms *sms)
{
	char hex[2 * PDU_MAX + 1];
	json_t *fields;

	fields = json_pack("{s:I,s:s,s:s}", "id", (json_int_t)sms->id, "from",
	    sms->from, "text", sms->text);
	hex_encode(hex, sms->tpdu, sms->len);
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
		if (is_routed(m, sms) && fault_is_on(m, FAULT_HANG))
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

/* Texts from phones */

static int
text_raw(struct modem *m, const struct radio_text *t)
{
	size_t len = strlen(t->pdu) / 2;
	struct sms *sms;

	if (len == 0 || len > PDU_MAX || strlen(t->pdu) % 2 != 0)
		return TC_EINVAL;
	sms = xcalloc(1, sizeof(*sms));
	sms->len = len;
	if (hex_decode(sms->tpdu, len, t->pdu) != 0) {
		free(sms);
		return TC_EINVAL;
	}
	sms->id = ++m->sim->last_id;
	(void)snprintf(
	    sms->from, sizeof(sms->from), "%s", t->from != NULL ? t->from : "");
	radio_offer(m, sms);
	return 0;
}

/* Encode one part; NULL when the sender is no address. */
static struct sms *
text_part(struct sim *sim, struct pdu_deliver *d)
{
	struct sms *sms = xcalloc(1, sizeof(*sms));

	memcpy(sms->from, d->from, sizeof(sms->from));
	memcpy(sms->text, d->body.text, sizeof(sms->text));
	if (pdu_deliver_encode(d, sms->tpdu, &sms->len) != 0) {
		free(sms);
		return NULL;
	}
	sms->id = ++sim->last_id;
	return sms;
}

/* Another order for the parts than the one they were cut in. */
static void
shuffle(struct sim *sim, struct sms **parts, unsigned n)
{
	struct sms *tmp, *first = parts[0];
	unsigned i, j;

	for (i = n - 1; i > 0; i--) {
		j = (unsigned)(sim_random(sim) % (i + 1));
		tmp = parts[i];
		parts[i] = parts[j];
		parts[j] = tmp;
	}
	if (parts[0] == first) { /* make sure that it shows */
		parts[0] = parts[n - 1];
		parts[n - 1] = first;
	}
}

/* A text cut and encoded. */
struct text_parts {
	unsigned n;
	struct pdu_segment seg[PDU_PARTS_MAX];
	struct sms *sms[PDU_PARTS_MAX];
};

/* Encode all parts; 0, or TC_EINVAL with nothing left over. */
static int
text_encode(struct sim *sim, const struct radio_text *t, struct pdu_deliver *d,
    struct text_parts *p)
{
	struct pdu_concat c = {++sim->last_ref, t->ref_bits, p->n, 0};
	unsigned i;

	for (i = 0; i < p->n; i++) {
		c.seq = i + 1;
		if (p->n > 1)
			d->body.udh_len = pdu_concat_put(&c, d->body.udh);
		(void)snprintf(d->body.text, sizeof(d->body.text), "%.*s",
		    (int)p->seg[i].len, t->text + p->seg[i].start);
		p->sms[i] = text_part(sim, d);
		if (p->sms[i] == NULL) {
			while (i-- > 0)
				free(p->sms[i]);
			return TC_EINVAL;
		}
	}
	return 0;
}

/* Cut, encode and offer. Returns the number of parts or an error. */
static int
text_send(struct modem *m, const struct radio_text *t, struct pdu_deliver *d)
{
	struct text_parts p;
	unsigned i;
	int n;

	n = pdu_split(t->text, d->body.coding, t->ref_bits, p.seg);
	if (n < 0)
		return n;
	p.n = (unsigned)n;
	if (text_encode(m->sim, t, d, &p) != 0)
		return TC_EINVAL;
	if (p.n > 1 && fault_take(m, FAULT_SHUFFLE))
		shuffle(m->sim, p.sms, p.n);
	for (i = 0; i < p.n; i++)
		radio_offer(m, p.sms[i]);
	return n;
}

int
radio_text(struct sim *sim, const struct radio_text *t, unsigned *parts)
{
	struct pdu_deliver d = {.scts = clock_now(), .zone_min = SIM_ZONE_MIN};
	struct modem *m = sim_modem_find(sim, t->to);
	int n;

	*parts = 1;
	if (m == NULL)
		return TC_ENOENT;
	if (t->pdu != NULL)
		return text_raw(m, t);
	if (phone_number(t->from, d.from) != 0)
		return TC_EINVAL;
	d.body.msg_class = t->msg_class;
	d.body.coding = t->ucs2 ? PDU_UCS2 : pdu_text_coding(t->text);
	n = text_send(m, t, &d);
	if (n < 0)
		return n;
	*parts = (unsigned)n;
	return 0;
}
