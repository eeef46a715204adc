/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of people: make, show, add members. */
#include "config.h"

#include <string.h>

#include "http/api.h"
#include "msisdn.h"
#include "outreach/people.h"

/* A partner sees the count of his own lists alone (M28). */
static json_t *
list_json(const struct api_req *r, const struct list_row *l)
{
	bool may_count = (r->user.roles & ROLE_APPROVER) != 0 ||
			 strcmp(r->user.agency, l->agency) == 0;

	return json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:b}", "name",
	    jval_text(l->name), "agency", jval_text(l->agency), "members",
	    may_count ? jval_int(l->members) : json_null(), "smart",
	    l->is_smart, "hamlet", jval_opt(l->hamlet), "kind",
	    jval_opt(l->kind), "drill", l->is_drill);
}

struct lists_ctx {
	struct api_req *req;
	json_t *list;
};

static int
on_list(const struct list_row *l, void *ctx)
{
	struct lists_ctx *lists = ctx;

	json_array_append_new(lists->list, list_json(lists->req, l));
	return 0;
}

int
api_lists_list(struct api_req *r)
{
	struct lists_ctx lists = {r, json_array()};
	int rc = list_each(r->core, on_list, &lists);

	return api_reply_list(r, "lists", lists.list, rc);
}

static int
lists_reply(struct api_req *r, int status, const char *name)
{
	struct list_row l;
	int rc = list_get(r->core, name, &l);

	return rc != 0 ? rc : api_reply(r, status, list_json(r, &l));
}

int
api_lists_get(struct api_req *r)
{
	return lists_reply(r, 200, r->args[0]);
}

int
api_lists_new(struct api_req *r)
{
	const char *name = api_body_text(r, "name");
	const struct list_query query = {.hamlet = api_body_text(r, "hamlet"),
	    .kind = api_body_text(r, "kind"),
	    .is_smart = json_is_true(json_object_get(r->body, "smart")),
	    .is_drill = json_is_true(json_object_get(r->body, "drill"))};
	int rc = list_new(r->core, name, r->user.agency, &query);

	if (rc == TC_EEXIST)
		return api_refuse(r, rc, 409, "there is a list of that name");
	return rc != 0 ? rc : lists_reply(r, 201, name);
}

int
api_lists_add(struct api_req *r)
{
	const char *number = api_body_text(r, "number");
	const char *hamlet = api_body_text(r, "hamlet");
	bool all = json_is_true(json_object_get(r->body, "all"));
	char canonical[MSISDN_MAX];
	int rc;

	if ((number != NULL) + (hamlet != NULL) + all != 1)
		return api_refuse(r, TC_EINVAL, 422,
		    "exactly one of number, hamlet and all is wanted");
	if (number != NULL && msisdn_parse(number, canonical) != MSISDN_MOBILE)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "number", "is not a mobile number");
	rc = list_add(
	    r->core, r->args[0], number != NULL ? canonical : NULL, hamlet);
	if (rc == TC_ESTATE)
		return api_refuse(
		    r, rc, 409, "a smart list has no members of its own");
	if (rc < 0)
		return rc;
	return api_reply(r, 200, json_pack("{s:i}", "added", rc));
}

static void
on_coverage(const char *hamlet, bool is_known, int64_t people, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:b, s:o}", "hamlet", jval_text(hamlet),
		     "known", is_known, "people", jval_int(people)));
}

int
api_coverage(struct api_req *r)
{
	json_t *hamlets = json_array();
	int rc = list_coverage(r->core, on_coverage, hamlets);

	return api_reply_list(r, "hamlets", hamlets, rc);
}
