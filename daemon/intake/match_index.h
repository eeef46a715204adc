/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MATCH_INDEX_H
#define TINCAY_MATCH_INDEX_H

/*
 * The phrases of a pack behind match.h, shared by match.c, which asks, and
 * content_index.c, which fills it once: keywords, words of danger, and phrases
 * that are neither. A trie over the words of match_words.h, so that a message
 * costs the same however many phrases there are.
 */

#include "match.h"
#include "match_words.h"

#define MATCH_WORDS_MAX 6 /* words of the longest phrase */

enum match_kind {
	MATCH_KEYWORD,
	MATCH_DANGER,   /* raises the urgency, of all intents or of one */
	MATCH_HARMLESS, /* "đánh giá": what lies in it counts as nothing */
};

enum match_place {
	MATCH_PLACE_START,  /* at the start; a text may follow */
	MATCH_PLACE_INSIDE, /* also further inside */
	MATCH_PLACE_ALONE,  /* nothing else was written, but an argument */
	MATCH_PLACE_ALIAS,  /* a poster digit: alone, or at the start when it
			       is that of an emergency (U0) */
};

struct match_phrase {
	enum match_kind kind;
	enum match_place place; /* of a keyword */
	/* of a keyword; of danger: for this intent only, or NULL */
	const struct content_intent *intent;
	size_t nwords; /* set by match_index_add() */
	char *text;    /* set by match_index_add(): as the pack has it */
};

struct match_index *match_index_new(void);
void match_index_free(struct match_index *ix);

/*
 * Enter a phrase as it stands in the pack, in accented writing. 0; TC_EEXIST:
 * another intent has that keyword or a form that is made of it, *other is that
 * intent; TC_EINVAL: nothing is left of it after folding, or it has more than
 * MATCH_WORDS_MAX words.
 */
int match_index_add(struct match_index *ix, const char *text,
    const struct match_phrase *phrase,
    const struct content_intent **other) TC_MUSTCHECK;

/* Another way to write a word, "ck" for "chồng". Of no effect when no phrase
 * has that word, so it comes after the phrases. 0, or TC_EINVAL when one of
 * them is not exactly one word. */
int match_index_add_slang(
    struct match_index *ix, const char *slang, const char *word) TC_MUSTCHECK;

/* One word of a text, as a row of fold_message() has it. */
struct match_token {
	const char *bare, *exact;
	size_t bare_len, exact_len;
	/* Set by match_index_resolve(). */
	bool is_marked;
	uint8_t letters; /* that arrived, "?" not counted; at most 255 */
	uint8_t nguesses;
	const struct match_form *exact_form; /* typed with marks */
	const struct match_form *bare_form;
	const struct match_form *lost_form; /* typed with "?" */
	uint32_t guesses[4];
};

/* Find out what a word can mean. */
void match_index_resolve(
    const struct match_index *ix, struct match_token *token);

/* A phrase that begins with the first token of a walk. */
struct match_path {
	const struct match_phrase *phrase;
	size_t n;                  /* tokens */
	enum match_form_kind form; /* the least sure of its words */
	bool is_joined;            /* its words were run together */
	bool is_forgiven; /* a word bears other marks than the phrase */
	unsigned letters; /* that arrived */
	unsigned guesses; /* words that were guessed */
};

typedef void (*match_path_fn)(const struct match_path *path, void *ctx);

/* Call fn for each phrase that the resolved tokens begin with. */
void match_index_walk(const struct match_index *ix,
    const struct match_token *tokens, size_t n, match_path_fn fn, void *ctx);

#endif
