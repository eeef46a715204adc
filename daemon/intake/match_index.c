/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The trie of phrases: filled once by content_index.c while a pack is loaded,
 * read by match.c for every message. An edge leads from a node by a word to a
 * node, all of them in one hash table; what ends at a node is a list.
 *
 * Owns the phrases and the words; the intents belong to the content.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "match_index.h"

#define EDGES_MIN 256 /* a power of two */
#define ROOT 0

struct edge {
	uint32_t node; /* plus 1; 0: free */
	uint32_t word;
	uint32_t to;
};

struct ending {
	struct match_phrase *phrase;
	bool is_joined;
	struct ending *next;
};

struct match_index {
	struct match_words *words;
	struct edge *edges;
	size_t nedges, nslots;
	struct ending **endings; /* by node */
	size_t nnodes;
};

struct match_index *
match_index_new(void)
{
	struct match_index *ix;

	ix = xcalloc(1, sizeof(*ix));
	ix->words = match_words_new();
	ix->nslots = EDGES_MIN;
	ix->edges = xcalloc(ix->nslots, sizeof(*ix->edges));
	ix->endings = xcalloc(1, sizeof(struct ending *));
	ix->nnodes = 1;
	return ix;
}

static void
match_endings_free(struct ending *e)
{
	struct ending *next;

	for (; e != NULL; e = next) {
		next = e->next;
		if (!e->is_joined) { /* the phrase is shared with that one */
			free(e->phrase->text);
			free(e->phrase);
		}
		free(e);
	}
}

void
match_index_free(struct match_index *ix)
{
	size_t i;

	if (ix == NULL)
		return;
	for (i = 0; i < ix->nnodes; i++)
		match_endings_free(ix->endings[i]);
	free(ix->endings);
	free(ix->edges);
	match_words_free(ix->words);
	free(ix);
}

/* --- edges --- */

static struct edge *
match_edge(const struct match_index *ix, uint32_t node, uint32_t word)
{
	uint64_t h =
	    ((uint64_t)node << 32 | word) * UINT64_C(0x9e3779b97f4a7c15);
	size_t i = (size_t)(h >> 32) & (ix->nslots - 1);

	while (ix->edges[i].node != 0 &&
	       (ix->edges[i].node != node + 1 || ix->edges[i].word != word))
		i = (i + 1) & (ix->nslots - 1);
	return &ix->edges[i];
}

static void
match_edges_grow(struct match_index *ix)
{
	struct edge *old = ix->edges;
	size_t i, n = ix->nslots;

	if (ix->nedges * 2 < ix->nslots)
		return;
	ix->nslots *= 2;
	ix->edges = xcalloc(ix->nslots, sizeof(*ix->edges));
	for (i = 0; i < n; i++) {
		if (old[i].node != 0)
			*match_edge(ix, old[i].node - 1, old[i].word) = old[i];
	}
	free(old);
}

static uint32_t
match_edge_make(struct match_index *ix, uint32_t node, uint32_t word)
{
	struct edge *e = match_edge(ix, node, word);
	uint32_t to = (uint32_t)ix->nnodes;

	if (e->node != 0)
		return e->to;
	*e = (struct edge){node + 1, word, to};
	ix->nedges++;
	match_edges_grow(ix);
	if ((ix->nnodes & (ix->nnodes - 1)) == 0)
		ix->endings = xreallocarray(
		    ix->endings, 2 * ix->nnodes, sizeof(struct ending *));
	ix->endings[ix->nnodes++] = NULL;
	return to;
}

static void
match_end_at(struct match_index *ix, uint32_t node, struct match_phrase *phrase,
    bool is_joined)
{
	struct ending *e;

	e = xcalloc(1, sizeof(*e));
	e->phrase = phrase;
	e->is_joined = is_joined;
	e->next = ix->endings[node];
	ix->endings[node] = e;
}

/* --- reading --- */

static size_t
match_count_letters(const char *s, size_t len)
{
	size_t i, n = 0;

	for (i = 0; i < len; i++)
		n += s[i] != '?' && ((unsigned char)s[i] & 0xc0) != 0x80;
	return n < 255 ? n : 255;
}

/* A "?" behind a word is rather punctuation than a letter: both are looked
 * up. */
static void
match_look_up(const struct match_index *ix, struct match_token *t)
{
	size_t bare = t->bare_len, exact = t->exact_len;
	bool has_lost = memchr(t->bare, '?', bare) != NULL;

	t->is_marked = bare != exact || memcmp(t->bare, t->exact, bare) != 0;
	t->letters = (uint8_t)match_count_letters(t->bare, bare);
	t->exact_form = t->lost_form = NULL;
	t->nguesses = 0;
	while (has_lost && bare > 0 && t->bare[bare - 1] == '?') {
		bare--;
		exact--;
	}
	if (t->is_marked)
		t->exact_form = match_words_find(ix->words, t->exact, exact);
	t->bare_form = match_words_find(ix->words, t->bare, bare);
	if (has_lost)
		t->lost_form =
		    match_words_find(ix->words, t->bare, t->bare_len);
}

