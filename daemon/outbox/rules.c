/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of rules.h. Called by feed.c inside a turn op. */
#include "config.h"

#include <string.h>
#include <time.h>

#include "clock.h"
#include "conf.h"
#include "intake/content.h"
#include "outbox/rules.h"
#include "store/person.h"

#define DAY_S (24 * 3600)
#define FED_MAX 128 /* texts of one month that are looked at */

/* The first of the local month of t, or of one ahead. */
static int64_t
rules_month(int64_t t, int64_t zone, int ahead)
{
	time_t local = (time_t)(t + zone);
	struct tm tm;

	(void)gmtime_r(&local, &tm);
	tm.tm_mon += ahead;
	tm.tm_mday = 1;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	return (int64_t)timegm(&tm) - zone;
}

/* How many of n times (newest first) are at or after since. */
static int
rules_count(const int64_t *at, int n, int64_t since)
{
	int i;

	for (i = 0; i < n && at[i] >= since; i++)
		;
	return i;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* When he has had few enough for another one; 0 = now. */
static int
rules_had(struct core *c, const struct rules_limits *k, int64_t person_id,
    int64_t *until)
{
	int minutes = content_commune(c->content)->zone_minutes;
	int64_t zone = minutes * 60, now = clock_now(), at[FED_MAX];
	int64_t month = rules_month(now, zone, 0);
	int64_t day = clock_day_start(now, minutes);
	int n;

	*until = 0;
	n = store_recipient_fed(c->store, person_id,
	    (month < now - DAY_S ? month : now - DAY_S) - 1, at, FED_MAX);
	if (n < 0)
		return n;
	if (rules_count(at, n, now - DAY_S + 1) >= RULES_PER_24H)
		*until = at[RULES_PER_24H - 1] + DAY_S;
	if (rules_count(at, n, day) >= k->per_day)
		*until = later(*until, day + DAY_S);
	if (rules_count(at, n, month) >= k->per_month)
		*until = later(*until, rules_month(now, zone, 1));
	return 0;
}

int64_t
outbox_rules_quiet(const struct core *c, const struct person *p)
{
	int64_t now = clock_now();
	int64_t day =
	    clock_day_start(now, content_commune(c->content)->zone_minutes);
	int minute = (int)((now - day) / 60);

	if (p->quiet_from < p->quiet_until)
		return minute >= p->quiet_from && minute < p->quiet_until
			   ? day + p->quiet_until * 60
			   : 0;
	if (p->quiet_from == p->quiet_until)
		return 0;
	if (minute >= p->quiet_from) /* over midnight */
		return day + DAY_S + p->quiet_until * 60;
	return minute < p->quiet_until ? day + p->quiet_until * 60 : 0;
}

int
outbox_rules_wait(struct core *c, const struct rules_limits *limits,
    const struct person *p, struct rules_verdict *out)
{
	int64_t quiet = outbox_rules_quiet(c, p);
	int rc = rules_had(c, limits, p->id, &out->wait_until);

	out->wait = "had_enough";
	if (quiet > out->wait_until) {
		out->wait = "hours";
		out->wait_until = quiet;
	}
	if (rc == 0 && out->wait_until != 0 &&
	    (out->wait_until > clock_now() + RULES_WAIT_S ||
		(limits->end_at != 0 && out->wait_until >= limits->end_at)))
		out->refusal = out->wait;
	return rc;
}

int
outbox_rules_person(struct core *c, const struct campaign_row *k,
    int64_t person_id, struct rules_verdict *out)
{
	const struct rules_limits limits = {
	    k->per_day, k->per_month, k->end_at};
	struct person *p = &out->person;
	int rc;

	memset(out, 0, sizeof(*out));
	rc = store_person_get(c->store, person_id, p);
	if (rc == TC_ENOENT) {
		out->refusal = "forgotten";
		return 0;
	}
	if (rc != 0)
		return rc;
	if (p->opted_out_at != 0)
		out->refusal = "opted_out";
	else if (!p->consenting)
		out->refusal = "no_consent";
	if (out->refusal == NULL && k->theme[0] != '\0') {
		rc = store_theme_is_out(c->store, person_id, k->theme);
		if (rc < 0)
			return rc;
		out->refusal = rc > 0 ? "theme" : NULL;
	}
	if (out->refusal != NULL)
		return 0;
	return outbox_rules_wait(c, &limits, p, out);
}

bool
outbox_rules_budget(const struct core *c, const struct campaign_row *k,
    int segments, int64_t *cost)
{
	*cost = (int64_t)segments * c->conf->segment_price;
	return k->budget == 0 || k->spent + *cost <= k->budget;
}
