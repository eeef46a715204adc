/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Texts from phones to modems: cut, encoded, and handed to the SMSC, with the
 * faults of a long text; and texts of odd kinds. Called by verbs.c; owns
 * nothing. A sender that is no address, a text that no header can count and a
 * kind that is not in the table are refused.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "radio.h"
#include "sim.h"

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

/* Texts that are none: what networks and other phones send too. */
static const struct odd_text {
	const char *form;
	uint8_t pid;
	uint8_t dcs;
	enum pdu_coding coding;
	const char *udh;  /* hex */
	const char *text; /* NULL = as given */
} odd_texts[] = {
    /* a push to the WAP port 2948 (an MMS waits), 23.040 9.2.3.24.4 */
    {"wap-push", 0, 0x04, PDU_8BIT, "0605040b8423f0",
	"01062661706c69636174696f6e2f766e642e7761702e6d6d732d6d6573736167"},
    {"binary", 0, 0x04, PDU_8BIT, "", NULL},
    {"silent", 0x40, 0, PDU_7BIT, "", NULL},       /* type 0, 9.2.3.9 */
    {"replace", 0x41, 0, PDU_7BIT, "", NULL},      /* type 1 */
    {"waiting", 0, 0xc8, PDU_7BIT, "", ""},        /* 23.038 clause 4 */
    {"waiting-text", 0, 0xd8, PDU_7BIT, "", NULL}, /* a voice mail, stored */
};

static const struct odd_text *
odd_text_find(const char *form)
{
	size_t i;

	for (i = 0; i < TC_NELEM(odd_texts); i++)
		if (strcmp(odd_texts[i].form, form) == 0)
			return &odd_texts[i];
	return NULL;
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
	struct pdu_concat c = {0, t->ref_bits, p->n, 0};
	unsigned i;

	c.ref = t->ref >= 0 ? (unsigned)t->ref : ++sim->last_ref;
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

static struct sms *
part_copy(struct sim *sim, const struct sms *sms)
{
	struct sms *copy = xmalloc(sizeof(*copy));

	*copy = *sms;
	copy->id = ++sim->last_id;
	return copy;
}

/* The faults of a long text: order, a part lost or doubled on the way. */
static void
text_spoil(struct modem *m, struct text_parts *p)
{
	unsigned i;

	if (fault_take(m, FAULT_SHUFFLE))
		shuffle(m->sim, p->sms, p->n);
	if (fault_take(m, FAULT_PART_MISSING)) {
		i = (unsigned)(sim_random(m->sim) % p->n);
		free(p->sms[i]);
		p->sms[i] = p->sms[--p->n];
	}
	if (fault_take(m, FAULT_PART_DOUBLED) && p->n < PDU_PARTS_MAX) {
		i = (unsigned)(sim_random(m->sim) % p->n);
		p->sms[p->n++] = part_copy(m->sim, p->sms[i]);
	}
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
	if (p.n > 1)
		text_spoil(m, &p);
	for (i = 0; i < p.n; i++) {
		p.sms[i]->in_me = t->me;
		radio_offer(m, p.sms[i]);
	}
	return n;
}

/* One segment of an odd kind. Returns 1 or an error. */
static int
text_send_odd(
    struct modem *m, const struct radio_text *t, struct pdu_deliver *d)
{
	const struct odd_text *odd = odd_text_find(t->form);
	struct sms *sms;

	if (odd == NULL || str_printf(d->body.text, sizeof(d->body.text), "%s",
			       odd->text != NULL ? odd->text : t->text) != 0)
		return TC_EINVAL;
	d->pid = odd->pid;
	d->dcs = odd->dcs;
	d->body.coding = odd->coding;
	d->body.udh_len = strlen(odd->udh) / 2;
	if (hex_decode(d->body.udh, d->body.udh_len, odd->udh) != 0)
		return TC_EINVAL;
	sms = text_part(m->sim, d);
	if (sms == NULL)
		return TC_EINVAL;
	radio_offer(m, sms);
	return 1;
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
	n = t->form != NULL ? text_send_odd(m, t, &d) : text_send(m, t, &d);
	if (n < 0)
		return n;
	*parts = (unsigned)n;
	return 0;
}
