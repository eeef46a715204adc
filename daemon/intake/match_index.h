/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MATCH_INDEX_H
#define TINCAY_MATCH_INDEX_H

/*
 * The table of keywords behind match.h, shared by match.c, which asks, and
 * content.c, which fills it once. A keyword is entered under every form in
 * which it may arrive; all forms are in one hash table, so that two intents can
 * never share one.
 */

#include "match.h"

#define MATCH_WORDS_MAX 6 /* words of the longest keyword */

enum match_place {
	MATCH_PLACE_START, /* at the start; a text may follow */
	MATCH_PLACE_ALONE, /* nothing else was written */
	MATCH_PLACE_ALIAS, /* a poster digit: alone, or at the start when it is
			      that of an emergency (U0) */
};

struct match_keyword {
	char *folded;
	char *vni;     /* of the accented form: the same for every placing of
			  the tone mark */
	char *nospace; /* accented, words run together */
	size_t nwords;
	bool is_marked;  /* it has diacritics */
	uint64_t lost;   /* bit per byte of folded: a letter with diacritics
			    stands here, which a handset may have sent as "?" */
	bool may_inside; /* counts also further inside a text */
	enum match_place place;
	const struct content_intent *intent;
};

struct match_entry {
	char *key;
	size_t len;
	uint64_t hash;
	enum match_rule rule; /* when it is found under this key */
	struct match_keyword *keyword;
};

struct match_index *match_index_new(void);
void match_index_free(struct match_index *ix);

/*
 * Enter a keyword as it stands in the pack, in accented writing. 0; TC_EEXIST:
 * another intent has it or a form that is made of it, *other is that intent;
 * TC_EINVAL: nothing is left of it after folding, or it has more than
 * MATCH_WORDS_MAX words.
 */
int match_index_add(struct match_index *ix, const char *keyword,
    enum match_place place, const struct content_intent *intent,
    const struct content_intent **other) TC_MUSTCHECK;

/* The most words that any key has. */
size_t match_index_words(const struct match_index *ix);

/* The entries under a key, one at a time: start with *cursor = 0; NULL behind
 * the last. */
const struct match_entry *match_index_find(
    const struct match_index *ix, const char *key, size_t len, size_t *cursor);

/* The keyword that fits a folded text with "?" in it, when exactly one intent
 * does: only in place of letters with diacritics, with three other letters at
 * least, and never for a control word. Else NULL. */
const struct match_entry *match_index_find_wild(
    const struct match_index *ix, const char *key, size_t len);

#endif
