/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_LEGAL_H
#define TINCAY_LEGAL_H

/*
 * The two clocks of twelve hours that the law sets: "ban", from the request for
 * a ban on contact to the decision of the chairman of the commune; "child",
 * from the report of a child in serious danger to the emergency measures. Each
 * is started and stopped by a named act:
 *
 *   ban    requested -> decided | refused | withdrawn
 *   child  reported  -> measures | no_danger
 *
 * Two hours before the end, and at the end, whoever is on duty in the agencies
 * that see the case and in UBND is texted. Inside a turn op.
 */

#include "core.h"
#include "store/case.h"
#include "store/user.h"

#define LEGAL_S (12 * 3600)

/* By anybody whose agency can open the case. Starting what runs, or stopping
 * what does not: TC_ESTATE. TC_EINVAL: no such clock or act; TC_ENOENT;
 * TC_EDENIED: it is only offered to his agency. */
int legal_act(struct core *c, const struct user *u, const char *code,
    const char *act) TC_MUSTCHECK;

struct legal_clock {
	const char *clock, *act;
	int64_t started_at, due_at, stopped_at; /* stopped 0 = runs */
};
int legal_each(struct core *c, const struct user *u, const char *code,
    int (*cb)(const struct legal_clock *k, void *ctx), void *ctx) TC_MUSTCHECK;

/* For due.c: soon (step 0) or now (step 1) the time is over. */
int legal_ban_due(struct core *c, int64_t case_id, int step) TC_MUSTCHECK;
int legal_child_due(struct core *c, int64_t case_id, int step) TC_MUSTCHECK;

#endif
