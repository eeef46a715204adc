/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * People: the CSV import (all rows or none) and the list with masked numbers.
 */
#include "config.h"

#include "http/api.h"
#include "outreach/people.h"

/* Faults that an answer shows; the count tells of all. */
#define FAULTS_SHOWN 200

static void
on_fault(const struct people_fault *f, void *ctx)
{
	json_t *list = ctx;

	if (json_array_size(list) < FAULTS_SHOWN)
		json_array_append_new(list,
		    json_pack("{s:i, s:o, s:o}", "line", f->line, "field",
			jval_opt(f->field), "reason", jval_text(f->reason)));
}

int
api_people_import(struct api_req *r)
{
	json_t *faults = json_array(), *more;
	struct people_import im = {.csv = r->raw,
	    .len = r->raw_len,
	    .list = api_query_text(r, "list"),
	    .agency = r->user.agency,
	    .dry_run = api_query_int(r, "dry_run", 0) != 0,
	    .on_fault = on_fault,
	    .ctx = faults};
	int rc = people_import(r->core, &im);

	r->dry_run = im.dry_run;
	if (rc == TC_EINVAL) {
		more = json_pack(
		    "{s:o, s:i}", "errors", faults, "faults", im.faults);
		return api_refuse_with(r, rc, 422,
		    "nothing was imported: the file has faults", more);
	}
	json_decref(faults);
	if (rc != 0)
		return rc;
	return api_reply(r, im.dry_run ? 200 : 201,
	    json_pack("{s:i, s:i, s:i, s:i}", "rows", im.rows, "added",
		im.added, "updated", im.updated, "listed", im.listed));
}

struct people_page {
	json_t *list;
	int64_t last;
};

static int
on_person(const struct person_row *p, void *ctx)
{
	struct people_page *page = ctx;

	json_array_append_new(page->list,
	    json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:o}", "id",
		jval_id(p->id), "number", jval_text(p->number), "hamlet",
		jval_text(p->hamlet), "language", jval_text(p->language),
		"kind", jval_text(p->kind), "consent", p->consent, "since",
		jval_time(p->since)));
	page->last = p->id;
	return 0;
}

int
api_people_list(struct api_req *r)
{
	struct people_page page = {json_array(), 0};
	const char *after = api_query_text(r, "after");
	int limit = (int)api_query_int(r, "limit", 100);
	int64_t id = 0;
	int rc = 0;

	if (after != NULL)
		rc = jval_parse_id(after, &id);
	if (rc == 0)
		rc = people_each(r->core, id, limit, on_person, &page);
	if (rc < 0) {
		json_decref(page.list);
		return rc;
	}
	/* A page that is not full is the last one. */
	return api_reply(r, 200,
	    json_pack("{s:o, s:o}", "people", page.list, "next",
		jval_opt_id(rc < limit ? 0 : page.last)));
}
