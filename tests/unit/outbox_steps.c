/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See outbox_steps.h. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "buf.h"
#include "clock.h"
#include "outbox_steps.h"
#include "store/contact.h"

struct contact_op {
	struct world *world;
	const char *number;
	struct contact contact;
};

static int
op_contact(void *arg)
{
	struct contact_op *op = arg;
	struct core *c = &op->world->core;
	unsigned char mac[VAULT_MAC];
	struct buf box;
	int rc;

	op->contact = (struct contact){
	    .id = vault_random_id(), .state = "unknown", .modem = "m1"};
	vault_phone_mac(c->vault, VAULT_CONTACT, op->number, mac);
	buf_init(&box, 512);
	rc = vault_box(
	    c->vault, VAULT_BOX_CONTACT, op->number, strlen(op->number), &box);
	assert_int_equal(rc, 0);
	rc = store_contact_add(c->store, &op->contact, mac, &box, clock_now());
	buf_clear(&box);
	return rc;
}

int64_t
steps_contact(struct world *w, const char *number)
{
	struct contact_op op = {.world = w, .number = number};

	world_expect(w, 0, op_contact, &op);
	return op.contact.id;
}

int
steps_op_reply(void *arg)
{
	struct steps_reply *r = arg;

	return outbox_reply(&r->world->core, &r->reply, &r->message_id);
}

int64_t
steps_reply(struct world *w, int64_t contact, enum lane lane)
{
	struct steps_reply r = {.world = w,
	    .reply = {.contact_id = contact,
		.template_id = "N1",
		.lane = lane,
		.modem = "m1",
		.sensitive = true,
		.expires_at = clock_now() + 300}};

	world_expect(w, 0, steps_op_reply, &r);
	return r.message_id;
}

/* Everything that a modem may say, for one op. */
struct modem_op {
	struct core *core;
	const char *modem;
	const struct radio_offer *offer;
	struct radio_part *next;
	bool is_upkeep;
	const struct radio_result *result;
	const struct radio_report *report;
};

static int
op_modem(void *arg)
{
	struct modem_op *op = arg;

	if (op->is_upkeep)
		return outbox_upkeep(op->core);
	if (op->next != NULL)
		return outbox_next_part(op->core, op->offer, op->next);
	if (op->result != NULL)
		return outbox_on_result(op->core, op->result);
	if (op->report != NULL)
		return outbox_on_report(op->core, op->report);
	return outbox_on_lost(op->core, op->modem);
}

static int
steps_run(struct world *w, struct modem_op *op)
{
	int rc;

	op->core = &w->core;
	rc = turn_run(w->core.turn, op_modem, op);
	assert_int_equal(turn_commit(w->core.turn), 0);
	return rc;
}

int
steps_next(struct world *w, const char *modem, struct radio_part *out)
{
	return steps_offer(w,
	    &(struct radio_offer){
		.modem = modem, .operator_name = "", .lanes = ~0U},
	    out);
}

int
steps_offer(
    struct world *w, const struct radio_offer *offer, struct radio_part *out)
{
	return steps_run(w, &(struct modem_op){.offer = offer, .next = out});
}

int
steps_upkeep(struct world *w)
{
	return steps_run(w, &(struct modem_op){.is_upkeep = true});
}

int
steps_result_of(struct world *w, const struct radio_result *r)
{
	return steps_run(w, &(struct modem_op){.result = r});
}

/* From the modem that has the part. */
static int
steps_settle(struct world *w, struct radio_result *r)
{
	char *sql = xasprintf("SELECT coalesce((SELECT modem FROM part"
			      " WHERE id = %lld), 'm1')",
	    (long long)r->part_id);
	char *modem = world_text(w, sql);
	int rc;

	r->modem = modem;
	rc = steps_result_of(w, r);
	free(modem);
	free(sql);
	return rc;
}

int
steps_result(struct world *w, int64_t part, enum ml_outcome outcome, int code)
{
	struct radio_result r = {
	    .part_id = part, .outcome = outcome, .tp_mr = -1, .code = code};

	return steps_settle(w, &r);
}

int
steps_sent(struct world *w, int64_t part, int tp_mr)
{
	struct radio_result r = {
	    .part_id = part, .outcome = ML_SENT, .tp_mr = tp_mr};

	return steps_settle(w, &r);
}

int
steps_report(struct world *w, const struct radio_report *r)
{
	return steps_run(w, &(struct modem_op){.report = r});
}

