/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_PERSON_H
#define TINCAY_STORE_PERSON_H

/* Subscribers, their consent ledger, lists. Verbs return as store.h says. */

#include "store/store.h"

struct buf;

#define PERSON_HAMLET_MAX 64
#define PERSON_KIND_MAX 32
#define PERSON_LANGUAGE_MAX 8
#define PERSON_OPERATOR_MAX 16
#define STORE_LIST_NAME_MAX 64

struct person {
	int64_t id;
	char language[PERSON_LANGUAGE_MAX], hamlet[PERSON_HAMLET_MAX],
	    kind[PERSON_KIND_MAX];
	char operator_name[PERSON_OPERATOR_MAX]; /* of its prefix, or "" */
	bool consenting;
	bool is_minor;        /* his guardian's consent is in the ledger */
	int64_t opted_out_at; /* 0 = not */
	int64_t asked_at;     /* 0 = no question is pending */
	int64_t created_at;
};

int store_person_find(struct store *s, const unsigned char mac[32],
    struct person *out) TC_MUSTCHECK;
int store_person_get(
    struct store *s, int64_t id, struct person *out) TC_MUSTCHECK;
int store_person_add(struct store *s, const struct person *p,
    const unsigned char mac[32], const struct buf *box) TC_MUSTCHECK;
/* Write everything but the number and its operator. */
int store_person_update(struct store *s, const struct person *p) TC_MUSTCHECK;
/* Append the boxed number to out. */
int store_person_box(struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;
typedef int (*store_person_cb)(const struct person *p, void *ctx);
/* In id order after the cursor; returns how many. */
int store_person_each(struct store *s, int64_t after, int limit,
    store_person_cb cb, void *ctx) TC_MUSTCHECK;

/* Consenting people of each hamlet that has any. */
typedef void (*store_coverage_cb)(const char *hamlet, int64_t n, void *ctx);
int store_person_coverage(
    struct store *s, store_coverage_cb cb, void *ctx) TC_MUSTCHECK;

struct consent {
	int64_t person_id;
	const char *scope; /* "broadcast" */
	bool given;
	int64_t at;
	const char *how; /* "sms", or the source that the sheet names */
	const char *collected_on; /* YYYY-MM-DD, "" */
	const char *collector;    /* "" */
	const char *wording;      /* version of the question, "" */
};
int store_consent_add(
    struct store *s, int64_t id, const struct consent *c) TC_MUSTCHECK;

/* Nothing of this theme any more (or again); has: 1, 0. */
int store_theme_set(struct store *s, int64_t person_id, const char *theme,
    bool is_out) TC_MUSTCHECK;
int store_theme_is_out(
    struct store *s, int64_t person_id, const char *theme) TC_MUSTCHECK;

/* Delete a person with his ledger and his memberships. */
int store_person_remove(struct store *s, int64_t id) TC_MUSTCHECK;

/* A line of what is kept of a person. */
struct person_fact {
	const char *kind; /* "consent", "list", "campaign" */
	int64_t at;
	const char *name;  /* scope of the consent, name of list or campaign */
	const char *state; /* "given", "withdrawn", ""; of the recipient */
	const char *how;   /* how the consent was given; why nothing was sent */
	const char *collected_on, *collector, *wording;
};
typedef void (*store_fact_cb)(const struct person_fact *f, void *ctx);
int store_person_facts(struct store *s, int64_t person_id, store_fact_cb cb,
    void *ctx) TC_MUSTCHECK;

/* Numbers that no sheet may bring in, as keyed hashes. has: 1, 0. add:
 * TC_EEXIST. remove: how many. */
int store_block_add(struct store *s, const unsigned char mac[32],
    const char *why, int64_t now) TC_MUSTCHECK;
int store_block_has(struct store *s, const unsigned char mac[32]) TC_MUSTCHECK;
int store_block_remove(
    struct store *s, const unsigned char mac[32]) TC_MUSTCHECK;

struct list {
	int64_t id;
	char name[STORE_LIST_NAME_MAX], agency[16];
	char hamlet[PERSON_HAMLET_MAX], kind[PERSON_KIND_MAX];
	bool is_smart, is_drill;
	int64_t members; /* of a smart one: who fits now */
};
int store_list_add(
    struct store *s, const struct list *l, int64_t now) TC_MUSTCHECK;
int store_list_find(
    struct store *s, const char *name, struct list *out) TC_MUSTCHECK;
typedef int (*store_list_cb)(const struct list *l, void *ctx);
int store_list_each(struct store *s, store_list_cb cb, void *ctx) TC_MUSTCHECK;
/* Returns how many were new. hamlet NULL = everyone. */
int store_list_put(
    struct store *s, int64_t list_id, int64_t person_id) TC_MUSTCHECK;
int store_list_put_all(
    struct store *s, int64_t list_id, const char *hamlet) TC_MUSTCHECK;

#endif
