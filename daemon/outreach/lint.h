/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_LINT_H
#define TINCAY_LINT_H

/*
 * What must be right about a campaign before people answer for it: a table of
 * rules (lint_rules.c), all of which are looked at, so that everything is said
 * at once.
 */

#include "outreach/variant.h"

enum finding_severity {
	FINDING_WARN,        /* worth knowing */
	FINDING_ACKNOWLEDGE, /* the approver must say that he has seen it */
	FINDING_REFUSE       /* must be mended */
};
const char *finding_severity_name(enum finding_severity s);

struct campaign_finding {
	const char *rule; /* "wording" */
	enum finding_severity severity;
	/* Whose text; NULL: the campaign as a whole. */
	const struct variant_key *key;
	int line; /* of that text, from 1; 0 = none of its own */
	char detail[192];
};
typedef void (*campaign_finding_cb)(
    const struct campaign_finding *f, void *ctx);

/* All that is to be said about it, v with its people counted. 0 or an error. */
int lint_campaign(struct core *c, const struct campaign *k,
    const struct variants *v, campaign_finding_cb cb, void *ctx) TC_MUSTCHECK;

/* May it go on? 0; TC_EINVAL: something must be mended; TC_ESTATE: a warning is
 * not among the acknowledged rules (separated by commas or spaces; NULL: nobody
 * has to yet). */
int lint_verdict(struct core *c, const struct campaign *k,
    const struct variants *v, const char *acknowledged,
    struct campaign_refusal *why) TC_MUSTCHECK;

/* --- between lint.c and lint_rules.c --- */

struct lint_run {
	struct core *core;
	const struct campaign *k;
	const struct variants *v;
	campaign_finding_cb cb;
	void *ctx;
	/* Set for each rule and text in turn. */
	const char *rule;
	enum finding_severity severity;
	const struct variant_key *key;
};

struct lint_rule {
	const char *id;
	enum finding_severity severity;
	/* One of these: for the campaign, for each text that somebody wrote, for
	 * each text that goes out. */
	int (*campaign)(struct lint_run *run);
	int (*source)(struct lint_run *run, const struct variant_source *s);
	int (*whole)(struct lint_run *run, const struct variant_text *t);
};
extern const struct lint_rule lint_rules[];
extern const size_t lint_nrules;

/* Tell a finding of the present rule and text; line 0 = none. */
void lint_find(struct lint_run *run, int line, const char *fmt, ...)
    TC_PRINTF(3, 4);

#endif
