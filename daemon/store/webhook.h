/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_WEBHOOK_H
#define TINCAY_STORE_WEBHOOK_H

/* Webhooks of agencies' systems and what they are told. Verbs return as store.h
 * says; when something is tried again is the business of forward/. */

#include "store/store.h"
#include "store/user.h"

struct buf;

#define WEBHOOK_NAME_MAX 40 /* [a-z0-9._-], NUL included */
#define WEBHOOK_URL_MAX 512
#define WEBHOOK_EVENT_MAX 32
#define WEBHOOK_RESULT_MAX 48

struct webhook {
	int64_t id;
	char name[WEBHOOK_NAME_MAX];
	char agency[AGENCY_CODE_MAX];
	char url[WEBHOOK_URL_MAX];
	int64_t created_at;
	int64_t failures; /* in a row */
	int64_t next_at;  /* no try before */
	int64_t tried_at; /* 0 = never */
	char result[WEBHOOK_RESULT_MAX];
	int64_t queued, dead; /* deliveries, read only */
};

/* TC_EEXIST: the name is taken. */
int store_webhook_add(struct store *s, const struct webhook *w,
    const struct buf *secret_box) TC_MUSTCHECK;
/* With its deliveries. */
int store_webhook_remove(struct store *s, int64_t id) TC_MUSTCHECK;
int store_webhook_by_name(
    struct store *s, const char *name, struct webhook *out) TC_MUSTCHECK;
typedef int (*store_webhook_cb)(const struct webhook *w, void *ctx);
/* All, by name; a negative answer of cb ends it and is returned. How many. */
int store_webhook_each(
    struct store *s, store_webhook_cb cb, void *ctx) TC_MUSTCHECK;
/* Its secret box, appended to out. */
int store_webhook_secret(
    struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;
/* Write failures, next_at, tried_at and result. */
int store_webhook_tried(struct store *s, const struct webhook *w) TC_MUSTCHECK;

struct delivery {
	int64_t seq; /* place in the queue; for paging */
	int64_t id, webhook_id;
	char event[WEBHOOK_EVENT_MAX];
	int urgency;
	char code[12]; /* of the case, "" = none */
	int64_t cursor;
	int64_t at;        /* of the event */
	int64_t queued_at; /* from when on its age counts */
	int64_t next_at;   /* no try before */
	char state[12];    /* "queued", "delivered" or "dead" */
	int64_t tries;
	int64_t settled_at; /* 0 = queued */
	char result[WEBHOOK_RESULT_MAX];
};

/* Behind all others of its webhook; seq and state are given. */
int store_delivery_add(struct store *s, const struct delivery *d) TC_MUSTCHECK;
/* The first one that may go now; of a later time than `until` is none, the clock
 * was set. TC_ENOENT. */
struct delivery_when {
	int64_t webhook_id, now, until;
};
int store_delivery_next(struct store *s, const struct delivery_when *when,
    struct delivery *out) TC_MUSTCHECK;
/* When the first of those that wait may go; 0: none waits. */
int store_delivery_wake(
    struct store *s, int64_t webhook_id, int64_t *at) TC_MUSTCHECK;
int store_delivery_get(
    struct store *s, int64_t id, struct delivery *out) TC_MUSTCHECK;
/* Write queued_at, next_at, state, tries, settled_at and result. */
int store_delivery_set(struct store *s, const struct delivery *d) TC_MUSTCHECK;
/* Whatever waits since before then is dead. How many. */
int store_delivery_expire(struct store *s, int64_t webhook_id, int64_t before,
    int64_t now) TC_MUSTCHECK;

/* Those of a webhook, the newest first, at most limit. How many. */
struct delivery_query {
	int64_t webhook_id;
	int64_t before;    /* seq; INT64_MAX: from the newest on */
	const char *state; /* NULL: any */
	int limit;
};
typedef int (*store_delivery_cb)(const struct delivery *d, void *ctx);
int store_delivery_each(struct store *s, const struct delivery_query *q,
    store_delivery_cb cb, void *ctx) TC_MUSTCHECK;

/* What was settled in this state before then goes, some of it. How many. */
int store_delivery_purge(
    struct store *s, const char *state, int64_t before) TC_MUSTCHECK;

/* How many are queued, how many dead. */
int store_delivery_count(
    struct store *s, int64_t *queued, int64_t *dead) TC_MUSTCHECK;

#endif
