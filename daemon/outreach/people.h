/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_PEOPLE_H
#define TINCAY_PEOPLE_H

/*
 * People who subscribed, their consent (an append-only ledger) and the lists
 * they are on. A person is found by the keyed hash of the number; the number
 * itself is boxed. Nothing here knows of contacts and cases (promise 8).
 */

#include "core.h"
#include "util.h"

#define LIST_NAME_MAX 64

/* Whole import of a CSV file (UTF-8, with or without BOM, "," or ";" found in
 * the header line). Columns by name, in English or Vietnamese:
 * number|so_dien_thoai, consent_source|nguon_dong_y, consent_date|ngay_dong_y
 * (YYYY-MM-DD or DD/MM/YYYY), collector|nguoi_thu, and optional hamlet|thon,
 * language|ngon_ngu (vi), kind|nhom. */
struct people_fault {
	int line;
	const char *field;
	const char *reason;
};
struct people_import {
	const char *csv;
	size_t len;
	const char *list;   /* add everyone to this list, created when missing;
			       NULL = none */
	const char *agency; /* owner of a list that is created */
	bool dry_run;       /* count and find faults, keep nothing */
	/* out */
	int rows, added, updated, listed, faults;
	void (*on_fault)(const struct people_fault *f, void *ctx);
	void *ctx;
};
/* The whole file is one turn op, and help waits meanwhile: so many rows and no
 * more (a fault). */
#define PEOPLE_IMPORT_ROWS 20000

/* All rows or none: TC_EINVAL when there is any fault (each was reported
 * through on_fault; nothing was changed). Inside a turn op. */
int people_import(struct core *c, struct people_import *im) TC_MUSTCHECK;

struct person_row {
	int64_t id;
	char number[24]; /* masked */
	char hamlet[64], language[8], kind[32];
	bool consent;
	int64_t since;
};
typedef int (*person_cb)(const struct person_row *p, void *ctx);
/* In id order after the cursor; returns how many, or an error. */
int people_each(struct core *c, int64_t after, int limit, person_cb cb,
    void *ctx) TC_MUSTCHECK;

struct list_row {
	int64_t id;
	char name[LIST_NAME_MAX], agency[16];
	int64_t members;
};
typedef int (*list_cb)(const struct list_row *l, void *ctx);
int list_each(struct core *c, list_cb cb, void *ctx) TC_MUSTCHECK;
int list_get(
    struct core *c, const char *name, struct list_row *out) TC_MUSTCHECK;
int list_new(struct core *c, const char *name,
    const char *agency) TC_MUSTCHECK; /* TC_EEXIST, TC_EINVAL */
/* Add by number (must be a known person: TC_ENOENT), or everyone of a hamlet
 * (number NULL), or everyone (both NULL). Returns how many were new. */
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

#endif
