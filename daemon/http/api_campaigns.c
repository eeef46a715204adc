/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Campaigns: drafts, and the acts that move them on. Two people are needed;
 * outreach/campaign.c sees to that, here is only who may ask for which act.
 */
#include "config.h"

#include <string.h>
#include <time.h>

#include "buf.h"
#include "clock.h"
#include "http/api.h"
#include "outreach/calendar.h"
#include "outreach/campaign.h"

static json_t *
counts_json(const struct campaign_counts *n)
{
	const struct {
		const char *name;
		int64_t n;
	} fields[] = {
	    {"total", n->total},
	    {"queued", n->queued},
	    {"sending", n->sending},
	    {"sent", n->sent},
	    {"delivered", n->delivered},
	    {"partly", n->partly},
	    {"undelivered", n->undelivered},
	    {"no_report", n->no_report},
	    {"uncertain", n->uncertain},
	    {"failed", n->failed},
	    {"suppressed", n->suppressed},
	    {"cancelled", n->cancelled},
	};
	json_t *j = json_object();
	size_t i;

	for (i = 0; i < TC_NELEM(fields); i++)
		json_object_set_new(j, fields[i].name, jval_int(fields[i].n));
	return j;
}

static json_t *
rules_json(const struct campaign_row *k)
{
	json_t *j;

	j = json_pack("{s:o, s:o, s:i, s:i, s:i, s:i}", "start_at",
	    jval_time(k->start_at), "end_at", jval_time(k->end_at), "send_from",
	    k->send_from, "send_until", k->send_until, "per_day", k->per_day,
	    "per_month", k->per_month);
	json_object_set_new(j, "budget", jval_int(k->budget));
	json_object_set_new(j, "budget_source", jval_opt(k->budget_source));
	json_object_set_new(j, "canary", jval_int(k->canary));
	json_object_set_new(j, "canary_minutes", jval_int(k->canary_minutes));
	json_object_set_new(j, "drill", json_boolean(k->is_drill));
	json_object_set_new(j, "script", jval_text(k->script));
	json_object_set_new(j, "pupil_safe", json_boolean(k->is_pupil_safe));
	return j;
}

/* What a running one waits for: nothing, or a person. */
static bool
campaign_waits(const struct campaign *k)
{
	return k->state == CAMPAIGN_RUNNING && k->row.canary > 0 &&
	       !k->row.went_on && k->row.fed >= k->row.canary &&
	       k->row.canary_minutes == 0 && k->counts.queued > 0;
}

static json_t *
campaign_json(const struct campaign *k)
{
	const struct campaign_row *row = &k->row;
	char hash[65];
	json_t *j;

	j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
	    jval_id(row->id), "name", jval_text(row->name), "lists",
	    jval_lines(row->lists), "plan_year",
	    row->plan_year != 0 ? jval_int(row->plan_year) : json_null(),
	    "state", jval_text(campaign_state_name(k->state)), "author",
	    jval_text(row->author), "approver", jval_opt(row->approver));
	json_object_set_new(j, "reason",
	    campaign_waits(k) ? json_string("canary") : jval_opt(row->reason));
	json_object_set_new(j, "created_at", jval_time(row->created_at));
	json_object_set_new(j, "approved_at", jval_time(row->approved_at));
	json_object_set_new(j, "started_at", jval_time(row->started_at));
	json_object_set_new(j, "ended_at", jval_time(row->ended_at));
	json_object_set_new(j, "text", jval_text(k->text));
	json_object_set_new(j, "coding", jval_text(row->coding));
	json_object_set_new(j, "segments", jval_int(row->segments));
	json_object_set_new(j, "theme", jval_opt(row->theme));
	json_object_set_new(j, "legal_basis", jval_opt(row->legal_basis));
	json_object_set_new(j, "review_on", jval_opt(row->review_on));
	json_object_set_new(j, "rules", rules_json(row));
	json_object_set_new(j, "spent", jval_int(row->spent));
	json_object_set_new(j, "frozen", jval_int(row->frozen));
	json_object_set_new(j, "frozen_hash",
	    row->frozen == 0
		? json_null()
		: json_string(hex_encode(hash, row->frozen_hash, 32)));
	json_object_set_new(j, "recipients", counts_json(&k->counts));
	return j;
}

static int
on_campaign(const struct campaign *k, void *ctx)
{
	json_array_append_new(ctx, campaign_json(k));
	return 0;
}

int
api_campaigns_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = campaign_each(r->core, on_campaign, list);

	return api_reply_list(r, "campaigns", list, rc);
}

