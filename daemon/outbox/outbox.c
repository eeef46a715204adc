/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one door (outbox.h): how replies and texts to staff come into the queue,
 * and what the API shows of it. What a modem gets is chosen in choose.c,
 * results are settled in result.c and report.c.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "outbox/outbox.h"
#include "outbox/policy.h"
#include "outbox/render.h"
#include "outbox/state.h"
#include "store/duty.h"
#include "store/message.h"
#include "vault/vault.h"

/* Ids of messages and parts: microseconds since 2020, then random bits. */
#define ID_EPOCH_US (INT64_C(1577836800) * 1000000)
#define ID_SALT_BITS 12
#define ID_SALTS 128

static uint64_t generation = 1;
static int64_t last_queue_seq;

static const char *const lane_names[LANE_NLANES] = {
    [LANE_CRISIS] = "crisis",
    [LANE_CASE] = "case",
    [LANE_REPLY] = "reply",
    [LANE_CAMPAIGN] = "campaign",
};

const char *
lane_name(enum lane lane)
{
	return lane < LANE_NLANES ? lane_names[lane] : "?";
}

uint64_t
outbox_generation(void)
{
	return generation;
}

void
outbox_touch(void)
{
	generation++;
}

/* Order within a lane: the time of queueing in microseconds, always growing. */
int64_t
outbox_queue_seq(void)
{
	int64_t now = clock_now_us();

	last_queue_seq = now > last_queue_seq ? now : last_queue_seq + 1;
	return last_queue_seq;
}

/* The salt hides nothing: it is fetched from the kernel for many ids at once. */
int64_t
outbox_new_id(void)
{
	static uint16_t salts[ID_SALTS];
	static size_t left;

	if (left == 0) {
		vault_random(salts, sizeof(salts));
		left = ID_SALTS;
	}
	return (outbox_queue_seq() - ID_EPOCH_US) << ID_SALT_BITS |
	       (salts[--left] & ((1 << ID_SALT_BITS) - 1));
}

int
outbox_put(struct core *c, struct message *m, const char *not_modem,
    const struct buf *staff, struct part *first)
{
	unsigned char ref;
	struct part p;
	int rc, seq;

	if (m->id == 0)
		m->id = outbox_new_id();
	m->created_at = clock_now();
	m->pinned = m->sensitive || m->modem[0] != '\0';
	if (m->nparts > 1) {
		vault_random(&ref, 1);
		m->concat_ref = ref;
	}
	if ((rc = store_message_add(c->store, m, staff)) != 0)
		return rc;
	for (seq = 1; seq <= m->nparts; seq++) {
		memset(&p, 0, sizeof(p));
		p.id = outbox_new_id();
		p.message_id = m->id;
		p.seq = seq;
		p.lane = m->lane;
		p.queue_seq = outbox_queue_seq();
		memcpy(p.state, "queued", sizeof("queued"));
		memcpy(p.modem, m->modem, sizeof(p.modem));
		if (str_printf(
			p.not_modem, sizeof(p.not_modem), "%s", not_modem) != 0)
			return TC_EFULL;
		if ((rc = store_part_add(c->store, &p)) != 0)
			return rc;
		if (seq == 1)
			*first = p;
	}
	return 0;
}

/* One message of one part into the queue; lane, receiver, expiry and texts are
 * set in m. */
static int
outbox_enqueue(struct core *c, struct message *m, const char *not_modem,
    const struct buf *staff)
{
	struct part first;
	int rc;

	m->nparts = 1;
	if ((rc = outbox_put(c, m, not_modem, staff, &first)) == 0)
		outbox_touch();
	return rc;
}

/* The fixed text, its slots and where it goes. */
static int
outbox_set_text(struct message *m, const char *template_id, const char *slots,
    const char *modem)
{
	if (str_printf(m->template_id, sizeof(m->template_id), "%s",
		template_id) != 0 ||
	    str_printf(m->slots, sizeof(m->slots), "%s",
		slots != NULL ? slots : "") != 0 ||
	    str_printf(m->modem, sizeof(m->modem), "%s", modem) != 0)
		return TC_EFULL;
	return 0;
}

int
outbox_reply(struct core *c, const struct outbox_reply *r, int64_t *message_id)
{
	struct message m = {.lane = r->lane,
	    .contact_id = r->contact_id,
	    .person_id = r->person_id,
	    .inbound_id = r->inbound_id,
	    .sensitive = r->sensitive,
	    .expires_at = r->expires_at};
	int rc;

	rc = outbox_set_text(&m, r->template_id, r->slots, r->modem);
	if (rc == 0 && r->slots != NULL)
		rc = outbox_check_text(c, &m);
	if (rc == 0)
		rc = outbox_enqueue(c, &m, "", NULL);
	*message_id = m.id;
	return rc;
}

