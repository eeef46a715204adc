/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MATCH_H
#define TINCAY_MATCH_H

/*
 * From what a person typed to an intent (domain rules: doc/architecture.md,
 * "Folding"). Nothing is guessed: either a keyword of the pack, in one of the
 * forms below, stands where it may stand, or the answer is FALLBACK and a
 * person reads it.
 *
 * Where a keyword counts: the longest one at the start of the text; what
 * follows is kept as free text. Control words (TC, CO, THOI ...), the pack's
 * keywords_alone and poster digits only when nothing else was written; the
 * digits of an emergency may be followed by a text. Of intents that always open
 * a case, phrases of two words or more and words that are not Vietnamese (SOS)
 * also further inside. A keyword at the start wins, unless that inside is an
 * emergency (U0).
 */

#include "content.h"
#include "fold.h"
#include "gsm.h"

/* How the keyword was recognised. */
enum match_rule {
	MATCH_NONE,     /* no keyword: FALLBACK */
	MATCH_ACCENTED, /* with the right diacritics */
	MATCH_FOLDED,   /* without diacritics */
	MATCH_TELEX,    /* Telex keys, input method off: "giups" */
	MATCH_VNI,      /* VNI keys: "giup1" */
	MATCH_NOSPACE,  /* several words run together: "TUCHOI" */
	MATCH_WILDCARD, /* "?" for a letter that the handset lost */
	MATCH_ALIAS,    /* a poster digit */
	MATCH_NRULES
};

struct match {
	const struct content_intent *intent; /* never NULL */
	enum match_rule rule;
	bool has_text;      /* something was written beside the keyword */
	size_t text_offset; /* byte offset of it in the message: behind the
			       keyword; 0 when the keyword is further inside or
			       there is none */
};

/* Classify a message. Any bytes are accepted; what is not UTF-8 is FALLBACK.
 * Costs the same however many keywords there are. */
void match_text(
    const struct content *c, const char *text, size_t len, struct match *out);

/* "accented", "folded" ... "none". */
const char *match_rule_name(enum match_rule rule);

/* What `intent try` shows: how a text would be read and answered. */
struct match_report {
	struct fold fold; /* .text is NULL when the text is not UTF-8 */
	struct match match;
	const struct content_reply *reply; /* NULL: silent */
	const char *reply_text; /* in the commune's script; NULL: silent */
	struct gsm_text cost;   /* of reply_text */
};

/* Fill *out; the caller clears it with match_report_clear(). The strings belong
 * to the content. */
void match_explain(const struct content *c, const char *text, size_t len,
    struct match_report *out);
void match_report_clear(struct match_report *r);

#endif
