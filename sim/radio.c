/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The air: one segment at a time from each modem, delivery to phones (or to
 * another modem), the final result of AT+CMGS with its faults, and delivery
 * reports. Called by at_sms.c and by its own timers; owns the reports on their
 * way. What is on the air arrives even if the modem vanishes meanwhile, as in
 * the real world: only the answer is lost.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at.h"
#include "clock.h"
#include "control.h"
#include "log.h"
#include "radio.h"
#include "sim.h"

/* TP-ST, 23.040 clause 9.2.3.15 */
#define STATUS_RECEIVED 0x00
#define STATUS_EXPIRED 0x46

struct report {
	LIST_ENTRY(report) entry;
	struct modem *m;
	uint64_t id;
	struct pdu_report pdu;
	struct event *ev;
};

static json_t *
journal_air(const struct modem_air *air)
{
	const struct pdu_submit *s = &air->submit;
	json_t *o;

	o = json_pack("{s:I,s:s,s:i,s:o,s:s,s:s,s:b}", "id",
	    (json_int_t)air->id, "to", s->to, "tp_mr", air->tp_mr, "udh",
	    journal_hex(s->body.udh, s->body.udh_len), "coding",
	    pdu_coding_name(s->body.coding), "text", s->body.text, "srr",
	    s->report);
	(void)json_object_set_new(
	    o, "vp", s->has_vp ? json_integer(s->vp_min) : json_null());
	(void)json_object_set_new(o, "class",
	    s->body.msg_class >= 0 ? json_integer(s->body.msg_class)
				   : json_null());
	return o;
}

/* Reports */

static void
report_free(struct report *r)
{
	LIST_REMOVE(r, entry);
	event_free(r->ev);
	free(r);
}

void
radio_clear_reports(struct sim *sim)
{
	while (!LIST_EMPTY(&sim->reports))
		report_free(LIST_FIRST(&sim->reports));
}

static void
on_report(evutil_socket_t fd, short what, void *arg)
{
	struct report *r = arg;
	struct sms *sms;

	(void)fd;
	(void)what;
	r->pdu.discharge = clock_now();
	sms = xcalloc(1, sizeof(*sms));
	sms->id = r->id;
	sms->is_report = true;
	(void)snprintf(sms->from, sizeof(sms->from), "%s", r->pdu.to);
	if (pdu_report_encode(&r->pdu, sms->tpdu, &sms->len) != 0) {
		free(sms); /* an address that no report can carry */
	} else {
		journal_log(&r->m->sim->journal, r->m->index, "report",
		    json_pack("{s:I,s:s,s:i,s:i}", "id", (json_int_t)r->id,
			"to", r->pdu.to, "tp_mr", r->pdu.mr, "status",
			r->pdu.status));
		radio_offer(r->m, sms);
	}
	report_free(r);
}

static void
report_schedule(struct modem *m)
{
	struct sim *sim = m->sim;
	struct report *r;

	if (!m->air.submit.report || sim->report_mode == SIM_REPORT_OFF)
		return;
	r = xcalloc(1, sizeof(*r));
	r->m = m;
	r->id = m->air.id;
	r->pdu.mr = m->air.tp_mr;
	r->pdu.scts = clock_now();
	r->pdu.zone_min = SIM_ZONE_MIN;
	r->pdu.status = sim->report_mode == SIM_REPORT_FAIL ? STATUS_EXPIRED
							    : STATUS_RECEIVED;
	(void)snprintf(r->pdu.to, sizeof(r->pdu.to), "%s", m->air.submit.to);
	r->ev = event_new(sim->base, -1, 0, on_report, r);
	LIST_INSERT_HEAD(&sim->reports, r, entry);
	sim_timer(r->ev, sim->report_ms);
}

/* Delivery */

/* One of our modems is the recipient. */
static void
deliver_to_modem(struct modem *m, struct modem *to)
{
	struct pdu_deliver d = {.scts = clock_now(), .zone_min = SIM_ZONE_MIN};
	struct sms *sms = xcalloc(1, sizeof(*sms));

	d.body = m->air.submit.body;
	(void)snprintf(d.from, sizeof(d.from), "%s", m->number);
	sms->id = m->air.id;
	memcpy(sms->from, d.from, sizeof(sms->from));
	memcpy(sms->text, d.body.text, sizeof(sms->text));
	if (pdu_deliver_encode(&d, sms->tpdu, &sms->len) != 0)
		free(sms);
	else
		radio_offer(to, sms);
}

