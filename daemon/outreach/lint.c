/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks the rules over a campaign (lint.h). Called by campaign.c and http/. */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "outreach/campaign_private.h"
#include "outreach/lint.h"

static const char *const severity_names[] = {
    [FINDING_WARN] = "warn",
    [FINDING_ACKNOWLEDGE] = "acknowledge",
    [FINDING_REFUSE] = "refuse",
};

const char *
finding_severity_name(enum finding_severity s)
{
	return (unsigned)s < TC_NELEM(severity_names) ? severity_names[s] : "?";
}

void
lint_find(struct lint_run *run, int line, const char *fmt, ...)
{
	struct campaign_finding f = {.rule = run->rule,
	    .severity = run->severity,
	    .key = run->key,
	    .line = line};
	va_list ap;

	va_start(ap, fmt);
	/* Fixed words and short names: nothing is cut. */
	(void)vsnprintf(f.detail, sizeof(f.detail), fmt, ap);
	va_end(ap);
	run->cb(&f, run->ctx);
}

static int
lint_rule_run(struct lint_run *run, const struct lint_rule *rule)
{
	const struct variants *v = run->v;
	size_t i;
	int rc = 0;

	run->rule = rule->id;
	run->severity = rule->severity;
	run->key = NULL;
	if (rule->campaign != NULL)
		return rule->campaign(run);
	for (i = 0; rc == 0 && rule->source != NULL && i < v->nsources; i++) {
		run->key = &v->sources[i].row.key;
		rc = rule->source(run, &v->sources[i]);
	}
	for (i = 0; rc == 0 && rule->whole != NULL && i < v->ntexts; i++) {
		run->key = &v->texts[i].row.key;
		rc = rule->whole(run, &v->texts[i]);
	}
	return rc;
}

int
lint_campaign(struct core *c, const struct campaign *k,
    const struct variants *v, campaign_finding_cb cb, void *ctx)
{
	struct lint_run run = {.core = c, .k = k, .v = v, .cb = cb, .ctx = ctx};
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < lint_nrules; i++)
		rc = lint_rule_run(&run, &lint_rules[i]);
	return rc;
}

struct verdict {
	const char *acknowledged;
	bool is_refused;
	const char *missing; /* the first rule that nobody acknowledged */
};

/* Is the word on the list? */
static bool
verdict_has(const char *list, const char *word)
{
	size_t len = strlen(word), n;

	for (; *list != '\0'; list += n + (list[n] != '\0')) {
		n = strcspn(list, ", ");
		if (n == len && memcmp(list, word, n) == 0)
			return true;
	}
	return false;
}

static void
verdict_cb(const struct campaign_finding *f, void *ctx)
{
	struct verdict *v = ctx;

	v->is_refused |= f->severity == FINDING_REFUSE;
	if (f->severity == FINDING_ACKNOWLEDGE && v->missing == NULL &&
	    v->acknowledged != NULL && !verdict_has(v->acknowledged, f->rule))
		v->missing = f->rule;
}

int
lint_verdict(struct core *c, const struct campaign *k, const struct variants *v,
    const char *acknowledged, struct campaign_refusal *why)
{
	struct verdict verdict = {.acknowledged = acknowledged};
	char reason[sizeof(why->reason)];
	int rc;

	rc = lint_campaign(c, k, v, verdict_cb, &verdict);
	if (rc != 0)
		return rc;
	if (verdict.is_refused)
		return campaign_refuse(why, TC_EINVAL,
		    "the check found what must be mended first");
	if (verdict.missing == NULL)
		return 0;
	rc = str_printf(reason, sizeof(reason),
	    "a warning of the check is not acknowledged: %s", verdict.missing);
	return rc != 0 ? rc : campaign_refuse(why, TC_ESTATE, reason);
}
