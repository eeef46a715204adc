/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matcher: from what a person typed to an intent of the pack. Called by the
 * intake for every message that came in, and by "intent try". Owns nothing, and
 * cannot fail: what it does not know is FALLBACK.
 *
 * A message is folded once, and each of its words looked up once. From every
 * word on, the phrases that begin there are walked (match_index.c), and the
 * longest that may stand at that place is kept; so are words of danger and
 * harmless phrases. Only then it is decided which of them counts.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "match_index.h"

#define NAMED(rule, name) [rule] = name
#define MATCH_LOOK_MAX 512   /* words of a message that are looked at */
#define MATCH_LOST_LETTERS 3 /* that must have arrived beside a "?" */

/* What begins at one word. */
struct hit {
	const struct match_phrase *phrase; /* NULL: nothing */
	enum match_form_kind form;
	bool is_joined;
	bool is_forgiven;
	bool is_doubtful; /* two intents have an equal right to it */
	size_t first;
	size_t n;
	struct argument argument;
};

struct look {
	struct hit keyword;
	struct hit danger;
	size_t harmless; /* words of the phrase that begins here */
};

/* A message on its way through here. */
struct reading {
	const struct content *content;
	const char *text;
	size_t len;
	struct match_token tokens[MATCH_LOOK_MAX];
	struct look looks[MATCH_LOOK_MAX];
	size_t looked; /* words that are looked at */
	size_t total;  /* words of the message */
	size_t first;  /* the word that is being looked at */
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
	    NAMED(MATCH_SLANG, "slang"),
	    NAMED(MATCH_WILDCARD, "wildcard"),
	    NAMED(MATCH_TYPO, "typo"),
	    NAMED(MATCH_ALIAS, "alias"),
	    NAMED(MATCH_AGE, "age"),
	    NAMED(MATCH_CONTEXT, "context"),
	};

	_Static_assert(TC_NELEM(names) == MATCH_NRULES, "a name per rule");
	return (unsigned)rule < MATCH_NRULES ? names[rule] : "?";
}

static enum match_rule
hit_rule(const struct hit *h)
{
	static const enum match_rule rules[] = {
	    [MATCH_FORM_BARE] = MATCH_FOLDED,
	    [MATCH_FORM_EXACT] = MATCH_ACCENTED,
	    [MATCH_FORM_TELEX] = MATCH_TELEX,
	    [MATCH_FORM_VNI] = MATCH_VNI,
	    [MATCH_FORM_SLANG] = MATCH_SLANG,
	    [MATCH_FORM_LOST] = MATCH_WILDCARD,
	    [MATCH_FORM_GUESS] = MATCH_TYPO,
	};

	_Static_assert(TC_NELEM(rules) == MATCH_NFORMS, "a rule per form");
	if (h->phrase->place == MATCH_PLACE_ALIAS)
		return MATCH_ALIAS;
	if (h->form > MATCH_FORM_EXACT)
		return rules[h->form];
	if (h->is_joined)
		return MATCH_NOSPACE;
	return h->is_forgiven ? MATCH_FOLDED : rules[h->form];
}

static size_t
word_end(const char *s, size_t from)
{
	return from + strcspn(s + from, " ");
}

