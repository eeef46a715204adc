/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what was written to the whole texts of a campaign (variant.h). Called by
 * campaign.c at the check and the approval, and by http/ to show them.
 */
#include "config.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "clock.h"
#include "fold.h"
#include "gsm.h"
#include "intake/broadcast.h"
#include "log.h"
#include "outbox/variant.h"
#include "outreach/campaign_private.h"
#include "outreach/variant.h"
#include "vault/vault.h"

static const char *const scripts[] = {"accented", "bare"};

/* --- what was written --- */

struct load {
	struct core *core;
	const struct campaign *k;
	struct variants *v;
	char **hamlets; /* every value that {thon} may have */
	size_t nhamlets;
};

static int
load_year(const struct load *l)
{
	time_t now = (time_t)clock_now();
	struct tm tm;

	if (l->k->row.plan_year != 0)
		return l->k->row.plan_year;
	(void)gmtime_r(&now, &tm);
	return tm.tm_year + 1900;
}

static int
load_source(struct load *l, const struct variant_row *row, const char *text)
{
	const struct variables vars = {l->core->content, load_year(l)};
	struct variant_source *s;
	struct buf filled;
	int rc;

	if (l->v->nsources == TC_NELEM(l->v->sources))
		return TC_EFULL;
	s = &l->v->sources[l->v->nsources++];
	s->row = *row;
	s->text = xstrdup(text);
	buf_init(&filled, OUTBOX_VARIANT_MAX - 1);
	rc = variables_fill(&vars, text, &filled, s->unknown);
	if (rc == 0)
		s->filled = xstrdup(buf_str(&filled));
	else if (rc == TC_EFULL)
		memcpy(s->unknown, "...", 4);
	buf_clear(&filled);
	return rc == TC_EINVAL || rc == TC_EFULL ? 0 : rc;
}

static int
load_cb(const struct variant_row *row, const void *box, size_t len, void *ctx)
{
	struct load *l = ctx;
	struct buf plain;
	int rc;

	buf_init(&plain, CAMPAIGN_TEXT_MAX);
	rc = vault_unbox(l->core->vault, VAULT_BOX_MESSAGE, box, len, &plain);
	if (rc == 0)
		rc = load_source(l, row, buf_str(&plain));
	buf_clear(&plain);
	return rc;
}

/* --- what becomes of it --- */

static const struct variant_source *
find_source(
    const struct variants *v, const struct variant_key *key, const char *script)
{
	const struct variant_key *k;
	size_t i;

	for (i = 0; i < v->nsources; i++) {
		k = &v->sources[i].row.key;
		if (strcmp(k->kind, key->kind) == 0 &&
		    strcmp(k->language, key->language) == 0 &&
		    strcmp(k->script, script) == 0)
			return &v->sources[i];
	}
	return NULL;
}

/* What is to be said to readers of this script when only the other one was
 * written. */
static char *
text_derive(const struct variant_source *s, const char *script)
{
	char *bare = NULL;

	if (strcmp(script, "bare") == 0 &&
	    strcmp(s->row.key.language, "vi") == 0)
		bare = fold_bare(s->filled);
	return bare != NULL ? bare : xstrdup(s->filled);
}

/* With one value of {thon} in it: is that the most that it can cost? */
static int
text_measure(const struct load *l, struct variant_text *t, const char *hamlet)
{
	bool is_bare = strcmp(t->row.key.script, "bare") == 0;
	struct gsm_text measured;
	struct buf whole;
	int rc;

	buf_init(&whole, OUTBOX_VARIANT_MAX - 1);
	rc = t->row.is_personal ? outbox_variant_fill(
				      l->core, t->text, hamlet, is_bare, &whole)
				: buf_put_str(&whole, t->text);
	if (rc == 0)
		rc =
		    gsm_segment(buf_str(&whole), whole.len, &measured, NULL, 0);
	buf_clear(&whole);
	if (rc != 0 || (int)measured.nsegments > CAMPAIGN_SEGMENTS_MAX)
		t->is_too_long = true;
	if (rc != 0 || (int)measured.nsegments <= t->row.segments)
		return 0;
	t->row.segments = (int)measured.nsegments;
	return str_printf(t->row.coding, sizeof(t->row.coding), "%s",
	    gsm_coding_name(measured.coding));
}

static int
text_add(
    struct load *l, const struct variant_source *source, const char *script)
{
	struct variant_text *t = &l->v->texts[l->v->ntexts++];
	size_t i;
	int rc;

	t->source = source;
	t->row.key = source->row.key;
	rc = str_printf(
	    t->row.key.script, sizeof(t->row.key.script), "%s", script);
	if (rc != 0)
		return rc;
	t->text = strcmp(source->row.key.script, script) == 0
		      ? xstrdup(source->filled)
		      : text_derive(source, script);
	t->row.is_personal = strstr(t->text, OUTBOX_VARIANT_HAMLET) != NULL;
	for (i = 0; rc == 0 && i < l->nhamlets; i++)
		rc = text_measure(l, t, l->hamlets[i]);
	return rc;
}

