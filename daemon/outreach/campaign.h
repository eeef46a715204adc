/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CAMPAIGN_H
#define TINCAY_CAMPAIGN_H

/*
 * Campaigns: one approved text to some lists, one row a recipient.
 *
 *   draft ──> checked ──> approved ──> running <──> paused
 *     ^          │           │             └──> done
 *     └──────────┴───────────┘ any change
 *     any but done ──> cancelled
 *
 * Author and approver are two people (a CHECK of the schema says so too).
 * Approval freezes text, rules and recipients (their count and hash are kept);
 * later recipients can only be removed. Consent, opt-out, hours, budget and how
 * much one person had are looked at again for each recipient at the moment of
 * sending (outbox/rules.h).
 */

#include "core.h"
#include "outreach/people.h"
#include "store/campaign.h"
#include "store/user.h"
#include "util.h"

#define CAMPAIGN_NAME_MAX STORE_CAMPAIGN_NAME_MAX
#define CAMPAIGN_TEXT_MAX 1600 /* bytes */
#define CAMPAIGN_SEGMENTS_MAX 6

enum campaign_state {
	CAMPAIGN_DRAFT,
	CAMPAIGN_CHECKED,
	CAMPAIGN_APPROVED,
	CAMPAIGN_RUNNING,
	CAMPAIGN_PAUSED,
	CAMPAIGN_DONE,
	CAMPAIGN_CANCELLED,
	CAMPAIGN_NSTATES
};
const char *campaign_state_name(enum campaign_state s);

/* The sum of all counts is .total: nobody is forgotten. */
struct campaign_counts {
	int64_t total, queued, sending, sent, delivered, partly, undelivered,
	    no_report, uncertain, failed, suppressed, cancelled;
};

struct campaign {
	enum campaign_state state;
	struct campaign_row row;
	char text[CAMPAIGN_TEXT_MAX];
	struct campaign_counts counts;
};

/* Why a step was refused, fixed English words for the problem's detail; "" when
 * it was not. */
struct campaign_refusal {
	char reason[192];
};

/* What a draft says; NULL and -1 leave what there was. */
struct campaign_draft {
	const char *name, *text;
	const char *const *lists; /* 1 to CAMPAIGN_LISTS_MAX names */
	size_t nlists;            /* 0: as they were */
	const char *theme, *legal_basis, *review_on, *budget_source;
	const char *script; /* of who has not chosen: "accented", "bare" */
	int64_t plan_year, start_at, end_at, send_from, send_until, per_day,
	    per_month, budget, canary, canary_minutes, is_drill, is_pupil_safe;
};
/* Everything NULL and -1. */
extern const struct campaign_draft campaign_draft_empty;

/* All inside a turn op. TC_ENOENT: list; TC_EINVAL: a field, reason says why
 * (not UTF-8, too long, lint). */
int campaign_new(struct core *c, const struct user *author,
    const struct campaign_draft *draft, int64_t *id,
    struct campaign_refusal *why) TC_MUSTCHECK;
/* Any change makes it a draft again that needs another check and approval.
 * Also TC_ENOENT: no such campaign; TC_ESTATE: it has been started. */
int campaign_edit(struct core *c, int64_t id,
    const struct campaign_draft *draft,
    struct campaign_refusal *why) TC_MUSTCHECK;
/* Drafts of all campaigns of one plan year for another, their days moved by
 * whole years; u is their author. How many, or an error. */
int campaign_copy_year(
    struct core *c, const struct user *u, int from, int to) TC_MUSTCHECK;

int campaign_get(struct core *c, int64_t id, struct campaign *out) TC_MUSTCHECK;
typedef int (*campaign_cb)(const struct campaign *k, void *ctx);
/* Newest first. */
int campaign_each(struct core *c, campaign_cb cb, void *ctx) TC_MUSTCHECK;

/* What it would cost and when it would be over, were it started now. Of a draft
 * as if all got its own text; once it is checked, each his variant; once it is
 * approved, those who are left as all of them on an average. */
struct campaign_estimate {
	int64_t recipients;
	int64_t segments, cost; /* of all of them; dong */
	int bare_segments;      /* of its own text without its accents */
	int64_t bare_cost;      /* of all without accents */
	int64_t ends_at;        /* UTC; 0 = unknown: no modem, or over a year */
};
/* v: its texts with their people as variants_count() counted them; NULL: they
 * are counted here when that is needed. */
struct variants;
int campaign_estimate(struct core *c, const struct campaign *k,
    const struct variants *v, struct campaign_estimate *out) TC_MUSTCHECK;

/* check (lint), approve, start, pause, resume, go on (beyond the canary),
 * cancel. TC_ENOENT, TC_ESTATE (illegal move; it would not end in time),
 * TC_EDENIED (author approves), TC_EINVAL (lint). */
enum campaign_act {
	CAMPAIGN_CHECK,
	CAMPAIGN_APPROVE,
	CAMPAIGN_START,
	CAMPAIGN_PAUSE,
	CAMPAIGN_RESUME,
	CAMPAIGN_CANCEL,
	CAMPAIGN_CONTINUE
};
int campaign_do(struct core *c, const struct user *u, int64_t id,
    enum campaign_act act, struct campaign_refusal *why) TC_MUSTCHECK;
/* Approve and take these warnings of the lint upon oneself: names of rules,
 * separated by commas or spaces. As campaign_do(); TC_ESTATE: one is missing. */
int campaign_approve(struct core *c, const struct user *u, int64_t id,
    const char *acknowledged, struct campaign_refusal *why) TC_MUSTCHECK;
/* Resume with another budget (dong, 0 = none) in place of the one that is used
 * up. As campaign_do(). */
int campaign_resume(struct core *c, const struct user *u, int64_t id,
    int64_t budget, struct campaign_refusal *why) TC_MUSTCHECK;

#endif