/* Where the words of a folded text are. Both forms have the same words. */
static size_t
match_split(const struct fold *f, struct match_token *tokens, size_t max)
{
	size_t n, end, a = 0, b = 0;

	for (n = 0; n < max && f->text[a] != '\0' && f->exact[b] != '\0'; n++) {
		end = word_end(f->text, a);
		tokens[n].bare = f->text + a;
		tokens[n].bare_len = end - a;
		a = end + (f->text[end] == ' ');
		end = word_end(f->exact, b);
		tokens[n].exact = f->exact + b;
		tokens[n].exact_len = end - b;
		b = end + (f->exact[end] == ' ');
	}
	return n;
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

/* --- what may count --- */

static bool
phrase_is_control(const struct match_phrase *p)
{
	return p->kind == MATCH_KEYWORD && content_is_control(p->intent);
}

/* Several words that ask for help or information. */
static bool
phrase_is_sentence(const struct match_phrase *p)
{
	if (p->nwords < 2 || p->kind != MATCH_KEYWORD)
		return false;
	if (p->place == MATCH_PLACE_START || p->place == MATCH_PLACE_INSIDE)
		return true;
	return !content_is_control(p->intent) &&
	       p->intent->action != CONTENT_CASE;
}

/*
 * Is the way in which it was written good enough for this phrase? A keyword of
 * several words forgives wrong or misplaced marks: no other one folds to the
 * same. A harmless phrase forgives nothing: it could silence a cry for help.
 */
static bool
path_is_sure(const struct match_path *p)
{
	const struct match_phrase *phrase = p->phrase;

	if (p->is_forgiven && (p->is_joined || !phrase_is_sentence(phrase)))
		return false;
	if (p->form == MATCH_FORM_LOST)
		return p->letters >= MATCH_LOST_LETTERS &&
		       phrase->kind != MATCH_HARMLESS &&
		       !phrase_is_control(phrase);
	if (p->form == MATCH_FORM_GUESS)
		return p->guesses == 1 && phrase_is_sentence(phrase) &&
		       phrase->kind == MATCH_KEYWORD &&
		       phrase->intent->urgency != CONTENT_U0;
	return true;
}

static bool
argument_follows(
    const struct reading *r, const struct match_path *p, struct argument *out)
{
	const struct content_intent *intent = p->phrase->intent;
	struct argument_names names;
	size_t at;

	if (intent->argument == ARGUMENT_NONE || r->first > 0 ||
	    p->n == r->total)
		return false;
	at = match_word_offset(r->text, r->len, p->n);
	names = content_names(r->content);
	return argument_parse(intent->argument, r->text + at, r->len - at,
		   &names, out) == 0;
}

/* May this keyword stand where it does? */
static bool
path_place_fits(
    const struct reading *r, const struct match_path *p, struct argument *arg)
{
	const struct match_phrase *phrase = p->phrase;

	arg->kind = ARGUMENT_NONE;
	if (p->n == r->total)
		return true;
	if (r->first > 0)
		return phrase->place == MATCH_PLACE_INSIDE;
	if (phrase->place == MATCH_PLACE_ALIAS)
		return phrase->intent->urgency == CONTENT_U0;
	return argument_follows(r, p, arg) ||
	       phrase->place != MATCH_PLACE_ALONE;
}

/* The longer, then what was written as it should be, then the surer form. */
static int
path_compare(const struct match_path *p, const struct hit *h)
{
	if (h->phrase == NULL || p->n != h->n)
		return h->phrase == NULL || p->n > h->n ? 1 : -1;
	if (p->is_forgiven != h->is_forgiven)
		return p->is_forgiven ? -1 : 1;
	if (p->form != h->form)
		return p->form < h->form ? 1 : -1;
	if (p->is_joined != h->is_joined)
		return p->is_joined ? -1 : 1;
	return 0;
}

static void
hit_offer(struct reading *r, struct hit *h, const struct match_path *p,
    const struct argument *arg)
{
	int better = path_compare(p, h);

	if (better == 0 && p->phrase->intent != h->phrase->intent)
		h->is_doubtful = true;
	if (better <= 0)
		return;
	*h = (struct hit){.phrase = p->phrase,
	    .form = p->form,
	    .is_joined = p->is_joined,
	    .is_forgiven = p->is_forgiven,
	    .first = r->first,
	    .n = p->n,
	    .argument = *arg};
}

static void
match_on_path(const struct match_path *p, void *ctx)
{
	static const struct argument no_argument;
	struct reading *r = ctx;
	struct look *look = &r->looks[r->first];
	struct argument arg;

	if (!path_is_sure(p))
		return;
	switch (p->phrase->kind) {
	case MATCH_KEYWORD:
		if (path_place_fits(r, p, &arg))
			hit_offer(r, &look->keyword, p, &arg);
		break;
	case MATCH_DANGER:
		hit_offer(r, &look->danger, p, &no_argument);
		break;
	case MATCH_HARMLESS:
		if (p->n > look->harmless)
			look->harmless = p->n;
		break;
	}
}

/* --- what counts --- */

/* Does a harmless phrase reach into this hit, or around it? One that lies
 * within a longer keyword does not speak against that. */
static bool
hit_is_harmless(const struct reading *r, const struct hit *h)
{
	size_t i, end = h->first + h->n, reach;

	i = h->first < MATCH_WORDS_MAX ? 0 : h->first - MATCH_WORDS_MAX;
	for (; i < end; i++) {
		reach = i + r->looks[i].harmless;
		if (reach > h->first && r->looks[i].harmless > 0 &&
		    (i < h->first || reach > end ||
			r->looks[i].harmless == h->n))
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

	if (b == NULL)
		return true;
	x = a->phrase->intent;
	y = b->phrase->intent;
	if (b->first == 0)
		return x->urgency == CONTENT_U0 && y->urgency != CONTENT_U0;
	if (x->urgency != y->urgency)
		return x->urgency < y->urgency;
	return a->n > b->n;
}

static const struct hit *
match_best(const struct reading *r)
{
	const struct hit *h, *best = NULL;
	size_t i;

	for (i = 0; i < r->looked; i++) {
		h = &r->looks[i].keyword;
		if (h->phrase != NULL && !h->is_doubtful &&
		    !hit_is_harmless(r, h) && hit_is_better(h, best))
			best = h;
	}
	return best;
}

static void
match_danger(const struct reading *r, struct match *out)
{
	const struct hit *h;
	bool is_own;
	size_t i;

	for (i = 0; i < r->looked; i++) {
		h = &r->looks[i].danger;
		if (h->phrase == NULL || hit_is_harmless(r, h))
			continue;
		is_own = h->phrase->intent == out->intent;
		out->is_emergency = out->is_emergency || is_own;
		out->danger =
		    out->danger || is_own || h->phrase->intent == NULL;
	}
}

static void
match_set(const struct reading *r, const struct hit *hit, struct match *out)
{
	out->intent = hit->phrase->intent;
	out->rule = hit_rule(hit);
	out->keyword = hit->phrase->text;
	out->argument = hit->argument;
	out->has_text = hit->n < r->total;
	if (out->has_text && hit->first == 0)
		out->text_offset = match_word_offset(r->text, r->len, hit->n);
}

static void
match_folded(struct reading *r, const struct fold *f, struct match *out)
{
	const struct match_index *ix = content_index(r->content);
	const struct hit *best;
	size_t i;

	r->looked = match_split(f, r->tokens, MATCH_LOOK_MAX);
	r->total = f->ntokens;
	out->has_text = r->total > 0;
	for (i = 0; i < r->looked; i++)
		match_index_resolve(ix, &r->tokens[i]);
	for (i = 0; i < r->looked; i++) {
		r->first = i;
		r->looks[i].keyword.phrase = r->looks[i].danger.phrase = NULL;
		r->looks[i].harmless = 0;
		match_index_walk(
		    ix, &r->tokens[i], r->looked - i, match_on_path, r);
	}
	best = match_best(r);
	if (best != NULL)
		match_set(r, best, out);
	match_danger(r, out);
}

/* R27: with a child in it, it is a child's case, whatever the keyword. */
static void
match_age(const struct content *c, const struct fold *f, struct match *out)
{
	out->is_witness = out->intent->is_witness;
	if (!age_is_child(f->text, out->intent->child_age))
		return;
	out->intent = content_child(c);
	out->rule = MATCH_AGE;
	out->argument.kind = ARGUMENT_NONE;
}

static void
match_nothing(const struct content *c, struct match *out)
{
	memset(out, 0, sizeof(*out));
	out->intent = content_fallback(c);
	out->rule = MATCH_NONE;
	out->has_text = true;
}

static void
match_read(
    const struct content *c, const char *text, size_t len, struct match *out)
{
	struct reading r; /* set as far as it is used: it is large */
	struct fold f;

	match_nothing(c, out);
	if (fold_message(text, len, &f) != 0)
		return;
	r.content = c;
	r.text = text;
	r.len = len;
	match_folded(&r, &f, out);
	match_age(c, &f, out);
	fold_clear(&f);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/*
 * "GOI9": an argument that begins with a digit may touch its keyword. Read once
 * more with a space between the two; nothing but an argument counts then.
 */
static void
match_glued(
    const struct content *c, const char *text, size_t len, struct match *out)
{
	char copy[FOLD_TEXT_MAX + 1];
	size_t at = 1;
	struct match m;

	while (at < len && !(is_digit(text[at]) && is_letter(text[at - 1])))
		at++;
	if (at >= len || len > FOLD_TEXT_MAX)
		return;
	memcpy(copy, text, at);
	copy[at] = ' ';
	memcpy(copy + at + 1, text + at, len - at);
	match_read(c, copy, len + 1, &m);
	if (m.argument.kind == ARGUMENT_NONE)
		return;
	m.rule = MATCH_NOSPACE;
	m.text_offset = at;
	*out = m;
}

void
match_text(
    const struct content *c, const char *text, size_t len, struct match *out)
{
	match_read(c, text, len, out);
	if (out->rule == MATCH_NONE)
		match_glued(c, text, len, out);
}

const struct content_reply *
match_reply(const struct match *m)
{
	if (m->argument.kind != ARGUMENT_NONE &&
	    m->intent->reply_with_argument != NULL)
		return m->intent->reply_with_argument;
	return content_reply_for(m->intent, m->has_text);
}

void
match_explain(const struct content *c, const char *text, size_t len,
    struct match_report *out)
{
	memset(out, 0, sizeof(*out));
	match_text(c, text, len, &out->match);
	if (fold_message(text, len, &out->fold) != 0)
		memset(&out->fold, 0, sizeof(out->fold));
	(void)argument_text(
	    &out->match.argument, out->argument, sizeof(out->argument));
	out->reply = match_reply(&out->match);
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
