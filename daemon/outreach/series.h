/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_SERIES_H
#define TINCAY_SERIES_H

/*
 * Series of texts by relative days: law tips week by week (M51), which people
 * join by SMS (NT 2), and reminders of health visits (M56), which somebody joins
 * at the desk, on paper, from a day that is agreed there.
 *
 *   draft ──> approved     the texts are frozen; two people answer for them
 *     └──────────┴──> cancelled
 *
 * Every text obeys the rules of campaigns when it is due: hours, texts a day and
 * a month, TC, the theme, hours of his own. What cannot go out within
 * SERIES_LATE_DAYS is left out. Texts of visits are neutral: they name nothing
 * that a phone in other hands should not say.
 */

#include "core.h"
#include "outreach/campaign.h"
#include "store/series.h"
#include "store/user.h"

#define SERIES_LATE_DAYS 3
#define SERIES_DAY_MAX 730

/* All inside a turn op. TC_EINVAL: a field, *why says which. */
int series_new(struct core *c, const struct user *author, struct series *r,
    struct campaign_refusal *why) TC_MUSTCHECK;
/* One text more, day days after the start; in the order of days. TC_ENOENT,
 * TC_ESTATE: no draft; TC_EINVAL: lint. */
int series_add(struct core *c, int64_t id, int day, const char *text,
    struct campaign_refusal *why) TC_MUSTCHECK;
/* TC_EDENIED: the author approves. */
int series_approve(struct core *c, const struct user *u, int64_t id,
    struct campaign_refusal *why) TC_MUSTCHECK;
int series_cancel(
    struct core *c, int64_t id, struct campaign_refusal *why) TC_MUSTCHECK;

/* One more gets it, by his consent on paper: from a day on (UTC). TC_ENOENT;
 * TC_ESTATE: it is not approved, or he has opted out, or may not be written to:
 * that he must take back himself. */
struct series_join {
	const char *number; /* canonical */
	int64_t start_at;
	const char *source, *collected_on, *collector;
};
int series_enrol(struct core *c, int64_t id, const struct series_join *join,
    struct campaign_refusal *why) TC_MUSTCHECK;

/* From intake: NT n. TC_ENOENT: there is none that is joined by SMS. */
int series_by_sms(
    struct core *c, const char *number, int n, int64_t *person_id) TC_MUSTCHECK;

#endif
