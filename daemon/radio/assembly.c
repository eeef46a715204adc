/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long inbound texts: assembly.h. Called by receive.c for every part and by
 * the upkeep of server.c for what never became whole. */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "clock.h"
#include "log.h"
#include "radio/assembly.h"
#include "store/inbound.h"
#include "turn.h"
#include "vault/vault.h"

#define ASSEMBLED_MAX (255 * ML_TEXT_MAX)
#define PART_BOX_MAX (ML_TEXT_MAX + 512)

/* A text on its way out of the table. */
struct assembly {
	struct core *core;
	struct buf text;
	char number[ML_NAME_MAX];
	char modem[ML_NAME_MAX];
	int64_t smsc_time, received_at;
	int parts, total;
};

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

/* The box holds the number as it came, a newline, the text. */
static int
assembly_keep(struct radio *r, const struct assembly_part *p,
    const unsigned char mac[VAULT_MAC])
{
	struct inbound_part part = {.seq = p->in->seq,
	    .total = p->in->total,
	    .modem = p->modem,
	    .smsc_time = p->in->smsc_time,
	    .at = p->received_at};
	struct buf plain, box;
	int rc;

	memcpy(part.mac, mac, sizeof(part.mac));
	buf_init(&plain, PART_BOX_MAX);
	buf_init(&box, PART_BOX_MAX);
	rc = buf_printf(&plain, "%s\n%s", p->in->number, p->in->text);
	if (rc == 0)
		rc = vault_box(r->core->vault, VAULT_BOX_PART, plain.data,
		    plain.len, &box);
	part.box = box.data;
	part.box_len = box.len;
	if (rc == 0)
		rc = store_inbound_part_add(r->core->store, &part);
	if (plain.data != NULL)
		vault_wipe(plain.data, plain.len);
	buf_clear(&plain);
	buf_clear(&box);
	return rc;
}

static int
assembly_take_plain(
    struct assembly *a, const struct inbound_part *p, const char *plain)
{
	const char *text = strchr(plain, '\n');

	if (text == NULL)
		return TC_ECRYPTO;
	a->parts++;
	a->total = p->total;
	a->smsc_time = p->smsc_time;
	a->received_at = p->at;
	if (str_printf(a->number, sizeof(a->number), "%.*s",
		(int)(text - plain), plain) != 0 ||
	    str_printf(a->modem, sizeof(a->modem), "%s", p->modem) != 0)
		return TC_EFULL;
	return buf_put_str(&a->text, text + 1);
}

static int
assembly_take_cb(const struct inbound_part *p, void *arg)
{
	struct assembly *a = arg;
	struct buf plain;
	int rc;

	buf_init(&plain, PART_BOX_MAX);
	rc = vault_unbox(
	    a->core->vault, VAULT_BOX_PART, p->box, p->box_len, &plain);
	if (rc == 0)
		rc = assembly_take_plain(a, p, buf_str(&plain));
	if (plain.data != NULL)
		vault_wipe(plain.data, plain.len);
	buf_clear(&plain);
	return rc;
}

static int
assembly_hand_over(struct radio *r, const struct assembly *a)
{
	struct inbound in = {.modem = a->modem,
	    .number = a->number,
	    .text = buf_str(&a->text),
	    .len = a->text.len,
	    .smsc_time = a->smsc_time,
	    .received_at = a->received_at,
	    .inbound_id = vault_random_id(),
	    .incomplete = a->parts < a->total};

	if (in.incomplete)
		log_warn("inbound text incomplete modem=%s parts=%d of=%d",
		    a->modem, a->parts, a->total);
	return r->ops.on_inbound(&in, r->ops.ctx);
}

/* Everything that is there of one text leaves the table and is handed over. */
static int
assembly_finish(struct radio *r, const unsigned char mac[VAULT_MAC])
{
	struct assembly a = {.core = r->core};
	int rc;

	buf_init(&a.text, ASSEMBLED_MAX);
	rc = store_inbound_part_each(r->core->store, mac, assembly_take_cb, &a);
	if (rc == 0)
		rc = store_inbound_part_remove(r->core->store, mac);
	if (rc >= 0)
		rc = assembly_hand_over(r, &a);
	if (a.text.data != NULL)
		vault_wipe(a.text.data, a.text.len);
	buf_clear(&a.text);
	return rc;
}

int
assembly_add(struct radio *r, const struct assembly_part *p)
{
	unsigned char mac[VAULT_MAC];
	int n, rc;

	assembly_mac(r, p, mac);
	rc = assembly_keep(r, p, mac);
	if (rc == TC_EEXIST) {
		/* Not the same part (receive.c knows those): the reference
		 * is used again, the older text will not become whole. */
		rc = assembly_finish(r, mac);
		if (rc == 0)
			rc = assembly_keep(r, p, mac);
	}
	if (rc != 0)
		return rc;
	n = store_inbound_part_count(r->core->store, mac);
	if (n < 0)
		return n;
	return n == p->in->total ? assembly_finish(r, mac) : 0;
}

/* One text that waited too long: 1, 0 when there is none. */
static int
op_flush(void *arg)
{
	unsigned char mac[VAULT_MAC];
	struct radio *r = arg;
	int64_t now = clock_now();
	int rc;

	rc = store_inbound_part_stale(
	    r->core->store, now - ASSEMBLY_WAIT_S, now, mac);
	if (rc == TC_ENOENT)
		return 0;
	if (rc == 0)
		rc = assembly_finish(r, mac);
	return rc == 0 ? 1 : rc;
}

void
assembly_flush(struct radio *r)
{
	int rc;

	do
		rc = turn_run(r->core->turn, op_flush, r);
	while (rc == 1);
	if (rc < 0)
		log_err("inbound text that waits for parts not handed over, "
			"it is tried again why=\"%s\"",
		    tc_strerror(rc));
}
