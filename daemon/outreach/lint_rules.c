/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of the lint (lint.h), one row each at the end of the file. Rules look
 * and tell; they change nothing. Called by lint.c.
 */
#include "config.h"
#include "intake/lint.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "conf.h"
#include "intake/broadcast.h"
#include "outbox/guard.h"
#include "outbox/variant.h"
#include "outreach/calendar.h"
#include "outreach/lint.h"

#define DAY_S (24 * 3600)

/* --- what stands in a text --- */

/* Collects the signs of one text, or looks for one of them in its lines. */
struct signs {
	unsigned seen; /* bits of enum content_sign */
	enum content_sign wanted;
	const char *phrase; /* of the wanted one; NULL: any */
	bool is_found;
};

static void
signs_cb(enum content_sign sign, const char *phrase, void *ctx)
{
	struct signs *s = ctx;

	s->seen |= 1U << sign;
	if (sign == s->wanted &&
	    (s->phrase == NULL || strcmp(s->phrase, phrase) == 0))
		s->is_found = true;
}

/* The line in which a sign stands; 0: it goes over several. */
static int
sign_line(const struct content *c, const char *text, enum content_sign sign,
    const char *phrase)
{
	struct signs s = {.wanted = sign, .phrase = phrase};
	int line = 1, rc;
	char *part;
	size_t n;

	for (; *text != '\0'; text += n + (text[n] != '\0'), line++) {
		n = strcspn(text, "\n");
		part = xstrndup(text, n);
		rc = content_signs(c, part, signs_cb, &s);
		free(part);
		if (rc == 0 && s.is_found)
			return line;
	}
	return 0;
}

struct sign_tell {
	struct lint_run *run;
	const char *text;
	enum content_sign sign;
	const char *what;
};

static void
sign_tell_cb(enum content_sign sign, const char *phrase, void *ctx)
{
	const struct sign_tell *t = ctx;
	int line;

	if (sign != t->sign)
		return;
	line = sign_line(t->run->core->content, t->text, sign, phrase);
	if (*phrase != '\0')
		lint_find(t->run, line, "%s: \"%s\"", t->what, phrase);
	else
		lint_find(t->run, line, "%s", t->what);
}

static int
sign_rule(struct lint_run *run, const struct variant_source *s,
    enum content_sign sign, const char *what)
{
	struct sign_tell tell = {run, s->filled, sign, what};

	if (s->filled == NULL)
		return 0;
	return content_signs(
	    run->core->content, s->filled, sign_tell_cb, &tell);
}

static int
rule_link(struct lint_run *run, const struct variant_source *s)
{
	return sign_rule(
	    run, s, CONTENT_SIGN_LINK, "a broadcast holds no link");
}

static int
rule_demand(struct lint_run *run, const struct variant_source *s)
{
	return sign_rule(run, s, CONTENT_SIGN_DEMAND,
	    "sounds like a demand for money, codes or papers");
}

static int
rule_address(struct lint_run *run, const struct variant_source *s)
{
	return sign_rule(
	    run, s, CONTENT_SIGN_ADDRESS, "holds an address (M19)");
}

static int
rule_secret(struct lint_run *run, const struct variant_source *s)
{
	return sign_rule(
	    run, s, CONTENT_SIGN_SECRET, "sounds like a secret meeting (R14)");
}

static int
rule_wording(struct lint_run *run, const struct variant_source *s)
{
	return sign_rule(
	    run, s, CONTENT_SIGN_WORDING, "blames or stereotypes (M42)");
}