int
steps_lost(struct world *w, const char *modem)
{
	return steps_run(w, &(struct modem_op){.modem = modem});
}

int64_t
steps_part(struct world *w, int64_t message, int seq)
{
	char *sql = xasprintf("SELECT id FROM part WHERE message_id = %" PRId64
			      " AND seq = %d",
	    message, seq);
	int64_t id = world_count(w, sql);

	free(sql);
	return id;
}

static void
steps_expect_text(struct world *w, const char *column, const char *table,
    int64_t id, const char *want)
{
	char *sql = xasprintf(
	    "SELECT %s FROM %s WHERE id = %" PRId64, column, table, id);
	char *text = world_text(w, sql);

	assert_string_equal(text, want);
	free(text);
	free(sql);
}

void
steps_expect_part(struct world *w, int64_t part, const char *state)
{
	steps_expect_text(w, "state", "part", part, state);
}

void
steps_expect_message(struct world *w, int64_t message, const char *state)
{
	steps_expect_text(w, "state", "message", message, state);
}

void
steps_expect_reason(
    struct world *w, int64_t message, const char *state, const char *reason)
{
	steps_expect_message(w, message, state);
	steps_expect_text(w, "reason", "message", message, reason);
}

/* --- campaigns --- */

void
steps_people(struct world *w, int n)
{
	struct people_import im = {.list = "l", .agency = "VHXH"};
	struct buf csv;
	int i;

	buf_init(&csv, 1 << 20);
	(void)buf_put_str(
	    &csv, "number,consent_source,consent_date,collector\n");
	for (i = 0; i < n; i++)
		(void)buf_printf(
		    &csv, "+84900000%03d,hop thon,2026-01-05,Lan\n", 101 + i);
	assert_int_equal(buf_error(&csv), 0);
	world_sheet(w, &im, buf_str(&csv));
	assert_int_equal(im.added + im.updated, n);
	buf_clear(&csv);
}

struct campaign_op {
	struct world *world;
	const struct campaign_draft *draft; /* its rules; NULL = none */
	const char *text;
	const struct user *user;
	enum campaign_act act;
	int64_t id;
	struct campaign_refusal why;
};

static int
op_new(void *arg)
{
	struct campaign_op *op = arg;

	static const char *const list = "l";
	struct campaign_draft draft =
	    op->draft != NULL ? *op->draft : campaign_draft_empty;

	draft.name = "c";
	if (draft.nlists == 0) {
		draft.lists = &list;
		draft.nlists = 1;
	}
	draft.text = op->text;
	draft.plan_year = 2026;
	if (draft.per_day < 0)
		draft.per_day = 3; /* most tests send more than one a day */
	if (draft.per_month < 0)
		draft.per_month = 31;
	return campaign_new(
	    &op->world->core, &op->world->tuan, &draft, &op->id, &op->why);
}

static int
op_act(void *arg)
{
	struct campaign_op *op = arg;

	return campaign_do(
	    &op->world->core, op->user, op->id, op->act, &op->why);
}

int
steps_act(
    struct world *w, const struct user *u, int64_t id, enum campaign_act act)
{
	struct campaign_op op = {.world = w, .user = u, .act = act, .id = id};
	int rc;

	rc = turn_run(w->core.turn, op_act, &op);
	assert_int_equal(turn_commit(w->core.turn), 0);
	return rc;
}

int64_t
steps_draft(
    struct world *w, const char *text, const struct campaign_draft *draft)
{
	struct campaign_op op = {.world = w, .text = text, .draft = draft};

	world_expect(w, 0, op_new, &op);
	return op.id;
}

int64_t
steps_campaign(struct world *w, const char *text)
{
	return steps_run_campaign(w, text, NULL);
}

int64_t
steps_run_campaign(
    struct world *w, const char *text, const struct campaign_draft *draft)
{
	int64_t id = steps_draft(w, text, draft);

	assert_int_equal(steps_act(w, &w->tuan, id, CAMPAIGN_CHECK), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_APPROVE), 0);
	assert_int_equal(steps_act(w, &w->hoa, id, CAMPAIGN_START), 0);
	return id;
}

void
steps_get(struct world *w, int64_t id, struct campaign *out)
{
	const struct campaign_counts *n = &out->counts;

	assert_int_equal(campaign_get(&w->core, id, out), 0);
	assert_int_equal(n->total,
	    n->queued + n->sending + n->sent + n->delivered + n->partly +
		n->undelivered + n->no_report + n->uncertain + n->failed +
		n->suppressed + n->cancelled);
}
