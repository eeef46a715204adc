/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a draft of a campaign may say (campaign.h): making one, changing one,
 * copying those of last year. Called by http/ inside a turn op.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "clock.h"
#include "gsm.h"
#include "log.h"
#include "outbox/guard.h"
#include "outreach/campaign_private.h"
#include "vault/vault.h"

#define PER_MONTH_MAX 31
#define CANARY_MINUTES_MAX (7 * 24 * 60)
#define BUDGET_MAX INT64_C(1000000000)

const struct campaign_draft campaign_draft_empty = {.plan_year = -1,
    .start_at = -1,
    .end_at = -1,
    .send_from = -1,
    .send_until = -1,
    .per_day = -1,
    .per_month = -1,
    .budget = -1,
    .canary = -1,
    .canary_minutes = -1,
    .is_drill = -1};

int
campaign_refuse(struct campaign_refusal *why, int rc, const char *reason)
{
	if (str_printf(why->reason, sizeof(why->reason), "%s", reason) != 0)
		return TC_EFULL;
	return rc;
}

/* It does not say which words: whoever drafts must not learn from it where a
 * trusted address is. Who tries again and again is in the log. */
static int
draft_refuse_place(const struct campaign_row *row, struct campaign_refusal *why)
{
	log_warn(
	    "campaign refused by the guard of addresses author=%016" PRIx64,
	    (uint64_t)row->author_id);
	return campaign_refuse(
	    why, TC_EINVAL, "it holds words that must not go out (M19)");
}

/* Measured, UTF-8, not endless, no links (nobody shall learn to trust a link
 * from the commune). */
int
campaign_lint(struct core *c, const char *text, struct campaign_row *row,
    struct campaign_refusal *why)
{
	size_t len = strlen(text);
	struct gsm_text measured;

	if (len == 0 || len >= CAMPAIGN_TEXT_MAX)
		return campaign_refuse(
		    why, TC_EINVAL, "the text is empty or too long");
	if (gsm_segment(text, len, &measured, NULL, 0) != 0 ||
	    measured.nsegments > CAMPAIGN_SEGMENTS_MAX)
		return campaign_refuse(
		    why, TC_EINVAL, "the text is not UTF-8 or over 6 segments");
	if (strstr(text, "://") != NULL || strcasestr(text, "www.") != NULL)
		return campaign_refuse(
		    why, TC_EINVAL, "a broadcast holds no link");
	if (outbox_guard(c, text) != 0)
		return draft_refuse_place(row, why);
	row->segments = (int)measured.nsegments;
	return str_printf(row->coding, sizeof(row->coding), "%s",
	    gsm_coding_name(measured.coding));
}

/* --- fields --- */

/* One line each: where it goes and what it is called in a refusal. */
static int
draft_texts(struct core *c, const struct campaign_draft *d,
    struct campaign_row *row, struct campaign_refusal *why)
{
	const struct {
		const char *text;
		char *dst;
		size_t size;
		const char *refusal;
	} fields[] = {
	    {d->name, row->name, sizeof(row->name),
		"the name is empty, too long or not UTF-8"},
	    {d->theme, row->theme, sizeof(row->theme),
		"the theme is too long or not UTF-8"},
	    {d->legal_basis, row->legal_basis, sizeof(row->legal_basis),
		"the legal basis is too long or not UTF-8"},
	    {d->review_on, row->review_on, sizeof(row->review_on),
		"the review date is too long or not UTF-8"},
	    {d->budget_source, row->budget_source, sizeof(row->budget_source),
		"the budget source is too long or not UTF-8"},
	};
	size_t i;

	for (i = 0; i < TC_NELEM(fields); i++) {
		if (fields[i].text == NULL)
			continue;
		if (!utf8_is_valid(fields[i].text, strlen(fields[i].text)) ||
		    str_printf(fields[i].dst, fields[i].size, "%s",
			fields[i].text) != 0)
			return campaign_refuse(
			    why, TC_EINVAL, fields[i].refusal);
		if (outbox_guard(c, fields[i].text) != 0)
			return draft_refuse_place(row, why);
	}
	return row->name[0] != '\0'
		   ? 0
		   : campaign_refuse(why, TC_EINVAL, fields[0].refusal);
}