static json_t *
estimate_json(const struct campaign_estimate *e)
{
	return json_pack("{s:o, s:o, s:o, s:i, s:o, s:o}", "recipients",
	    jval_int(e->recipients), "segments", jval_int(e->segments), "cost",
	    jval_int(e->cost), "bare_segments", e->bare_segments, "bare_cost",
	    jval_int(e->bare_cost), "ends_at", jval_time(e->ends_at));
}

static void
on_ledger(const char *modem, int64_t segments, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:o}", "modem", jval_text(modem), "segments",
		     jval_int(segments)));
}

static void
on_reason(const char *state, const char *reason, int64_t n, void *ctx)
{
	if (reason[0] != '\0')
		json_array_append_new(ctx,
		    json_pack("{s:o, s:o, s:o}", "state", jval_text(state),
			"reason", jval_text(reason), "people", jval_int(n)));
}

/* One campaign with its account: who was left out and why, what each SIM sent,
 * what the rest costs and when it is over. */
int
campaigns_reply(struct api_req *r, int status, int64_t id)
{
	struct store *s = r->core->store;
	json_t *ledger, *reasons, *j;
	struct campaign_estimate e;
	struct campaign k;
	int rc;

	if ((rc = campaign_get(r->core, id, &k)) != 0 ||
	    (rc = campaign_estimate(r->core, &k, NULL, &e)) != 0)
		return rc;
	ledger = json_array();
	reasons = json_array();
	rc = store_campaign_ledger(s, id, on_ledger, ledger);
	if (rc == 0)
		rc = store_recipient_counts(s, id, on_reason, reasons);
	if (rc != 0) {
		json_decref(ledger);
		json_decref(reasons);
		return rc;
	}
	j = campaign_json(&k);
	json_object_set_new(j, "estimate", estimate_json(&e));
	json_object_set_new(j, "low_credit", modems_low_credit(r->core));
	json_object_set_new(j, "ledger", ledger);
	json_object_set_new(j, "reasons", reasons);
	if ((rc = content_json(r->core, &k, j)) != 0) {
		json_decref(j);
		return rc;
	}
	return api_reply(r, status, j);
}

int
api_campaigns_get(struct api_req *r)
{
	int64_t id;
	int rc = api_arg_id(r, &id);

	return rc != 0 ? rc : campaigns_reply(r, 200, id);
}

int
api_refuse_step(struct api_req *r, int rc, const struct campaign_refusal *why)
{
	static const struct {
		int err, status;
	} map[] = {{TC_EINVAL, 422}, {TC_ESTATE, 409}, {TC_EDENIED, 403}};

	for (size_t i = 0; why->reason[0] != '\0' && i < TC_NELEM(map); i++)
		if (map[i].err == rc)
			return api_refuse(r, rc, map[i].status, why->reason);
	return rc;
}

/* The body as a draft; what it does not name stays. lists holds the names. */
static void
campaigns_draft(struct api_req *r, struct campaign_draft *d,
    const char *lists[CAMPAIGN_LISTS_MAX])
{
	const struct {
		const char *name;
		int64_t *to;
	} numbers[] = {
	    {"plan_year", &d->plan_year},
	    {"start_at", &d->start_at},
	    {"end_at", &d->end_at},
	    {"send_from", &d->send_from},
	    {"send_until", &d->send_until},
	    {"per_day", &d->per_day},
	    {"per_month", &d->per_month},
	    {"budget", &d->budget},
	    {"canary", &d->canary},
	    {"canary_minutes", &d->canary_minutes},
	};
	json_t *names = json_object_get(r->body, "lists"), *flag;
	size_t i;

	*d = campaign_draft_empty;
	d->name = api_body_text(r, "name");
	d->text = api_body_text(r, "text");
	d->theme = api_body_text(r, "theme");
	d->legal_basis = api_body_text(r, "legal_basis");
	d->review_on = api_body_text(r, "review_on");
	d->budget_source = api_body_text(r, "budget_source");
	for (i = 0; i < TC_NELEM(numbers); i++)
		*numbers[i].to = api_body_int(r, numbers[i].name, -1);
	d->script = api_body_text(r, "script");
	if ((flag = json_object_get(r->body, "drill")) != NULL)
		d->is_drill = json_is_true(flag);
	if ((flag = json_object_get(r->body, "pupil_safe")) != NULL)
		d->is_pupil_safe = json_is_true(flag);
	for (i = 0; i < json_array_size(names); i++)
		lists[i] = json_string_value(json_array_get(names, i));
	d->lists = lists;
	d->nlists = json_array_size(names);
}

