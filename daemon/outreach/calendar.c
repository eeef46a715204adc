/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The calendar of the commune (calendar.h). The file is small and read when
 * somebody asks, so that a change counts at once. Called by http/ inside a turn
 * op and by main.c for -t.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "conf.h"
#include "intake/content.h"
#include "optfile.h"
#include "outreach/calendar.h"
#include "store/campaign.h"

#define DAY_S (24 * 3600)

struct entry {
	char *name, *date, *until;
	int draft_days;
};

static const struct opt entry_opts[] = {
    {.key = "name",
	.type = OPT_TEXT,
	.min = 1,
	.max = 200,
	.offset = offsetof(struct entry, name)},
    {.key = "date",
	.type = OPT_TEXT,
	.min = 5,
	.max = 5,
	.offset = offsetof(struct entry, date)},
    {.key = "until",
	.type = OPT_TEXT,
	.min = 0,
	.max = 5,
	.def = "",
	.offset = offsetof(struct entry, until)},
    {.key = "draft_days",
	.type = OPT_INT,
	.min = 0,
	.max = 180,
	.def = "14",
	.offset = offsetof(struct entry, draft_days)},
};
static const struct opt_section sections[] = {
    {NULL, NULL, 0},
    {"day", entry_opts, TC_NELEM(entry_opts)},
};

/* "15/11" of a year as UTC midnight; -1 when there is no such day in it. */
static int64_t
calendar_date(const char *text, int year)
{
	struct tm tm = {.tm_year = year - 1900}, was;
	int64_t day, month, t;
	char part[3] = {0};

	if (strlen(text) != 5 || text[2] != '/')
		return -1;
	memcpy(part, text, 2);
	if (str_to_int64(part, 1, 31, &day) != 0)
		return -1;
	memcpy(part, text + 3, 2);
	if (str_to_int64(part, 1, 12, &month) != 0)
		return -1;
	tm.tm_mday = (int)day;
	tm.tm_mon = (int)month - 1;
	was = tm;
	t = (int64_t)timegm(&tm);
	return tm.tm_mday == was.tm_mday ? t : -1;
}

/* The days of an entry in a year, UTC midnights; *until is the last one. */
static bool
calendar_span(const struct entry *e, int year, int64_t *from, int64_t *until)
{
	*from = calendar_date(e->date, year);
	*until = e->until[0] == '\0' ? *from : calendar_date(e->until, year);
	if (*until >= 0 && *until < *from) /* over the new year */
		*until = calendar_date(e->until, year + 1);
	return *from >= 0 && *until >= 0;
}

struct walk {
	struct core *core; /* NULL: check alone */
	int year;
	calendar_cb cb;
	void *ctx;
};

static int
campaign_count_cb(const struct campaign_row *k, void *ctx)
{
	struct calendar_day *d = ctx;

	if (strcmp(k->state, "cancelled") == 0 || k->start_at < d->from ||
	    k->start_at >= d->until)
		return 0;
	d->campaigns++;
	d->approved +=
	    strcmp(k->state, "draft") != 0 && strcmp(k->state, "checked") != 0;
	return 0;
}

static int
calendar_tell(const struct walk *w, const char *id, const struct entry *e)
{
	int64_t zone = content_commune(w->core->content)->zone_minutes * 60;
	struct calendar_day d = {.id = id, .name = e->name};
	int rc;

	if (!calendar_span(e, w->year, &d.from, &d.until))
		return 0; /* 29 February */
	d.from -= zone;
	d.until += DAY_S - zone;
	d.draft_by = d.from - (int64_t)e->draft_days * DAY_S;
	rc = store_campaign_each(w->core->store, 0, campaign_count_cb, &d);
	if (rc < 0)
		return rc;
	d.is_due = d.campaigns == 0 && clock_now() >= d.draft_by &&
		   clock_now() < d.until;
	w->cb(&d, w->ctx);
	return 0;
}

static int
calendar_entry(
    const struct walk *w, const struct optsec *sec, struct faults *faults)
{
	size_t before = faults->n;
	struct entry e = {0};
	int64_t from, until;
	int rc = 0;

	optsec_fill(sec, &e, faults);
	/* 2024 has every day that any year has. */
	if (faults->n == before && !calendar_span(&e, 2024, &from, &until))
		faults_add(faults, optsec_path(sec), optsec_line(sec, "date"),
		    "a day is written 15/11");
	if (faults->n == before && w->core != NULL)
		rc = calendar_tell(w, optsec_title(sec), &e);
	opts_clear(entry_opts, TC_NELEM(entry_opts), &e);
	return rc;
}

static int
calendar_walk(
    const struct walk *w, const char *content_dir, struct faults *faults)
{
	char *path = xasprintf("%s/calendar.conf", content_dir);
	size_t before = faults->n, i;
	const struct optsec *sec;
	struct optfile *f = NULL;
	int rc = 0;

	if (access(path, F_OK) == 0)
		f = optfile_read(path, sections, TC_NELEM(sections), faults);
	free(path);
	for (i = 0; rc == 0 && f != NULL; i++) {
		if ((sec = optfile_section(f, 1, i)) == NULL)
			break;
		rc = calendar_entry(w, sec, faults);
	}
	optfile_free(f);
	return rc != 0 ? rc : faults->n > before ? TC_EINVAL : 0;
}

int
calendar_each(
    struct core *c, int year, struct faults *faults, calendar_cb cb, void *ctx)
{
	const struct walk w = {c, year, cb, ctx};

	return calendar_walk(&w, c->conf->content_dir, faults);
}

int
calendar_check(const char *content_dir, struct faults *faults)
{
	const struct walk w = {0};

	return calendar_walk(&w, content_dir, faults);
}