/* A word that means something as it stands is not guessed at. */
void
match_index_resolve(const struct match_index *ix, struct match_token *t)
{
	match_look_up(ix, t);
	if (!t->is_marked && t->bare_form == NULL &&
	    memchr(t->bare, '?', t->bare_len) == NULL)
		t->nguesses = (uint8_t)match_words_guess(ix->words, t->bare,
		    t->bare_len, t->guesses, TC_NELEM(t->guesses));
}

struct walk {
	const struct match_index *ix;
	const struct match_token *tokens;
	size_t n;
	match_path_fn fn;
	void *ctx;
};

static void match_walk_on(
    const struct walk *w, uint32_t node, const struct match_path *path);

/* Go along the edge of this word, when there is one. */
static void
match_walk_word(const struct walk *w, uint32_t node, uint32_t word,
    const struct match_path *path)
{
	const struct edge *e = match_edge(w->ix, node, word);
	struct match_path p = *path;
	const struct ending *end;

	if (e->node == 0)
		return;
	p.letters += w->tokens[p.n++].letters;
	for (end = w->ix->endings[e->to]; end != NULL; end = end->next) {
		p.phrase = end->phrase;
		p.is_joined = end->is_joined;
		w->fn(&p, w->ctx);
	}
	if (p.n < w->n)
		match_walk_on(w, e->to, &p);
}

static struct match_path
match_path_with(const struct match_path *path, enum match_form_kind kind)
{
	struct match_path p = *path;

	if (kind > p.form)
		p.form = kind;
	p.guesses += kind == MATCH_FORM_GUESS;
	return p;
}

/* Every meaning of the next word. */
static void
match_walk_on(
    const struct walk *w, uint32_t node, const struct match_path *path)
{
	const struct match_token *t = &w->tokens[path->n];
	const struct match_form *f;
	struct match_path p;
	size_t i;

	for (f = t->exact_form; f != NULL; f = f->next) {
		p = match_path_with(path, f->kind);
		match_walk_word(w, node, f->word, &p);
	}
	for (f = t->bare_form; f != NULL; f = f->next) {
		if (t->is_marked && f->kind != MATCH_FORM_BARE)
			continue; /* Telex and VNI keys bear no marks */
		p = match_path_with(path, f->kind);
		p.is_forgiven |= t->is_marked;
		match_walk_word(w, node, f->word, &p);
	}
	for (f = t->lost_form; f != NULL; f = f->next) {
		if (f->kind != MATCH_FORM_LOST)
			continue;
		p = match_path_with(path, f->kind);
		match_walk_word(w, node, f->word, &p);
	}
	for (i = 0; i < t->nguesses; i++) {
		p = match_path_with(path, MATCH_FORM_GUESS);
		match_walk_word(w, node, t->guesses[i], &p);
	}
}

void
match_index_walk(const struct match_index *ix, const struct match_token *tokens,
    size_t n, match_path_fn fn, void *ctx)
{
	const struct walk w = {ix, tokens, n, fn, ctx};
	const struct match_path start = {.form = MATCH_FORM_BARE};

	if (n > 0)
		match_walk_on(&w, ROOT, &start);
}

/* --- filling --- */

struct collision {
	const struct content_intent *intent, *other;
	size_t n;
};

static void
match_on_collision(const struct match_path *p, void *ctx)
{
	struct collision *c = ctx;

	if (p->n == c->n && p->phrase->kind == MATCH_KEYWORD &&
	    p->phrase->intent != c->intent && p->form <= MATCH_FORM_VNI)
		c->other = p->phrase->intent;
}

static size_t
match_split(const char *s, struct match_token *tokens, size_t max)
{
	size_t n = 0, len;

	for (; *s != '\0' && n < max; n++) {
		len = strcspn(s, " ");
		tokens[n] = (struct match_token){
		    .bare = s, .exact = s, .bare_len = len, .exact_len = len};
		s += len + (s[len] == ' ');
	}
	return n;
}

/* Would this, typed as it is here, be taken for another intent? */
static const struct content_intent *
match_find_other(const struct match_index *ix, const char *typed,
    const struct content_intent *intent)
{
	struct match_token tokens[MATCH_WORDS_MAX];
	struct collision c = {.intent = intent};
	size_t i;

	c.n = match_split(typed, tokens, MATCH_WORDS_MAX);
	for (i = 0; i < c.n; i++)
		match_look_up(ix, &tokens[i]);
	match_index_walk(ix, tokens, c.n, match_on_collision, &c);
	return c.other;
}

