/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a campaign costs and when it is over (M30), from the quotas of the
 * modems that campaigns may use and the sending hours. Called by http/ and at
 * approval.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "clock.h"
#include "conf.h"
#include "fold.h"
#include "gsm.h"
#include "intake/content.h"
#include "outreach/variant.h"

#define DAY_S (24 * 3600)
#define AIR_PER_HOUR 1200 /* 3 s a segment, whatever the quotas say */
#define DAYS_MAX 400

struct capacity {
	double per_hour, per_day; /* segments of campaigns, all modems */
};

static double
lesser(double a, double b)
{
	return a < b ? a : b;
}

static struct capacity
estimate_capacity(const struct conf *conf)
{
	struct capacity all = {0, 0};
	const struct conf_modem *m;
	double hour, day;
	size_t i;

	for (i = 0; i < conf->nmodems; i++) {
		m = &conf->modems[i];
		hour = AIR_PER_HOUR;
		if (m->per_minute > 0)
			hour = lesser(hour, m->per_minute * 60.0);
		if (m->per_hour > 0)
			hour = lesser(hour, m->per_hour);
		day = m->per_day > 0 ? m->per_day : hour * 24;
		all.per_hour += hour * m->campaign_share / 100;
		all.per_day += day * m->campaign_share / 100;
	}
	return all;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Day by day through the sending hours; 0 when it would take over a year. */
static int64_t
estimate_end(struct core *c, const struct campaign_row *k, double segments)
{
	const struct content_commune *commune = content_commune(c->content);
	struct capacity all = estimate_capacity(c->conf);
	int64_t day, from, until;
	int64_t start = later(clock_now(), k->start_at);
	int first = (int)later(commune->send_from, k->send_from);
	int last = commune->send_until < k->send_until ? commune->send_until
						       : k->send_until;
	double today;
	int i;

	if (all.per_hour <= 0 || all.per_day <= 0 || first >= last)
		return 0;
	day = clock_day_start(start, commune->zone_minutes);
	for (i = 0; i < DAYS_MAX; i++, day += DAY_S) {
		from = later(start, day + first * 60);
		until = day + last * 60;
		if (from >= until)
			continue;
		today = lesser(
		    all.per_day, all.per_hour * (double)(until - from) / 3600);
		if (segments <= today)
			return from + (int64_t)(segments * 3600 / all.per_hour);
		segments -= today;
	}
	return 0;
}

/* The same text without its accents; what has none costs the same. */
static int
estimate_bare(const char *text, int *segments)
{
	struct gsm_text measured;
	char *bare = fold_bare(text);
	int rc;

	if (bare == NULL)
		return TC_EINVAL;
	rc = gsm_segment(bare, strlen(bare), &measured, NULL, 0);
	free(bare);
	*segments = (int)measured.nsegments;
	return rc;
}

/* Segments of all people as they are, and without accents. */
struct figures {
	int64_t people, segments, bare;
};

static void
figures_add(struct figures *f, const struct text_row *t, int bare)
{
	f->people += t->people;
	f->segments += t->people * t->segments;
	f->bare += t->people * bare;
}

/* Everybody gets the campaign's own text, for all that is known yet. */
static int
figures_of_draft(
    struct core *c, const struct campaign *k, int bare, struct figures *f)
{
	int rc = store_audience_count(c->store, k->row.id, &f->people);

	f->segments = f->people * k->row.segments;
	f->bare = f->people * bare;
	return rc;
}

static void
figures_of_variants(const struct variants *v, struct figures *f)
{
	const struct variant_text *bare;
	struct variant_key key;
	size_t i;

	for (i = 0; i < v->ntexts; i++) {
		key = v->texts[i].row.key;
		memcpy(key.script, "bare", sizeof("bare"));
		bare = variants_choose(v, &key);
		figures_add(f, &v->texts[i].row,
		    bare != NULL ? bare->row.segments
				 : v->texts[i].row.segments);
	}
}

static int
figures_checked(struct core *c, const struct campaign *k,
    const struct variants *given, struct figures *f)
{
	struct variants *v = NULL;
	int rc = 0;

	if (given == NULL && (rc = variants_load(c, k, &v)) == 0)
		rc = variants_count(c, k, v);
	if (rc == 0)
		figures_of_variants(given != NULL ? given : v, f);
	variants_free(v);
	return rc;
}

/* In the order of their keys "accented" comes before the "bare" of the same
 * readers, and both are always there. */
struct frozen {
	struct figures *f;
	struct text_row accented;
};

static int
frozen_cb(const struct text_row *t, const void *box, size_t len, void *ctx)
{
	struct frozen *z = ctx;

	(void)box;
	(void)len;
	if (strcmp(t->key.script, "bare") != 0) {
		z->accented = *t;
		return 0;
	}
	figures_add(z->f, &z->accented, t->segments);
	figures_add(z->f, t, t->segments);
	return 0;
}

/* Those who are left, as all of them on an average. */
static int
figures_approved(struct core *c, const struct campaign *k, struct figures *f)
{
	struct frozen z = {.f = f};
	int64_t left = k->counts.queued + k->counts.sending;
	int rc = store_text_each(c->store, k->row.id, frozen_cb, &z);

	if (f->people > 0) {
		f->segments = (f->segments * left + f->people - 1) / f->people;
		f->bare = (f->bare * left + f->people - 1) / f->people;
	}
	f->people = left;
	return rc;
}

int
campaign_estimate(struct core *c, const struct campaign *k,
    const struct variants *v, struct campaign_estimate *out)
{
	struct figures f = {0, 0, 0};
	int rc;

	memset(out, 0, sizeof(*out));
	rc = estimate_bare(k->text, &out->bare_segments);
	if (rc != 0)
		return rc;
	if (k->state == CAMPAIGN_DRAFT)
		rc = figures_of_draft(c, k, out->bare_segments, &f);
	else if (k->state == CAMPAIGN_CHECKED)
		rc = figures_checked(c, k, v, &f);
	else
		rc = figures_approved(c, k, &f);
	if (rc != 0)
		return rc;
	out->recipients = f.people;
	out->segments = f.segments;
	out->cost = f.segments * c->conf->segment_price;
	out->bare_cost = f.bare * c->conf->segment_price;
	out->ends_at = estimate_end(c, &k->row, (double)f.segments);
	return 0;
}
