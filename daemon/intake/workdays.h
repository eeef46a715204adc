/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_WORKDAYS_H
#define TINCAY_WORKDAYS_H

/*
 * duty.conf of the content pack: when the offices are open, which days are
 * holidays, and how often staff is texted. Without the file: Monday to Friday,
 * 07:30-11:30 and 13:30-17:00, no holidays.
 *
 * What depends on it counts working time; an emergency does not (R28).
 */

#include "faults.h"

#define WORKDAYS_SPANS 4

struct workdays_span {
	int from, until; /* minutes of the local day, until exclusive */
};

/* A holiday, or the first and last of several. */
struct workdays_holiday {
	int from_year,
	    from_day; /* day: month * 100 + day; year 0: every year */
	int until_year, until_day;
};

struct workdays {
	unsigned days; /* bit 0 Monday ... bit 6 Sunday */
	struct workdays_span spans[WORKDAYS_SPANS];
	size_t nspans;
	struct workdays_holiday *holidays;
	size_t nholidays;
	int heartbeat;       /* minute of the local day; -1: none */
	int alerts_per_hour; /* to one person */
	int flood_texts;     /* so many in a minute are a flood; 0: never */
};

/* Read DIR/duty.conf. NULL when it is faulty: *faults has an entry more. */
struct workdays *workdays_load(const char *dir, struct faults *faults);
void workdays_free(struct workdays *w);

/* Are the offices open at t? zone: minutes east of UTC. */
bool workdays_is_open(const struct workdays *w, int zone, int64_t t);

/* The time at which so many seconds of working time are over. */
int64_t workdays_add(
    const struct workdays *w, int zone, int64_t from, int64_t seconds);

/* Seconds of a working day. */
int64_t workdays_day(const struct workdays *w);

#endif
