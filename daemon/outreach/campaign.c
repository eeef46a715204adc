/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Campaigns (campaign.h): the two people, freezing, the switch. The
 * sending itself is the outbox's (outbox/feed.c). Called by http/ inside a
 * turn op.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "log.h"
#include "outbox/outbox.h"
#include "outreach/campaign_private.h"
#include "vault/vault.h"

static const char *const state_names[CAMPAIGN_NSTATES] = {
    [CAMPAIGN_DRAFT] = "draft",
    [CAMPAIGN_CHECKED] = "checked",
    [CAMPAIGN_APPROVED] = "approved",
    [CAMPAIGN_RUNNING] = "running",
    [CAMPAIGN_PAUSED] = "paused",
    [CAMPAIGN_DONE] = "done",
    [CAMPAIGN_CANCELLED] = "cancelled",
};

/* The legal moves; cancel is legal from every state that is not an end. */
static const struct {
	enum campaign_act act;
	enum campaign_state from, to;
} moves[] = {
    {CAMPAIGN_CHECK, CAMPAIGN_DRAFT, CAMPAIGN_CHECKED},
    {CAMPAIGN_APPROVE, CAMPAIGN_CHECKED, CAMPAIGN_APPROVED},
    {CAMPAIGN_START, CAMPAIGN_APPROVED, CAMPAIGN_RUNNING},
    {CAMPAIGN_PAUSE, CAMPAIGN_RUNNING, CAMPAIGN_PAUSED},
    {CAMPAIGN_RESUME, CAMPAIGN_PAUSED, CAMPAIGN_RUNNING},
    {CAMPAIGN_CONTINUE, CAMPAIGN_RUNNING, CAMPAIGN_RUNNING},
    {CAMPAIGN_CONTINUE, CAMPAIGN_PAUSED, CAMPAIGN_PAUSED},
    {CAMPAIGN_CANCEL, CAMPAIGN_DRAFT, CAMPAIGN_CANCELLED},
    {CAMPAIGN_CANCEL, CAMPAIGN_CHECKED, CAMPAIGN_CANCELLED},
    {CAMPAIGN_CANCEL, CAMPAIGN_APPROVED, CAMPAIGN_CANCELLED},
    {CAMPAIGN_CANCEL, CAMPAIGN_RUNNING, CAMPAIGN_CANCELLED},
    {CAMPAIGN_CANCEL, CAMPAIGN_PAUSED, CAMPAIGN_CANCELLED},
};

const char *
campaign_state_name(enum campaign_state s)
{
	return s < CAMPAIGN_NSTATES ? state_names[s] : "?";
}

static const struct {
	const char *state;
	size_t offset;
} count_fields[] = {
    {"queued", offsetof(struct campaign_counts, queued)},
    {"sending", offsetof(struct campaign_counts, sending)},
    {"sent", offsetof(struct campaign_counts, sent)},
    {"delivered", offsetof(struct campaign_counts, delivered)},
    {"partly", offsetof(struct campaign_counts, partly)},
    {"undelivered", offsetof(struct campaign_counts, undelivered)},
    {"no_report", offsetof(struct campaign_counts, no_report)},
    {"uncertain", offsetof(struct campaign_counts, uncertain)},
    {"failed", offsetof(struct campaign_counts, failed)},
    {"suppressed", offsetof(struct campaign_counts, suppressed)},
    {"cancelled", offsetof(struct campaign_counts, cancelled)},
};

static void
campaign_count_cb(const char *state, const char *reason, int64_t n, void *ctx)
{
	struct campaign_counts *counts = ctx;
	size_t i;

	(void)reason;
	counts->total += n;
	for (i = 0; i < TC_NELEM(count_fields); i++)
		if (strcmp(count_fields[i].state, state) == 0)
			*(int64_t *)((char *)counts + count_fields[i].offset) +=
			    n;
}

static int
campaign_state_parse(const char *name, enum campaign_state *out)
{
	int i;

	for (i = 0; i < CAMPAIGN_NSTATES; i++) {
		if (strcmp(state_names[i], name) == 0) {
			*out = i;
			return 0;
		}
	}
	return TC_EIO;
}

static int
campaign_read_text(struct core *c, int64_t id, char out[CAMPAIGN_TEXT_MAX])
{
	struct buf box, plain;
	int rc;

	buf_init(&box, CAMPAIGN_TEXT_MAX + 256);
	buf_init(&plain, CAMPAIGN_TEXT_MAX);
	rc = store_campaign_text(c->store, id, &box);
	if (rc == 0)
		rc = vault_unbox(
		    c->vault, VAULT_BOX_MESSAGE, box.data, box.len, &plain);
	if (rc == 0)
		rc = str_printf(out, CAMPAIGN_TEXT_MAX, "%s", buf_str(&plain));
	buf_clear(&plain);
	buf_clear(&box);
	return rc;
}

int
campaign_fill(
    struct core *c, const struct campaign_row *row, struct campaign *out)
{
	int rc;

	memset(out, 0, sizeof(*out));
	out->row = *row;
	if ((rc = campaign_state_parse(row->state, &out->state)) != 0 ||
	    (rc = campaign_read_text(c, row->id, out->text)) != 0)
		return rc;
	return store_recipient_counts(
	    c->store, row->id, campaign_count_cb, &out->counts);
}

int
campaign_get(struct core *c, int64_t id, struct campaign *out)
{
	struct campaign_row row;
	int rc;

	rc = store_campaign_get(c->store, id, &row);
	return rc != 0 ? rc : campaign_fill(c, &row, out);
}