static void
draft_int(int64_t from, int *to)
{
	if (from >= 0)
		*to = (int)from;
}

static void
draft_int64(int64_t from, int64_t *to)
{
	if (from >= 0)
		*to = from;
}

static int
draft_numbers(const struct campaign_draft *d, struct campaign_row *row,
    struct campaign_refusal *why)
{
	draft_int(d->plan_year, &row->plan_year);
	draft_int64(d->start_at, &row->start_at);
	draft_int64(d->end_at, &row->end_at);
	draft_int(d->send_from, &row->send_from);
	draft_int(d->send_until, &row->send_until);
	draft_int(d->per_day, &row->per_day);
	draft_int(d->per_month, &row->per_month);
	draft_int64(d->budget, &row->budget);
	draft_int(d->canary, &row->canary);
	draft_int(d->canary_minutes, &row->canary_minutes);
	if (d->is_drill >= 0)
		row->is_drill = d->is_drill != 0;
	if (row->end_at != 0 && row->end_at <= row->start_at)
		return campaign_refuse(
		    why, TC_EINVAL, "it ends before it starts");
	if (row->send_from >= row->send_until || row->send_until > 24 * 60)
		return campaign_refuse(
		    why, TC_EINVAL, "the sending hours are empty");
	if (row->per_day < 1 || row->per_day > 3 || row->per_month < 1 ||
	    row->per_month > PER_MONTH_MAX)
		return campaign_refuse(why, TC_EINVAL,
		    "1 to 3 texts a day and 1 to 31 a month to one person");
	if (row->budget > BUDGET_MAX ||
	    row->canary_minutes > CANARY_MINUTES_MAX)
		return campaign_refuse(
		    why, TC_EINVAL, "the budget or the canary is too large");
	return 0;
}

static int
draft_lists(struct core *c, const struct campaign_draft *d, int64_t campaign_id)
{
	struct list_row l;
	size_t i;
	int rc;

	for (i = 0; i < d->nlists; i++)
		if ((rc = list_get(c, d->lists[i], &l)) != 0 ||
		    (rc = store_campaign_add_list(
			 c->store, campaign_id, l.id)) != 0)
			return rc;
	return 0;
}

/* All that the draft says but its text and lists. */
static int
draft_apply(struct core *c, const struct campaign_draft *d,
    struct campaign_row *row, struct campaign_refusal *why)
{
	int rc;

	why->reason[0] = '\0';
	if (d->nlists > CAMPAIGN_LISTS_MAX)
		return campaign_refuse(why, TC_EINVAL, "at most 8 lists");
	if ((rc = draft_texts(c, d, row, why)) != 0 ||
	    (rc = draft_numbers(d, row, why)) != 0)
		return rc;
	return d->text != NULL ? campaign_lint(c, d->text, row, why) : 0;
}

static int
draft_box(struct core *c, const char *text, struct buf *box)
{
	buf_init(box, CAMPAIGN_TEXT_MAX + 256);
	return text == NULL ? 0
			    : vault_box(c->vault, VAULT_BOX_MESSAGE, text,
				  strlen(text), box);
}

int
campaign_new(struct core *c, const struct user *author,
    const struct campaign_draft *draft, int64_t *id,
    struct campaign_refusal *why)
{
	struct campaign_row row = {.id = vault_random_id(),
	    .author_id = author->id,
	    .send_until = 24 * 60,
	    .per_day = 1,
	    .per_month = 4,
	    .created_at = clock_now()};
	struct buf box;
	int rc;

	if (draft->text == NULL || draft->nlists == 0)
		return campaign_refuse(
		    why, TC_EINVAL, "a text and a list are needed");
	if ((rc = draft_apply(c, draft, &row, why)) != 0)
		return rc;
	rc = draft_box(c, draft->text, &box);
	if (rc == 0)
		rc = store_campaign_add(c->store, &row, &box);
	buf_clear(&box);
	if (rc == 0 && (rc = draft_lists(c, draft, row.id)) == TC_ENOENT)
		return campaign_refuse(why, rc, "no such list");
	*id = row.id;
	return rc;
}

