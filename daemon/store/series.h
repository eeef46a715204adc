/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_SERIES_H
#define TINCAY_STORE_SERIES_H

/* Series of texts by relative days, and who gets them. Verbs return as store.h
 * says. */

#include "store/store.h"
#include "store/user.h"

struct buf;

#define SERIES_NAME_MAX 64
#define SERIES_THEME_MAX 16
#define SERIES_STEPS_MAX 60

struct series {
	int64_t id;
	int number;     /* what people text: NT 2 */
	bool is_visits; /* reminders of visits: neutral, joined at the desk */
	char name[SERIES_NAME_MAX], theme[SERIES_THEME_MAX];
	char state[12]; /* "draft", "approved", "cancelled" */
	int64_t author_id, created_at;
	int per_day, per_month;
	/* read only */
	char author[USER_NAME_MAX], approver[USER_NAME_MAX];
	int64_t members, nsteps, sent, queued;
};
int store_series_add(struct store *s, const struct series *r) TC_MUSTCHECK;
int store_series_get(
    struct store *s, int64_t id, struct series *out) TC_MUSTCHECK;
/* The approved one of this number; TC_ENOENT. */
int store_series_by_number(
    struct store *s, int number, struct series *out) TC_MUSTCHECK;
typedef int (*store_series_cb)(const struct series *r, void *ctx);
int store_series_each(
    struct store *s, store_series_cb cb, void *ctx) TC_MUSTCHECK;
/* The smallest number that is free. */
int store_series_free_number(struct store *s, int *number) TC_MUSTCHECK;
/* TC_ESTATE. Cancelled: what is queued goes with it. */
int store_series_approve(
    struct store *s, int64_t id, int64_t approver_id) TC_MUSTCHECK;
int store_series_cancel(struct store *s, int64_t id, int64_t now) TC_MUSTCHECK;

struct series_step {
	int step, day; /* from 1 on; days after the start */
	int segments;
};
/* TC_EEXIST: there is a text for that day. */
int store_series_add_step(struct store *s, int64_t id,
    const struct series_step *step, const struct buf *text_box) TC_MUSTCHECK;
int store_series_step(struct store *s, int64_t id, int step,
    struct series_step *out) TC_MUSTCHECK;
/* Append the boxed text to out. */
int store_series_text(
    struct store *s, int64_t id, int step, struct buf *out) TC_MUSTCHECK;

/* He gets it from now on; what was queued for him is gone. */
int store_member_join(struct store *s, int64_t series_id, int64_t person_id,
    int64_t now) TC_MUSTCHECK;
/* Since when; TC_ENOENT. */
int store_member_at(struct store *s, int64_t series_id, int64_t person_id,
    int64_t *at) TC_MUSTCHECK;

#endif
