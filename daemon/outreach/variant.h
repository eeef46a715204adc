/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TINCAY_VARIANT_H
#define TINCAY_VARIANT_H

/*
 * What a campaign says to whom: its own text, for everybody in Vietnamese, and
 * beside it texts for groups, languages and writing without accents. Who has
 * none of his own gets the next one in the order of variant_rank(), always
 * whole:
 *
 *   his group in his language > his language > his group > everybody
 *
 * The check fills in the variables and makes of each text one for either script:
 * what was not written without accents is derived, in Vietnamese only; a text
 * that somebody has read in another language (M33) stays as it is.
 */

#include "outreach/campaign.h"
#include "outreach/variable.h"
#include "store/variant.h"

#define VARIANTS_MAX 24 /* beside the campaign's own text */
#define VARIANT_TEXTS_MAX (2 * (VARIANTS_MAX + 1))

/* As it was written. */
struct variant_source {
	struct variant_row row;
	char *text;
	char *filled; /* with its variables but {thon}; NULL: see unknown */
	char unknown[VARIABLE_NAME_MAX];
};

/* As it goes out, but for {thon}. */
struct variant_text {
	struct text_row row; /* without an id; people: see variants_count() */
	char *text;
	const struct variant_source *source;
	int64_t pupils; /* of the people: pupils and minors */
	bool is_too_long;
};

struct variants {
	struct variant_source
	    sources[VARIANTS_MAX + 1]; /* the first: its own */
	size_t nsources;
	struct variant_text texts[VARIANT_TEXTS_MAX];
	size_t ntexts;
	int64_t people, pupils;
};

/* All of a campaign, measured: with {thon}, as the hamlet that costs most. The
 * caller frees it. 0 or an error; a fault of a text is none. */
int variants_load(struct core *c, const struct campaign *k,
    struct variants **out) TC_MUSTCHECK;
void variants_free(struct variants *v);

/* Count who of those on its lists would get which text now. */
int variants_count(
    struct core *c, const struct campaign *k, struct variants *v) TC_MUSTCHECK;

/* Write the texts, so that the outbox finds them. Inside a turn op. */
int variants_freeze(
    struct core *c, int64_t campaign_id, const struct variants *v) TC_MUSTCHECK;

/* The text for a reader; NULL: none suits. */
const struct variant_text *variants_choose(
    const struct variants *v, const struct variant_key *reader);

/* What a draft says of one variant; NULL leaves what there was. */
struct variant_draft {
	const char *kind, *language, *script; /* NULL: "", "vi", "accented" */
	const char *text;
	const char *reviewer; /* a new text without one has none */
	bool remove;
};
/* Write or remove one; the campaign is a draft again. Inside a turn op. As
 * campaign_edit(); TC_EINVAL also: a key that is none, or that of the campaign's
 * own text. */
int campaign_variant(struct core *c, const struct user *u, int64_t id,
    const struct variant_draft *d, struct campaign_refusal *why) TC_MUSTCHECK;

/* The variants of one campaign for another. Inside a turn op. */
int variants_copy(struct core *c, int64_t from, int64_t to) TC_MUSTCHECK;

/* Send one text of a checked campaign to the phone of its author, who asks for
 * it. Inside a turn op. TC_ENOENT: no such campaign; TC_EDENIED: another user;
 * TC_ESTATE: it was not checked, or he has no phone; TC_EINVAL: a key. */
struct campaign_trial {
	struct variant_draft which; /* its key */
	int64_t message_id;         /* out */
};
int campaign_trial(struct core *c, const struct user *u, int64_t id,
    struct campaign_trial *trial, struct campaign_refusal *why) TC_MUSTCHECK;

/* A key of words from outside: TC_EINVAL. */
int variant_key_parse(struct core *c, const struct variant_draft *d,
    struct variant_key *out) TC_MUSTCHECK;

#endif
