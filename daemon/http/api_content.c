/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a campaign says: its variants, what the lint finds, a test to its author,
 * and the same on paper.
 */
#include "config.h"

#include <string.h>

#include "buf.h"
#include "conf.h"
#include "http/api.h"
#include "outreach/export.h"
#include "outreach/lint.h"
#include "outreach/variant.h"

static json_t *
key_json(const struct variant_key *key)
{
	return json_pack("{s:o, s:o, s:o}", "group", jval_opt(key->kind),
	    "language", jval_text(key->language), "script",
	    jval_text(key->script));
}

/* As they were written, but for the campaign's own text. */
static json_t *
variants_json(const struct variants *v)
{
	json_t *list = json_array(), *j;
	size_t i;

	for (i = 1; i < v->nsources; i++) {
		j = key_json(&v->sources[i].row.key);
		json_object_set_new(j, "text", jval_text(v->sources[i].text));
		json_object_set_new(
		    j, "reviewer", jval_opt(v->sources[i].row.reviewer));
		json_array_append_new(list, j);
	}
	return list;
}

static json_t *
text_json(const struct core *c, const struct text_row *t)
{
	json_t *j = key_json(&t->key);

	json_object_set_new(j, "coding", jval_text(t->coding));
	json_object_set_new(j, "segments", jval_int(t->segments));
	json_object_set_new(j, "people", jval_int(t->people));
	json_object_set_new(j, "cost",
	    jval_int(t->people * t->segments * c->conf->segment_price));
	return j;
}

static void
on_finding(const struct campaign_finding *f, void *ctx)
{
	json_t *j = json_pack("{s:o, s:o, s:o}", "rule", jval_text(f->rule),
	    "severity", jval_text(finding_severity_name(f->severity)), "detail",
	    jval_text(f->detail));

	json_object_set_new(j, "line", jval_int(f->line));
	json_object_set_new(
	    j, "variant", f->key != NULL ? key_json(f->key) : json_null());
	json_array_append_new(ctx, j);
}

/* What is not approved yet, as it would be now. */
static int
content_now(struct core *c, const struct campaign *k, json_t *out)
{
	json_t *findings = json_array(), *texts = json_array();
	struct variants *v = NULL;
	size_t i;
	int rc;

	json_object_set_new(out, "findings", findings);
	json_object_set_new(out, "texts", texts);
	rc = variants_load(c, k, &v);
	if (rc == 0)
		rc = variants_count(c, k, v);
	if (rc == 0)
		rc = lint_campaign(c, k, v, on_finding, findings);
	if (rc == 0) {
		for (i = 0; i < v->ntexts; i++)
			json_array_append_new(
			    texts, text_json(c, &v->texts[i].row));
		json_object_set_new(out, "variants", variants_json(v));
	}
	variants_free(v);
	return rc;
}

struct frozen {
	struct core *core;
	json_t *texts;
};

static int
on_frozen(const struct text_row *t, const void *box, size_t len, void *ctx)
{
	struct frozen *f = ctx;

	(void)box;
	(void)len;
	json_array_append_new(f->texts, text_json(f->core, t));
	return 0;
}

/* As it was approved. */
static int
content_frozen(struct core *c, const struct campaign *k, json_t *out)
{
	struct frozen f = {c, json_array()};
	struct variants *v = NULL;
	int rc;

	json_object_set_new(out, "texts", f.texts);
	rc = store_text_each(c->store, k->row.id, on_frozen, &f);
	if (rc == 0 && (rc = variants_load(c, k, &v)) == 0)
		json_object_set_new(out, "variants", variants_json(v));
	variants_free(v);
	return rc;
}

static void
on_act(const struct campaign_event *e, void *ctx)
{
	json_array_append_new(
	    ctx, json_pack("{s:o, s:o, s:o, s:o}", "at", jval_time(e->at),
		     "user", jval_text(e->user), "act", jval_text(e->act),
		     "detail", jval_opt(e->detail)));
}

int
content_json(struct core *c, const struct campaign *k, json_t *out)
{
	json_t *acts = json_array();

	json_object_set_new(out, "acts", acts);
	json_object_set_new(out, "acknowledged", jval_opt(k->row.acknowledged));
	if (store_campaign_acts(c->store, k->row.id, on_act, acts) < 0)
		return TC_EIO;
	if (k->state == CAMPAIGN_DRAFT || k->state == CAMPAIGN_CHECKED)
		return content_now(c, k, out);
	return content_frozen(c, k, out);
}

/* A check or an approval that was refused: all that was found. */
int
content_refuse(
    struct api_req *r, int err, int status, int64_t id, const char *reason)
{
	json_t *all = json_object(), *more;
	struct campaign k;
	int rc;

	rc = campaign_get(r->core, id, &k);
	if (rc == 0)
		rc = content_now(r->core, &k, all);
	if (rc != 0) {
		json_decref(all);
		return rc;
	}
	more = json_pack("{s:O}", "findings", json_object_get(all, "findings"));
	json_decref(all);
	return api_refuse_with(r, err, status, reason, more);
}

static void
content_draft(const struct api_req *r, struct variant_draft *d)
{
	*d = (struct variant_draft){
	    .kind = api_body_text(r, "group"),
	    .language = api_body_text(r, "language"),
	    .script = api_body_text(r, "script"),
	    .text = api_body_text(r, "text"),
	    .reviewer = api_body_text(r, "reviewer"),
	    .remove = json_is_true(json_object_get(r->body, "remove")),
	};
}

int
api_campaigns_variant(struct api_req *r)
{
	struct campaign_refusal why = {""};
	struct variant_draft d;
	int64_t id;
	int rc;

	content_draft(r, &d);
	if ((rc = api_arg_id(r, &id)) != 0)
		return rc;
	rc = campaign_variant(r->core, &r->user, id, &d, &why);
	return rc != 0 ? api_refuse_step(r, rc, &why)
		       : campaigns_reply(r, 200, id);
}

int
api_campaigns_trial(struct api_req *r)
{
	struct campaign_refusal why = {""};
	struct campaign_trial trial = {.message_id = 0};
	int64_t id;
	int rc;

	content_draft(r, &trial.which);
	if ((rc = api_arg_id(r, &id)) != 0)
		return rc;
	rc = campaign_trial(r->core, &r->user, id, &trial, &why);
	if (rc != 0)
		return api_refuse_step(r, rc, &why);
	return api_reply(
	    r, 201, json_pack("{s:o}", "message", jval_id(trial.message_id)));
}

int
api_campaigns_export(struct api_req *r)
{
	const char *name = api_query_text(r, "as");
	enum export_as as = EXPORT_LOUDSPEAKER;
	struct campaign k;
	struct buf out;
	int64_t id;
	int rc;

	if ((rc = api_arg_id(r, &id)) != 0 ||
	    (rc = campaign_get(r->core, id, &k)) != 0)
		return rc;
	if (name != NULL && export_parse(name, &as) != 0)
		return api_refuse_field(
		    r, TC_EINVAL, 422, "as", "is loudspeaker, banner or press");
	buf_init(&out, EXPORT_MAX);
	rc = campaign_export(r->core, &k, as, &out);
	if (rc == 0)
		rc = api_reply(r, 200,
		    json_pack("{s:s, s:o}", "as", export_name(as), "text",
			jval_text(buf_str(&out))));
	buf_clear(&out);
	return rc == TC_ESTATE ? api_refuse(r, rc, 409, "it was not approved")
			       : rc;
}
