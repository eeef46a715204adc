/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_DUE_H
#define TINCAY_DUE_H

/*
 * Everything of the desk that happens by itself when a time is over. One table
 * with an index on the time: nothing is scanned, and server.c sleeps until the
 * first of it. Each is a turn op of its own; one that fails is tried again in a
 * minute and does not stop the others.
 */

#include "core.h"
#include "store/case.h"

/* Stored: only add at the end. The subject is a case unless said otherwise. */
enum due_kind {
	DUE_CLAIM,     /* a claim that nobody touched ends */
	DUE_NEXT,      /* the next act that was planned */
	DUE_REFER,     /* an offer that nobody accepted ends */
	DUE_ACK,       /* nobody claimed it: the next step of the ladder */
	DUE_ALERT,     /* a user: what he was not told yet */
	DUE_HEARTBEAT, /* the daily text to everybody on duty */
	DUE_BAN,       /* the clock of a ban on contact */
	DUE_CHILD,     /* the clock of a child in danger */
	DUE_FLOOD,     /* is the flood over? */
	DUE_NKINDS
};

/* Set what is due of a case by its row, clear what is not any more. Called
 * whenever a case was written. */
int due_case(struct core *c, const struct case_row *k) TC_MUSTCHECK;

/* Set one; at 0 clears it. */
struct due_item {
	enum due_kind kind;
	int64_t subject, at;
	int step;
};
int due_set(struct core *c, const struct due_item *item) TC_MUSTCHECK;

/* UTC of the first; INT64_MAX: nothing is due. May be too early, never too
 * late. */
int64_t due_first(struct core *c);

/* Do what is due, at most DUE_MAX in one go. Returns how many. The caller
 * commits. */
#define DUE_MAX 256
int due_run(struct core *c);

#endif