/* Both scripts of each group and language that something was written for. */
static int
load_texts(struct load *l)
{
	const struct variant_source *s, *other;
	struct variants *v = l->v;
	size_t i, k;
	int rc = 0;

	for (i = 0; i < v->nsources; i++) {
		s = &v->sources[i];
		for (k = 0; rc == 0 && k < TC_NELEM(scripts); k++) {
			other = find_source(v, &s->row.key, scripts[k]);
			if ((other == NULL || other == s) && s->filled != NULL)
				rc = text_add(l, s, scripts[k]);
		}
		if (rc != 0)
			return rc;
	}
	return 0;
}

static void
load_hamlet(struct load *l, const char *hamlet)
{
	l->hamlets =
	    xreallocarray(l->hamlets, l->nhamlets + 1, sizeof(*l->hamlets));
	l->hamlets[l->nhamlets++] = xstrdup(hamlet);
}

static void
hamlet_cb(const char *hamlet, int64_t n, void *ctx)
{
	(void)n;
	load_hamlet(ctx, hamlet);
}

/* Those of the commune, those that people live in, and none. */
static int
load_hamlets(struct load *l)
{
	const struct content_commune *c = content_commune(l->core->content);
	bool is_personal = false;
	size_t i;

	load_hamlet(l, "");
	for (i = 0; i < l->v->nsources; i++)
		is_personal |= strstr(l->v->sources[i].text,
				   OUTBOX_VARIANT_HAMLET) != NULL;
	if (!is_personal)
		return 0;
	for (i = 0; i < c->nhamlets; i++)
		load_hamlet(l, c->hamlets[i]);
	return store_person_coverage(l->core->store, hamlet_cb, l);
}

int
variants_load(struct core *c, const struct campaign *k, struct variants **out)
{
	static const struct variant_row own = {
	    .key = {.kind = "", .language = "vi", .script = "accented"}};
	struct load l = {.core = c, .k = k};
	int rc;

	*out = l.v = xcalloc(1, sizeof(*l.v));
	rc = load_source(&l, &own, k->text);
	if (rc == 0)
		rc = store_variant_each(c->store, k->row.id, load_cb, &l);
	if (rc == 0)
		rc = load_hamlets(&l);
	if (rc == 0)
		rc = load_texts(&l);
	while (l.nhamlets > 0)
		free(l.hamlets[--l.nhamlets]);
	free(l.hamlets);
	if (rc == 0)
		return 0;
	variants_free(*out);
	*out = NULL;
	return rc;
}

void
variants_free(struct variants *v)
{
	size_t i;

	if (v == NULL)
		return;
	for (i = 0; i < v->nsources; i++) {
		free(v->sources[i].text);
		free(v->sources[i].filled);
	}
	for (i = 0; i < v->ntexts; i++)
		free(v->texts[i].text);
	free(v);
}

/* --- who reads what --- */

static struct variant_text *
text_for(struct variants *v, const struct variant_key *reader)
{
	struct variant_text *found = NULL;
	int best = -1, rank;
	size_t i;

	for (i = 0; i < v->ntexts; i++) {
		rank = variant_rank(&v->texts[i].row.key, reader);
		if (rank > best) {
			best = rank;
			found = &v->texts[i];
		}
	}
	return found;
}

const struct variant_text *
variants_choose(const struct variants *v, const struct variant_key *reader)
{
	return text_for((struct variants *)(uintptr_t)v, reader);
}

static int
count_cb(const struct audience_group *g, void *ctx)
{
	struct load *l = ctx;
	const struct broadcast *b = content_broadcast(l->core->content);
	bool is_pupil = g->is_minor || broadcast_is_group(&b->pupils, g->kind);
	const char *script =
	    g->script[0] != '\0' ? g->script : l->k->row.script;
	struct variant_key reader;
	struct variant_text *t;

	if (str_printf(reader.kind, sizeof(reader.kind), "%s", g->kind) != 0 ||
	    str_printf(reader.language, sizeof(reader.language), "%s",
		g->language) != 0 ||
	    str_printf(reader.script, sizeof(reader.script), "%s", script) != 0)
		return TC_EIO;
	l->v->people += g->people;
	l->v->pupils += is_pupil ? g->people : 0;
	t = text_for(l->v, &reader);
	if (t == NULL)
		return 0; /* a variable of its text is not known */
	t->row.people += g->people;
	t->pupils += is_pupil ? g->people : 0;
	return 0;
}

int
variants_count(struct core *c, const struct campaign *k, struct variants *v)
{
	struct load l = {.core = c, .k = k, .v = v};

	return store_audience_groups(c->store, k->row.id, count_cb, &l);
}

static int
variant_box(struct core *c, const char *text, struct buf *box)
{
	return vault_box(c->vault, VAULT_BOX_MESSAGE, text, strlen(text), box);
}

