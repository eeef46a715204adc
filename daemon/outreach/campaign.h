/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_CAMPAIGN_H
#define TINCAY_CAMPAIGN_H

/*
 * Campaigns: one approved text to a list, one row a recipient.
 *
 *   draft ──> checked ──> approved ──> running <──> paused
 *                                         └──> done
 *     any but done ──> cancelled
 *
 * Author and approver are two people (a CHECK of the schema says so too).
 * Approval freezes text and recipients; later they can only be removed.
 * Consent, opt-out and sending hours are looked at again for each recipient at
 * the moment of sending (outbox).
 */

#include "core.h"
#include "util.h"
#include "outreach/people.h"
#include "store/user.h"

#define CAMPAIGN_NAME_MAX 80
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
	int64_t id;
	char name[CAMPAIGN_NAME_MAX], list[LIST_NAME_MAX];
	int plan_year;
	enum campaign_state state;
	char author[USER_NAME_MAX], approver[USER_NAME_MAX];
	int64_t created_at, approved_at, started_at, ended_at;
	char text[CAMPAIGN_TEXT_MAX];
	char coding[8]; /* "gsm7", "ucs2" */
	unsigned segments;
	struct campaign_counts counts;
};

/* Why a step was refused, fixed English words for the problem's detail; "" when
 * it was not. */
struct campaign_refusal {
	char reason[128];
};

/* All inside a turn op. TC_ENOENT: list; TC_EINVAL: text or name, reason says
 * why (not UTF-8, too long, lint). */
struct campaign_draft {
	const char *name, *list, *text;
	int plan_year;
};
int campaign_new(struct core *c, const struct user *author,
    const struct campaign_draft *draft, int64_t *id,
    struct campaign_refusal *why) TC_MUSTCHECK;
int campaign_get(struct core *c, int64_t id, struct campaign *out) TC_MUSTCHECK;
typedef int (*campaign_cb)(const struct campaign *k, void *ctx);
int campaign_each(struct core *c, campaign_cb cb, void *ctx) TC_MUSTCHECK;

/* check (lint, cost), approve, start, pause, resume, cancel. TC_ENOENT,
 * TC_ESTATE (illegal move), TC_EDENIED (author approves), TC_EINVAL (lint). */
enum campaign_act {
	CAMPAIGN_CHECK,
	CAMPAIGN_APPROVE,
	CAMPAIGN_START,
	CAMPAIGN_PAUSE,
	CAMPAIGN_RESUME,
	CAMPAIGN_CANCEL
};
int campaign_do(struct core *c, const struct user *u, int64_t id,
    enum campaign_act act, struct campaign_refusal *why) TC_MUSTCHECK;

#endif
