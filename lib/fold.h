/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_FOLD_H
#define TINCAY_FOLD_H

/*
 * How people type, brought to one form (doc/architecture.md, "Folding"): NFD,
 * marks U+0300..U+036F dropped, đ/Đ/Ð -> d, ƀ -> b, lower case, zero-width
 * characters dropped, punctuation and control characters to one space, "?" kept
 * inside a word (it stands for a letter that the handset could not send). A
 * word is then a token of [a-z0-9?] or any other letter, in UTF-8.
 *
 * Telex and VNI left-overs are never decoded from what was typed: fold_telex()
 * and fold_vni() produce, from an accented keyword, the way it looks when the
 * input method was off, and the matcher compares with these.
 */

#include "util.h"

#define FOLD_TEXT_MAX                                                          \
	4096 /* bytes of input that are looked at; the rest is ignored for     \
		matching */

struct fold {
	char *text;     /* folded, tokens separated by one space */
	char *exact;    /* NFC, lower case, same tokens: for the comparison with
			   accents. The tone of an open syllable in oa, oe, uy
			   is on the first vowel ("hoà" -> "hòa"). Lies in the
			   block of text */
	bool has_marks; /* the input carried Vietnamese diacritics */
	size_t ntokens;
};

/* Fold a valid UTF-8 text. 0, or TC_EINVAL when it is not UTF-8. The caller
 * clears *out with fold_clear(). */
int fold_text(const char *text, size_t len, struct fold *out) TC_MUSTCHECK;
/* The same with "?" kept also before and behind a word ("b? ?anh"), where a
 * handset may have lost a letter; one that stands alone is dropped. The words
 * are those of fold_text(). */
int fold_message(const char *text, size_t len, struct fold *out) TC_MUSTCHECK;
void fold_clear(struct fold *f);

/* How an accented word or phrase looks when typed as Telex ("giúp tôi" ->
 * "giups tooi") or VNI ("giup1 to6i") with the input method off: the tone mark
 * at the end of the syllable, the letter mark behind its letter. Lower case,
 * tokens separated by one space. Returns a new string, the caller frees it;
 * NULL when s is not valid UTF-8. */
char *fold_telex(const char *s);
char *fold_vni(const char *s);

/* A text for people without its diacritics: case, punctuation and spaces as they
 * are. A new string, the caller frees it; NULL when s is not valid UTF-8. */
char *fold_bare(const char *s);

#endif
