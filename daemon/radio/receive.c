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
	struct modem *modem;
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

	vault_seen_hash(op->modem->radio->core->vault, &seen, hash);
	return store_seen_add(op->modem->radio->core->store, hash, clock_now());
}

bool
receive_is_binary(unsigned kind)
{
	return kind == ML_SMS_BINARY || kind == ML_SMS_WAP;
}

static int
sms_whole(struct sms_op *op)
{
	struct radio *r = op->modem->radio;
	/* Type 0 (3GPP 23.040 9.2.3.9): what it says is shown to nobody, but
	 * that somebody asked the network for this SIM is. */
	const char *text = op->in->kind == ML_SMS_SILENT ? "" : op->in->text;
	struct inbound in = {.modem = op->modem->conf->name,
	    .number = op->in->number,
	    .text = text,
	    .len = strlen(text),
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
	    .modem = op->modem->conf->name,
	    .sender = sms_sender(op),
	    .received_at = op->received_at};

	return assembly_add(op->modem->radio, &p);
}

/* A header that makes no sense: kept as it is, for a person to see. */
static bool
sms_is_part(const struct ml_sms_in *in)
{
	return in->kind != ML_SMS_SILENT && in->udh_present && in->total > 1 &&
	       in->seq >= 1 && in->seq <= in->total;
}

static int
op_sms(void *arg)
{
	struct sms_op *op = arg;
	int rc;

	if (tombstone_has(op->modem, &op->in->place))
		return 0; /* tombstone.c knows when to try again */
	rc = sms_seen(op);
	op->is_new = rc == 0;
	if (rc == 0) {
		op->modem->received++;
		rc = sms_is_part(op->in) ? sms_part(op) : sms_whole(op);
	} else if (rc == TC_EEXIST)
		rc = 0;
	if (rc == 0)
		receive_delete(op->modem, &op->in->place);
	return rc;
}

void
receive_sms(struct modem *m, const struct ml_sms_in *in)
{
	struct sms_op op = {.modem = m,
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
	} else if (op.is_new)
		life_on_success(m);
	else
		log_info("inbound text seen before name=%s slot=%u",
		    m->conf->name, in->place.slot);
}

/* --- delivery reports --- */

struct report_op {
	struct modem *modem;
	struct radio_report report;
	uint64_t spool_id;
};

static int
op_report(void *arg)
{
	struct report_op *op = arg;
	struct radio_ops *ops = &op->modem->radio->ops;
	int rc;

	rc = ops->on_report(&op->report, ops->ctx);
	if (rc == 0)
		receive_ack(op->modem, op->spool_id);
	return rc;
}

void
receive_report(struct modem *m, const struct ml_report_in *in)
{
	struct report_op op = {.modem = m,
	    .spool_id = in->spool_id,
	    .report = {.modem = m->conf->name,
		.tp_mr = (int)in->tp_mr,
		.tp_status = in->tp_status,
		.smsc_time = in->smsc_time}};
	int rc;

	(void)msisdn_parse(in->number, op.report.number);
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
call_seen(struct call_op *op)
{
	struct core *c = op->modem->radio->core;
	struct vault_seen seen = {.sender = op->in->number,
	    .scts = op->in->at,
	    .ref = -2, /* no text has this reference */
	    .body = op->modem->conf->name,
	    .body_len = strlen(op->modem->conf->name)};
	unsigned char hash[VAULT_SEEN];

	vault_seen_hash(c->vault, &seen, hash);
	return store_seen_add(c->store, hash, clock_now());
}

static int
op_call(void *arg)
{
	struct call_op *op = arg;
	struct radio_ops *ops = &op->modem->radio->ops;
	int rc;

	rc = call_seen(op);
	if (rc == TC_EEXIST) {
		receive_ack(op->modem, op->in->spool_id);
		return 0;
	}
	if (rc == 0)
		rc = ops->on_call(op->modem->conf->name, op->in->number,
		    op->in->at, ops->ctx);
	if (rc == 0)
		receive_ack(op->modem, op->in->spool_id);
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
