/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Campaigns: drafts, and the acts that move them on. Two people are needed;
 * outreach/campaign.c sees to that, here is only who may ask for which act.
 */
#include "config.h"

#include "http/api.h"
#include "outreach/campaign.h"

static json_t *
counts_json(const struct campaign_counts *n)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o,"
			 " s:o, s:o}",
	    "total", jval_int(n->total), "queued", jval_int(n->queued),
	    "sending", jval_int(n->sending), "sent", jval_int(n->sent),
	    "delivered", jval_int(n->delivered), "partly", jval_int(n->partly),
	    "undelivered", jval_int(n->undelivered), "no_report",
	    jval_int(n->no_report), "uncertain", jval_int(n->uncertain),
	    "failed", jval_int(n->failed), "suppressed",
	    jval_int(n->suppressed), "cancelled", jval_int(n->cancelled));
}

static json_t *
campaign_json(const struct campaign *k)
{
	json_t *j;

	j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id",
	    jval_id(k->id), "name", jval_text(k->name), "list",
	    jval_text(k->list), "plan_year",
	    k->plan_year != 0 ? jval_int(k->plan_year) : json_null(), "state",
	    jval_text(campaign_state_name(k->state)), "author",
	    jval_text(k->author), "approver", jval_opt(k->approver));
	json_object_set_new(j, "created_at", jval_time(k->created_at));
	json_object_set_new(j, "approved_at", jval_time(k->approved_at));
	json_object_set_new(j, "started_at", jval_time(k->started_at));
	json_object_set_new(j, "ended_at", jval_time(k->ended_at));
	json_object_set_new(j, "text", jval_text(k->text));
	json_object_set_new(j, "coding", jval_text(k->coding));
	json_object_set_new(j, "segments", jval_int(k->segments));
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

	if (rc < 0) {
		json_decref(list);
		return rc;
	}
	return api_reply(r, 200, json_pack("{s:o}", "campaigns", list));
}

static int
campaigns_reply(struct api_req *r, int status, int64_t id)
{
	struct campaign k;
	json_t *body;
	int rc = campaign_get(r->core, id, &k);

	if (rc != 0)
		return rc;
	body = campaign_json(&k);
	json_object_set_new(body, "low_credit", modems_low_credit(r->core));
	return api_reply(r, status, body);
}

int
api_campaigns_get(struct api_req *r)
{
	int64_t id;
	int rc = api_arg_id(r, &id);

	return rc != 0 ? rc : campaigns_reply(r, 200, id);
}

/* The problem of a step that outreach refused, with its reason. */
static int
campaigns_refuse(struct api_req *r, int rc, const struct campaign_refusal *why)
{
	static const struct {
		int err, status;
	} map[] = {{TC_EINVAL, 422}, {TC_ESTATE, 409}, {TC_EDENIED, 403}};

	for (size_t i = 0; why->reason[0] != '\0' && i < TC_NELEM(map); i++)
		if (map[i].err == rc)
			return api_refuse(r, rc, map[i].status, why->reason);
	return rc;
}

int
api_campaigns_new(struct api_req *r)
{
	struct campaign_refusal why = {""};
	struct campaign_draft draft = {.name = api_body_text(r, "name"),
	    .list = api_body_text(r, "list"),
	    .text = api_body_text(r, "text"),
	    .plan_year = (int)api_body_int(r, "plan_year", 0)};
	int64_t id;
	int rc;

	rc = campaign_new(r->core, &r->user, &draft, &id, &why);
	if (rc == TC_ENOENT)
		return api_refuse_field(r, rc, 422, "list", "names no list");
	if (rc != 0)
		return campaigns_refuse(r, rc, &why);
	return campaigns_reply(r, 201, id);
}

int
api_campaigns_act(struct api_req *r)
{
	struct campaign_refusal why = {""};
	int64_t id;
	int rc;

	rc = api_arg_id(r, &id);
	if (rc != 0)
		return rc;
	rc = campaign_do(
	    r->core, &r->user, id, (enum campaign_act)r->route->arg, &why);
	if (rc != 0)
		return campaigns_refuse(r, rc, &why);
	return campaigns_reply(r, 200, id);
}