int
variants_freeze(struct core *c, int64_t campaign_id, const struct variants *v)
{
	struct buf box;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < v->ntexts; i++) {
		buf_init(&box, OUTBOX_VARIANT_MAX + 256);
		rc = variant_box(c, v->texts[i].text, &box);
		if (rc == 0)
			rc = store_text_put(
			    c->store, campaign_id, &v->texts[i].row, &box);
		buf_clear(&box);
	}
	return rc;
}

/* --- writing one --- */

int
variant_key_parse(
    struct core *c, const struct variant_draft *d, struct variant_key *out)
{
	const char *kind = d->kind != NULL ? d->kind : "";
	const char *language = d->language != NULL ? d->language : "vi";
	const char *script = d->script != NULL ? d->script : scripts[0];

	if (*kind != '\0')
		kind = content_kind(c->content, kind);
	if (kind == NULL || !content_is_language(language) ||
	    (strcmp(script, scripts[0]) != 0 &&
		strcmp(script, scripts[1]) != 0) ||
	    !utf8_is_valid(kind, strlen(kind)))
		return TC_EINVAL;
	if (str_printf(out->kind, sizeof(out->kind), "%s", kind) != 0 ||
	    str_printf(out->language, sizeof(out->language), "%s", language) !=
		0 ||
	    str_printf(out->script, sizeof(out->script), "%s", script) != 0)
		return TC_EINVAL;
	return 0;
}

static int
variant_write(struct core *c, int64_t id, const struct variant_draft *d,
    const struct variant_row *row)
{
	struct buf box;
	int rc;

	if (d->remove)
		return store_variant_remove(c->store, id, &row->key);
	if (d->text == NULL)
		return store_variant_put(c->store, id, row, NULL);
	buf_init(&box, CAMPAIGN_TEXT_MAX + 256);
	rc = variant_box(c, d->text, &box);
	if (rc == 0)
		rc = store_variant_put(c->store, id, row, &box);
	buf_clear(&box);
	return rc;
}

static int
count_one_cb(
    const struct variant_row *row, const void *box, size_t len, void *ctx)
{
	(void)row;
	(void)box;
	(void)len;
	++*(size_t *)ctx;
	return 0;
}

int
campaign_variant(struct core *c, const struct user *u, int64_t id,
    const struct variant_draft *d, struct campaign_refusal *why)
{
	struct variant_row row = {.reviewer = ""};
	struct campaign_row measured = {.author_id = u->id};
	size_t n = 0;
	int rc;

	why->reason[0] = '\0';
	if (variant_key_parse(c, d, &row.key) != 0 ||
	    str_printf(row.reviewer, sizeof(row.reviewer), "%s",
		d->reviewer != NULL ? d->reviewer : "") != 0)
		return campaign_refuse(why, TC_EINVAL,
		    "a group of commune.conf, a language (vi, bdq, jra), a script (accented, "
		    "bare) and a name");
	if (row.key.kind[0] == '\0' && strcmp(row.key.language, "vi") == 0 &&
	    strcmp(row.key.script, scripts[0]) == 0)
		return campaign_refuse(
		    why, TC_EINVAL, "that is the campaign's own text");
	if (d->text == NULL && d->reviewer == NULL && !d->remove)
		return campaign_refuse(
		    why, TC_EINVAL, "a text or a reviewer is needed");
	if (d->text != NULL &&
	    (rc = campaign_measure(c, d->text, &measured, why)) != 0)
		return rc;
	/* Back to a draft first: that refuses what was started. */
	if ((rc = campaign_edit(c, id, &campaign_draft_empty, why)) != 0)
		return rc;
	rc = variant_write(c, id, d, &row);
	if (rc == TC_ENOENT)
		return campaign_refuse(
		    why, TC_EINVAL, "there is no such variant yet");
	if (rc == 0)
		rc = store_variant_each(c->store, id, count_one_cb, &n);
	if (rc == 0 && n > VARIANTS_MAX)
		return campaign_refuse(why, TC_EINVAL, "at most 24 variants");
	if (rc == 0)
		log_info("campaign variant id=%016" PRIx64 " user=%s kind=%s "
			 "language=%s script=%s",
		    (uint64_t)id, u->name,
		    row.key.kind[0] != '\0' ? row.key.kind : "-",
		    row.key.language, row.key.script);
	return rc;
}

struct copy {
	struct core *core;
	int64_t to;
};

static int
copy_cb(const struct variant_row *row, const void *box, size_t len, void *ctx)
{
	const struct copy *copy = ctx;
	struct buf b;
	int rc;

	buf_init(&b, CAMPAIGN_TEXT_MAX + 256);
	rc = buf_put(&b, box, len);
	if (rc == 0)
		rc = store_variant_put(copy->core->store, copy->to, row, &b);
	buf_clear(&b);
	return rc;
}

int
variants_copy(struct core *c, int64_t from, int64_t to)
{
	struct copy copy = {c, to};

	return store_variant_each(c->store, from, copy_cb, &copy);
}
