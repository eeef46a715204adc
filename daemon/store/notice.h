/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_NOTICE_H
#define TINCAY_STORE_NOTICE_H

/*
 * Texts to one person that he asked for, each due at a time: the reminder of an
 * event. A row has one state as a recipient of a campaign has; its message has
 * the same id. Verbs return as store.h says.
 */

#include "store/store.h"

struct notice {
	int64_t id, person_id;
	int64_t event_id;  /* either an event ... */
	int64_t series_id; /* ... or a text of a series; 0 = none */
	int step;          /* which text */
	int64_t due_at,
	    until_at;   /* UTC; from until_at on it is none any more */
	char state[16]; /* read only */
};
int store_notice_add(struct store *s, const struct notice *n) TC_MUSTCHECK;
int store_notice_get(
    struct store *s, int64_t id, struct notice *out) TC_MUSTCHECK;
/* The one that has been due longest, or TC_ENOENT; a look-up. */
int store_notice_due(
    struct store *s, int64_t now, struct notice *out) TC_MUSTCHECK;

/* fed: it is handed over now; a state in which nothing went out takes that
 * back. No row (he was forgotten) is no error. */
struct notice_state {
	int64_t id;
	const char *state, *reason;
	int64_t at;
};
int store_notice_set(
    struct store *s, const struct notice_state *n) TC_MUSTCHECK;
/* Not before a time. */
int store_notice_wait(
    struct store *s, int64_t id, const char *reason, int64_t at) TC_MUSTCHECK;
/* What is queued of an event has another time; is cancelled (person_id 0: of
 * everybody). How many. */
int store_notice_move(struct store *s, const struct notice *n) TC_MUSTCHECK;
int store_notice_cancel(struct store *s, int64_t event_id, int64_t person_id,
    int64_t now) TC_MUSTCHECK;
/* What could not be sent before its end is suppressed. How many. */
int store_notice_end(struct store *s, int64_t now) TC_MUSTCHECK;

/* What staff was told of a day of the calendar that begins at a time; each step
 * once. has: 1, 0. */
int store_told_has(
    struct store *s, const char *day, int64_t from, int step) TC_MUSTCHECK;
int store_told_add(
    struct store *s, const char *day, int64_t from, int step) TC_MUSTCHECK;

#endif
