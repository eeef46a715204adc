/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What comes in from a modem: dedupe, assembly of long texts, hand-over to
 * intake, and only after the commit the DELETE or ACK (promise 1).
 *
 * Each frame is a turn op of its own. When it fails nothing of it stays: the
 * message is still on the SIM, the report still in the spool, and the child
 * offers it again.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "log.h"
#include "radio/radio_private.h"
#include "store/inbound.h"
#include "turn.h"
#include "vault/vault.h"

/* Bytes of UTF-8. Sealed as JSON, every byte may become six. */
#define ASSEMBLED_MAX (10 * 1024)
#define SWEEP_MAX 32 /* texts in one go */

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

/* 0 the first time, TC_EEXIST when this part was here before. */
static int
sms_seen(struct sms_op *op)
{
	const struct ml_sms_in *in = op->in;
	struct vault_seen seen = {.sender = sms_sender(op),
	    .scts = in->smsc_time,
	    .ref = in->udh_present ? (int32_t)in->ref : -1,
	    .seq = in->seq,
	    .body = in->text,
	    .body_len = strlen(in->text)};
	unsigned char hash[VAULT_SEEN];

	vault_seen_hash(op->modem->radio->core->vault, &seen, hash);
	return store_seen_add(op->modem->radio->core->store, hash, clock_now());
}

static int
sms_hand_over(struct sms_op *op)
{
	struct radio *r = op->modem->radio;
	struct radio_inbound in = {.modem = op->modem->conf->name,
	    .number = op->in->number,
	    .text = op->in->text,
	    .len = strlen(op->in->text),
	    .smsc_time = op->in->smsc_time,
	    .received_at = op->received_at,
	    .inbound_id = vault_random_id(),
	    .binary = op->in->kind == ML_SMS_BINARY};

	op->modem->received++;
	return r->ops.on_inbound(&in, r->ops.ctx);
}

/* --- long texts --- */

/* The parts of one message: same sender, SIM, reference and count. */
static void
sms_message_mac(const struct sms_op *op, unsigned char mac[VAULT_MAC])
{
	const struct ml_sms_in *in = op->in;
	struct buf b;

	buf_init(&b, 512);
	(void)buf_printf(&b, "%s %s %u %u %u", sms_sender(op), in->place.imsi,
	    in->ref, in->ref_bits, in->total);
	vault_mac(
	    op->modem->radio->core->vault, VAULT_CONTACT, b.data, b.len, mac);
	buf_clear(&b);
}

/* What waits is boxed with its sender: number, NUL, text. */
static int
sms_box(struct sms_op *op, struct buf *box)
{
	const struct ml_sms_in *in = op->in;
	struct buf plain;
	int rc;

	buf_init(&plain, ML_NAME_MAX + ML_TEXT_MAX);
	(void)buf_put(&plain, in->number, strlen(in->number) + 1);
	(void)buf_put_str(&plain, in->text);
	rc = buf_error(&plain);
	if (rc == 0)
		rc = vault_box(op->modem->radio->core->vault, VAULT_BOX_PART,
		    plain.data, plain.len, box);
	if (plain.data != NULL)
		vault_wipe(plain.data, plain.len);
	buf_clear(&plain);
	return rc;
}

/* 0, TC_EEXIST when this part of the message is there already. */
static int
sms_keep_part(struct sms_op *op, const unsigned char mac[VAULT_MAC])
{
	struct core *c = op->modem->radio->core;
	struct inbound_part p = {.seq = op->in->seq,
	    .total = op->in->total,
	    .modem = op->modem->conf->name,
	    .smsc_time = op->in->smsc_time,
	    .at = op->received_at};
	struct buf box;
	int rc;

	memcpy(p.mac, mac, sizeof(p.mac));
	buf_init(&box, ML_NAME_MAX + ML_TEXT_MAX + 512);
	rc = sms_box(op, &box);
	p.box = box.data;
	p.box_len = box.len;
	if (rc == 0)
		rc = store_inbound_part_add(c->store, &p);
	buf_clear(&box);
	return rc;
}

/* Parts on their way to one text. One that is longer than anything can be
 * filed goes on in pieces: nothing of it is lost. */
struct assembly {
	struct radio *radio;
	char number[ML_NAME_MAX], modem[ML_NAME_MAX];
	int64_t smsc_time, received_at; /* of the latest part */
	bool is_incomplete;
	struct buf text;
};

static int
assembly_hand_over(struct assembly *a)
{
	struct radio_inbound in = {.modem = a->modem,
	    .number = a->number,
	    .text = buf_str(&a->text),
	    .len = a->text.len,
	    .smsc_time = a->smsc_time,
	    .received_at = a->received_at,
	    .inbound_id = vault_random_id(),
	    .incomplete = a->is_incomplete};
	int rc;

	rc = a->radio->ops.on_inbound(&in, a->radio->ops.ctx);
	if (a->text.data != NULL)
		vault_wipe(a->text.data, a->text.len);
	buf_reset(&a->text);
	return rc;
}

static int
assembly_take(struct assembly *a, const struct inbound_part *p,
    const char *number, const char *text)
{
	int rc = 0;

	if (a->text.len + strlen(text) > ASSEMBLED_MAX) {
		a->is_incomplete = true;
		rc = assembly_hand_over(a);
	}
	if (rc == 0)
		rc = str_printf(a->number, sizeof(a->number), "%s", number);
	if (rc == 0)
		rc = str_printf(a->modem, sizeof(a->modem), "%s", p->modem);
	if (p->smsc_time > a->smsc_time)
		a->smsc_time = p->smsc_time;
	if (p->at > a->received_at)
		a->received_at = p->at;
	return rc != 0 ? rc : buf_put_str(&a->text, text);
}

