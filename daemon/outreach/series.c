/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Series of texts (series.h). Called by http/ for officials and by intake for
 * those who join; what is due is sent by the outbox. Owns nothing. */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "fold.h"
#include "intake/content.h"
#include "intake/lint.h"
#include "log.h"
#include "outbox/outbox.h"
#include "outreach/campaign_private.h"
#include "outreach/people_private.h"
#include "outreach/series.h"
#include "store/notice.h"
#include "vault/vault.h"

#define DAY_S INT64_C(86400)

/* --- the record --- */

int
series_new(struct core *c, const struct user *author, struct series *r,
    struct campaign_refusal *why)
{
	int rc;

	if (r->name[0] == '\0')
		return campaign_refuse(why, TC_EINVAL, "a name is needed");
	r->id = vault_random_id();
	r->author_id = author->id;
	r->created_at = clock_now();
	if ((rc = store_series_free_number(c->store, &r->number)) != 0)
		return rc;
	if (r->number > ARGUMENT_NUMBER_MAX)
		return campaign_refuse(why, TC_ESTATE, "too many series");
	return store_series_add(c->store, r);
}

/* What a text about a visit must not say, folded. */
static bool
series_is_neutral(const char *text)
{
	static const char *const words[] = {" thai ", " bau ", " san ",
	    " kinh nguyet ", " tranh thai ", " pha thai ", " hiv ",
	    " xet nghiem "};
	bool is_neutral = true;
	char *padded;
	struct fold f;
	size_t i;

	if (fold_text(text, strlen(text), &f) != 0)
		return false;
	padded = xasprintf(" %s ", f.text);
	for (i = 0; i < TC_NELEM(words); i++)
		is_neutral = is_neutral && strstr(padded, words[i]) == NULL;
	free(padded);
	fold_clear(&f);
	return is_neutral;
}

/* What no text to many may hold, as in a campaign (lint_rules.c). */
static void
series_sign_cb(enum content_sign sign, const char *phrase, void *ctx)
{
	const char **why = ctx;

	(void)phrase;
	if (sign == CONTENT_SIGN_LINK)
		*why = "a broadcast holds no link";
	else if (sign == CONTENT_SIGN_DEMAND)
		*why = "it sounds like a demand for money, codes or papers";
	else if (sign == CONTENT_SIGN_SHELTER)
		*why = "it names a shelter (M19)";
}

static int
series_lint(struct core *c, const struct series *r, const char *text,
    struct series_step *step, struct campaign_refusal *why)
{
	struct campaign_row measured = {0};
	const char *reason = NULL;
	int rc = campaign_measure(c, text, &measured, why);

	if (rc == 0)
		rc = content_signs(c->content, text, series_sign_cb, &reason);
	if (rc == 0 && reason != NULL)
		return campaign_refuse(why, TC_EINVAL, reason);
	if (rc != 0)
		return rc;
	step->segments = measured.segments;
	if (!r->is_visits)
		return 0;
	if (step->segments != 1 || !series_is_neutral(text) ||
	    content_lint_outbound(c->content, text, &reason) != 0)
		return campaign_refuse(why, TC_EINVAL,
		    "the text about a visit is longer than one segment or "
		    "not neutral");
	return 0;
}

int
series_add(struct core *c, int64_t id, int day, const char *text,
    struct campaign_refusal *why)
{
	struct series_step step = {.day = day}, last;
	struct series r;
	struct buf box;
	int rc;

	if ((rc = store_series_get(c->store, id, &r)) != 0)
		return rc;
	if (strcmp(r.state, "draft") != 0 || r.nsteps == SERIES_STEPS_MAX)
		return campaign_refuse(
		    why, TC_ESTATE, "it is no draft, or full");
	if ((rc = series_lint(c, &r, text, &step, why)) != 0)
		return rc;
	step.step = (int)r.nsteps + 1;
	rc = store_series_step(c->store, id, step.step - 1, &last);
	if (rc == 0 && last.day >= day)
		return campaign_refuse(why, TC_EINVAL,
		    "texts are added in the order of their days");
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	buf_init(&box, CAMPAIGN_TEXT_MAX + 256);
	rc = vault_box(c->vault, VAULT_BOX_MESSAGE, text, strlen(text), &box);
	if (rc == 0)
		rc = store_series_add_step(c->store, id, &step, &box);
	buf_clear(&box);
	return rc;
}