struct campaign_each_ctx {
	struct core *core;
	campaign_cb cb;
	void *ctx;
};

static int
campaign_each_cb(const struct campaign_row *row, void *arg)
{
	struct campaign_each_ctx *each = arg;
	struct campaign k;
	int rc;

	rc = campaign_fill(each->core, row, &k);
	return rc != 0 ? rc : each->cb(&k, each->ctx);
}

int
campaign_each(struct core *c, campaign_cb cb, void *ctx)
{
	struct campaign_each_ctx each = {c, cb, ctx};

	return store_campaign_each(c->store, 0, campaign_each_cb, &each);
}

static const char *
campaign_target(const char *from, enum campaign_act act)
{
	size_t i;

	for (i = 0; i < TC_NELEM(moves); i++)
		if (moves[i].act == act &&
		    strcmp(state_names[moves[i].from], from) == 0)
			return state_names[moves[i].to];
	return NULL;
}

/* --- approval --- */

static int
hash_id_cb(int64_t person_id, void *ctx)
{
	return buf_put(ctx, &person_id, sizeof(person_id));
}

/* What was approved, as one hash: the text and every recipient. */
static int
campaign_freeze_hash(struct core *c, const struct campaign *k, int64_t n)
{
	static const unsigned char start[VAULT_MAC];
	unsigned char hash[VAULT_MAC];
	struct buf b;
	int rc;

	buf_init(&b, sizeof(k->text) + (size_t)n * sizeof(int64_t));
	rc = buf_put_str(&b, k->text);
	if (rc == 0)
		rc = store_recipient_each(c->store, k->row.id, hash_id_cb, &b);
	if (rc >= 0) {
		vault_chain(start, b.data, b.len, hash);
		rc = store_campaign_set_frozen(c->store, k->row.id, n, hash);
	}
	buf_clear(&b);
	return rc;
}

/* Whoever approves sees and answers for these people and this end. */
static int
campaign_approve(struct core *c, const struct user *u, const struct campaign *k,
    struct campaign_refusal *why)
{
	struct campaign_estimate e;
	int rc;

	if (k->row.author_id == u->id)
		return campaign_refuse(why, TC_EDENIED,
		    "the author cannot approve his own campaign");
	if ((rc = campaign_estimate(c, k, &e)) != 0)
		return rc;
	if (k->row.end_at != 0 &&
	    (e.ends_at > k->row.end_at || clock_now() >= k->row.end_at))
		return campaign_refuse(
		    why, TC_ESTATE, "the SIMs cannot send it before its end");
	rc = store_recipient_freeze(c->store, k->row.id);
	if (rc == 0)
		return campaign_refuse(
		    why, TC_ESTATE, "nobody on the list has given consent");
	return rc < 0 ? rc : campaign_freeze_hash(c, k, rc);
}

/* What goes with a move: freezing at approval, letting go at the end. */
static int
campaign_before(struct core *c, const struct user *u, const struct campaign *k,
    enum campaign_act act, struct campaign_refusal *why)
{
	const struct recipient cancelled = {
	    .state = "cancelled", .reason = "", .at = clock_now()};
	struct campaign_row row = k->row;
	int rc = 0;

	if (act == CAMPAIGN_CHECK)
		rc = campaign_lint(c, k->text, &row, why);
	else if (act == CAMPAIGN_APPROVE)
		rc = campaign_approve(c, u, k, why);
	else if (act == CAMPAIGN_CANCEL)
		rc = store_recipient_end(c->store, k->row.id, &cancelled);
	else if (act == CAMPAIGN_CONTINUE) {
		rc = store_campaign_go_on(c->store, k->row.id);
		if (rc == TC_ESTATE)
			return campaign_refuse(
			    why, rc, "it does not wait for anybody");
	}
	return rc < 0 ? rc : 0;
}

int
campaign_do(struct core *c, const struct user *u, int64_t id,
    enum campaign_act act, struct campaign_refusal *why)
{
	struct campaign_move move = {.id = id, .now = clock_now()};
	struct campaign k;
	int rc;

	why->reason[0] = '\0';
	if ((rc = campaign_get(c, id, &k)) != 0)
		return rc;
	move.from = k.row.state;
	move.to = campaign_target(k.row.state, act);
	if (move.to == NULL)
		return campaign_refuse(why, TC_ESTATE,
		    "not possible in the state that the campaign is in");
	if (act == CAMPAIGN_APPROVE)
		move.approver_id = u->id;
	if ((rc = campaign_before(c, u, &k, act, why)) != 0 ||
	    (rc = store_campaign_move(c->store, &move)) != 0)
		return rc;
	log_info("campaign %s id=%016" PRIx64 " user=%s", move.to, (uint64_t)id,
	    u->name);
	outbox_touch();
	rc = outbox_recall(c, id);
	return rc < 0 ? rc : outbox_end_campaign(c, id);
}

int
campaign_resume(struct core *c, const struct user *u, int64_t id,
    int64_t budget, struct campaign_refusal *why)
{
	int rc = campaign_do(c, u, id, CAMPAIGN_RESUME, why);

	if (rc != 0)
		return rc;
	log_info("campaign budget id=%016" PRIx64 " user=%s dong=%" PRId64,
	    (uint64_t)id, u->name, budget);
	return store_campaign_set_budget(c->store, id, budget);
}
