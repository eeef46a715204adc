/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matcher: from what a person typed to an intent of the pack. Called by the
 * intake for every message that came in, and by "intent try". Owns nothing, and
 * cannot fail: what it does not know is FALLBACK.
 *
 * A message is folded once. Then the words from each place on, the longest run
 * first, are looked up in the table of match_index.c. A hit counts only when
 * the diacritics that were typed do not speak against it ("đúng" is not
 * "dừng") and when the keyword may stand at that place.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "match_index.h"

#define NAMED(rule, name) [rule] = name
#define MATCH_LOOK_MAX 512 /* words of a message that are looked at */

/* One word of the message in both forms of the fold. */
struct word {
	size_t folded; /* byte offset into fold.text */
	size_t folded_len;
	size_t exact; /* ... into fold.exact */
	size_t exact_len;
};

/* A run of words being looked at. */
struct run {
	const struct fold *fold;
	const struct word *words;
	size_t first;
	size_t n;
	size_t looked; /* words that are looked at */
	size_t total;  /* words of the message */
};

struct hit {
	const struct match_keyword *keyword;
	enum match_rule rule;
	size_t first;
	size_t n;
};

const char *
match_rule_name(enum match_rule rule)
{
	static const char *const names[] = {
	    NAMED(MATCH_NONE, "none"),
	    NAMED(MATCH_ACCENTED, "accented"),
	    NAMED(MATCH_FOLDED, "folded"),
	    NAMED(MATCH_TELEX, "telex"),
	    NAMED(MATCH_VNI, "vni"),
	    NAMED(MATCH_NOSPACE, "nospace"),
	    NAMED(MATCH_WILDCARD, "wildcard"),
	    NAMED(MATCH_ALIAS, "alias"),
	};

	_Static_assert(TC_NELEM(names) == MATCH_NRULES, "a name per rule");
	return (unsigned)rule < MATCH_NRULES ? names[rule] : "?";
}

static size_t
word_end(const char *s, size_t from)
{
	return from + strcspn(s + from, " ");
}

/* Where the words of a folded text are. Both forms have the same words. */
static size_t
match_split(const struct fold *f, struct word *words, size_t max)
{
	size_t n, end, a = 0, b = 0;

	for (n = 0; n < max && f->text[a] != '\0' && f->exact[b] != '\0'; n++) {
		words[n].folded = a;
		end = word_end(f->text, a);
		words[n].folded_len = end - a;
		a = end + (f->text[end] == ' ');
		words[n].exact = b;
		end = word_end(f->exact, b);
		words[n].exact_len = end - b;
		b = end + (f->exact[end] == ' ');
	}
	return n;
}

static const char *
run_folded(const struct run *r, size_t *len)
{
	const struct word *last = &r->words[r->first + r->n - 1];
	size_t from = r->words[r->first].folded;

	*len = last->folded + last->folded_len - from;
	return r->fold->text + from;
}

static const char *
run_exact(const struct run *r, size_t *len)
{
	const struct word *last = &r->words[r->first + r->n - 1];
	size_t from = r->words[r->first].exact;

	*len = last->exact + last->exact_len - from;
	return r->fold->exact + from;
}

static bool
word_is_marked(const struct run *r, size_t i)
{
	const struct word *w = &r->words[r->first + i];

	return w->folded_len != w->exact_len ||
	       memcmp(r->fold->text + w->folded, r->fold->exact + w->exact,
		   w->exact_len) != 0;
}

static bool
run_is_marked(const struct run *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (word_is_marked(r, i))
			return true;
	}
	return false;
}

/* Is what was typed with diacritics the same word as in the keyword? A word
 * without any is no evidence: many people type none. Compared in the VNI
 * spelling, where "khoẻ" and "khỏe" are one. */