int
api_campaigns_new(struct api_req *r)
{
	const char *lists[CAMPAIGN_LISTS_MAX];
	struct campaign_refusal why = {""};
	struct campaign_draft draft;
	int64_t id;
	int rc;

	campaigns_draft(r, &draft, lists);
	rc = campaign_new(r->core, &r->user, &draft, &id, &why);
	if (rc == TC_ENOENT)
		return api_refuse_field(r, rc, 422, "lists", "names no list");
	if (rc != 0)
		return api_refuse_step(r, rc, &why);
	return campaigns_reply(r, 201, id);
}

int
api_campaigns_edit(struct api_req *r)
{
	const char *lists[CAMPAIGN_LISTS_MAX];
	struct campaign_refusal why = {""};
	struct campaign_draft draft;
	int64_t id;
	int rc;

	campaigns_draft(r, &draft, lists);
	if ((rc = api_arg_id(r, &id)) != 0)
		return rc;
	rc = campaign_edit(r->core, id, &draft, &why);
	if (rc != 0)
		return api_refuse_step(r, rc, &why);
	return campaigns_reply(r, 200, id);
}

int
api_campaigns_copy(struct api_req *r)
{
	int rc = campaign_copy_year(r->core, &r->user,
	    (int)api_body_int(r, "from", 0), (int)api_body_int(r, "to", 0));

	if (rc < 0)
		return rc;
	return api_reply(r, 201, json_pack("{s:i}", "copied", rc));
}

/* The warnings that the approver takes upon himself, a space between. */
static int
campaigns_acknowledged(const struct api_req *r, struct buf *out)
{
	json_t *names = json_object_get(r->body, "acknowledge");
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < json_array_size(names); i++)
		rc = buf_printf(out, "%s%s", i > 0 ? " " : "",
		    json_string_value(json_array_get(names, i)));
	return rc;
}

static int
campaigns_approve(struct api_req *r, int64_t id, struct campaign_refusal *why)
{
	struct buf acknowledged;
	int rc;

	buf_init(&acknowledged, CAMPAIGN_ACKNOWLEDGED_MAX - 1);
	rc = campaigns_acknowledged(r, &acknowledged);
	if (rc == TC_EFULL)
		rc = api_refuse_field(
		    r, TC_EINVAL, 422, "acknowledge", "is too long");
	else if (rc == 0)
		rc = campaign_approve(
		    r->core, &r->user, id, buf_str(&acknowledged), why);
	buf_clear(&acknowledged);
	return rc;
}

int
api_campaigns_act(struct api_req *r)
{
	enum campaign_act act = (enum campaign_act)r->route->arg;
	struct campaign_refusal why = {""};
	int64_t id, budget = api_body_int(r, "budget", -1);
	int rc;

	rc = api_arg_id(r, &id);
	if (rc != 0)
		return rc;
	if (budget >= 0)
		rc = campaign_resume(r->core, &r->user, id, budget, &why);
	else if (act == CAMPAIGN_APPROVE)
		rc = campaigns_approve(r, id, &why);
	else
		rc = campaign_do(r->core, &r->user, id, act, &why);
	if (rc == TC_EINVAL && why.reason[0] != '\0' &&
	    (act == CAMPAIGN_CHECK || act == CAMPAIGN_APPROVE))
		return content_refuse(r, rc, 422, id, why.reason);
	if (rc != 0)
		return api_refuse_step(r, rc, &why);
	return campaigns_reply(r, 200, id);
}

static void
on_day(const struct calendar_day *d, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:b}", "id",
		     jval_text(d->id), "name", jval_text(d->name), "from",
		     jval_time(d->from), "until", jval_time(d->until),
		     "draft_by", jval_time(d->draft_by), "campaigns",
		     d->campaigns, "due", d->is_due));
}

/* The days of a year, this one when none is named. */
int
api_calendar(struct api_req *r)
{
	time_t now = (time_t)clock_now();
	json_t *days = json_array();
	struct faults faults;
	struct tm tm;
	int rc;

	(void)gmtime_r(&now, &tm);
	faults_init(&faults);
	rc = calendar_each(r->core,
	    (int)api_query_int(r, "year", tm.tm_year + 1900), &faults, on_day,
	    days);
	faults_clear(&faults);
	if (rc == 0)
		return api_reply(r, 200, json_pack("{s:o}", "days", days));
	json_decref(days);
	return rc == TC_EINVAL ? api_refuse(r, rc, 409,
				     "calendar.conf has faults: tincayd -t")
			       : rc;
}