int
outbox_staff(struct core *c, const struct outbox_staff *s, int64_t *message_id)
{
	struct message m = {
	    .lane = s->lane, .is_staff = true, .expires_at = s->expires_at};
	struct buf box;
	int rc;

	buf_init(&box, 512);
	rc = outbox_set_text(&m, s->template_id, s->slots, s->modem);
	if (rc == 0)
		rc = outbox_check_text(c, &m);
	if (rc == 0)
		rc = vault_box(c->vault, VAULT_BOX_STAFF, s->number,
		    strlen(s->number), &box);
	if (rc == 0)
		rc = outbox_enqueue(c, &m, s->not_modem, &box);
	buf_clear(&box);
	*message_id = m.id;
	return rc;
}

int
outbox_staff_user(struct core *c, int64_t user_id, const struct outbox_staff *s)
{
	struct outbox_staff text = *s;
	struct buf box, number;
	int64_t message_id;
	int rc;

	buf_init(&box, 1024);
	buf_init(&number, 256);
	rc = store_phone_get(c->store, user_id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_STAFF, box.data, box.len, &number);
	if (rc == 0) {
		text.number = buf_str(&number);
		rc = outbox_staff(c, &text, &message_id);
		if (rc == TC_ENOENT) /* the template, not the number */
			rc = TC_EINVAL;
	}
	if (number.data != NULL)
		vault_wipe(number.data, number.cap);
	buf_clear(&number);
	buf_clear(&box);
	return rc;
}

int
outbox_cancel_contact(struct core *c, int64_t contact_id)
{
	int64_t ids[64];
	struct message m;
	int n, i, rc;

	n = store_message_queued_for(c->store, contact_id, ids);
	for (i = 0; i < n; i++) {
		rc = store_message_get(c->store, ids[i], &m);
		if (rc == 0)
			rc = outbox_drop_message(c, &m, "cancelled", "hushed");
		if (rc != 0)
			return rc;
	}
	return n;
}

/* --- for the API --- */

int
outbox_queue_lengths(struct core *c, int64_t lengths[LANE_NLANES])
{
	return store_queue_lengths(c->store, lengths);
}

struct each_ctx {
	struct core *core;
	outbox_message_cb cb;
	void *ctx;
};

static int
outbox_each_cb(const struct message *m, void *arg)
{
	struct each_ctx *each = arg;
	struct outbox_message om = {.id = m->id,
	    .lane = lane_name(m->lane),
	    .state = m->state,
	    .reason = m->reason,
	    .modem = m->modem,
	    .created_at = m->created_at,
	    .expires_at = m->expires_at,
	    .settled_at = m->settled_at,
	    .campaign_id = m->campaign_id,
	    .parts = m->nparts};
	struct part_counts n;
	int rc;

	if ((rc = store_part_counts(each->core->store, m->id, &n)) != 0)
		return rc;
	om.parts_sent = n.sent + n.delivered + n.undelivered + n.no_report;
	return each->cb(&om, each->ctx);
}

int
outbox_each(
    struct core *c, int64_t before, int limit, outbox_message_cb cb, void *ctx)
{
	struct each_ctx each = {c, cb, ctx};

	return store_message_each(
	    c->store, before, limit, outbox_each_cb, &each);
}

int
outbox_get(struct core *c, int64_t id, outbox_message_cb cb, void *ctx)
{
	struct each_ctx each = {c, cb, ctx};
	struct message m;
	int rc;

	rc = store_message_get(c->store, id, &m);
	return rc != 0 ? rc : outbox_each_cb(&m, &each);
}

struct parts_ctx {
	outbox_part_cb cb;
	void *ctx;
};

static int
outbox_parts_cb(const struct part *p, void *arg)
{
	struct parts_ctx *parts = arg;
	struct outbox_part op = {.seq = p->seq,
	    .attempts = p->attempts,
	    .state = p->state,
	    .modem = p->modem,
	    .reason = "",
	    .tp_mr = p->tp_mr,
	    .tp_status = -1,
	    .code = p->code,
	    .report = p->report,
	    .not_before = p->not_before,
	    .submitted_at = p->submitted_at,
	    .settled_at = p->settled_at};

	if (strcmp(p->state, "delivered") == 0 ||
	    strcmp(p->state, "undelivered") == 0) {
		op.tp_status = p->code;
		op.code = 0;
		(void)policy_report((unsigned)p->code, &op.reason);
	}
	parts->cb(&op, parts->ctx);
	return 0;
}

int
outbox_parts(struct core *c, int64_t message_id, outbox_part_cb cb, void *ctx)
{
	struct parts_ctx parts = {cb, ctx};

	return store_part_each(c->store, message_id, outbox_parts_cb, &parts);
}
