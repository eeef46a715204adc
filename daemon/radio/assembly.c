/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long inbound texts: assembly.h. Called by receive.c for every part and by
 * the upkeep of server.c for what never became whole. */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "log.h"
#include "radio/assembly.h"
#include "store/inbound.h"
#include "turn.h"
#include "vault/vault.h"

#define ASSEMBLED_MAX (255 * ML_TEXT_MAX)
#define PART_PLAIN_MAX (ML_NAME_MAX + 1 + ML_TEXT_MAX)
#define PART_BOX_MAX (PART_PLAIN_MAX + 512)
#define SWEEP_MAX 32 /* texts in one go */

/* The parts of one text: same sender, SIM, reference and count. */
static void
assembly_mac(const struct radio *r, const struct assembly_part *p,
    unsigned char mac[VAULT_MAC])
{
	const struct ml_sms_in *in = p->in;
	struct buf b;

	buf_init(&b, 512);
	(void)buf_printf(&b, "%s %s %u %u %u", p->sender, in->place.imsi,
	    in->ref, in->ref_bits, in->total);
	vault_mac(r->core->vault, VAULT_CONTACT, b.data, b.len, mac);
	buf_clear(&b);
}

static void
buf_wipe(struct buf *b)
{
	if (b->data != NULL)
		vault_wipe(b->data, b->len);
	buf_clear(b);
}

/* Of 8-bit data the child sends no text: what it read is told from another by
 * the hash. */
static void
part_content(const struct ml_sms_in *in, struct buf *out)
{
	(void)buf_put_char(out, (char)('0' + in->kind));
	if (receive_is_binary(in->kind))
		(void)buf_printf(out, "%016" PRIx64, in->place.hash);
	else
		(void)buf_put_str(out, in->text);
}

/* What waits is boxed with its sender: number, NUL, kind, text. */
static int
part_box(struct radio *r, const struct ml_sms_in *in, struct buf *box)
{
	struct buf plain;
	int rc;

	buf_init(&plain, PART_PLAIN_MAX);
	(void)buf_put(&plain, in->number, strlen(in->number) + 1);
	part_content(in, &plain);
	rc = buf_error(&plain);
	if (rc == 0)
		rc = vault_box(
		    r->core->vault, VAULT_BOX_PART, plain.data, plain.len, box);
	buf_wipe(&plain);
	return rc;
}

/* Open one part: the number is in front, kind and text behind it; *rest is at
 * the kind. The caller wipes plain in any case. */
static int
part_open(struct radio *r, const struct inbound_part *p, struct buf *plain,
    const char **rest)
{
	size_t len;
	int rc;

	buf_init(plain, PART_PLAIN_MAX);
	rc = vault_unbox(
	    r->core->vault, VAULT_BOX_PART, p->box, p->box_len, plain);
	if (rc != 0)
		return rc;
	len = strlen(buf_str(plain));
	if (len + 1 >= plain->len)
		return TC_ECRYPTO;
	*rest = buf_str(plain) + len + 1;
	return 0;
}

/* 0, TC_EEXIST when this part of the text is there already. */
static int
part_keep(struct radio *r, const struct assembly_part *p,
    const unsigned char mac[VAULT_MAC])
{
	struct inbound_part part = {.seq = p->in->seq,
	    .total = p->in->total,
	    .modem = p->modem,
	    .smsc_time = p->in->smsc_time,
	    .at = p->received_at};
	struct buf box;
	int rc;

	memcpy(part.mac, mac, sizeof(part.mac));
	buf_init(&box, PART_BOX_MAX);
	rc = part_box(r, p->in, &box);
	part.box = box.data;
	part.box_len = box.len;
	if (rc == 0)
		rc = store_inbound_part_add(r->core->store, &part);
	buf_clear(&box);
	return rc;
}

/* --- from parts to a text --- */

struct assembly {
	struct radio *radio;
	char number[ML_NAME_MAX], modem[ML_NAME_MAX];
	int64_t smsc_time, received_at; /* of the latest part */
	unsigned kind;
	bool is_incomplete;
	struct buf text;
};

