/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DESK_PRIVATE_H
#define TINCAY_DESK_PRIVATE_H

/* What the files of desk/ share. */

#include "core.h"
#include "store/case.h"
#include "store/user.h"

#define AGENCY_TRIAGE "TRIAGE"
#define AGENCY_RECOVERY "RECOVERY"

/* The one setter of a case's state, in memory: 0, or TC_ESTATE when the move is
 * not in the table. */
int desk_move(struct case_row *k, const char *to) TC_MUSTCHECK;
bool desk_is(const struct case_row *k, const char *state);

/* Nobody has it any more, in memory. */
void desk_unclaim(struct case_row *k);

/* Append a line to the hash-chained ledger; u NULL: the system. detail: fixed
 * words, a code or a name; "" = none. */
int desk_log(struct core *c, int64_t case_id, const char *act,
    const char *detail, const struct user *u) TC_MUSTCHECK;

/* After the commit wake whoever waits for a queue of this case. */
int desk_changed(struct core *c, int64_t case_id) TC_MUSTCHECK;

/* An act on a case: write what changed, its ledger line, wake who waits. */
struct desk_act {
	const char *act;
	const char *detail;   /* NULL: "" */
	const struct user *u; /* NULL: the system */
};
int desk_write(struct core *c, struct case_row *k,
    const struct desk_act *act) TC_MUSTCHECK;

/* In memory: the user has the case and must touch it. TC_ESTATE. */
int desk_take(struct case_row *k, const struct user *u) TC_MUSTCHECK;

/* The case that this user has: 0 or as act.h says. */
int desk_own(struct core *c, const struct user *u, const char *code,
    struct case_row *k) TC_MUSTCHECK;

/* In memory: a sign of work of whoever has it, active. TC_ESTATE. */
int desk_touch(struct case_row *k) TC_MUSTCHECK;

/* When somebody must have looked at a case of this urgency, from t on. */
int64_t desk_due(const struct core *c, int urgency, int64_t t);

#endif