static bool
run_agrees(const struct run *r, const struct match_keyword *kw)
{
	const char *exact, *want = kw->vni, *got;
	size_t i, len, want_len, got_len;
	char *typed, *vni;
	bool same = true;

	exact = run_exact(r, &len);
	typed = xstrndup(exact, len);
	vni = fold_vni(typed);
	free(typed);
	for (got = vni, i = 0; same && i < r->n; i++) {
		want_len = strcspn(want, " ");
		got_len = strcspn(got, " ");
		if (word_is_marked(r, i) &&
		    (got_len != want_len || memcmp(got, want, got_len) != 0))
			same = false;
		want += want_len + (want[want_len] == ' ');
		got += got_len + (got[got_len] == ' ');
	}
	free(vni);
	return same;
}

/*
 * Which rule recognises this run under this entry, if any. In a phrase of
 * several words that asks for help a wrong or misplaced mark is forgiven: no
 * other phrase folds to the same.
 */
static enum match_rule
run_rule(const struct run *r, const struct match_entry *e)
{
	const struct match_keyword *kw = e->keyword;
	const char *exact;
	size_t len;

	if (!run_is_marked(r))
		return e->rule;
	switch (e->rule) {
	case MATCH_FOLDED:
		if (run_agrees(r, kw))
			return MATCH_ACCENTED;
		if (kw->nwords > 1 && kw->place == MATCH_PLACE_START)
			return MATCH_FOLDED;
		return MATCH_NONE;
	case MATCH_NOSPACE:
		exact = run_exact(r, &len);
		if (strlen(kw->nospace) == len &&
		    memcmp(kw->nospace, exact, len) == 0)
			return MATCH_NOSPACE;
		return MATCH_NONE;
	default:
		return MATCH_NONE; /* Telex and VNI keys bear no marks */
	}
}

/* May this keyword stand where the run is? */
static bool
run_place_fits(const struct run *r, const struct match_keyword *kw)
{
	if (r->n == r->total)
		return true;
	if (r->first > 0)
		return kw->may_inside;
	if (kw->place == MATCH_PLACE_ALIAS)
		return kw->intent->urgency == CONTENT_U0;
	return kw->place == MATCH_PLACE_START;
}

static bool
run_look_up_wild(
    const struct run *r, const struct match_index *ix, struct hit *hit)
{
	const struct match_entry *e;
	const char *key;
	size_t len;

	key = run_folded(r, &len);
	e = match_index_find_wild(ix, key, len);
	if (e == NULL || !run_place_fits(r, e->keyword))
		return false;
	*hit = (struct hit){e->keyword, MATCH_WILDCARD, r->first, r->n};
	return true;
}

static bool
run_look_up(const struct run *r, const struct match_index *ix, struct hit *hit)
{
	const struct match_entry *e;
	enum match_rule rule;
	const char *key;
	size_t len, cursor = 0;

	key = run_folded(r, &len);
	if (memchr(key, '?', len) != NULL)
		return run_look_up_wild(r, ix, hit);
	while ((e = match_index_find(ix, key, len, &cursor)) != NULL) {
		if (!run_place_fits(r, e->keyword))
			continue;
		rule = run_rule(r, e);
		if (rule == MATCH_NONE)
			continue;
		*hit = (struct hit){e->keyword, rule, r->first, r->n};
		return true;
	}
	return false;
}

/* The longest keyword that begins with this word. */
static bool
match_at(struct run *r, const struct match_index *ix, struct hit *hit)
{
	size_t left = r->looked - r->first;

	r->n = match_index_words(ix);
	if (r->n > left)
		r->n = left;
	for (; r->n > 0; r->n--) {
		if (run_look_up(r, ix, hit))
			return true;
	}
	return false;
}

/* A keyword at the start is what the sender meant; only an emergency is
 * stronger. Further inside the most urgent one counts, then the longest. */
static bool
hit_is_better(const struct hit *a, const struct hit *b)
{
	const struct content_intent *x, *y;

	if (b->keyword == NULL)
		return true;
	x = a->keyword->intent;
	y = b->keyword->intent;
	if (b->first == 0)
		return x->urgency == CONTENT_U0 && y->urgency != CONTENT_U0;
	if (x->urgency != y->urgency)
		return x->urgency < y->urgency;
	return a->n > b->n;
}

