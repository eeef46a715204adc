/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CALENDAR_H
#define TINCAY_CALENDAR_H

/*
 * The days and months of the commune's year on which people are written to
 * (M26, M38): calendar.conf of the content pack. A day that comes near without a
 * campaign is told to whoever drafts.
 */

#include "core.h"
#include "faults.h"

struct calendar_day {
	const char *id, *name;
	int64_t from,
	    until;        /* UTC: the first midnight, the last of the commune */
	int64_t draft_by; /* a draft should be there from then on */
	int campaigns;    /* that start on it, not cancelled */
	int approved;     /* of them, or further */
	bool is_due; /* draft_by has passed, it is not over, there is none */
};
typedef void (*calendar_cb)(const struct calendar_day *d, void *ctx);

/* The days of a year in the order of the file; a folder without a calendar.conf
 * has none. 0; TC_EINVAL with at least one more fault; other errors. */
int calendar_each(struct core *c, int year, struct faults *faults,
    calendar_cb cb, void *ctx) TC_MUSTCHECK;

/* For tincayd -t: is the file in this folder sound? 0 or TC_EINVAL. */
int calendar_check(const char *content_dir, struct faults *faults) TC_MUSTCHECK;

#endif
