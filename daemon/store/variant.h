/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_STORE_VARIANT_H
#define TINCAY_STORE_VARIANT_H

/*
 * The texts of a campaign by group, language and script: as they were written
 * (variant), and what the check made of them (text), of which each recipient
 * gets one. Verbs return as store.h says.
 */

#include "store/person.h"

struct buf;

#define VARIANT_REVIEWER_MAX 80

/* Which readers a text is for. */
struct variant_key {
	char kind[PERSON_KIND_MAX]; /* "" = everybody */
	char language[PERSON_LANGUAGE_MAX];
	char script[PERSON_SCRIPT_MAX]; /* "accented", "bare" */
};

/* How well a text suits a reader: 3 of his group and language, 2 of his language,
 * 1 of his group in Vietnamese, 0 of everybody; -1 it is not for him. (Who is in
 * no group is of the group "".) */
int variant_rank(
    const struct variant_key *text, const struct variant_key *reader);

struct variant_row {
	struct variant_key key;
	char reviewer[VARIANT_REVIEWER_MAX]; /* who read it; "" = nobody */
};

/* Write one; text_box NULL keeps the text that is there: TC_ENOENT when there is
 * none. remove: the same. */
int store_variant_put(struct store *s, int64_t campaign_id,
    const struct variant_row *v, const struct buf *text_box) TC_MUSTCHECK;
int store_variant_remove(struct store *s, int64_t campaign_id,
    const struct variant_key *key) TC_MUSTCHECK;
/* In the order of their keys. cb may end it with an error. */
typedef int (*store_variant_cb)(
    const struct variant_row *v, const void *text_box, size_t len, void *ctx);
int store_variant_each(struct store *s, int64_t campaign_id,
    store_variant_cb cb, void *ctx) TC_MUSTCHECK;

struct text_row {
	int64_t id;
	struct variant_key key;
	char coding[8];
	int segments;     /* of the longest that it can become */
	bool is_personal; /* the recipient's hamlet is put in */
	int64_t people;   /* who get it, at approval */
};

/* Write one; the id of one with this key stays. */
int store_text_put(struct store *s, int64_t campaign_id,
    const struct text_row *t, const struct buf *text_box) TC_MUSTCHECK;
int store_text_drop(struct store *s, int64_t campaign_id) TC_MUSTCHECK;
typedef int (*store_text_cb)(
    const struct text_row *t, const void *text_box, size_t len, void *ctx);
int store_text_each(struct store *s, int64_t campaign_id, store_text_cb cb,
    void *ctx) TC_MUSTCHECK;
/* The text of the best rank for a reader. TC_ENOENT: the campaign has none. */
int store_text_find(struct store *s, int64_t campaign_id,
    const struct variant_key *reader, struct text_row *out) TC_MUSTCHECK;
/* Append the boxed text to out. */
int store_text_box(struct store *s, int64_t id, struct buf *out) TC_MUSTCHECK;

#endif