/* Open one part: the number is in front, the text behind it. The caller wipes
 * and clears. */
static int
part_open(struct core *c, const struct inbound_part *p, struct buf *plain,
    const char **text)
{
	size_t len;
	int rc;

	buf_init(plain, ML_NAME_MAX + ML_TEXT_MAX);
	rc = vault_unbox(c->vault, VAULT_BOX_PART, p->box, p->box_len, plain);
	if (rc != 0)
		return rc;
	len = strlen(buf_str(plain));
	if (len >= plain->len)
		return TC_ECRYPTO;
	*text = buf_str(plain) + len + 1;
	return 0;
}

static void
part_wipe(struct buf *plain)
{
	if (plain->data != NULL)
		vault_wipe(plain->data, plain->len);
	buf_clear(plain);
}

static int
assembly_add(const struct inbound_part *p, void *arg)
{
	struct assembly *a = arg;
	const char *text;
	struct buf plain;
	int rc;

	rc = part_open(a->radio->core, p, &plain, &text);
	if (rc == 0)
		rc = assembly_take(a, p, buf_str(&plain), text);
	part_wipe(&plain);
	return rc;
}

/* Hand over all that is there of a message, and forget it. */
static int
sms_assemble(
    struct radio *r, const unsigned char mac[VAULT_MAC], bool is_incomplete)
{
	struct assembly a = {.radio = r, .is_incomplete = is_incomplete};
	int rc;

	buf_init(&a.text, ASSEMBLED_MAX);
	rc = store_inbound_part_each(r->core->store, mac, assembly_add, &a);
	if (rc == 0)
		rc = store_inbound_part_remove(r->core->store, mac);
	if (rc >= 0)
		rc = assembly_hand_over(&a);
	part_wipe(&a.text);
	return rc;
}

struct compare {
	struct sms_op *op;
	bool is_other;
};

static int
compare_part(const struct inbound_part *p, void *arg)
{
	struct compare *cmp = arg;
	const char *text;
	struct buf plain;
	int rc;

	if (p->seq != cmp->op->in->seq)
		return 0;
	rc = part_open(cmp->op->modem->radio->core, p, &plain, &text);
	if (rc == 0)
		cmp->is_other = strcmp(text, cmp->op->in->text) != 0;
	part_wipe(&plain);
	return rc;
}

/* This part is there already. The same text: sent again. Another text: the
 * sender's references have gone round, and what waits will not be completed. */
static int
sms_replace(struct sms_op *op, const unsigned char mac[VAULT_MAC])
{
	struct radio *r = op->modem->radio;
	struct compare cmp = {.op = op};
	int rc;

	rc = store_inbound_part_each(r->core->store, mac, compare_part, &cmp);
	if (rc != 0 || !cmp.is_other)
		return rc;
	rc = sms_assemble(r, mac, true);
	return rc != 0 ? rc : sms_keep_part(op, mac);
}

static int
sms_part(struct sms_op *op)
{
	unsigned char mac[VAULT_MAC];
	int n, rc;

	sms_message_mac(op, mac);
	rc = sms_keep_part(op, mac);
	if (rc == TC_EEXIST)
		rc = sms_replace(op, mac);
	if (rc != 0)
		return rc;
	n = store_inbound_part_count(op->modem->radio->core->store, mac);
	if (n < 0)
		return n;
	if (n != op->in->total)
		return 0;
	op->modem->received++;
	return sms_assemble(op->modem->radio, mac, false);
}

/* 0: one text; 1: there is none (any more). */
static int
op_sweep(void *arg)
{
	struct radio *r = arg;
	unsigned char mac[VAULT_MAC];
	int rc;

	rc = store_inbound_part_stale(
	    r->core->store, clock_now() - RADIO_PART_WAIT_S, mac);
	if (rc == TC_ENOENT)
		return 1;
	return rc != 0 ? rc : sms_assemble(r, mac, true);
}

void
radio_sweep(struct radio *r)
{
	int rc, i;

	for (i = 0, rc = 0; i < SWEEP_MAX && rc == 0; i++)
		rc = turn_run(r->core->turn, op_sweep, r);
	if (rc < 0)
		log_err("incomplete text not handed over why=\"%s\"",
		    tc_strerror(rc));
}

/* A header that makes no sense: kept as it is, for a person to see. */
static bool
sms_is_part(const struct ml_sms_in *in)
{
	return in->udh_present && in->total > 1 && in->seq >= 1 &&
	       in->seq <= in->total;
}

static int
op_sms(void *arg)
{
	struct sms_op *op = arg;
	int rc;

	rc = sms_seen(op);
	op->is_new = rc == 0;
	if (rc == 0) {
		if (sms_is_part(op->in))
			rc = sms_part(op);
		else
			rc = sms_hand_over(op);
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
	if (rc != 0)
		log_err("inbound text not kept, it stays on the SIM name=%s "
			"slot=%u why=\"%s\"",
		    m->conf->name, in->place.slot, tc_strerror(rc));
	else if (!op.is_new)
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
	if (rc < 0)
		log_err("delivery report not kept name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
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
	if (rc < 0)
		log_err("missed call not kept name=%s why=\"%s\"",
		    m->conf->name, tc_strerror(rc));
}
