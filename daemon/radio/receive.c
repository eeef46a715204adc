/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes in from a modem: dedupe, hand-over to assembly or intake, and only
 * after the commit the DELETE or ACK (promise 1).
 *
 * Each frame is a turn op of its own. When it fails nothing of it stays: the
 * message is still on the SIM, the report still in the spool, and the child
 * offers it again.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/assembly.h"
#include "radio/radio_private.h"
#include "store/inbound.h"
#include "turn.h"
#include "vault/vault.h"

/* --- effects --- */

struct tell {
	struct modem *modem;
	enum ml_type type;
	union {
		struct ml_ack ack;
		struct ml_delete_sms delete_sms;
	} body;
};

static void
tell_let_out(void *arg)
{
	struct tell *t = arg;

	child_send(t->modem, t->type, 0, &t->body);
	free(t);
}

void
receive_ack(struct modem *m, uint64_t spool_id)
{
	struct tell *t = xcalloc(1, sizeof(*t));

	t->modem = m;
	t->type = ML_ACK;
	t->body.ack.spool_id = spool_id;
	turn_defer(m->radio->core->turn, EFFECT_HOUSE, tell_let_out, free, t);
}

static void
receive_delete(struct modem *m, const struct ml_place *place)
{
	struct tell *t = xcalloc(1, sizeof(*t));

	t->modem = m;
	t->type = ML_DELETE_SMS;
	t->body.delete_sms.place = *place;
	turn_defer(m->radio->core->turn, EFFECT_HOUSE, tell_let_out, free, t);
}

/* The database did not take what the child offered. A child that starts again
 * offers everything again, without waiting for its next look at the store. */
static void
receive_refused(struct modem *m, int rc)
{
	if (rc == TC_EIO)
		child_stop(m, "database");
}

/* --- texts --- */

struct sms_op {
	struct radio *radio;
	const char *name;    /* of the modem */
	struct modem *modem; /* NULL: it was kept while locked */
	const struct ml_sms_in *in;
	char number[MSISDN_MAX]; /* canonical; "" when it has no such form */
	int64_t received_at;
	bool is_new;
};

static const char *
sms_sender(const struct sms_op *op)
{
	return op->number[0] != '\0' ? op->number : op->in->number;
}

/* The SMSC's stamp tells two equal texts apart. Without one it is the hour: to
 * have a text twice is better than to take her second cry for the first. */
static int64_t
sms_stamp(const struct sms_op *op)
{
	int64_t stamp = op->in->smsc_time;

	return stamp != 0 ? stamp : -(op->received_at / 3600);
}

/* 0 the first time, TC_EEXIST when this part was here before. 8-bit data has
 * no text to compare: what the child read tells it from another. */
static int
sms_seen(struct sms_op *op)
{
	const struct ml_sms_in *in = op->in;
	bool has_text = in->text[0] != '\0';
	struct vault_seen seen = {.sender = sms_sender(op),
	    .scts = sms_stamp(op),
	    .ref = in->udh_present ? (int32_t)in->ref : -1,
	    .seq = in->seq,
	    .body = has_text ? (const void *)in->text : &in->place.hash,
	    .body_len = has_text ? strlen(in->text) : sizeof(in->place.hash)};
	unsigned char hash[VAULT_SEEN];

	vault_seen_hash(op->radio->core->vault, &seen, hash);
	return store_seen_add(op->radio->core->store, hash, clock_now());
}

bool
receive_is_binary(unsigned kind)
{
	return kind == ML_SMS_BINARY || kind == ML_SMS_WAP;
}

static int
sms_whole(struct sms_op *op)
{
	struct radio *r = op->radio;
	struct inbound in = {.modem = op->name,
	    .number = op->in->number,
	    .text = op->in->text,
	    .len = strlen(op->in->text),
	    .smsc_time = op->in->smsc_time,
	    .received_at = op->received_at,
	    .inbound_id = vault_random_id(),
	    .kind = (enum ml_sms_kind)op->in->kind,
	    .binary = op->in->kind != ML_SMS_TEXT};

	return r->ops.on_inbound(&in, r->ops.ctx);
}

static int
sms_part(struct sms_op *op)
{
	struct assembly_part p = {.in = op->in,
	    .modem = op->name,
	    .sender = sms_sender(op),
	    .received_at = op->received_at};

	return assembly_add(op->radio, &p);
}

/* A header that makes no sense: kept as it is, for a person to see. */
static bool
sms_is_part(const struct ml_sms_in *in)
{
	return in->udh_present && in->total > 1 && in->seq >= 1 &&
	       in->seq <= in->total;
}

/* Type 0 (3GPP 23.040 9.2.3.9): somebody asks the network whether this SIM is
 * there. It is shown to nobody. */
static int
sms_silent(const struct sms_op *op)
{
	log_warn("inbound text of type 0 is thrown away name=%s from=%s",
	    op->name, log_number(sms_sender(op)));
	return 0;
}

/* What it causes, the first time. */
static int
sms_take_in(struct sms_op *op)
{
	int rc = sms_seen(op);

	op->is_new = rc == 0;
	if (rc != 0)
		return rc == TC_EEXIST ? 0 : rc;
	if (op->in->kind == ML_SMS_SILENT)
		return sms_silent(op);
	return sms_is_part(op->in) ? sms_part(op) : sms_whole(op);
}

