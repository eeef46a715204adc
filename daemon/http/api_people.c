/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * People: sheets (read on the helper thread, written part by part), the list
 * with masked numbers, and what one person may ask for: his data, and to be
 * forgotten.
 */
#include "config.h"

#include <stdlib.h>

#include "http/server.h"
#include "msisdn.h"
#include "outreach/people.h"
#include "outreach/sheet.h"

/* Rows that are written in one go: others wait for about 10 ms. */
#define IMPORT_ROWS 250

struct api_import {
	struct sheet *sheet;
	struct sheet_want
	    want; /* its kinds are a copy: the helper reads them */
	struct argument_topic *kinds;
	struct people_import import;
};

void
api_import_free(struct api_import *a)
{
	if (a != NULL) {
		sheet_free(a->sheet);
		content_free_topics(a->kinds, a->want.nkinds);
	}
	free(a);
}

static void
import_work(void *arg)
{
	struct api_req *r = arg;
	struct api_import *a = r->import;

	a->sheet = sheet_read(r->raw, r->raw_len, &a->want);
	a->import.sheet = a->sheet;
}

/* route->arg: the do-not-call list. */
int
api_people_prepare(struct api_req *r)
{
	const struct content_commune *commune =
	    content_commune(r->core->content);
	struct api_import *a;

	r->import = xcalloc(1, sizeof(*r->import));
	r->import->import = (struct people_import){.is_dnc = r->route->arg != 0,
	    .list = api_query_text(r, "list"),
	    .agency = r->user.agency,
	    .dry_run = api_query_int(r, "dry_run", 0) != 0};
	a = r->import;
	a->kinds = content_copy_topics(commune->kinds, commune->nkinds);
	a->want =
	    (struct sheet_want){a->import.is_dnc, a->kinds, commune->nkinds};
	return request_work(r, import_work);
}

static int
import_refuse(struct api_req *r, const struct sheet *s)
{
	json_t *faults = json_array();
	size_t i;

	for (i = 0; i < s->nfaults && i < SHEET_FAULTS_MAX; i++)
		json_array_append_new(faults,
		    json_pack("{s:i, s:o, s:o}", "line", s->faults[i].line,
			"field", jval_opt(s->faults[i].field), "reason",
			jval_text(s->faults[i].reason)));
	return api_refuse_with(r, TC_EINVAL, 422,
	    "nothing was imported: the file has faults",
	    json_pack("{s:o, s:o}", "errors", faults, "faults",
		jval_int((int64_t)s->nfaults)));
}

int
api_people_import(struct api_req *r)
{
	struct people_import *im = &r->import->import;
	int rc;

	if (im->sheet->nfaults > 0)
		return import_refuse(r, im->sheet);
	rc = people_import_step(r->core, im, IMPORT_ROWS);
	r->again = rc == 1;
	if (rc != 0)
		return rc < 0 ? rc : 0;
	r->dry_run = im->dry_run;
	return api_reply(r, im->dry_run ? 200 : 201,
	    json_pack("{s:o, s:i, s:i, s:i, s:i}", "rows",
		jval_int((int64_t)im->sheet->nrows), "added", im->added,
		"updated", im->updated, "listed", im->listed, "kept_out",
		im->kept_out));
}

static json_t *
person_json(const struct person_row *p)
{
	json_t *j = json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "id",
	    jval_id(p->id), "number", jval_text(p->number), "hamlet",
	    jval_text(p->hamlet), "language", jval_text(p->language), "kind",
	    jval_text(p->kind), "consent", p->consent, "minor", p->is_minor);

	json_object_set_new(j, "script", jval_opt(p->script));
	json_object_set_new(j, "opted_out_at", jval_time(p->opted_out_at));
	json_object_set_new(j, "quiet_from",
	    p->quiet_from == p->quiet_until ? json_null()
					    : jval_int(p->quiet_from));
	json_object_set_new(j, "quiet_until",
	    p->quiet_from == p->quiet_until ? json_null()
					    : jval_int(p->quiet_until));
	json_object_set_new(j, "since", jval_time(p->since));
	return j;
}

static void
on_fact(const struct person_fact *f, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "what",
		     jval_text(f->kind), "at", jval_time(f->at), "name",
		     jval_text(f->name), "state", jval_opt(f->state), "how",
		     jval_opt(f->how), "collected_on",
		     jval_opt(f->collected_on), "collector",
		     jval_opt(f->collector), "wording", jval_opt(f->wording)));
}

/* The number of the body, canonical; 0 or refused. */
static int
people_number(struct api_req *r, char out[MSISDN_MAX])
{
	if (msisdn_parse(api_body_text(r, "number"), out) != MSISDN_MOBILE)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "number", "is not a mobile number");
	return 0;
}

int
api_people_export(struct api_req *r)
{
	char number[MSISDN_MAX];
	struct person_row p;
	json_t *facts, *person;
	int rc;

	if ((rc = people_number(r, number)) != 0 ||
	    (rc = people_get(r->core, number, &p)) != 0)
		return rc;
	facts = json_array();
	rc = people_facts(r->core, p.id, on_fact, facts);
	if (rc != 0) {
		json_decref(facts);
		return rc;
	}
	person = person_json(&p);
	json_object_set_new(person, "facts", facts);
	return api_reply(r, 200, person);
}

int
api_people_theme(struct api_req *r)
{
	bool is_out = json_is_true(json_object_get(r->body, "out"));
	char number[MSISDN_MAX];
	int rc;

	if ((rc = people_number(r, number)) != 0)
		return rc;
	rc = people_set_theme(
	    r->core, number, api_body_text(r, "theme"), is_out);
	if (rc == TC_EINVAL)
		return api_refuse_field(r, rc, 422, "theme", "is no theme");
	return rc != 0 ? rc
		       : api_reply(r, 200, json_pack("{s:b}", "out", is_out));
}

/* Minutes of the day; from = until: he may be texted at any hour again. */
int
api_people_hours(struct api_req *r)
{
	int from = (int)api_body_int(r, "from", 0);
	int until = (int)api_body_int(r, "until", 0);
	char number[MSISDN_MAX];
	int rc;

	if ((rc = people_number(r, number)) != 0)
		return rc;
	rc = people_set_quiet(r->core, number, from, until);
	return rc != 0
		   ? rc
		   : api_reply(r, 200,
			 json_pack("{s:i, s:i}", "from", from, "until", until));
}

/* Also a number that nobody has: no sheet shall bring it in. */
int
api_people_forget(struct api_req *r)
{
	char number[MSISDN_MAX];
	int rc;

	if ((rc = people_number(r, number)) != 0)
		return rc;
	rc = people_forget(r->core, number);
	if (rc != 0 && rc != TC_ENOENT)
		return rc;
	return api_reply(r, 200, json_pack("{s:b}", "known", rc == 0));
}

struct people_page {
	json_t *list;
	int64_t last;
};

static int
on_person(const struct person_row *p, void *ctx)
{
	struct people_page *page = ctx;

	json_array_append_new(page->list, person_json(p));
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