static bool
match_best(struct run *r, const struct match_index *ix, struct hit *best)
{
	struct hit hit = {0};

	*best = (struct hit){0};
	for (r->first = 0; r->first < r->looked; r->first++) {
		if (match_at(r, ix, &hit) && hit_is_better(&hit, best))
			*best = hit;
	}
	return best->keyword != NULL;
}

enum match_char {
	CHAR_SEPARATES,
	CHAR_JOINS, /* neither begins nor ends a word */
	CHAR_OF_WORD
};

/* What the fold makes of one character; *size is its length. The fold itself is
 * asked, so that there is one definition of a word. */
static enum match_char
match_char(const char *text, size_t left, size_t *size)
{
	unsigned char c = (unsigned char)*text;
	char probe[8] = "a";
	struct fold f;
	size_t n;

	*size = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (*size > left)
		*size = left;
	if (c == '?')
		return CHAR_JOINS;
	if (fold_text(text, *size, &f) != 0)
		return CHAR_SEPARATES;
	n = f.ntokens;
	fold_clear(&f);
	if (n > 0)
		return CHAR_OF_WORD;
	memcpy(probe + 1, text, *size);
	probe[1 + *size] = 'a';
	if (fold_text(probe, *size + 2, &f) != 0)
		return CHAR_SEPARATES;
	n = f.ntokens;
	fold_clear(&f);
	return n == 1 ? CHAR_JOINS : CHAR_SEPARATES;
}

/* The byte at which the n-th word (from 0) of the message begins. */
static size_t
match_word_offset(const char *text, size_t len, size_t n)
{
	bool in_word = false;
	size_t at, size;

	for (at = 0; at < len; at += size) {
		switch (match_char(text + at, len - at, &size)) {
		case CHAR_SEPARATES:
			in_word = false;
			break;
		case CHAR_JOINS:
			break;
		case CHAR_OF_WORD:
			if (!in_word && n-- == 0)
				return at;
			in_word = true;
			break;
		}
	}
	return len;
}

static void
match_set(const char *text, size_t len, const struct run *r,
    const struct hit *hit, struct match *out)
{
	out->intent = hit->keyword->intent;
	out->rule = hit->rule;
	out->has_text = hit->n < r->fold->ntokens;
	if (out->has_text && hit->first == 0)
		out->text_offset = match_word_offset(text, len, hit->n);
}

static void
match_folded(const struct content *c, const char *text, size_t len,
    const struct fold *f, struct match *out)
{
	struct word words[MATCH_LOOK_MAX];
	struct run r = {.fold = f, .words = words};
	struct hit hit;

	r.looked = match_split(f, words, MATCH_LOOK_MAX);
	r.total = f->ntokens;
	out->has_text = r.total > 0;
	if (match_best(&r, content_index(c), &hit))
		match_set(text, len, &r, &hit, out);
}

static void
match_nothing(const struct content *c, struct match *out)
{
	out->intent = content_fallback(c);
	out->rule = MATCH_NONE;
	out->has_text = true;
	out->text_offset = 0;
}

void
match_text(
    const struct content *c, const char *text, size_t len, struct match *out)
{
	struct fold f;

	match_nothing(c, out);
	if (fold_text(text, len, &f) != 0)
		return;
	match_folded(c, text, len, &f, out);
	fold_clear(&f);
}

void
match_explain(const struct content *c, const char *text, size_t len,
    struct match_report *out)
{
	memset(out, 0, sizeof(*out));
	match_text(c, text, len, &out->match);
	if (fold_text(text, len, &out->fold) != 0)
		memset(&out->fold, 0, sizeof(out->fold));
	out->reply = content_reply_for(out->match.intent, out->match.has_text);
	if (out->reply == NULL)
		return;
	out->reply_text =
	    content_reply_text(out->reply, "", content_commune(c)->script);
	if (gsm_segment(out->reply_text, strlen(out->reply_text), &out->cost,
		NULL, 0) != 0)
		memset(&out->cost, 0, sizeof(out->cost));
}

void
match_report_clear(struct match_report *r)
{
	fold_clear(&r->fold);
	memset(r, 0, sizeof(*r));
}
