/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MATCH_WORDS_H
#define TINCAY_MATCH_WORDS_H

/*
 * The words of all keywords of a pack and every form in which each may arrive
 * (lib/fold_forms.h), in one hash table: what a word of a message can mean
 * costs one probe, however many there are. Filled by match_index.c while a
 * pack is loaded, and asked for every word of a message.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a word was recognised, the surest first. */
enum match_form_kind {
	MATCH_FORM_BARE,
	MATCH_FORM_EXACT,
	MATCH_FORM_TELEX,
	MATCH_FORM_VNI,
	MATCH_FORM_SLANG,
	MATCH_FORM_LOST,
	MATCH_FORM_GUESS, /* one letter wrong, missing, too many or swapped */
	MATCH_NFORMS
};

struct match_form {
	const char *key; /* not ended by NUL */
	size_t len;
	uint32_t word;
	enum match_form_kind kind;
	const struct match_form *next; /* same key, other meaning; or NULL */
};

struct match_words;

struct match_words *match_words_new(void);
void match_words_free(struct match_words *w);

/* The number of a word (one token of fold.exact), which is entered with all its
 * forms when it is new. */
uint32_t match_words_enter(struct match_words *w, const char *word);
/* Another way to write an entered word. */
void match_words_add_form(struct match_words *w, const char *key, uint32_t word,
    enum match_form_kind kind);
/* The number of a word with several words run together, entered bare and with
 * its marks only; match_words_add_form() gives it the others. */
uint32_t match_words_enter_joined(
    struct match_words *w, const char *exact, const char *bare);

/* All meanings of what was typed; NULL when there is none. */
const struct match_form *match_words_find(
    const struct match_words *w, const char *key, size_t len);

/* Words of MATCH_GUESS_LETTERS or more that are one edit away from what was
 * typed (letter replaced, left out, too many; two neighbours swapped). Returns
 * how many of at most max. */
#define MATCH_GUESS_LETTERS 5
size_t match_words_guess(const struct match_words *w, const char *key,
    size_t len, uint32_t *words, size_t max);

#endif
