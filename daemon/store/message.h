/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_MESSAGE_H
#define TINCAY_STORE_MESSAGE_H

/*
 * Outbound messages and their parts. The legal moves of the states are the
 * outbox's business (outbox/state.c); here is what is written. Verbs return as
 * store.h says.
 */

#include "store/contact.h"
#include "store/store.h"

struct buf;

#define TEMPLATE_MAX 32
#define STATE_MAX 16
#define REASON_MAX 32
#define MESSAGE_SLOTS_MAX 256

struct message {
	int64_t id;
	int lane;
	char state[STATE_MAX], reason[REASON_MAX];
	/* To whom: one of the first two, or our own staff (store_message_staff).
	 * 0 = none. */
	int64_t contact_id, person_id, campaign_id;
	bool is_staff;
	/* What it says: the text of a campaign, or a fixed one. */
	int64_t text_id;                /* 0 = none */
	char template_id[TEMPLATE_MAX]; /* "" with a text of a campaign */
	char slots[MESSAGE_SLOTS_MAX];  /* JSON object; "" = none */
	char modem[MODEM_NAME_MAX];     /* "" = any */
	int64_t inbound_id;             /* 0 = none */
	bool sensitive;
	bool pinned; /* it goes out on this modem or not at all */
	int64_t created_at, expires_at, settled_at; /* 0 = none */
	int nparts;
	int concat_ref; /* 0..255 */
};

struct part {
	int64_t id, message_id;
	int seq; /* 1..nparts */
	int lane;
	char state[STATE_MAX];
	char modem[MODEM_NAME_MAX];     /* where it may go; where it went */
	char not_modem[MODEM_NAME_MAX]; /* where it may not; "" = no such */
	int64_t queue_seq;              /* order within a lane */
	int64_t not_before;             /* UTC; 0 = it may go now */
	int attempts;
	bool report;
	int tp_mr, code; /* code: CMS, CME, or TP-Status of its report */
	int64_t submitted_at, settled_at;
};

/* staff: the boxed number of our own staff, NULL for all others. */
int store_message_add(struct store *s, const struct message *m,
    const struct buf *staff) TC_MUSTCHECK;
/* Append the boxed number of a message to our own staff to out. */
int store_message_staff(
    struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;
int store_message_get(
    struct store *s, int64_t id, struct message *out) TC_MUSTCHECK;
int store_message_set_state(struct store *s,
    const struct message *m) TC_MUSTCHECK; /* state, reason, settled_at */
/* From now on this message goes through one modem, with those of its parts that
 * are still queued; it is being sent. */
int store_message_bind(
    struct store *s, const struct message *m, const char *modem) TC_MUSTCHECK;
/* When all parts are queued (again), so is the message, and any modem may take
 * it unless it is pinned. Returns how many parts. */
int store_message_release(struct store *s, int64_t id) TC_MUSTCHECK;
/* A message that has expired and of which parts are queued and none is on its
 * way, or TC_ENOENT. */
int store_message_expired(
    struct store *s, int64_t now, struct message *out) TC_MUSTCHECK;

typedef int (*message_cb)(const struct message *m, void *ctx);
/* Newest first, older than message `before` (0 = from the newest). Returns how
 * many. */
int store_message_each(struct store *s, int64_t before, int limit,
    message_cb cb, void *ctx) TC_MUSTCHECK;
/* Those still queued for a contact, at most 64 of them. */
int store_message_queued_for(
    struct store *s, int64_t contact_id, int64_t ids[64]) TC_MUSTCHECK;

/* A message of this campaign that waits and of which nothing was on the air
 * (any more), or TC_ENOENT. */
int store_message_not_begun(
    struct store *s, int64_t campaign_id, struct message *out) TC_MUSTCHECK;

int store_part_add(struct store *s, const struct part *p) TC_MUSTCHECK;
int store_part_get(struct store *s, int64_t id, struct part *out) TC_MUSTCHECK;
/* The first queued part that is bound to this modem, or to none and may go
 * through it, by lane (up to last_lane) and age; or TC_ENOENT. */
int store_part_next_bound(struct store *s, const char *modem, int last_lane,
    struct part *out) TC_MUSTCHECK;
int store_part_next_free(struct store *s, const char *modem, int last_lane,
    struct part *out) TC_MUSTCHECK;
/* A queued part may not go before a time. */
int store_part_wait(struct store *s, int64_t id, int64_t at) TC_MUSTCHECK;
/* Queued parts whose not_before has come may go now: how many. */
int store_part_wake(struct store *s, int64_t now) TC_MUSTCHECK;
/* The earliest not_before of all that wait into *at, left alone when none. */
int store_part_due(struct store *s, int64_t *at) TC_MUSTCHECK;
/* queued -> submitting, with modem, report, attempts + 1, submitted_at.
 * TC_ESTATE when it is not queued any more. */
int store_part_submit(
    struct store *s, const struct part *p, int64_t now) TC_MUSTCHECK;
/* from -> p->state with tp_mr, code, modem, attempts, not_before, settled_at.
 * TC_ESTATE when it is not in `from`. */
int store_part_move(
    struct store *s, const struct part *p, const char *from) TC_MUSTCHECK;
/* queued -> cancelled for all parts of a message. Returns how many. */
int store_part_cancel(
    struct store *s, int64_t message_id, int64_t now) TC_MUSTCHECK;
/* A part that is in submitting on the modem (NULL = on any), or TC_ENOENT. */
int store_part_submitting(
    struct store *s, const char *modem, struct part *out) TC_MUSTCHECK;

/* A part that was handed over before `at` and is still in that state, and one of
 * which a report was asked and none came since; or TC_ENOENT. */
int store_part_stuck(
    struct store *s, int64_t at, struct part *out) TC_MUSTCHECK;
int store_part_unreported(
    struct store *s, int64_t at, struct part *out) TC_MUSTCHECK;

/* A queued part of the first modem whose name comes after `modem` in the order
 * of names, or TC_ENOENT. */
int store_part_bound_after(
    struct store *s, const char *modem, struct part *out) TC_MUSTCHECK;

/* How many parts of a message are in each state. */
struct part_counts {
	int queued, submitting, sent, delivered, undelivered, no_report, failed,
	    uncertain, cancelled;
};
int store_part_counts(
    struct store *s, int64_t message_id, struct part_counts *out) TC_MUSTCHECK;

typedef int (*part_cb)(const struct part *p, void *ctx);
/* All of a message, in order. An answer of cb that is not 0 ends it and is
 * returned. */
int store_part_each(
    struct store *s, int64_t message_id, part_cb cb, void *ctx) TC_MUSTCHECK;

/* Parts that a report may speak of, newest first: those that were sent with its
 * TP-MR, then those that a report has settled before; or those whose TP-MR the
 * modem has not told. A positive or negative answer of cb ends it and is
 * returned. */
struct report_query {
	const char *modem;
	int tp_mr;
	int64_t since; /* submitted at or after */
};
int store_part_reported(struct store *s, const struct report_query *query,
    part_cb cb, void *ctx) TC_MUSTCHECK;
int store_part_unknown(struct store *s, const struct report_query *query,
    part_cb cb, void *ctx) TC_MUSTCHECK;

/* One report of a text of this modem more; how many in a row since the last
 * delivery (a count, or a negative error). */
int store_report_count(
    struct store *s, const char *modem, bool is_delivered) TC_MUSTCHECK;
int store_report_run(struct store *s, const char *modem) TC_MUSTCHECK;

int store_queue_lengths(struct store *s, int64_t lengths[4]) TC_MUSTCHECK;

#endif
