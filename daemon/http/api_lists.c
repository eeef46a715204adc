/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lists of people: make, show, add members. */
#include "config.h"

#include "http/api.h"
#include "msisdn.h"
#include "outreach/people.h"

static json_t *
list_json(const struct list_row *l)
{
	return json_pack("{s:o, s:o, s:o}", "name", jval_text(l->name),
	    "agency", jval_text(l->agency), "members", jval_int(l->members));
}

static int
on_list(const struct list_row *l, void *ctx)
{
	json_array_append_new(ctx, list_json(l));
	return 0;
}

int
api_lists_list(struct api_req *r)
{
	json_t *list = json_array();
	int rc = list_each(r->core, on_list, list);

	if (rc < 0) {
		json_decref(list);
		return rc;
	}
	return api_reply(r, 200, json_pack("{s:o}", "lists", list));
}

static int
lists_reply(struct api_req *r, int status, const char *name)
{
	struct list_row l;
	int rc = list_get(r->core, name, &l);

	return rc != 0 ? rc : api_reply(r, status, list_json(&l));
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
	int rc = list_new(r->core, name, r->user.agency);

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
	if (rc < 0)
		return rc;
	return api_reply(r, 200, json_pack("{s:i}", "added", rc));
}