/* The names that the row has, a line each, for a draft that names none. */
static size_t
draft_old_lists(char *names, const char *lists[CAMPAIGN_LISTS_MAX])
{
	size_t n = 0;
	char *p, *next;

	for (p = names; p != NULL && *p != '\0' && n < CAMPAIGN_LISTS_MAX;
	     p = next) {
		next = strchr(p, '\n');
		if (next != NULL)
			*next++ = '\0';
		lists[n++] = p;
	}
	return n;
}

int
campaign_edit(struct core *c, int64_t id, const struct campaign_draft *draft,
    struct campaign_refusal *why)
{
	const char *old[CAMPAIGN_LISTS_MAX];
	struct campaign_draft d = *draft;
	struct campaign_row row;
	struct buf box;
	int rc;

	why->reason[0] = '\0';
	if ((rc = store_campaign_get(c->store, id, &row)) != 0 ||
	    (rc = draft_apply(c, &d, &row, why)) != 0)
		return rc;
	if (d.nlists == 0) {
		d.nlists = draft_old_lists(row.lists, old);
		d.lists = old;
	}
	rc = draft_box(c, d.text, &box);
	if (rc == 0)
		rc = store_campaign_edit(
		    c->store, &row, d.text != NULL ? &box : NULL);
	buf_clear(&box);
	if (rc == TC_ESTATE)
		return campaign_refuse(why, rc,
		    "not possible in the state that the campaign is in");
	if (rc == 0 && (rc = draft_lists(c, &d, id)) == TC_ENOENT)
		return campaign_refuse(why, TC_EINVAL, "no such list");
	return rc;
}

/* --- last year's plan --- */

struct copy {
	struct core *core;
	const struct user *user;
	int years;
	int n;
};

/* The same day and hour some years on; 29 February is 1 March there. */
static int64_t
copy_day(int64_t t, int years)
{
	time_t when = (time_t)t;
	struct tm tm;

	if (t == 0)
		return 0;
	(void)gmtime_r(&when, &tm);
	tm.tm_year += years;
	return (int64_t)timegm(&tm);
}

static int
copy_cb(const struct campaign_row *row, void *arg)
{
	const char *lists[CAMPAIGN_LISTS_MAX];
	struct campaign_refusal why;
	struct copy *copy = arg;
	struct campaign_draft d = {.name = row->name,
	    .theme = row->theme,
	    .legal_basis = row->legal_basis,
	    .budget_source = row->budget_source,
	    .plan_year = row->plan_year + copy->years,
	    .start_at = copy_day(row->start_at, copy->years),
	    .end_at = copy_day(row->end_at, copy->years),
	    .send_from = row->send_from,
	    .send_until = row->send_until,
	    .per_day = row->per_day,
	    .per_month = row->per_month,
	    .budget = row->budget,
	    .canary = row->canary,
	    .canary_minutes = row->canary_minutes,
	    .is_drill = row->is_drill};
	char names[sizeof(row->lists)];
	struct campaign k;
	int64_t id;
	int rc;

	if (strcmp(row->state, "cancelled") == 0)
		return 0;
	if ((rc = campaign_fill(copy->core, row, &k)) != 0)
		return rc;
	memcpy(names, row->lists, sizeof(names));
	d.text = k.text;
	d.nlists = draft_old_lists(names, lists);
	d.lists = lists;
	rc = campaign_new(copy->core, copy->user, &d, &id, &why);
	copy->n += rc == 0;
	return rc;
}

int
campaign_copy_year(struct core *c, const struct user *u, int from, int to)
{
	struct copy copy = {c, u, to - from, 0};
	int rc;

	if (from == to)
		return TC_EINVAL;
	rc = store_campaign_each(c->store, from, copy_cb, &copy);
	if (rc < 0)
		return rc;
	log_info("campaigns copied from=%d to=%d n=%d", from, to, copy.n);
	return copy.n;
}
