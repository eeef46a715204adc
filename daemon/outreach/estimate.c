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
#include "outreach/campaign.h"

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
	int64_t zone = commune->zone_minutes * 60, day, from, until;
	int64_t start = later(clock_now(), k->start_at);
	int first = (int)later(commune->send_from, k->send_from);
	int last = commune->send_until < k->send_until ? commune->send_until
						       : k->send_until;
	double today;
	int i;

	if (all.per_hour <= 0 || all.per_day <= 0 || first >= last)
		return 0;
	day = (start + zone) / DAY_S * DAY_S - zone;
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

int
campaign_estimate(
    struct core *c, const struct campaign *k, struct campaign_estimate *out)
{
	const struct campaign_row *row = &k->row;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	if (k->state == CAMPAIGN_DRAFT || k->state == CAMPAIGN_CHECKED)
		rc = store_audience_count(c->store, row->id, &out->recipients);
	else
		out->recipients = k->counts.queued + k->counts.sending;
	if (rc == 0)
		rc = estimate_bare(k->text, &out->bare_segments);
	if (rc != 0)
		return rc;
	out->segments = out->recipients * row->segments;
	out->cost = out->segments * c->conf->segment_price;
	out->bare_cost =
	    out->recipients * out->bare_segments * c->conf->segment_price;
	out->ends_at = estimate_end(c, row, (double)out->segments);
	return 0;
}
