/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_MATCH_H
#define TINCAY_MATCH_H

/*
 * From what a person typed to an intent (domain rules: doc/architecture.md,
 * "Folding"). Nothing is decoded: either a keyword of the pack, in one of the
 * forms below, stands where it may stand, or the answer is FALLBACK and a
 * person reads it.
 *
 * Where a keyword counts is said by the pack: at the start (what follows is
 * kept as free text), also further inside, or only alone or with an argument
 * that was understood whole (GOI 9). Control words (TC, CO, THOI ...) and
 * poster digits count alone; the digits of an emergency may be followed by a
 * text. A keyword at the start wins, unless that inside is an emergency (U0).
 * The longest counts, and nothing that lies in a harmless phrase.
 *
 * A mistyped word is guessed only in a keyword of several words, never in one
 * of an emergency (U0) and never in a control word.
 */

#include "content.h"
#include "fold.h"
#include "gsm.h"

/* How the keyword was recognised. */
enum match_rule {
	MATCH_NONE,     /* no keyword: FALLBACK */
	MATCH_ACCENTED, /* with the right diacritics */
	MATCH_FOLDED,   /* without diacritics */
	MATCH_TELEX,    /* Telex keys, input method off: "giups", "giusp" */
	MATCH_VNI,      /* VNI keys: "giup1" */
	MATCH_NOSPACE,  /* several words run together: "TUCHOI" */
	MATCH_SLANG,    /* "ck" for "chồng" */
	MATCH_WILDCARD, /* "?" for a letter that the handset lost */
	MATCH_TYPO,     /* one letter of a long word is wrong */
	MATCH_ALIAS,    /* a poster digit */
	MATCH_AGE,      /* by its keyword, and a child is in it (R27) */
	MATCH_CONTEXT,  /* by what was said before (talk.h) */
	MATCH_NRULES
};

struct match {
	const struct content_intent *intent; /* never NULL */
	enum match_rule rule;
	const char *keyword; /* as the pack has it; NULL: none */
	bool has_text;       /* something was written beside the keyword */
	size_t text_offset;  /* byte offset of it in the message: behind the
				keyword; 0 when the keyword is further inside or
				there is none */
	struct argument argument; /* of the intent's kind, or none; what was
				     written beside the keyword is then that */
	bool danger;       /* a word of danger: only ever raises the urgency */
	bool is_emergency; /* one of the intent's own: it is U0 then */
	bool is_witness; /* of others, also when a child is among them (R26) */
};

/* Classify a message. Any bytes are accepted; what is not UTF-8 is FALLBACK.
 * Costs the same however many keywords there are. */
void match_text(
    const struct content *c, const char *text, size_t len, struct match *out);

/* The reply to a message that was read like this; NULL: silence. */
const struct content_reply *match_reply(const struct match *m);

/* "accented", "folded" ... "none". */
const char *match_rule_name(enum match_rule rule);

/* What `intent try` shows: how a text would be read and answered. */
struct match_report {
	struct fold fold; /* .text is NULL when the text is not UTF-8 */
	struct match match;
	char argument[ARGUMENT_TEXT_MAX];  /* "" without one */
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
