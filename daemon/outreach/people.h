/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_PEOPLE_H
#define TINCAY_PEOPLE_H

/*
 * People who subscribed, their consent (an append-only ledger) and the lists
 * they are on. A person is found by the keyed hash of the number; the number
 * itself is boxed. Nothing here knows of contacts and cases (promise 8).
 */

#include "core.h"
#include "store/person.h"
#include "util.h"

struct sheet;

#define LIST_NAME_MAX 64

/* A sheet (outreach/sheet.h) that becomes people, or numbers that may not be
 * written to. */
struct people_import {
	const struct sheet *sheet;
	const char *list;   /* add everyone to this list, created when missing;
			       NULL = none */
	const char *agency; /* owner of a list that is created */
	bool is_dnc;        /* the numbers are those of the do-not-call list */
	bool dry_run;       /* count, keep nothing */
	/* out; of a do-not-call list: added are new there */
	int added, updated, listed;
	int kept_out; /* asked to be forgotten, or on the do-not-call list */
	/* private */
	size_t next;
	int64_t list_id;
};

/* Write at most limit rows more. 1: call again, in a turn op of its own, once
 * this one is committed; 0: that was all; TC_EINVAL: the sheet has a fault and
 * nothing is written at all; other errors. Inside a turn op. */
int people_import_step(
    struct core *c, struct people_import *im, size_t limit) TC_MUSTCHECK;

struct person_row {
	int64_t id;
	char number[24]; /* masked */
	char hamlet[64], language[8], kind[32];
	char script[PERSON_SCRIPT_MAX];
	bool consent, is_minor;
	int64_t opted_out_at; /* 0 = not */
	int64_t since;
	int quiet_from, quiet_until; /* minutes; equal: none */
};
typedef int (*person_cb)(const struct person_row *p, void *ctx);
/* In id order after the cursor; returns how many, or an error. */
int people_each(struct core *c, int64_t after, int limit, person_cb cb,
    void *ctx) TC_MUSTCHECK;

/* One person by number; TC_ENOENT. */
int people_get(
    struct core *c, const char *number, struct person_row *out) TC_MUSTCHECK;

/* What else is kept of him, for himself: each line of the consent ledger in
 * order, the lists that he is on, what campaigns sent him. 0 or an error. */
typedef void (*person_fact_cb)(const struct person_fact *f, void *ctx);
int people_facts(struct core *c, int64_t person_id, person_fact_cb cb,
    void *ctx) TC_MUSTCHECK;

/* He wants nothing of this theme any more, or again; the ledger has it under the
 * theme. Effective before the next text. TC_ENOENT; TC_EINVAL: the theme. */
int people_set_theme(struct core *c, const char *number, const char *theme,
    bool is_out) TC_MUSTCHECK;

/* When he does not want to be texted, minutes of the commune's day; equal: he
 * may be at any hour. TC_ENOENT. */
int people_set_quiet(
    struct core *c, const char *number, int from, int until) TC_MUSTCHECK;

/* Forget a person: his row, his ledger, his lists. What stays is the keyed hash
 * of the number, so that no sheet brings him in again; his own CO does.
 * TC_ENOENT: nobody of that number (the hash is kept all the same). Inside a
 * turn op. */
int people_forget(struct core *c, const char *number) TC_MUSTCHECK;

struct list_row {
	int64_t id;
	char name[LIST_NAME_MAX], agency[16];
	char hamlet[PERSON_HAMLET_MAX], kind[PERSON_KIND_MAX];
	bool is_smart; /* whoever is of this hamlet and kind now ("" = any) */
	bool is_drill; /* a drill goes to those on such a list alone */
	int64_t members;
};
typedef int (*list_cb)(const struct list_row *l, void *ctx);
int list_each(struct core *c, list_cb cb, void *ctx) TC_MUSTCHECK;
int list_get(
    struct core *c, const char *name, struct list_row *out) TC_MUSTCHECK;
/* TC_EEXIST; TC_EINVAL: a name, or a drill list that is smart. */
struct list_query {
	const char *hamlet, *kind; /* NULL = any */
	bool is_smart, is_drill;
};
int list_new(struct core *c, const char *name, const char *agency,
    const struct list_query *query) TC_MUSTCHECK;
/* Consenting subscribers by hamlet: names that the commune does not have, then
 * every hamlet of it, also without any (M07). 0 or an error. */
typedef void (*coverage_cb)(
    const char *hamlet, bool is_known, int64_t people, void *ctx);
int list_coverage(struct core *c, coverage_cb cb, void *ctx) TC_MUSTCHECK;
/* Add by number (must be a known person: TC_ENOENT), or everyone of a hamlet
 * (number NULL), or everyone (both NULL). Returns how many were new. TC_ESTATE:
 * a smart list has no members of its own. */
int list_add(struct core *c, const char *name, const char *number,
    const char *hamlet) TC_MUSTCHECK;

/* --- from intake, inside a turn op; number is canonical --- */
int people_ask(struct core *c, const char *number,
    int64_t *person_id) TC_MUSTCHECK; /* DK: pending for 24 h, waits for CO */
int people_confirm(struct core *c, const char *number, int64_t *person_id)
    TC_MUSTCHECK; /* CO: TC_ESTATE when nothing is pending */
/* VIET, BAHNAR, JRAI: TC_ENOENT when nobody of that number subscribed. */
int people_set_language(struct core *c, const char *number,
    const char *language, int64_t *person_id) TC_MUSTCHECK;
/* DK <thôn>: where he says that he lives. TC_ENOENT as above; TC_EFULL when the
 * name is longer than a pack or an import may have it. */
int people_set_hamlet(
    struct core *c, const char *number, const char *hamlet) TC_MUSTCHECK;
int people_optout(struct core *c, const char *number, int64_t *person_id)
    TC_MUSTCHECK; /* TC: also makes a row for a number that was not known, so
		     that no later import brings it in unseen */
/* TC and a theme: nothing of that any more, effective before the next text. */
int people_optout_theme(struct core *c, const char *number, const char *theme,
    int64_t *person_id) TC_MUSTCHECK;

#endif
