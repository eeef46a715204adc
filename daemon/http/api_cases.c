/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases, for handlers, each within his own agency: the queue (which may wait
 * for something new) and one case with its sealed items. What is done with a
 * case is in api_case_acts.c. What is sealed passes through as it is.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "desk/escalate.h"
#include "desk/legal.h"
#include "desk/refer.h"
#include "http/api_case.h"
#include "store/locked.h"
#include "vault/vault.h"

int
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
	json_t *o;

	o = json_pack("{s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:o,"
		      " s:o}",
	    "code", jval_text(k->code), "state", jval_text(k->state), "urgency",
	    k->urgency, "opened_at", jval_time(k->opened_at), "due_at",
	    jval_time(k->due_at), "claimed_by", jval_opt(k->claimed_by),
	    "claimed_at", jval_time(k->claimed_at), "closed_at",
	    jval_time(k->closed_at), "outcome", jval_opt(k->outcome), "hushed",
	    k->hushed, "items", jval_int(k->items), "hold", jval_opt(k->hold));
	json_object_set_new(o, "lead", jval_opt(k->lead));
	json_object_set_new(o, "refer_to", jval_opt(k->refer_to));
	json_object_set_new(o, "claim_until", jval_time(k->claim_until));
	json_object_set_new(o, "next_at", jval_time(k->next_at));
	json_object_set_new(o, "call_back", json_boolean(k->call_back));
	json_object_set_new(
	    o, "public_key", jval_base64(k->public_key, sizeof(k->public_key)));
	return o;
}

/* --- the queue --- */

struct case_page {
	json_t *list;
	int64_t cursor;
	int64_t rank, id; /* of the last one */
};

static int
on_case(const struct desk_case *k, void *ctx)
{
	struct case_page *page = ctx;

	json_array_append_new(page->list, case_json(k));
	if (k->change > page->cursor)
		page->cursor = k->change;
	page->rank = k->rank;
	page->id = k->id;
	return 0;
}

/* Where the list of open cases goes on: "RANK.ID". 0 or refused. */
static int
cases_read_from(struct api_req *r, struct case_query *query)
{
	const char *from = api_query_text(r, "from");
	char rank[17];

	if (from == NULL)
		return 0;
	if (strlen(from) == 33 && from[16] == '.' &&
	    str_printf(rank, sizeof(rank), "%.16s", from) == 0 &&
	    jval_parse_id(rank, &query->rank) == 0 &&
	    jval_parse_id(from + 17, &query->id) == 0)
		return 0;
	return api_refuse_field(
	    r, TC_EINVAL, 400, "from", "is not what \"more\" said");
}

static json_t *
cases_more(const struct case_page *page, bool is_full)
{
	char text[40];

	if (!is_full ||
	    str_printf(text, sizeof(text), "%016" PRIx64 ".%016" PRIx64,
		(uint64_t)page->rank, (uint64_t)page->id) != 0)
		return json_null();
	return json_string(text);
}

/* Whoever looks at a queue must know that texts wait unread. */
static int
cases_reply_list(struct api_req *r, json_t *body)
{
	struct locked_figures f = {0, 0, 0};

	if (vault_is_locked(r->core->vault) &&
	    store_locked_figures(r->core->store, &f) == 0)
		json_object_set_new(
		    body, "locked_waiting", jval_int(f.waiting));
	return api_reply(r, 200, body);
}

int
api_cases_list(struct api_req *r)
{
	int64_t after = api_query_int(r, "after", -1);
	struct case_query query = {.agency = r->user.agency,
	    .after = after,
	    .limit = (int)api_query_int(r, "limit", 100)};
	struct case_page page = {.cursor = after};
	char cursor[24];
	int rc;

	if ((rc = cases_check_agency(r)) != 0 ||
	    (rc = cases_read_from(r, &query)) != 0)
		return rc;
	escalate_watched(r->user.agency);
	page.list = json_array();
	rc = desk_queue(r->core, &query, on_case, &page);
	if (rc >= 0 && after < 0)
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
	return cases_reply_list(r,
	    json_pack("{s:o, s:s, s:o}", "cases", page.list, "cursor", cursor,
		"more", cases_more(&page, after < 0 && rc == query.limit)));
}

/* --- one case --- */

struct case_view {
	json_t *items, *events, *consents, *clocks;
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
	    json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "seq", jval_int(e->seq),
		"at", jval_time(e->at), "act", jval_text(e->act), "actor",
		jval_text(e->actor), "agency", jval_text(e->agency), "detail",
		jval_opt(e->detail)));
	return 0;
}

/* The last word about an agency counts. */
static int
on_consent(const char *agency, bool is_given, void *ctx)
{
	json_object_set_new(ctx, agency, json_boolean(is_given));
	return 0;
}

static int
on_clock(const struct legal_clock *k, void *ctx)
{
	json_array_append_new(ctx,
	    json_pack("{s:o, s:o, s:o, s:o, s:o}", "clock", jval_text(k->clock),
		"act", jval_text(k->act), "started_at",
		jval_time(k->started_at), "due_at", jval_time(k->due_at),
		"stopped_at", jval_time(k->stopped_at)));
	return 0;
}

/* Everything of a case as its handler's side opens it. */
static json_t *
case_view_json(const struct case_view *v, const struct desk_case *k,
    const struct desk_envelope *e)
{
	return json_pack("{s:o, s:o, s:o, s:O, s:O, s:O, s:O}", "case",
	    case_json(k), "public_key",
	    jval_base64(e->public_key, sizeof(e->public_key)), "sealed_key",
	    jval_base64(e->sealed_key, sizeof(e->sealed_key)), "items",
	    v->items, "events", v->events, "consents", v->consents, "clocks",
	    v->clocks);
}

int
api_cases_get(struct api_req *r)
{
	struct case_view v = {
	    json_array(), json_array(), json_object(), json_array()};
	struct desk_viewer viewer = {
	    .on_item = on_item, .on_event = on_event, .ctx = &v};
	struct desk_case k;
	int rc = cases_check_agency(r);

	if (rc == 0)
		rc = desk_view(r->core, &r->user, r->args[0], &viewer);
	if (rc == TC_EDENIED && r->status == 0)
		rc = api_refuse(r, rc, 403,
		    "it is offered to your agency: accept it first");
	if (rc == 0)
		rc = desk_consents(
		    r->core, &r->user, r->args[0], on_consent, v.consents);
	if (rc == 0)
		rc = legal_each(
		    r->core, &r->user, r->args[0], on_clock, v.clocks);
	if (rc == 0)
		rc = desk_get(r->core, r->user.agency, r->args[0], &k);
	if (rc == 0)
		rc =
		    api_reply(r, 200, case_view_json(&v, &k, &viewer.envelope));
	json_decref(v.items);
	json_decref(v.events);
	json_decref(v.consents);
	json_decref(v.clocks);
	return rc;
}

int
cases_reply(struct api_req *r)
{
	struct desk_case k;
	int rc = desk_get(r->core, r->user.agency, r->args[0], &k);

	if (rc == TC_ENOENT) /* it is not in his queue any more */
		return api_reply(r, 200, json_pack("{s:n}", "case"));
	if (rc != 0)
		return rc;
	return api_reply(r, 200, json_pack("{s:o}", "case", case_json(&k)));
}
