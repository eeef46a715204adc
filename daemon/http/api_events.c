/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events: drafts, approval by a second person, and how many come. Who comes is
 * shown to nobody. */
#include "config.h"

#include "clock.h"
#include "http/api.h"
#include "outreach/meeting.h"

static json_t *
event_json(const struct meeting *e)
{
	json_t *j;

	j = json_pack("{s:o, s:i, s:o, s:o, s:o, s:o}", "id", jval_id(e->id),
	    "number", e->number, "name", jval_text(e->name), "place",
	    jval_text(e->place), "starts_at", jval_time(e->starts_at), "state",
	    jval_text(e->state));
	json_object_set_new(j, "author", jval_text(e->author));
	json_object_set_new(j, "approver", jval_opt(e->approver));
	json_object_set_new(j, "lists", jval_lines(e->lists));
	json_object_set_new(j, "created_at", jval_time(e->created_at));
	json_object_set_new(j, "guests", jval_int(e->guests));
	json_object_set_new(j, "left", jval_int(e->left));
	json_object_set_new(j, "reminded", jval_int(e->reminded));
	json_object_set_new(j, "to_remind", jval_int(e->reminder));
	return j;
}

static int
on_event(const struct meeting *e, void *ctx)
{
	json_array_append_new(ctx, event_json(e));
	return 0;
}

/* Those to come; with past=1 all. */
int
api_events_list(struct api_req *r)
{
	int64_t after =
	    api_query_int(r, "past", 0) != 0 ? INT64_MIN : clock_now();
	json_t *list = json_array();
	int rc = store_meeting_each(r->core->store, after, on_event, list);

	return api_reply_list(r, "events", list, rc);
}

static int
events_reply(struct api_req *r, int status, int64_t id)
{
	struct meeting e;
	int rc = store_meeting_get(r->core->store, id, &e);

	return rc != 0 ? rc : api_reply(r, status, event_json(&e));
}

int
api_events_get(struct api_req *r)
{
	int64_t id;
	int rc = api_arg_id(r, &id);

	return rc != 0 ? rc : events_reply(r, 200, id);
}

static void
events_draft(struct api_req *r, struct meeting_draft *d,
    const char *lists[MEETING_LISTS_MAX])
{
	json_t *names = json_object_get(r->body, "lists");
	size_t i;

	*d = (struct meeting_draft){.name = api_body_text(r, "name"),
	    .place = api_body_text(r, "place"),
	    .starts_at = api_body_int(r, "starts_at", 0),
	    .lists = lists,
	    .nlists = json_array_size(names)};
	for (i = 0; i < d->nlists; i++)
		lists[i] = json_string_value(json_array_get(names, i));
}

int
api_events_new(struct api_req *r)
{
	const char *lists[MEETING_LISTS_MAX];
	struct campaign_refusal why = {""};
	struct meeting_draft draft;
	int64_t id;
	int rc;

	events_draft(r, &draft, lists);
	rc = meeting_new(r->core, &r->user, &draft, &id, &why);
	if (rc == TC_ENOENT)
		return api_refuse_field(r, rc, 422, "lists", "names no list");
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : events_reply(r, 201, id);
}

int
api_events_edit(struct api_req *r)
{
	const char *lists[MEETING_LISTS_MAX];
	struct campaign_refusal why = {""};
	struct meeting_draft draft;
	int64_t id;
	int rc;

	events_draft(r, &draft, lists);
	if ((rc = api_arg_id(r, &id)) != 0)
		return rc;
	rc = meeting_edit(r->core, id, &draft, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : events_reply(r, 200, id);
}

int
api_events_act(struct api_req *r)
{
	struct campaign_refusal why = {""};
	int64_t id;
	int rc = api_arg_id(r, &id);

	if (rc != 0)
		return rc;
	rc = meeting_do(
	    r->core, &r->user, id, (enum meeting_act)r->route->arg, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : events_reply(r, 200, id);
}
