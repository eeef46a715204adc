/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases, for handlers, each within his own agency: the queue (which may wait
 * for something new), one case with its sealed items, claim, close. What is
 * sealed passes through as it is.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "desk/desk.h"
#include "http/api.h"

/* 0 or refused: the query must not name another agency. */
static int
cases_check_agency(struct api_req *r)
{
	const char *agency = api_query_text(r, "agency");

	if (agency != NULL && strcmp(agency, r->user.agency) != 0)
		return api_refuse(r, TC_EDENIED, 403, "not your agency");
	return 0;
}

static json_t *
case_json(const struct desk_case *k)
{
	return json_pack(
	    "{s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o, s:o}",
	    "code", jval_text(k->code), "state", jval_text(k->state), "urgency",
	    k->urgency, "opened_at", jval_time(k->opened_at), "due_at",
	    jval_time(k->due_at), "claimed_by", jval_opt(k->claimed_by),
	    "claimed_at", jval_time(k->claimed_at), "closed_at",
	    jval_time(k->closed_at), "outcome", jval_opt(k->outcome), "hushed",
	    k->hushed, "items", jval_int(k->items), "hold", jval_opt(k->hold));
}

/* --- the queue --- */

struct case_page {
	json_t *list;
	int64_t cursor;
};

static int
on_case(const struct desk_case *k, void *ctx)
{
	struct case_page *page = ctx;

	json_array_append_new(page->list, case_json(k));
	if (k->change > page->cursor)
		page->cursor = k->change;
	return 0;
}

int
api_cases_list(struct api_req *r)
{
	int64_t after = api_query_int(r, "after", -1);
	struct case_query query = {.agency = r->user.agency,
	    .after = after,
	    .limit = (int)api_query_int(r, "limit", 100)};
	struct case_page page = {NULL, after};
	char cursor[24];
	int rc;

	rc = cases_check_agency(r);
	if (rc != 0)
		return rc;
	page.list = json_array();
	rc = desk_queue(r->core, &query, on_case, &page);
	if (rc >= 0 && page.cursor < 0)
		page.cursor = desk_cursor(r->core);
	if (rc >= 0 &&
	    str_printf(cursor, sizeof(cursor), "%" PRId64, page.cursor) != 0)
		rc = TC_EFULL;
	if (rc < 0) {
		json_decref(page.list);
		return rc;
	}
	if (rc == 0 && after >= 0)
		r->wait_s = (int)api_query_int(r, "wait", 0);
	return api_reply(r, 200,
	    json_pack("{s:o, s:s}", "cases", page.list, "cursor", cursor));
}

/* --- one case --- */

struct case_view {
	json_t *items, *events;
};

static int
on_item(const struct desk_item *i, void *ctx)
{
	struct case_view *v = ctx;

	json_array_append_new(
	    v->items, json_pack("{s:o, s:o, s:o, s:o}", "id", jval_id(i->id),
			  "kind", jval_text(i->kind), "at", jval_time(i->at),
			  "sealed", jval_base64(i->sealed, i->len)));
	return 0;
}

static int
on_event(const struct desk_event *e, void *ctx)
{
	struct case_view *v = ctx;

	json_array_append_new(v->events,
	    json_pack("{s:o, s:o, s:o, s:o, s:o}", "seq", jval_int(e->seq),
		"at", jval_time(e->at), "act", jval_text(e->act), "actor",
		jval_text(e->actor), "agency", jval_text(e->agency)));
	return 0;
}

int
api_cases_get(struct api_req *r)
{
	struct case_view v = {NULL, NULL};
	struct desk_viewer viewer = {
	    .on_item = on_item, .on_event = on_event, .ctx = &v};
	struct desk_case k;
	int rc;

	rc = cases_check_agency(r);
	if (rc != 0)
		return rc;
	v.items = json_array();
	v.events = json_array();
	rc = desk_view(r->core, &r->user, r->args[0], &viewer);
	if (rc >= 0)
		rc = desk_get(r->core, r->user.agency, r->args[0], &k);
	if (rc < 0) {
		json_decref(v.items);
		json_decref(v.events);
		return rc;
	}
	return api_reply(r, 200,
	    json_pack("{s:o, s:o, s:o, s:o, s:o}", "case", case_json(&k),
		"public_key",
		jval_base64(viewer.envelope.public_key,
		    sizeof(viewer.envelope.public_key)),
		"sealed_key",
		jval_base64(viewer.envelope.sealed_key,
		    sizeof(viewer.envelope.sealed_key)),
		"items", v.items, "events", v.events));
}

static int
cases_reply(struct api_req *r)
{
	struct desk_case k;
	int rc = desk_get(r->core, r->user.agency, r->args[0], &k);

	if (rc != 0)
		return rc;
	return api_reply(r, 200, json_pack("{s:o}", "case", case_json(&k)));
}

int
api_cases_claim(struct api_req *r)
{
	int rc = cases_check_agency(r);

	if (rc != 0)
		return rc;
	rc = desk_claim(r->core, &r->user, r->args[0]);
	if (rc == TC_ESTATE)
		return api_refuse(
		    r, rc, 409, "another has claimed it, or it is closed");
	return rc != 0 ? rc : cases_reply(r);
}

int
api_cases_close(struct api_req *r)
{
	int rc = cases_check_agency(r);

	if (rc != 0)
		return rc;
	rc = desk_close(
	    r->core, &r->user, r->args[0], api_body_text(r, "outcome"));
	if (rc == TC_EDENIED)
		return api_refuse(r, rc, 403, "another has claimed it");
	if (rc == TC_ESTATE)
		return api_refuse(r, rc, 409, "it is not claimed");
	if (rc == TC_EINVAL)
		return api_refuse_field(
		    r, rc, 422, "outcome", "is not one of the outcomes");
	return rc != 0 ? rc : cases_reply(r);
}

int
api_cases_hold(struct api_req *r)
{
	const char *reason = api_body_text(r, "reason");
	int rc = cases_check_agency(r);

	if (rc != 0)
		return rc;
	rc = desk_hold(
	    r->core, &r->user, r->args[0], reason != NULL ? reason : "");
	if (rc == TC_EINVAL)
		return api_refuse_field(
		    r, rc, 422, "reason", "is not one of the reasons");
	return rc != 0 ? rc : cases_reply(r);
}
