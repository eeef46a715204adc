/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_DUTY_H
#define TINCAY_STORE_DUTY_H

/* Who is on duty, on what number, and what he was not told yet; and the clocks
 * that the law sets. Verbs return as store.h says. */

#include "store/user.h"

struct buf;

/* The boxed number of a user; box NULL takes it away. */
int store_phone_set(
    struct store *s, int64_t user_id, const struct buf *box) TC_MUSTCHECK;
/* Appended to out; TC_ENOENT. */
int store_phone_get(
    struct store *s, int64_t user_id, struct buf *out) TC_MUSTCHECK;

struct duty_term {
	int64_t id;
	char agency[AGENCY_CODE_MAX];
	int64_t user_id, deputy_id;                      /* deputy 0 = none */
	char user[USER_NAME_MAX], deputy[USER_NAME_MAX]; /* read only */
	int64_t starts_at, ends_at;
	int64_t taken_at; /* 0: not taken over yet */
};
/* Replaces what the agency had from the same time on. */
int store_duty_set(struct store *s, const struct duty_term *t) TC_MUSTCHECK;
/* The term of an agency at a time, of several the one that began last; TC_ENOENT
 * when nobody is on duty. */
int store_duty_at(struct store *s, const char *agency, int64_t at,
    struct duty_term *out) TC_MUSTCHECK;
typedef int (*store_duty_cb)(const struct duty_term *t, void *ctx);
/* Terms that end after a time; agency NULL: of all. */
int store_duty_each(struct store *s, const char *agency, int64_t after,
    store_duty_cb cb, void *ctx) TC_MUSTCHECK;
/* A user takes over what begins until a time and is not over. How many terms. */
int store_duty_take(
    struct store *s, int64_t user_id, int64_t now, int64_t until) TC_MUSTCHECK;

struct alert_row {
	int64_t user_id;
	char queue[64], code[12]; /* of the most urgent case that waits */
	int urgency;
	int waiting; /* how many */
	int64_t sent_at, hour;
	int sent; /* in that hour */
};
/* All 0 when there is no row yet. */
int store_alert_get(
    struct store *s, int64_t user_id, struct alert_row *out) TC_MUSTCHECK;
int store_alert_set(struct store *s, const struct alert_row *a) TC_MUSTCHECK;

struct case_clock {
	int64_t case_id;
	const char *clock; /* "ban", "child" */
	int64_t started_at, due_at, stopped_at;
	const char *act;
};
int store_clock_start(struct store *s, const struct case_clock *k) TC_MUSTCHECK;
/* TC_ENOENT: it does not run. */
int store_clock_stop(struct store *s, const struct case_clock *k) TC_MUSTCHECK;
typedef int (*store_clock_cb)(const struct case_clock *k, void *ctx);
int store_clock_each(struct store *s, int64_t case_id, store_clock_cb cb,
    void *ctx) TC_MUSTCHECK;

#endif
