/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_CASE_H
#define TINCAY_STORE_CASE_H

/* Cases: what is in clear (code, state, urgency, clocks), sealed copies of the
 * case key, sealed items, the append-only ledger. Verbs return as store.h says.
 * The legal moves are the desk's business. */

#include "store/store.h"
#include "store/user.h"

struct buf;

#define CASE_QUEUE_MAX 64

struct case_row {
	int64_t id;
	char code[12];
	int64_t contact_id;
	char queue[CASE_QUEUE_MAX]; /* codes of the first agencies, "CAX,HPN" */
	unsigned char public_key[32];
	int urgency;
	char state[12];
	bool hushed;
	int64_t opened_at, due_at;
	int64_t claimed_by; /* user id, 0 = nobody */
	char claimer[40];   /* his name, "" */
	int64_t claimed_at, closed_at;
	char outcome[24];
	int64_t items, change;
	char hold[16];                  /* why it is not purged, "" */
	char lead[AGENCY_CODE_MAX];     /* agency of who has it, "" */
	char refer_to[AGENCY_CODE_MAX]; /* agency that it is offered to, "" */
	bool call_back;                 /* a reply to her never went out */
	bool repeated;                  /* one number asked again and again */
	int64_t claim_until; /* untouched, it is new again then; 0 = never */
	int64_t next_at;     /* of the next act that was planned, 0 = none */
};

/* TC_EEXIST: the code is taken, draw another. */
int store_case_add(struct store *s, const struct case_row *c) TC_MUSTCHECK;
int store_case_get(
    struct store *s, int64_t id, struct case_row *out) TC_MUSTCHECK;
/* By code, when the agency sees it; else TC_ENOENT. */
int store_case_for(struct store *s, const char *code, const char *agency,
    struct case_row *out) TC_MUSTCHECK;
/* The contact's latest case of this queue in any state; queue NULL: his latest
 * open one of any queue. */
int store_case_of(struct store *s, int64_t contact_id, const char *queue,
    struct case_row *out) TC_MUSTCHECK;
/* Write all that can change and give it the next change number and its place
 * in the queues of those who see it. */
int store_case_update(struct store *s, struct case_row *c) TC_MUSTCHECK;
/* The largest change number, 0 when there is no case. */
int64_t store_case_last_change(struct store *s);

typedef int (*store_case_cb)(const struct case_row *c, void *ctx);
/* Cases that the agency sees, changed after `after`, in that order. after < 0:
 * those that are open, the most urgent first, then what is due first, behind
 * the place (rank, id); 0, 0 is the first. Returns how many. */
struct case_query {
	const char *agency;
	int64_t after;
	int64_t rank, id;
	int limit;
};
/* The place of a case in the queues; 0: it is closed. */
int64_t store_case_rank(const struct case_row *c);
int store_case_queue(struct store *s, const struct case_query *query,
    store_case_cb cb, void *ctx) TC_MUSTCHECK;
/* How many lines of the acts "opened" and "again" it has since a time. */
int store_case_asked(
    struct store *s, int64_t case_id, int64_t since) TC_MUSTCHECK;
/* Open cases of a contact, at most 64 ids. */
int store_case_open_of(
    struct store *s, int64_t contact_id, int64_t ids[64]) TC_MUSTCHECK;
/* Open cases that a user has, at most 64 ids. */
int store_case_claimed_by(
    struct store *s, int64_t user_id, int64_t ids[64]) TC_MUSTCHECK;
int store_case_counts(
    struct store *s, const char *agency, int64_t counts[5]) TC_MUSTCHECK;

struct case_item {
	int64_t id, case_id, at;
	const char *kind;
	const void *sealed;
	size_t len;
};
int store_item_add(struct store *s, const struct case_item *i) TC_MUSTCHECK;
typedef int (*store_item_cb)(const struct case_item *i, void *ctx);
int store_item_each(
    struct store *s, int64_t case_id, store_item_cb cb, void *ctx) TC_MUSTCHECK;

struct case_event {
	int64_t seq, case_id, at;
	const char *act;
	int64_t user_id;    /* 0 = the system */
	const char *actor;  /* his name, read only */
	const char *agency; /* "" */
	const char *detail; /* fixed words, the code of an agency or a name */
	unsigned char hash[32];
};
int store_event_add(struct store *s, const struct case_event *e) TC_MUSTCHECK;
/* The hash of the last line of the ledger; all zero when it is empty. */
int store_event_head(struct store *s, unsigned char hash[32]) TC_MUSTCHECK;
/* Its number; 0 when it is empty. */
int store_event_last(struct store *s, int64_t *seq) TC_MUSTCHECK;
typedef int (*store_event_cb)(const struct case_event *e, void *ctx);
/* Lines behind a number that are not an agency's own, without hashes. How many. */
struct event_query {
	int64_t after;
	const char *not_agency;
	int limit;
};
int store_event_others(struct store *s, const struct event_query *query,
    store_event_cb cb, void *ctx) TC_MUSTCHECK;
/* All lines in the order of writing, whole; a negative answer of cb ends it and
 * is returned. */
int store_event_walk(
    struct store *s, store_event_cb cb, void *ctx) TC_MUSTCHECK;
int store_event_each(struct store *s, int64_t case_id, store_event_cb cb,
    void *ctx) TC_MUSTCHECK;

#endif
