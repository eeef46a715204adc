/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_CAMPAIGN_H
#define TINCAY_STORE_CAMPAIGN_H

/* Campaigns and their recipients. Verbs return as store.h says. */

#include "store/store.h"

struct buf;

#define STORE_CAMPAIGN_NAME_MAX 80
#define CAMPAIGN_LISTS_MAX 8

struct campaign_row {
	int64_t id;
	char name[STORE_CAMPAIGN_NAME_MAX];
	char lists[CAMPAIGN_LISTS_MAX * 64]; /* names, a line each */
	int plan_year;
	char state[12];
	char reason[16]; /* why it is paused */
	char author[40], approver[40];
	int64_t author_id;
	int64_t created_at, approved_at, started_at, ended_at;
	char coding[8];
	int segments;
	char theme[16], legal_basis[80], review_on[11];
	int64_t start_at, end_at;  /* UTC; 0 = at once, open */
	int send_from, send_until; /* minutes of the day */
	int per_day, per_month;    /* campaign texts that one person may get */
	int64_t budget, spent;     /* dong; budget 0 = none */
	char budget_source[40];
	int canary, canary_minutes; /* so many first; 0 minutes: until go-on */
	int64_t canary_at;          /* 0 = not so many yet */
	bool went_on;
	int64_t fed; /* recipients that became messages */
	bool is_drill;
	int64_t frozen; /* recipients at approval */
	unsigned char frozen_hash[32];
};

int store_campaign_add(struct store *s, const struct campaign_row *c,
    const struct buf *text_box) TC_MUSTCHECK;
/* Back to draft with everything that a draft says: recipients, lists and
 * approval are gone. text_box NULL: the text stays. */
int store_campaign_edit(struct store *s, const struct campaign_row *c,
    const struct buf *text_box) TC_MUSTCHECK;
int store_campaign_add_list(
    struct store *s, int64_t id, int64_t list_id) TC_MUSTCHECK;
int store_campaign_get(
    struct store *s, int64_t id, struct campaign_row *out) TC_MUSTCHECK;
int store_campaign_text(
    struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;
typedef int (*store_campaign_cb)(const struct campaign_row *c, void *ctx);
/* Newest first. year 0: all. */
int store_campaign_each(
    struct store *s, int year, store_campaign_cb cb, void *ctx) TC_MUSTCHECK;

/* from -> to. approver_id 0 keeps it. Stamps approved_at, started_at (the first
 * time) or ended_at by the new state. TC_ESTATE when it is not in `from`, or a
 * CHECK refuses (author = approver). */
struct campaign_move {
	int64_t id;
	const char *from, *to;
	const char *reason; /* NULL = "" */
	int64_t approver_id, now;
};
int store_campaign_move(
    struct store *s, const struct campaign_move *m) TC_MUSTCHECK;

/* Beyond the canary; another budget. */
int store_campaign_go_on(struct store *s, int64_t id) TC_MUSTCHECK;
int store_campaign_set_budget(
    struct store *s, int64_t id, int64_t budget) TC_MUSTCHECK;

/* The running campaign that started first, may send now (start, end, hours,
 * canary) and has somebody queued, or TC_ENOENT. */
struct campaign_hour {
	int64_t now;
	int minute; /* of the day in the commune */
};
int store_campaign_next(struct store *s, const struct campaign_hour *h,
    struct campaign_row *out) TC_MUSTCHECK;
/* A running campaign whose end has passed, or TC_ENOENT. */
int store_campaign_overdue(
    struct store *s, int64_t now, int64_t *id) TC_MUSTCHECK;

/* One more recipient became a message of this cost; or it was taken back. */
int store_campaign_feed(
    struct store *s, int64_t id, int64_t cost, int64_t now) TC_MUSTCHECK;
int store_campaign_unfeed(
    struct store *s, int64_t id, int64_t cost) TC_MUSTCHECK;
/* One more segment of the campaign that a message is of is on the air. */
int store_campaign_segment(
    struct store *s, int64_t message_id, const char *modem) TC_MUSTCHECK;
typedef void (*store_ledger_cb)(const char *modem, int64_t segments, void *ctx);
int store_campaign_ledger(
    struct store *s, int64_t id, store_ledger_cb cb, void *ctx) TC_MUSTCHECK;

/* Those who would be recipients now. */
int store_audience_count(
    struct store *s, int64_t campaign_id, int64_t *n) TC_MUSTCHECK;
/* Freeze: one row for each of them, each person once. Returns how many. */
int store_recipient_freeze(struct store *s, int64_t campaign_id) TC_MUSTCHECK;
typedef int (*store_recipient_cb)(int64_t person_id, void *ctx);
/* In id order. */
int store_recipient_each(struct store *s, int64_t campaign_id,
    store_recipient_cb cb, void *ctx) TC_MUSTCHECK;
int store_campaign_set_frozen(struct store *s, int64_t id, int64_t n,
    const unsigned char hash[32]) TC_MUSTCHECK;
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
/* A queued one waits until then (r->at) for the reason given; who has waited
 * long enough is in the queue again. wake: how many. */
int store_recipient_wait(
    struct store *s, const struct recipient *r) TC_MUSTCHECK;
int store_recipient_wake(struct store *s, int64_t now) TC_MUSTCHECK;
/* When this person got campaign texts since then, newest first, at most max:
 * how many. */
int store_recipient_fed(struct store *s, int64_t person_id, int64_t since,
    int64_t *at, int max) TC_MUSTCHECK;
/* All that are queued: to an end. Returns how many. */
int store_recipient_end(struct store *s, int64_t campaign_id,
    const struct recipient *as) TC_MUSTCHECK;
/* True (1) while somebody is queued or sending. */
int store_recipient_open(struct store *s, int64_t campaign_id) TC_MUSTCHECK;
typedef void (*store_recipient_count_cb)(
    const char *state, const char *reason, int64_t n, void *ctx);
int store_recipient_counts(struct store *s, int64_t campaign_id,
    store_recipient_count_cb cb, void *ctx) TC_MUSTCHECK;

#endif
