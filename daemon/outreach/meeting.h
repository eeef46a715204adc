/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MEETING_H
#define TINCAY_MEETING_H

/*
 * Meetings that people sign up for by SMS (M05, M13, M36): SU KIEN is the next
 * one, SK 2 that with the number 2, HUYSK takes it back.
 *
 *   draft ──> approved ──> (over)      any change makes it a draft again
 *     └───────────┴──────> cancelled
 *
 * Two people answer for it as for a campaign: what is not approved takes no
 * guests and reminds nobody. Whoever signs up is reminded on the day before, in
 * sending hours, with name, time and place. That is all he has agreed to: he
 * becomes no subscriber by it, and it has nothing to do with who asked for help
 * (R8). The place is one of public meetings, and the lint of automatic texts
 * looks at it (M19).
 */

#include "core.h"
#include "outreach/campaign.h"
#include "store/meeting.h"
#include "store/user.h"

/* NULL and 0 leave what there was. */
struct meeting_draft {
	const char *name, *place;
	int64_t starts_at;        /* UTC */
	const char *const *lists; /* who is invited: names */
	size_t nlists;
};

/* All inside a turn op. TC_ENOENT: no such event, or list; TC_EINVAL: a field,
 * TC_ESTATE: it is over, cancelled; *why says so. */
int meeting_new(struct core *c, const struct user *author,
    const struct meeting_draft *draft, int64_t *id,
    struct campaign_refusal *why) TC_MUSTCHECK;
int meeting_edit(struct core *c, int64_t id, const struct meeting_draft *draft,
    struct campaign_refusal *why) TC_MUSTCHECK;

enum meeting_act {
	MEETING_APPROVE,
	MEETING_CANCEL
};
/* Also TC_EDENIED: the author approves; TC_EINVAL: its reminder could not be
 * sent (lint, length). */
int meeting_do(struct core *c, const struct user *u, int64_t id,
    enum meeting_act act, struct campaign_refusal *why) TC_MUSTCHECK;

/* --- from intake; number is canonical --- */

/* Sign up for event n, 0: the next one. TC_ENOENT: there is none. */
int meeting_join(
    struct core *c, const char *number, int n, int64_t *person_id) TC_MUSTCHECK;
/* Take it back, of event n or (0) of the next one that he signed up for.
 * TC_ENOENT: he is on none. */
int meeting_leave(
    struct core *c, const char *number, int n, int64_t *person_id) TC_MUSTCHECK;

#endif
