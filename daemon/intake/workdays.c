/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Working time: workdays.h. Read with the content pack, asked by the desk. A
 * struct of it never changes; the sums are pure. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "intake/workdays.h"
#include "optfile.h"

#define DAY_S INT64_C(86400)
#define DAYS_MAX 800 /* of holidays in a row, at most */

struct workdays_raw {
	struct opt_list days, hours, holidays;
	int heartbeat;
	bool has_heartbeat;
	int alerts_per_hour, flood_texts;
};

#define RAW(field) offsetof(struct workdays_raw, field)

static const struct opt workdays_options[] = {
    {.key = "work_days",
	.type = OPT_LIST,
	.min = 2,
	.max = 2,
	.def = "",
	.offset = RAW(days)},
    {.key = "work_hours",
	.type = OPT_LIST,
	.min = 11,
	.max = 11,
	.def = "",
	.offset = RAW(hours)},
    {.key = "holidays",
	.type = OPT_LIST,
	.min = 5,
	.max = 22,
	.def = "",
	.offset = RAW(holidays)},
    {.key = "heartbeat",
	.type = OPT_BOOL,
	.def = "yes",
	.offset = RAW(has_heartbeat)},
    {.key = "heartbeat_at",
	.type = OPT_TIME,
	.def = "07:00",
	.offset = RAW(heartbeat)},
    {.key = "alerts_per_hour",
	.type = OPT_INT,
	.min = 1,
	.max = 60,
	.def = "12",
	.offset = RAW(alerts_per_hour)},
    {.key = "flood_texts",
	.type = OPT_INT,
	.min = 0,
	.max = 1000,
	.def = "30",
	.offset = RAW(flood_texts)},
};
static const struct opt_section workdays_kinds[] = {
    {NULL, workdays_options, TC_NELEM(workdays_options)},
};

struct workdays_reading {
	struct workdays *w;
	const struct optsec *s;
	struct faults *faults;
};

static void
workdays_fault(
    struct workdays_reading *r, const struct opt_value *v, const char *what)
{
	faults_add(r->faults, optsec_path(r->s), v->line, "\"%s\" is not %s",
	    v->text, what);
}

static void
workdays_read_days(struct workdays_reading *r, const struct opt_list *list)
{
	static const char *const names[] = {
	    "T2", "T3", "T4", "T5", "T6", "T7", "CN"};
	size_t i, d;

	if (list->n > 0)
		r->w->days = 0;
	for (i = 0; i < list->n; i++) {
		for (d = 0; d < TC_NELEM(names); d++)
			if (strcmp(list->items[i].text, names[d]) == 0)
				break;
		if (d == TC_NELEM(names))
			workdays_fault(
			    r, &list->items[i], "one of T2 ... T7, CN");
		else
			r->w->days |= 1u << d;
	}
}

/* "07:30-11:30", each behind the one before. */
static bool
workdays_read_span(const char *text, struct workdays_span *span)
{
	struct tm from = {0}, until = {0};
	const char *end = strptime(text, "%H:%M", &from);

	if (end == NULL || *end != '-')
		return false;
	end = strptime(end + 1, "%H:%M", &until);
	span->from = from.tm_hour * 60 + from.tm_min;
	span->until = until.tm_hour * 60 + until.tm_min;
	return end != NULL && *end == '\0' && span->from < span->until;
}

static void
workdays_read_hours(struct workdays_reading *r, const struct opt_list *list)
{
	struct workdays *w = r->w;
	struct workdays_span span;
	size_t i;

	if (list->n > 0)
		w->nspans = 0;
	for (i = 0; i < list->n; i++) {
		if (w->nspans == WORKDAYS_SPANS ||
		    !workdays_read_span(list->items[i].text, &span) ||
		    (w->nspans > 0 &&
			span.from < w->spans[w->nspans - 1].until))
			workdays_fault(r, &list->items[i],
			    "hours such as 07:30-11:30 behind those before");
		else
			w->spans[w->nspans++] = span;
	}
}

/* "2026-02-16" or "05-01": what follows it, NULL when it is none. */
static const char *
workdays_read_date(const char *text, int *year, int *day)
{
	struct tm tm = {.tm_year = 100}; /* a leap year */
	const char *end = strptime(text, "%Y-%m-%d", &tm);

	*year = end != NULL ? tm.tm_year + 1900 : 0;
	if (end == NULL)
		end = strptime(text, "%m-%d", &tm);
	*day = (tm.tm_mon + 1) * 100 + tm.tm_mday;
	if (end != NULL && (*end == '\0' || *end == '.'))
		return end;
	return NULL;
}

static bool
workdays_read_holiday(const char *text, struct workdays_holiday *h)
{
	const char *end = workdays_read_date(text, &h->from_year, &h->from_day);

	h->until_year = h->from_year;
	h->until_day = h->from_day;
	if (end == NULL || *end == '\0')
		return end != NULL;
	if (strncmp(end, "..", 2) != 0)
		return false;
	end = workdays_read_date(end + 2, &h->until_year, &h->until_day);
	return end != NULL && *end == '\0' &&
	       (h->from_year == 0) == (h->until_year == 0) &&
	       h->from_year * 10000 + h->from_day <=
		   h->until_year * 10000 + h->until_day;
}