static char *
match_without_spaces(const char *s)
{
	char *out, *p;

	out = p = xmalloc(strlen(s) + 1);
	for (; *s != '\0'; s++) {
		if (*s != ' ')
			*p++ = *s;
	}
	*p = '\0';
	return out;
}

/* A phrase in its main forms: what a keyword must share with nobody, and, run
 * together, one word. */
enum {
	TYPED_BARE,
	TYPED_TELEX,
	TYPED_VNI,
	TYPED_EXACT,
	TYPED_N
};

struct typed {
	char *spaced[TYPED_N];
	char *joined[TYPED_N];
};

static void
match_typed_init(struct typed *t, const struct fold *f)
{
	size_t i;

	t->spaced[TYPED_BARE] = xstrdup(f->text);
	t->spaced[TYPED_TELEX] = fold_telex(f->exact);
	t->spaced[TYPED_VNI] = fold_vni(f->exact);
	t->spaced[TYPED_EXACT] = xstrdup(f->exact);
	for (i = 0; i < TYPED_N; i++)
		t->joined[i] = match_without_spaces(t->spaced[i]);
}

static void
match_typed_clear(struct typed *t)
{
	size_t i;

	for (i = 0; i < TYPED_N; i++) {
		free(t->spaced[i]);
		free(t->joined[i]);
	}
}

/* The joined form of one word is the word. */
static const struct content_intent *
match_collides(const struct match_index *ix, const struct typed *t,
    const struct content_intent *intent)
{
	const struct content_intent *other = NULL;
	size_t i;

	for (i = TYPED_BARE; i <= TYPED_VNI && other == NULL; i++) {
		other = match_find_other(ix, t->spaced[i], intent);
		if (other == NULL)
			other = match_find_other(ix, t->joined[i], intent);
	}
	return other;
}

static void
match_enter_spaced(
    struct match_index *ix, const char *exact, struct match_phrase *phrase)
{
	uint32_t node = ROOT;
	size_t len;
	char *word;

	for (; *exact != '\0'; exact += len + (exact[len] == ' ')) {
		len = strcspn(exact, " ");
		word = xstrndup(exact, len);
		node = match_edge_make(
		    ix, node, match_words_enter(ix->words, word));
		free(word);
	}
	match_end_at(ix, node, phrase, false);
}

static void
match_enter_joined(
    struct match_index *ix, const struct typed *t, struct match_phrase *phrase)
{
	uint32_t word;

	word = match_words_enter_joined(
	    ix->words, t->joined[TYPED_EXACT], t->joined[TYPED_BARE]);
	match_words_add_form(
	    ix->words, t->joined[TYPED_TELEX], word, MATCH_FORM_TELEX);
	match_words_add_form(
	    ix->words, t->joined[TYPED_VNI], word, MATCH_FORM_VNI);
	match_end_at(ix, match_edge_make(ix, ROOT, word), phrase, true);
}

int
match_index_add(struct match_index *ix, const char *text,
    const struct match_phrase *phrase, const struct content_intent **other)
{
	struct match_phrase *p;
	struct typed typed;
	struct fold f;
	int rc;

	rc = fold_text(text, strlen(text), &f);
	if (rc != 0)
		return rc;
	if (f.ntokens == 0 || f.ntokens > MATCH_WORDS_MAX) {
		fold_clear(&f);
		return TC_EINVAL;
	}
	match_typed_init(&typed, &f);
	if (phrase->kind == MATCH_KEYWORD)
		*other = match_collides(ix, &typed, phrase->intent);
	if (phrase->kind == MATCH_KEYWORD && *other != NULL) {
		rc = TC_EEXIST;
	} else {
		p = xmalloc(sizeof(*p));
		*p = *phrase;
		p->text = xstrdup(text);
		p->nwords = f.ntokens;
		match_enter_spaced(ix, f.exact, p);
		if (p->nwords > 1)
			match_enter_joined(ix, &typed, p);
	}
	match_typed_clear(&typed);
	fold_clear(&f);
	return rc;
}

int
match_index_add_slang(
    struct match_index *ix, const char *slang, const char *word)
{
	const struct match_form *form;
	struct fold s, w;
	int rc = TC_EINVAL;

	if (fold_text(slang, strlen(slang), &s) != 0)
		return TC_EINVAL;
	if (fold_text(word, strlen(word), &w) == 0) {
		if (s.ntokens == 1 && w.ntokens == 1)
			rc = 0;
		form = match_words_find(ix->words, w.exact, strlen(w.exact));
		for (; rc == 0 && form != NULL; form = form->next) {
			if (form->kind > MATCH_FORM_EXACT)
				continue;
			match_words_add_form(
			    ix->words, s.text, form->word, MATCH_FORM_SLANG);
			match_words_add_form(
			    ix->words, s.exact, form->word, MATCH_FORM_SLANG);
		}
		fold_clear(&w);
	}
	fold_clear(&s);
	return rc;
}