int
series_approve(struct core *c, const struct user *u, int64_t id,
    struct campaign_refusal *why)
{
	struct series r;
	int rc;

	if ((rc = store_series_get(c->store, id, &r)) != 0)
		return rc;
	if (r.author_id == u->id)
		return campaign_refuse(
		    why, TC_EDENIED, "the author cannot approve");
	if (strcmp(r.state, "draft") != 0 || r.nsteps == 0)
		return campaign_refuse(
		    why, TC_ESTATE, "it is no draft, or has no text");
	log_info("series approved id=%016" PRIx64, (uint64_t)id);
	return store_series_approve(c->store, id, u->id);
}

int
series_cancel(struct core *c, int64_t id, struct campaign_refusal *why)
{
	struct series r;
	int rc;

	if ((rc = store_series_get(c->store, id, &r)) != 0)
		return rc;
	rc = store_series_cancel(c->store, id, clock_now());
	if (rc == TC_ESTATE)
		return campaign_refuse(why, rc, "it is cancelled");
	log_info("series cancelled id=%016" PRIx64, (uint64_t)id);
	return rc;
}

/* --- who gets it --- */

/* All texts that are not too late already, each due on its day. */
static int
series_plan(
    struct core *c, const struct series *r, int64_t person_id, int64_t start_at)
{
	int64_t day = clock_day_start(
	    start_at, content_commune(c->content)->zone_minutes);
	struct series_step step;
	struct notice n;
	int rc, i;

	rc = store_member_join(c->store, r->id, person_id, clock_now());
	for (i = 1; rc == 0 && i <= r->nsteps; i++) {
		rc = store_series_step(c->store, r->id, i, &step);
		n = (struct notice){.id = outbox_new_id(),
		    .person_id = person_id,
		    .series_id = r->id,
		    .step = i,
		    .due_at = day + step.day * DAY_S,
		    .until_at = day + (step.day + SERIES_LATE_DAYS) * DAY_S};
		if (rc == 0 && n.due_at + DAY_S > clock_now())
			rc = store_notice_add(c->store, &n);
	}
	outbox_touch();
	return rc;
}

int
series_enrol(struct core *c, int64_t id, const struct series_join *join,
    struct campaign_refusal *why)
{
	struct consent ledger = {.scope = "series",
	    .given = true,
	    .how = join->source,
	    .collected_on = join->collected_on,
	    .collector = join->collector,
	    .wording = "sheet"};
	struct person p;
	struct series r;
	int rc;

	if ((rc = store_series_get(c->store, id, &r)) != 0)
		return rc;
	if (strcmp(r.state, "approved") != 0)
		return campaign_refuse(why, TC_ESTATE, "it is not approved");
	if ((rc = people_is_blocked(c, join->number)) < 0)
		return rc;
	if (rc == 0) {
		rc = people_find(c, join->number, &p);
		if (rc != 0 && rc != TC_ENOENT)
			return rc;
		rc = rc == 0 && p.opted_out_at != 0;
	}
	if (rc != 0)
		return campaign_refuse(why, TC_ESTATE,
		    "this person has opted out: only a text of his own takes "
		    "that back");
	if ((rc = people_note(c, join->number, &ledger)) != 0)
		return rc;
	return series_plan(c, &r, ledger.person_id, join->start_at);
}

int
series_by_sms(struct core *c, const char *number, int n, int64_t *person_id)
{
	struct consent ledger = {.scope = "series",
	    .given = true,
	    .how = "sms",
	    .collected_on = "",
	    .collector = "",
	    .wording = "NT"};
	struct series r;
	int rc;

	if ((rc = store_series_by_number(c->store, n, &r)) != 0)
		return rc;
	if (r.is_visits)
		return TC_ENOENT;
	if ((rc = people_note(c, number, &ledger)) != 0)
		return rc;
	*person_id = ledger.person_id;
	return series_plan(c, &r, ledger.person_id, clock_now());
}