static int
assembly_hand_over(const struct assembly *a)
{
	struct inbound in = {.modem = a->modem,
	    .number = a->number,
	    .text = buf_str(&a->text),
	    .len = a->text.len,
	    .smsc_time = a->smsc_time,
	    .received_at = a->received_at,
	    .inbound_id = vault_random_id(),
	    .kind = (enum ml_sms_kind)a->kind,
	    .binary = a->kind != ML_SMS_TEXT,
	    .incomplete = a->is_incomplete};

	return a->radio->ops.on_inbound(&in, a->radio->ops.ctx);
}

static int
assembly_take(struct assembly *a, const struct inbound_part *p,
    const char *number, const char *rest)
{
	unsigned kind = (unsigned)(*rest - '0');
	int rc;

	rc = str_printf(a->number, sizeof(a->number), "%s", number);
	if (rc == 0)
		rc = str_printf(a->modem, sizeof(a->modem), "%s", p->modem);
	if (p->smsc_time > a->smsc_time)
		a->smsc_time = p->smsc_time;
	if (p->at > a->received_at)
		a->received_at = p->at;
	if (kind != ML_SMS_TEXT)
		a->kind = kind;
	if (rc == 0 && !receive_is_binary(kind))
		rc = buf_put_str(&a->text, rest + 1);
	return rc;
}

static int
assembly_take_cb(const struct inbound_part *p, void *arg)
{
	struct assembly *a = arg;
	const char *rest;
	struct buf plain;
	int rc;

	rc = part_open(a->radio, p, &plain, &rest);
	if (rc == 0)
		rc = assembly_take(a, p, buf_str(&plain), rest);
	buf_wipe(&plain);
	return rc;
}

/* Hand over all that is there of a text, and forget it. */
static int
assembly_finish(
    struct radio *r, const unsigned char mac[VAULT_MAC], bool is_incomplete)
{
	struct assembly a = {.radio = r, .is_incomplete = is_incomplete};
	int rc;

	buf_init(&a.text, ASSEMBLED_MAX);
	rc = store_inbound_part_each(r->core->store, mac, assembly_take_cb, &a);
	if (rc == 0)
		rc = store_inbound_part_remove(r->core->store, mac);
	if (rc >= 0)
		rc = assembly_hand_over(&a);
	buf_wipe(&a.text);
	return rc;
}

/* --- a part that is there already --- */

struct compare {
	struct radio *radio;
	const struct ml_sms_in *in;
	bool is_other;
};

static int
compare_cb(const struct inbound_part *p, void *arg)
{
	struct compare *cmp = arg;
	const char *rest;
	struct buf plain, here;
	int rc;

	if (p->seq != cmp->in->seq)
		return 0;
	buf_init(&here, PART_PLAIN_MAX);
	part_content(cmp->in, &here);
	rc = part_open(cmp->radio, p, &plain, &rest);
	if (rc == 0)
		cmp->is_other = strcmp(rest, buf_str(&here)) != 0;
	buf_wipe(&plain);
	buf_wipe(&here);
	return rc;
}

/* The same text: sent again. Another text: the sender's references have gone
 * round, and what waits will not be completed. */
static int
assembly_replace(struct radio *r, const struct assembly_part *p,
    const unsigned char mac[VAULT_MAC])
{
	struct compare cmp = {.radio = r, .in = p->in};
	int rc;

	rc = store_inbound_part_each(r->core->store, mac, compare_cb, &cmp);
	if (rc != 0 || !cmp.is_other)
		return rc;
	rc = assembly_finish(r, mac, true);
	return rc != 0 ? rc : part_keep(r, p, mac);
}

int
assembly_add(struct radio *r, const struct assembly_part *p)
{
	unsigned char mac[VAULT_MAC];
	int n, rc;

	assembly_mac(r, p, mac);
	rc = part_keep(r, p, mac);
	if (rc == TC_EEXIST)
		rc = assembly_replace(r, p, mac);
	if (rc != 0)
		return rc;
	n = store_inbound_part_count(r->core->store, mac);
	if (n < 0)
		return n;
	return n == p->in->total ? assembly_finish(r, mac, false) : 0;
}

/* --- what never became whole --- */

/* 0: one text; 1: there is none (any more). */
static int
op_sweep(void *arg)
{
	struct radio *r = arg;
	unsigned char mac[VAULT_MAC];
	int64_t now = clock_now();
	int rc;

	rc = store_inbound_part_stale(
	    r->core->store, now - RADIO_PART_WAIT_S, now, mac);
	if (rc == TC_ENOENT)
		return 1;
	return rc != 0 ? rc : assembly_finish(r, mac, true);
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