static void
deliver(struct modem *m)
{
	const struct pdu_submit *s = &m->air.submit;
	char number[PHONE_NUMBER_MAX];
	struct phone_sms sms = {
	    m->number, number, &s->body, s->has_vp, s->vp_min, journal_now()};
	struct modem *to;
	bool is_complete;

	if (phone_number(s->to, number) != 0)
		return;
	to = sim_modem_by_number(m->sim, number);
	if (to != NULL) {
		deliver_to_modem(m, to);
		return;
	}
	is_complete = phones_deliver(&m->sim->phones, &sms);
	journal_log_at(&m->sim->journal, sms.at_us, m->index, "deliver",
	    json_pack("{s:I,s:s,s:s,s:b}", "id", (json_int_t)m->air.id, "from",
		m->number, "to", number, "complete", is_complete));
	if (is_complete)
		control_inbox_changed(m->sim->control, number);
}

/* The final result */

static void
answer_sent(struct modem *m)
{
	m->air.answers = false;
	modem_say(m, "+CMGS: %d", m->air.tp_mr);
	at_finish(m, AT_OK);
}

static void
on_final(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	answer_sent(arg);
}

static void
air_answer(struct modem *m)
{
	if (!m->air.answers)
		return;
	if (fault_is_on(m, FAULT_LATE_FINAL)) {
		sim_timer(m->air.ev_final, m->faults[FAULT_LATE_FINAL].ms);
		(void)fault_take(m, FAULT_LATE_FINAL);
		return;
	}
	if (fault_take(m, FAULT_NO_FINAL)) {
		m->air.answers = false;
		at_finish(m, AT_SILENT);
	} else if (fault_take(m, FAULT_BARE_ERROR)) {
		m->air.answers = false;
		at_finish(m, AT_ERROR);
	} else {
		answer_sent(m);
	}
}

static void
on_air_end(evutil_socket_t fd, short what, void *arg)
{
	struct modem *m = arg;

	(void)fd;
	(void)what;
	m->air.is_on = false;
	m->nsent++;
	journal_log(
	    &m->sim->journal, m->index, "air_end", journal_air(&m->air));
	if (m->sim->report_mode != SIM_REPORT_FAIL)
		deliver(m);
	report_schedule(m);
	if (m->air.answers && fault_vanish(m, FAULT_VANISH_BEFORE_FINAL, 0))
		return;
	air_answer(m);
}

int
radio_send(struct modem *m, const struct pdu_submit *submit)
{
	unsigned ms;

	if (m->air.is_on)
		return AT_CMS(CMS_NOT_ALLOWED);
	ms = m->sim->opt.air_ms + fault_slow_ms(m);
	m->air.is_on = true;
	m->air.answers = true;
	m->air.id = ++m->sim->last_id;
	m->air.tp_mr = ++m->last_mr;
	m->air.submit = *submit;
	m->state = MODEM_AIR;
	journal_log(
	    &m->sim->journal, m->index, "air_start", journal_air(&m->air));
	sim_timer(m->air.ev, ms);
	(void)fault_vanish(m, FAULT_VANISH_ON_AIR, ms / 2);
	return AT_LATER;
}

void
radio_modem_init(struct modem *m)
{
	struct event_base *base = m->sim->base;

	m->air.ev = event_new(base, -1, 0, on_air_end, m);
	m->air.ev_final = event_new(base, -1, 0, on_final, m);
	call_init(m);
	ussd_init(m);
}

void
radio_modem_clear(struct modem *m)
{
	struct sms *sms;
	unsigned kind, slot;

	call_clear(m);
	ussd_clear(m);
	event_free(m->air.ev);
	event_free(m->air.ev_final);
	while ((sms = TAILQ_FIRST(&m->pending)) != NULL) {
		TAILQ_REMOVE(&m->pending, sms, entry);
		free(sms);
	}
	for (kind = 0; kind < STORE_NKINDS; kind++)
		for (slot = 0; slot <= m->sim->opt.nslots; slot++)
			free(m->stores[kind].slots[slot]);
}
