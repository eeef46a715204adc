/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_CAMPAIGN_H
#define TINCAY_STORE_CAMPAIGN_H

/* Campaigns and their recipients. Verbs return as store.h says. */

#include "store/store.h"

struct buf;

#define STORE_CAMPAIGN_NAME_MAX 80

struct campaign_row {
	int64_t id;
	char name[STORE_CAMPAIGN_NAME_MAX], list[64];
	int plan_year;
	char state[12];
	char author[40], approver[40];
	int64_t author_id, list_id;
	int64_t created_at, approved_at, started_at, ended_at;
	char coding[8];
	int segments;
};

int store_campaign_add(struct store *s, const struct campaign_row *c,
    const struct buf *text_box) TC_MUSTCHECK;
int store_campaign_get(
    struct store *s, int64_t id, struct campaign_row *out) TC_MUSTCHECK;
int store_campaign_text(
    struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;
typedef int (*store_campaign_cb)(const struct campaign_row *c, void *ctx);
/* Newest first. */
int store_campaign_each(
    struct store *s, store_campaign_cb cb, void *ctx) TC_MUSTCHECK;

/* from -> to. approver_id 0 keeps it. Stamps approved_at, started_at (the first
 * time) or ended_at by the new state. TC_ESTATE when it is not in `from`, or a
 * CHECK refuses (author = approver). */
struct campaign_move {
	int64_t id;
	const char *from, *to;
	int64_t approver_id, now;
};
int store_campaign_move(
    struct store *s, const struct campaign_move *m) TC_MUSTCHECK;

/* The running campaign that started first and has somebody queued, or
 * TC_ENOENT. */
int store_campaign_next(struct store *s, struct campaign_row *out) TC_MUSTCHECK;

/* Freeze: one row for each consenting member of the list, each person once.
 * Returns how many. */
int store_recipient_freeze(struct store *s, int64_t campaign_id) TC_MUSTCHECK;
/* A queued recipient, of this operator when there is one ("" = any), or
 * TC_ENOENT. */
int store_recipient_next(struct store *s, int64_t campaign_id,
    const char *operator_name, int64_t *person_id) TC_MUSTCHECK;
struct recipient {
	int64_t campaign_id, person_id;
	const char *state, *reason;
	int64_t at;
};
int store_recipient_set(
    struct store *s, const struct recipient *r) TC_MUSTCHECK;
/* queued -> cancelled for all. Returns how many. */
int store_recipient_cancel(
    struct store *s, int64_t campaign_id, int64_t now) TC_MUSTCHECK;
/* True (1) while somebody is queued or sending. */
int store_recipient_open(struct store *s, int64_t campaign_id) TC_MUSTCHECK;
typedef void (*store_recipient_count_cb)(
    const char *state, int64_t n, void *ctx);
int store_recipient_counts(struct store *s, int64_t campaign_id,
    store_recipient_count_cb cb, void *ctx) TC_MUSTCHECK;

#endif
