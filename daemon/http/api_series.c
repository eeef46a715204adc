/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Series of texts: drafts, approval by a second person, who joins at the desk. */
#include "config.h"

#include "http/api.h"
#include "msisdn.h"
#include "outreach/series.h"

static json_t *
series_json(const struct series *s)
{
	json_t *j;

	j = json_pack("{s:o, s:i, s:b, s:o, s:o, s:o, s:o, s:o}", "id",
	    jval_id(s->id), "number", s->number, "visits", s->is_visits, "name",
	    jval_text(s->name), "theme", jval_opt(s->theme), "state",
	    jval_text(s->state), "author", jval_text(s->author), "approver",
	    jval_opt(s->approver));
	json_object_set_new(j, "created_at", jval_time(s->created_at));
	json_object_set_new(j, "per_day", jval_int(s->per_day));
	json_object_set_new(j, "per_month", jval_int(s->per_month));
	json_object_set_new(j, "texts", jval_int(s->nsteps));
	json_object_set_new(j, "members", jval_int(s->members));
	json_object_set_new(j, "sent", jval_int(s->sent));
	json_object_set_new(j, "queued", jval_int(s->queued));
	return j;
}

static int
on_series(const struct series *s, void *ctx)
{
	json_array_append_new(ctx, series_json(s));
	return 0;
}

int
api_series_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = store_series_each(r->core->store, on_series, list);

	return api_reply_list(r, "series", list, rc);
}

static int
series_reply(struct api_req *r, int status, int64_t id)
{
	struct series s;
	int rc = store_series_get(r->core->store, id, &s);

	return rc != 0 ? rc : api_reply(r, status, series_json(&s));
}

int
api_series_get(struct api_req *r)
{
	int64_t id;
	int rc = api_arg_id(r, &id);

	return rc != 0 ? rc : series_reply(r, 200, id);
}

int
api_series_new(struct api_req *r)
{
	const char *theme = api_body_text(r, "theme");
	struct campaign_refusal why = {""};
	struct series s = {
	    .is_visits = json_is_true(json_object_get(r->body, "visits")),
	    .per_day = (int)api_body_int(r, "per_day", 1),
	    .per_month = (int)api_body_int(r, "per_month", 4)};
	int rc;

	rc = str_printf(s.name, sizeof(s.name), "%s", api_body_text(r, "name"));
	if (rc == 0)
		rc = str_printf(
		    s.theme, sizeof(s.theme), "%s", theme != NULL ? theme : "");
	if (rc == 0)
		rc = series_new(r->core, &r->user, &s, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : series_reply(r, 201, s.id);
}

int
api_series_add(struct api_req *r)
{
	struct campaign_refusal why = {""};
	int64_t id;
	int rc = api_arg_id(r, &id);

	if (rc != 0)
		return rc;
	rc = series_add(r->core, id, (int)api_body_int(r, "day", 0),
	    api_body_text(r, "text"), &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : series_reply(r, 201, id);
}

/* route->arg: approve, or cancel. */
int
api_series_act(struct api_req *r)
{
	struct campaign_refusal why = {""};
	int64_t id;
	int rc = api_arg_id(r, &id);

	if (rc != 0)
		return rc;
	rc = r->route->arg != 0 ? series_approve(r->core, &r->user, id, &why)
				: series_cancel(r->core, id, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : series_reply(r, 200, id);
}

int
api_series_join(struct api_req *r)
{
	struct campaign_refusal why = {""};
	char number[MSISDN_MAX];
	const struct series_join join = {.number = number,
	    .start_at = api_body_int(r, "start_at", 0),
	    .source = api_body_text(r, "consent_source"),
	    .collected_on = api_body_text(r, "consent_date"),
	    .collector = api_body_text(r, "collector")};
	int64_t id;
	int rc = api_arg_id(r, &id);

	if (rc != 0)
		return rc;
	if (msisdn_parse(api_body_text(r, "number"), number) != MSISDN_MOBILE)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "number", "is not a mobile number");
	rc = series_enrol(r->core, id, &join, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : series_reply(r, 201, id);
}
