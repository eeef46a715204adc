/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Campaigns (campaign.h): drafting, the two people, freezing, the switch. The
 * sending itself is the outbox's (outbox/feed.c). Called by http/ inside a
 * turn op.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "gsm.h"
#include "log.h"
#include "outbox/outbox.h"
#include "outreach/campaign.h"
#include "store/campaign.h"
#include "store/person.h"
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

static int
campaign_refuse(struct campaign_refusal *why, int rc, const char *reason)
{
	if (str_printf(why->reason, sizeof(why->reason), "%s", reason) != 0)
		return TC_EFULL;
	return rc;
}

/* What may be said to everybody at once: measured, UTF-8, not endless, no
 * links (domain.md 6: nobody learns to trust a link from the commune). */
static int
campaign_lint(
    const char *text, struct gsm_text *out, struct campaign_refusal *why)
{
	size_t len = strlen(text);

	if (len == 0 || len >= CAMPAIGN_TEXT_MAX)
		return campaign_refuse(
		    why, TC_EINVAL, "the text is empty or too long");
	if (gsm_segment(text, len, out, NULL, 0) != 0 ||
	    out->nsegments > CAMPAIGN_SEGMENTS_MAX)
		return campaign_refuse(
		    why, TC_EINVAL, "the text is not UTF-8 or over 6 segments");
	if (strstr(text, "://") != NULL || strcasestr(text, "www.") != NULL)
		return campaign_refuse(
		    why, TC_EINVAL, "a broadcast holds no link");
	return 0;
}

static int
campaign_name_check(const char *name, struct campaign_refusal *why)
{
	size_t len = strlen(name);

	if (len == 0 || len >= CAMPAIGN_NAME_MAX || !utf8_is_valid(name, len))
		return campaign_refuse(
		    why, TC_EINVAL, "the name is empty, too long or not UTF-8");
	return 0;
}

int
campaign_new(struct core *c, const struct user *author,
    const struct campaign_draft *draft, int64_t *id,
    struct campaign_refusal *why)
{
	struct campaign_row row = {.id = vault_random_id(),
	    .plan_year = draft->plan_year,
	    .author_id = author->id,
	    .created_at = clock_now()};
	struct gsm_text measured;
	struct list_row l;
	struct buf box;
	int rc;

	why->reason[0] = '\0';
	if ((rc = campaign_name_check(draft->name, why)) != 0 ||
	    (rc = campaign_lint(draft->text, &measured, why)) != 0)
		return rc;
	if ((rc = list_get(c, draft->list, &l)) != 0)
		return campaign_refuse(why, rc, "no such list");
	row.list_id = l.id;
	row.segments = (int)measured.nsegments;
	if (str_printf(row.name, sizeof(row.name), "%s", draft->name) != 0 ||
	    str_printf(row.coding, sizeof(row.coding), "%s",
		gsm_coding_name(measured.coding)) != 0)
		return TC_EINVAL;
	buf_init(&box, CAMPAIGN_TEXT_MAX + 256);
	rc = vault_box(c->vault, VAULT_BOX_MESSAGE, draft->text,
	    strlen(draft->text), &box);
	if (rc == 0)
		rc = store_campaign_add(c->store, &row, &box);
	buf_clear(&box);
	*id = row.id;
	return rc;
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
campaign_count_cb(const char *state, int64_t n, void *ctx)
{
	struct campaign_counts *counts = ctx;
	size_t i;

	counts->total += n;
	for (i = 0; i < TC_NELEM(count_fields); i++)
		if (strcmp(count_fields[i].state, state) == 0)
			*(int64_t *)((char *)counts + count_fields[i].offset) =
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

static int
campaign_fill(
    struct core *c, const struct campaign_row *row, struct campaign *out)
{
	int rc;

	memset(out, 0, sizeof(*out));
	out->id = row->id;
	memcpy(out->name, row->name, sizeof(out->name));
	memcpy(out->list, row->list, sizeof(out->list));
	memcpy(out->author, row->author, sizeof(out->author));
	memcpy(out->approver, row->approver, sizeof(out->approver));
	memcpy(out->coding, row->coding, sizeof(out->coding));
	out->plan_year = row->plan_year;
	out->created_at = row->created_at;
	out->approved_at = row->approved_at;
	out->started_at = row->started_at;
	out->ended_at = row->ended_at;
	out->segments = (unsigned)row->segments;
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

	return store_campaign_each(c->store, campaign_each_cb, &each);
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

/* What goes with a move: freezing at approval, letting go at the end. */
static int
campaign_before(struct core *c, const struct user *u,
    const struct campaign_row *row, enum campaign_act act,
    struct campaign_refusal *why)
{
	int rc = 0;

	if (act == CAMPAIGN_APPROVE) {
		if (row->author_id == u->id)
			return campaign_refuse(why, TC_EDENIED,
			    "the author cannot approve his own campaign");
		rc = store_recipient_freeze(c->store, row->id);
		if (rc == 0)
			return campaign_refuse(why, TC_ESTATE,
			    "nobody on the list has given consent");
	} else if (act == CAMPAIGN_CANCEL)
		rc = store_recipient_cancel(c->store, row->id, clock_now());
	return rc < 0 ? rc : 0;
}

int
campaign_do(struct core *c, const struct user *u, int64_t id,
    enum campaign_act act, struct campaign_refusal *why)
{
	struct campaign_move move = {.id = id, .now = clock_now()};
	struct campaign_row row;
	int rc;

	why->reason[0] = '\0';
	if ((rc = store_campaign_get(c->store, id, &row)) != 0)
		return rc;
	move.from = row.state;
	move.to = campaign_target(row.state, act);
	if (move.to == NULL)
		return campaign_refuse(why, TC_ESTATE,
		    "not possible in the state that the campaign is in");
	if (act == CAMPAIGN_APPROVE)
		move.approver_id = u->id;
	if ((rc = campaign_before(c, u, &row, act, why)) != 0 ||
	    (rc = store_campaign_move(c->store, &move)) != 0)
		return rc;
	log_info("campaign %s id=%016" PRIx64 " user=%s", move.to, (uint64_t)id,
	    u->name);
	outbox_touch();
	return outbox_end_campaign(c, id);
}