static void
workdays_read_holidays(struct workdays_reading *r, const struct opt_list *list)
{
	size_t i;

	r->w->holidays = xcalloc(list->n + 1, sizeof(*r->w->holidays));
	for (i = 0; i < list->n; i++)
		if (!workdays_read_holiday(list->items[i].text,
			&r->w->holidays[r->w->nholidays++]))
			workdays_fault(r, &list->items[i],
			    "a day such as 05-01 or 2026-02-16, or two with "
			    "\"..\" between");
}

static void
workdays_read(struct workdays_reading *r)
{
	struct workdays_raw raw;

	memset(&raw, 0, sizeof(raw));
	optsec_fill(r->s, &raw, r->faults);
	workdays_read_days(r, &raw.days);
	workdays_read_hours(r, &raw.hours);
	workdays_read_holidays(r, &raw.holidays);
	r->w->heartbeat = raw.has_heartbeat ? raw.heartbeat : -1;
	r->w->alerts_per_hour = raw.alerts_per_hour;
	r->w->flood_texts = raw.flood_texts;
	opts_clear(workdays_options, TC_NELEM(workdays_options), &raw);
}

/* What no file says otherwise. */
static void
workdays_default(struct workdays *w)
{
	static const struct workdays_span spans[] = {
	    {7 * 60 + 30, 11 * 60 + 30}, {13 * 60 + 30, 17 * 60}};

	w->days = 0x1f;
	memcpy(w->spans, spans, sizeof(spans));
	w->nspans = TC_NELEM(spans);
	w->heartbeat = 7 * 60;
	w->alerts_per_hour = 12;
	w->flood_texts = 30;
}

struct workdays *
workdays_load(const char *dir, struct faults *faults)
{
	size_t before = faults->n + faults->more;
	struct workdays *w = xcalloc(1, sizeof(*w));
	struct workdays_reading r = {.w = w, .faults = faults};
	char *path = xasprintf("%s/duty.conf", dir);
	struct optfile *file = NULL;

	workdays_default(w);
	if (access(path, F_OK) == 0 || errno != ENOENT) {
		file = optfile_read(
		    path, workdays_kinds, TC_NELEM(workdays_kinds), faults);
		if (file != NULL) {
			r.s = optfile_section(file, 0, 0);
			workdays_read(&r);
		}
		optfile_free(file);
	}
	free(path);
	if (faults->n + faults->more == before)
		return w;
	workdays_free(w);
	return NULL;
}

void
workdays_free(struct workdays *w)
{
	if (w != NULL)
		free(w->holidays);
	free(w);
}

/* --- sums; days are counted since 1970-01-01, a Thursday, local --- */

static bool
workdays_is_holiday(const struct workdays *w, int64_t day)
{
	time_t t = (time_t)(day * DAY_S);
	const struct workdays_holiday *h;
	int year, date;
	struct tm tm;
	size_t i;

	if (gmtime_r(&t, &tm) == NULL)
		return false;
	date = (tm.tm_mon + 1) * 100 + tm.tm_mday;
	for (i = 0; i < w->nholidays; i++) {
		h = &w->holidays[i];
		year = h->from_year == 0 ? 0 : tm.tm_year + 1900;
		if (year * 10000 + date >= h->from_year * 10000 + h->from_day &&
		    year * 10000 + date <= h->until_year * 10000 + h->until_day)
			return true;
	}
	return false;
}

static bool
workdays_is_workday(const struct workdays *w, int64_t day)
{
	return (w->days >> ((day + 3) % 7) & 1) != 0 &&
	       !workdays_is_holiday(w, day);
}

bool
workdays_is_open(const struct workdays *w, int zone, int64_t t)
{
	int64_t local = t + zone * 60;
	int minute = (int)(local % DAY_S / 60);
	size_t i;

	if (!workdays_is_workday(w, local / DAY_S))
		return false;
	for (i = 0; i < w->nspans; i++)
		if (minute >= w->spans[i].from && minute < w->spans[i].until)
			return true;
	return false;
}

int64_t
workdays_day(const struct workdays *w)
{
	int64_t seconds = 0;
	size_t i;

	for (i = 0; i < w->nspans; i++)
		seconds += (w->spans[i].until - w->spans[i].from) * 60;
	return seconds;
}

/* Take what there is of one day from `at` on off *seconds; the local time at
 * which it was used up, or -1. */
static int64_t
workdays_use(
    const struct workdays *w, int64_t day, int64_t at, int64_t *seconds)
{
	int64_t from, until;
	size_t i;

	for (i = 0; i < w->nspans; i++) {
		from = day * DAY_S + w->spans[i].from * 60;
		until = day * DAY_S + w->spans[i].until * 60;
		if (from < at)
			from = at;
		if (from >= until)
			continue;
		if (*seconds <= until - from)
			return from + *seconds;
		*seconds -= until - from;
	}
	return -1;
}

int64_t
workdays_add(const struct workdays *w, int zone, int64_t from, int64_t seconds)
{
	int64_t local = from + zone * 60, day = local / DAY_S, end;
	int64_t last = day + DAYS_MAX;

	for (; day < last; day++) {
		if (!workdays_is_workday(w, day))
			continue;
		end = workdays_use(w, day, local, &seconds);
		if (end >= 0)
			return end - zone * 60;
	}
	return from + seconds; /* a calendar of holidays alone */
}