/* Where a shelter is, or who keeps it, is said by no text (M19). */
static int
rule_shelter(struct lint_run *run, const struct variant_source *s)
{
	const unsigned where = 1U << CONTENT_SIGN_PLACE |
			       1U << CONTENT_SIGN_ADDRESS |
			       1U << CONTENT_SIGN_PERSON;
	const struct content *c = run->core->content;
	struct signs signs = {.wanted = CONTENT_SIGN_SHELTER};

	if (s->filled == NULL)
		return 0;
	if (content_signs(c, s->filled, signs_cb, &signs) != 0)
		return TC_EINVAL;
	if (signs.is_found &&
	    ((signs.seen & where) != 0 ||
		strstr(s->filled, OUTBOX_VARIANT_HAMLET) != NULL))
		lint_find(run,
		    sign_line(c, s->filled, CONTENT_SIGN_SHELTER, NULL),
		    "speaks of a shelter and of a place or a person (M19)");
	return 0;
}

static int
rule_variable(struct lint_run *run, const struct variant_source *s)
{
	char needle[VARIABLE_NAME_MAX + 2];
	const char *at, *p;
	int line = 1;

	if (s->filled != NULL ||
	    str_printf(needle, sizeof(needle), "{%s", s->unknown) != 0)
		return 0;
	at = strstr(s->text, needle);
	for (p = s->text; at != NULL && p < at; p++)
		line += *p == '\n';
	lint_find(run, at != NULL ? line : 0,
	    "no such variable, or it has no value: {%s}", s->unknown);
	return 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does this number stand here, written together or in groups? */
static bool
number_at(const char *s, const char *number)
{
	while (*number != '\0') {
		if (*s == *number)
			number++;
		else if (*s != ' ' && *s != '.' && *s != '-')
			return false;
		s++;
	}
	return !is_digit(*s);
}

static bool
has_number(const char *text, const char *number)
{
	const char *s;

	for (s = text; *s != '\0'; s++)
		if (is_digit(*s) && (s == text || !is_digit(s[-1])) &&
		    number_at(s, number))
			return true;
	return false;
}

/* For all readers alike, so that having it on a phone proves nothing (R10). */
static int
rule_hotline(struct lint_run *run, const struct variant_source *s)
{
	const struct content *c = run->core->content;
	const struct content_commune *commune = content_commune(c);
	size_t i;

	if (s->filled == NULL ||
	    !broadcast_needs_hotline(content_broadcast(c), run->k->row.theme))
		return 0;
	for (i = 0; i < commune->nhotlines; i++)
		if (has_number(s->filled, commune->hotlines[i].number))
			return 0;
	lint_find(run, 0, "theme %s needs a hotline: {duong_day} (R10, M31)",
	    run->k->row.theme);
	return 0;
}

struct stale {
	struct lint_run *run;
	const char *text;
};

static void
stale_cb(const struct content_hotline *h, void *ctx)
{
	const struct stale *stale = ctx;

	if (has_number(stale->text, h->number))
		lint_find(stale->run, 0,
		    "nobody has called hotline %s for too long", h->number);
}

static int
rule_stale(struct lint_run *run, const struct variant_source *s)
{
	struct stale stale = {run, s->filled};

	if (s->filled != NULL)
		(void)content_stale_hotlines(
		    run->core->content, clock_now(), stale_cb, &stale);
	return 0;
}

static int
rule_label(struct lint_run *run, const struct variant_source *s)
{
	const char *label = content_broadcast(run->core->content)->label;

	if (strncmp(s->text, label, strlen(label)) != 0)
		lint_find(run, 1, "every text begins with %s", label);
	return 0;
}

static int
rule_reviewer(struct lint_run *run, const struct variant_source *s)
{
	if (strcmp(s->row.key.language, "vi") != 0 &&
	    s->row.reviewer[0] == '\0')
		lint_find(run, 0, "nobody who speaks %s has read it (M33)",
		    s->row.key.language);
	return 0;
}

/* --- what goes out --- */

static int
rule_length(struct lint_run *run, const struct variant_text *t)
{
	if (t->is_too_long)
		lint_find(run, 0, "at most %d segments with the longest values",
		    CAMPAIGN_SEGMENTS_MAX);
	return 0;
}

/* It does not say which words: whoever drafts must not learn from it where a
 * trusted address is. */
static int
rule_guard(struct lint_run *run, const struct variant_text *t)
{
	int rc = outbox_guard(run->core, t->text);

	if (rc == TC_EDENIED || rc == TC_EINVAL)
		lint_find(run, 0, "it holds words that must not go out (M19)");
	return rc == TC_EIO ? rc : 0;
}

static int
rule_unread(struct lint_run *run, const struct variant_source *s)
{
	const struct variants *v = run->v;
	int64_t people = 0;
	size_t i;

	for (i = 0; i < v->ntexts; i++)
		if (v->texts[i].source == s)
			people += v->texts[i].row.people;
	if (s != &v->sources[0] && s->filled != NULL && people == 0)
		lint_find(run, 0, "nobody on the lists gets it");
	return 0;
}

/* Pupils get nothing that names violence or asks them to write for help: the
 * phone is often their parents' (M52, R27). */
static int
rule_pupil(struct lint_run *run, const struct variant_text *t)
{
	const unsigned never =
	    1U << CONTENT_SIGN_CATEGORY | 1U << CONTENT_SIGN_SHELTER;
	const struct content *c = run->core->content;
	struct signs signs = {.wanted = CONTENT_NSIGNS};

	if (t->pupils == 0)
		return 0;
	if (content_signs(c, t->text, signs_cb, &signs) != 0)
		return TC_EINVAL;
	if ((signs.seen & never) != 0)
		lint_find(run, 0, "pupils get it and it names violence (M52)");
	if (content_asks_to_write(c, t->text))
		lint_find(run, 0,
		    "pupils get it and it asks them to write for help (R27)");
	return 0;
}

/* --- the campaign as a whole --- */

static int
rule_pupil_safe(struct lint_run *run)
{
	if (run->v->pupils > 0 && !run->k->row.is_pupil_safe)
		lint_find(run, 0,
		    "pupils are on the lists and nobody said that it is safe "
		    "for them (M52)");
	return 0;
}

static int
rule_hours(struct lint_run *run)
{
	const struct content_commune *c = content_commune(run->core->content);
	const struct campaign_row *row = &run->k->row;

	if (row->send_from >= c->send_until || row->send_until <= c->send_from)
		lint_find(run, 0,
		    "its hours lie outside those of the commune, "
		    "%02d:%02d-%02d:%02d",
		    c->send_from / 60, c->send_from % 60, c->send_until / 60,
		    c->send_until % 60);
	return 0;
}

static int
rule_basis(struct lint_run *run)
{
	if (run->k->row.legal_basis[0] == '\0')
		lint_find(run, 0, "no legal basis (M24)");
	return 0;
}

static int
rule_review(struct lint_run *run)
{
	const struct content_commune *c = content_commune(run->core->content);
	const char *day = run->k->row.review_on, *end;
	struct tm tm = {0};
	int64_t due;

	if (day[0] == '\0')
		return 0;
	end = strptime(day, "%Y-%m-%d", &tm);
	due = (int64_t)timegm(&tm) - c->zone_minutes * 60;
	if (end == NULL || *end != '\0')
		lint_find(run, 0, "its review date is no day (2026-12-31)");
	else if (clock_now() >= due + DAY_S)
		lint_find(run, 0, "its review was due on %s (M24)", day);
	return 0;
}

static int
rule_price(struct lint_run *run)
{
	const struct variants *v = run->v;
	int64_t price = run->core->conf->segment_price, cost = 0, bare = 0;
	const struct variant_text *t;
	struct variant_key key;
	size_t i;

	for (i = 0; i < v->ntexts; i++) {
		key = v->texts[i].row.key;
		memcpy(key.script, "bare", sizeof("bare"));
		t = variants_choose(v, &key);
		cost += v->texts[i].row.people * v->texts[i].row.segments;
		bare +=
		    v->texts[i].row.people *
		    (t != NULL ? t->row.segments : v->texts[i].row.segments);
	}
	if (bare < cost)
		lint_find(run, 0,
		    "costs %lld dong as it is, %lld without accents",
		    (long long)(cost * price), (long long)(bare * price));
	return 0;
}

/* --- is anything said to men (M10)? --- */

struct men {
	struct lint_run *run;
	int64_t at;
	int64_t from, until; /* of the period that it lies in; 0 = none */
	bool is_addressed;
};

/* A day is no period: on 8/3 it is women who are written to. */
static void
men_period_cb(const struct calendar_day *d, void *ctx)
{
	struct men *m = ctx;

	if (d->until - d->from > 2 * DAY_S && m->at >= d->from &&
	    m->at < d->until && m->until == 0) {
		m->from = d->from;
		m->until = d->until;
	}
}

static void
men_addressed_cb(const char *theme, const char *kind, void *ctx)
{
	struct men *m = ctx;
	const struct broadcast *b = content_broadcast(m->run->core->content);

	m->is_addressed |=
	    strcmp(theme, "NAMGIOI") == 0 || broadcast_is_group(&b->men, kind);
}

static int
men_find_period(struct men *m)
{
	time_t at = (time_t)m->at;
	struct faults faults;
	struct tm tm;
	int rc;

	(void)gmtime_r(&at, &tm);
	faults_init(&faults);
	rc = calendar_each(
	    m->run->core, tm.tm_year + 1900, &faults, men_period_cb, m);
	faults_clear(&faults);
	if (rc == TC_EINVAL) {
		lint_find(m->run, 0, "calendar.conf has faults: tincayd -t");
		return 0;
	}
	return rc;
}

static int
rule_men(struct lint_run *run)
{
	struct men m = {.run = run, .at = run->k->row.start_at};
	int rc;

	if (m.at < clock_now())
		m.at = clock_now();
	if ((rc = men_find_period(&m)) != 0 || m.until == 0)
		return rc;
	rc = store_campaign_addressed(
	    run->core->store, m.from, m.until, men_addressed_cb, &m);
	if (rc == 0 && !m.is_addressed)
		lint_find(
		    run, 0, "no campaign of this period speaks to men (M10)");
	return rc;
}

const struct lint_rule lint_rules[] = {
    {.id = "variable", .severity = FINDING_REFUSE, .source = rule_variable},
    {.id = "length", .severity = FINDING_REFUSE, .whole = rule_length},
    {.id = "label", .severity = FINDING_REFUSE, .source = rule_label},
    {.id = "link", .severity = FINDING_REFUSE, .source = rule_link},
    {.id = "demand", .severity = FINDING_REFUSE, .source = rule_demand},
    {.id = "shelter", .severity = FINDING_REFUSE, .source = rule_shelter},
    {.id = "guard", .severity = FINDING_REFUSE, .whole = rule_guard},
    {.id = "hotline", .severity = FINDING_REFUSE, .source = rule_hotline},
    {.id = "reviewer", .severity = FINDING_REFUSE, .source = rule_reviewer},
    {.id = "pupil", .severity = FINDING_REFUSE, .whole = rule_pupil},
    {.id = "pupil_safe",
	.severity = FINDING_REFUSE,
	.campaign = rule_pupil_safe},
    {.id = "hours", .severity = FINDING_REFUSE, .campaign = rule_hours},
    {.id = "wording", .severity = FINDING_ACKNOWLEDGE, .source = rule_wording},
    {.id = "address", .severity = FINDING_ACKNOWLEDGE, .source = rule_address},
    {.id = "secret", .severity = FINDING_ACKNOWLEDGE, .source = rule_secret},
    {.id = "stale", .severity = FINDING_ACKNOWLEDGE, .source = rule_stale},
    {.id = "review", .severity = FINDING_ACKNOWLEDGE, .campaign = rule_review},
    {.id = "men", .severity = FINDING_WARN, .campaign = rule_men},
    {.id = "basis", .severity = FINDING_WARN, .campaign = rule_basis},
    {.id = "price", .severity = FINDING_WARN, .campaign = rule_price},
    {.id = "unread", .severity = FINDING_WARN, .source = rule_unread},
};
const size_t lint_nrules = TC_NELEM(lint_rules);