static int
sms_keep(struct sms_op *op)
{
	struct locked_frame f = {op->name, op->received_at, ML_SMS_IN, op->in};
	int rc = locked_keep(op->radio, &f);

	op->is_new = rc == 0;
	return rc;
}

static int
op_sms(void *arg)
{
	struct sms_op *op = arg;
	int rc;

	if (tombstone_has(op->modem, &op->in->place))
		return 0; /* tombstone.c knows when to try again */
	rc = op->radio->is_locked ? sms_keep(op) : sms_take_in(op);
	if (rc == 0)
		receive_delete(op->modem, &op->in->place);
	return rc;
}

void
receive_sms(struct modem *m, const struct ml_sms_in *in)
{
	struct sms_op op = {.radio = m->radio,
	    .name = m->conf->name,
	    .modem = m,
	    .in = in,
	    .received_at = clock_now() - in->age_ms / 1000};
	int rc;

	(void)msisdn_parse(in->number, op.number);
	rc = turn_run(m->radio->core->turn, op_sms, &op);
	if (rc != 0) {
		log_err("inbound text not kept, it stays on the SIM name=%s "
			"slot=%u why=\"%s\"",
		    m->conf->name, in->place.slot, tc_strerror(rc));
		receive_refused(m, rc);
	} else if (op.is_new) {
		m->received++;
		life_on_success(m);
	} else
		log_info("inbound text seen before name=%s slot=%u",
		    m->conf->name, in->place.slot);
}

/* --- delivery reports --- */

struct report_op {
	struct modem *modem;
	const struct ml_report_in *in;
};

static int
report_take_in(struct radio *r, const char *name, const struct ml_report_in *in)
{
	struct radio_report report = {.modem = name,
	    .tp_mr = (int)in->tp_mr,
	    .tp_status = in->tp_status,
	    .smsc_time = in->smsc_time};

	(void)msisdn_parse(in->number, report.number);
	return r->ops.on_report(&report, r->ops.ctx);
}

static int
op_report(void *arg)
{
	struct report_op *op = arg;
	struct modem *m = op->modem;
	struct locked_frame f = {
	    m->conf->name, clock_now(), ML_REPORT_IN, op->in};
	int rc;

	rc = m->radio->is_locked
		 ? locked_keep(m->radio, &f)
		 : report_take_in(m->radio, m->conf->name, op->in);
	if (rc == 0)
		receive_ack(m, op->in->spool_id);
	return rc;
}

void
receive_report(struct modem *m, const struct ml_report_in *in)
{
	struct report_op op = {m, in};
	int rc;

	rc = turn_run(m->radio->core->turn, op_report, &op);
	if (rc < 0) {
		log_err("delivery report not kept name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
		receive_refused(m, rc);
	}
}

/* --- calls --- */

struct call_op {
	struct modem *modem;
	const struct ml_call_in *in;
};

/* 0 the first time: a call whose ACK was lost comes again from the spool. */
static int
call_seen(struct core *c, const char *name, const struct ml_call_in *in)
{
	struct vault_seen seen = {.sender = in->number,
	    .scts = in->at,
	    .ref = -2, /* no text has this reference */
	    .body = name,
	    .body_len = strlen(name)};
	unsigned char hash[VAULT_SEEN];

	vault_seen_hash(c->vault, &seen, hash);
	return store_seen_add(c->store, hash, clock_now());
}

static int
call_take_in(struct radio *r, const char *name, const struct ml_call_in *in)
{
	int rc = call_seen(r->core, name, in);

	if (rc != 0)
		return rc == TC_EEXIST ? 0 : rc;
	return r->ops.on_call(name, in->number, in->at, r->ops.ctx);
}

static int
op_call(void *arg)
{
	struct call_op *op = arg;
	struct modem *m = op->modem;
	struct locked_frame f = {m->conf->name, op->in->at, ML_CALL_IN, op->in};
	int rc;

	rc = m->radio->is_locked
		 ? locked_keep(m->radio, &f)
		 : call_take_in(m->radio, m->conf->name, op->in);
	if (rc == 0)
		receive_ack(m, op->in->spool_id);
	return rc;
}

void
receive_call(struct modem *m, const struct ml_call_in *in)
{
	struct call_op op = {m, in};
	int rc;

	rc = turn_run(m->radio->core->turn, op_call, &op);
	if (rc < 0) {
		log_err("missed call not kept name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
		receive_refused(m, rc);
	}
}

/* --- what was kept while locked --- */

static int
kept_sms(struct radio *r, const struct locked_frame *f)
{
	struct sms_op op = {
	    .radio = r, .name = f->modem, .in = f->body, .received_at = f->at};

	(void)msisdn_parse(op.in->number, op.number);
	return sms_take_in(&op);
}

int
receive_kept(struct radio *r, const struct locked_frame *f)
{
	switch (f->type) {
	case ML_SMS_IN:
		return kept_sms(r, f);
	case ML_REPORT_IN:
		return report_take_in(r, f->modem, f->body);
	case ML_CALL_IN:
		return call_take_in(r, f->modem, f->body);
	default:
		return TC_EPROTO;
	}
}
