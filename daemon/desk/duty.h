/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DUTY_H
#define TINCAY_DUTY_H

/*
 * The roster: who of an agency is texted when a case waits, and who when he
 * does not answer. A term has a person and perhaps a deputy; until the person
 * has taken it over, whoever was on duty before is texted, too. Every day
 * everybody on duty gets a text that says nothing but that the machine lives:
 * its absence is the alarm. With it the head of the ledger goes to the reviewers.
 *
 * Inside a turn op, but for what only reads.
 */

#include "core.h"
#include "store/duty.h"

struct duty_wish {
	const char *agency, *user;
	const char *deputy; /* "" = none */
	int64_t starts_at, ends_at;
};
/* Replaces a term of that agency that begins at the same time. TC_EINVAL: not a
 * time to come, no such agency, or no active handler of it. */
int duty_set(struct core *c, const struct duty_wish *wish) TC_MUSTCHECK;

/* The user takes over his terms that run or begin within a day. How many. */
int duty_take(struct core *c, const struct user *u) TC_MUSTCHECK;

/* The number on which a user is texted (canonical), NULL takes it away. What
 * comes from it is not for his agency, as for every number of his household. */
int duty_set_phone(
    struct core *c, int64_t user_id, const char *number) TC_MUSTCHECK;

enum duty_who {
	DUTY_PERSON,
	DUTY_DEPUTY
};
/* The active users of an agency to be texted now: the person (and who has not
 * handed over yet), or the deputy; the person when there is no deputy. How
 * many, 0 = nobody is on duty, or an error. */
#define DUTY_USERS_MAX 2
int duty_users(struct core *c, const char *agency, enum duty_who who,
    int64_t users[DUTY_USERS_MAX]) TC_MUSTCHECK;

/* The next daily text is due (due.h); once at start and after a reload. */
int duty_plan_heartbeat(struct core *c) TC_MUSTCHECK;
int duty_heartbeat(struct core *c, int64_t subject, int step) TC_MUSTCHECK;

#endif
