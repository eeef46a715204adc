/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_SEAL_H
#define TINCAY_STORE_SEAL_H

/*
 * The copies of a case's key, one an agency, and to whom she agreed.
 *
 *   withheld ──show──> shown ──release──> released
 *      ^                  │
 *      └────withhold──────┘
 *
 * Shown: in the agency's queue, it cannot be opened. Released is for good. After
 * a copy was shown or released store_case_update() gives it its place in the
 * queue. Verbs return as store.h says.
 */

#include "store/case.h"

struct buf;

/* Where a copy is on the ladder. */
enum rung {
	RUNG_FIRST = 0,
	RUNG_SECOND = 10, /* and on: one each, in their order */
	RUNG_TRIAGE = 50,
	RUNG_RECOVERY = 90,
	RUNG_REFERRAL = 100 /* sealed anew by whoever had it */
};

struct case_seal {
	int64_t case_id;
	const char *agency;
	unsigned char sealed[80];
	int rung;
	int64_t released_at; /* 0 = withheld */
};
int store_seal_add(struct store *s, const struct case_seal *seal) TC_MUSTCHECK;

/* A released copy; else TC_ENOENT. */
int store_seal_get(struct store *s, int64_t case_id, const char *agency,
    unsigned char sealed[80]) TC_MUSTCHECK;

/* Whose copy. TC_ENOENT: the agency has none. */
struct seal_of {
	int64_t case_id;
	const char *agency;
};
int store_seal_show(
    struct store *s, const struct seal_of *of, int64_t now) TC_MUSTCHECK;
int store_seal_release(
    struct store *s, const struct seal_of *of, int64_t now) TC_MUSTCHECK;
/* Out of the queue again, unless it was released; one that was made for a
 * referral is destroyed. */
int store_seal_withhold(struct store *s, const struct seal_of *of) TC_MUSTCHECK;

/* The lowest withheld or shown copy between two rungs; TC_ENOENT. */
int store_seal_next(struct store *s, int64_t case_id, const int rungs[2],
    char agency[AGENCY_CODE_MAX]) TC_MUSTCHECK;

/* Take an agency's copy away, and its code out of the queue in c. When nobody
 * sees the case any more, the copy of TRIAGE is released, or the next one.
 * TC_ENOENT: it has none, it is the last that can see the case, or one of its
 * users has claimed it. */
int store_seal_refuse(struct store *s, struct case_row *c, const char *agency,
    int64_t now) TC_MUSTCHECK;

typedef void (*store_agency_cb)(const char *agency, void *ctx);
/* The agencies that see the case. */
int store_seal_each(struct store *s, int64_t case_id, store_agency_cb cb,
    void *ctx) TC_MUSTCHECK;

/* Who reported a case, sealed to its public key (R26); the first one stays. */
int store_reporter_add(struct store *s, int64_t case_id, int64_t at,
    const struct buf *sealed) TC_MUSTCHECK;
/* Appended to out; TC_ENOENT: it is no report. */
int store_reporter_get(
    struct store *s, int64_t case_id, struct buf *out) TC_MUSTCHECK;

/* What she said about an agency (R19); the last word counts. */
struct scope {
	int64_t case_id, at, user_id;
	const char *agency;
	const char *how; /* "voice", "person" or "text" */
	bool is_given;
};
int store_scope_add(struct store *s, const struct scope *k) TC_MUSTCHECK;
/* 1 she agreed, 0 not, or an error. */
int store_scope_given(
    struct store *s, int64_t case_id, const char *agency) TC_MUSTCHECK;
typedef int (*store_scope_cb)(const struct scope *k, void *ctx);
int store_scope_each(struct store *s, int64_t case_id, store_scope_cb cb,
    void *ctx) TC_MUSTCHECK;

#endif
