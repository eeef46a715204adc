/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_OUTBOX_RULES_H
#define TINCAY_OUTBOX_RULES_H

/*
 * What a campaign may do and how much one person may get, looked at when a
 * modem has time for the next recipient: nothing here was decided before.
 */

#include "core.h"
#include "store/campaign.h"
#include "store/person.h"

/* Texts of campaigns to one person in 24 hours, whatever anybody sets. */
#define RULES_PER_24H 3
/* Who has had enough waits at most so long; then this text is none for him. */
#define RULES_WAIT_S (3 * 24 * 3600)

struct rules_verdict {
	const char *refusal;  /* fixed word: he gets nothing; NULL = he may */
	int64_t wait_until;   /* UTC; 0 = now */
	const char *wait;     /* fixed word: why he waits */
	struct person person; /* when he may: who it is */
};

/* How much of one kind of text; end_at: it is none any more from then on, 0 =
 * open. */
struct rules_limits {
	int per_day, per_month;
	int64_t end_at;
};
/* How much he had, and his own quiet hours: sets the wait, or the refusal when
 * that is too long. 0 or an error. */
int outbox_rules_wait(struct core *c, const struct rules_limits *limits,
    const struct person *p, struct rules_verdict *out) TC_MUSTCHECK;

/* When his quiet hours that are now are over, UTC; 0: they are not now. */
int64_t outbox_rules_quiet(const struct core *c, const struct person *p);

/* May this person get a text of this campaign now? 0 or an error. */
int outbox_rules_person(struct core *c, const struct campaign_row *k,
    int64_t person_id, struct rules_verdict *out) TC_MUSTCHECK;

/* Does one more message of so many segments fit the budget? *cost is what it
 * costs. */
bool outbox_rules_budget(const struct core *c, const struct campaign_row *k,
    int segments, int64_t *cost);

#endif
