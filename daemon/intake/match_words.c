/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of word forms (match_words.h). Open addressing over chains of equal
 * keys. For the guess of a mistyped word each long word is entered once more
 * under itself with one letter left out, and so is what was typed: two words
 * that are one edit apart meet there, and only those that meet are compared.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "fold_forms.h"
#include "match_words.h"

#define SLOTS_MIN 1024       /* a power of two */
#define GUESS_LETTERS_MAX 24 /* of longer words nothing is guessed */
#define BLOCK_FORMS 1024

/* Forms are handed out as pointers: they lie in blocks that never move. */
struct block {
	struct block *next;
	size_t used;
	struct match_form forms[BLOCK_FORMS];
};

struct table {
	struct match_form **slots; /* the head of a chain, or NULL */
	size_t nslots;
	size_t nkeys;
	struct block *blocks;
};

struct match_words {
	struct table forms;
	struct table deletes; /* of the words that may be guessed */
	struct table exact;   /* each word as the keywords write it */
	char **bare;          /* by word */
	size_t n;
};

/* --- a table --- */

static void
table_init(struct table *t)
{
	t->nslots = SLOTS_MIN;
	t->slots = xcalloc(t->nslots, sizeof(struct match_form *));
}

static void
table_clear(struct table *t)
{
	struct block *b, *next;
	size_t i;

	for (b = t->blocks; b != NULL; b = next) {
		next = b->next;
		for (i = 0; i < b->used; i++)
			free((char *)b->forms[i].key);
		free(b);
	}
	free(t->slots);
}

/* The slot of this key: its chain, or the free one where it belongs. */
static struct match_form **
table_slot(const struct table *t, uint64_t hash, const char *key, size_t len)
{
	size_t i = hash & (t->nslots - 1);
	const struct match_form *f;

	while ((f = t->slots[i]) != NULL) {
		if (f->hash == hash && f->len == len &&
		    memcmp(f->key, key, len) == 0)
			break;
		i = (i + 1) & (t->nslots - 1);
	}
	return &t->slots[i];
}

static const struct match_form *
table_find(const struct table *t, const char *key, size_t len)
{
	return *table_slot(t, fnv64(FNV64_INIT, key, len), key, len);
}

/* At most half of the slots are used: a probe ends soon. */
static void
table_grow(struct table *t)
{
	struct match_form **old = t->slots, *f;
	size_t i, n = t->nslots;

	if (t->nkeys * 2 < t->nslots)
		return;
	t->nslots *= 2;
	t->slots = xcalloc(t->nslots, sizeof(struct match_form *));
	for (i = 0; i < n; i++) {
		f = old[i];
		if (f != NULL)
			*table_slot(t, f->hash, f->key, f->len) = f;
	}
	free(old);
}

static struct match_form *
table_new_form(struct table *t)
{
	struct block *b = t->blocks;

	if (b == NULL || b->used == BLOCK_FORMS) {
		b = xcalloc(1, sizeof(*b));
		b->next = t->blocks;
		t->blocks = b;
	}
	return &b->forms[b->used++];
}

/* Each word once under a key, by its surest form, which comes first. */
static void
table_add(
    struct table *t, const char *key, uint32_t word, enum match_form_kind kind)
{
	size_t len = strlen(key);
	uint64_t hash = fnv64(FNV64_INIT, key, len);
	struct match_form **slot = table_slot(t, hash, key, len), *f;
	const struct match_form *old;

	for (old = *slot; old != NULL; old = old->next) {
		if (old->word == word)
			return;
	}
	f = table_new_form(t);
	*f = (struct match_form){.key = xstrndup(key, len),
	    .len = len,
	    .hash = hash,
	    .word = word,
	    .kind = kind,
	    .next = *slot};
	t->nkeys += *slot == NULL;
	*slot = f;
	table_grow(t);
}

/* --- words --- */

struct match_words *
match_words_new(void)
{
	struct match_words *w;

	w = xcalloc(1, sizeof(*w));
	table_init(&w->forms);
	table_init(&w->deletes);
	table_init(&w->exact);
	return w;
}

void
match_words_free(struct match_words *w)
{
	size_t i;

	if (w == NULL)
		return;
	table_clear(&w->forms);
	table_clear(&w->deletes);
	table_clear(&w->exact);
	for (i = 0; i < w->n; i++)
		free(w->bare[i]);
	free(w->bare);
	free(w);
}

static bool
is_guessable(size_t len)
{
	return len >= MATCH_GUESS_LETTERS && len <= GUESS_LETTERS_MAX;
}

/* s without its i-th byte. */
static void
leave_out(char *out, const char *s, size_t len, size_t i)
{
	memcpy(out, s, i);
	memcpy(out + i, s + i + 1, len - i - 1);
	out[len - 1] = '\0';
}

static void
words_add_deletes(struct match_words *w, const char *bare, uint32_t word)
{
	char shorter[GUESS_LETTERS_MAX + 1];
	size_t i, len = strlen(bare);

	if (!is_guessable(len) || strpbrk(bare, "0123456789") != NULL)
		return;
	table_add(&w->deletes, bare, word, MATCH_FORM_GUESS);
	for (i = 0; i < len; i++) {
		leave_out(shorter, bare, len, i);
		table_add(&w->deletes, shorter, word, MATCH_FORM_GUESS);
	}
}

static uint32_t
words_new_word(struct match_words *w, const char *exact, const char *bare)
{
	uint32_t word = (uint32_t)w->n;

	if ((w->n & (w->n - 1)) == 0) /* room doubles at each power of two */
		w->bare = xreallocarray(
		    w->bare, w->n == 0 ? 1 : 2 * w->n, sizeof(*w->bare));
	w->bare[w->n++] = xstrdup(bare);
	table_add(&w->exact, exact, word, MATCH_FORM_EXACT);
	words_add_deletes(w, bare, word);
	return word;
}

struct entering {
	struct match_words *words;
	uint32_t word;
};

static void
words_on_form(const char *form, enum fold_form kind, void *ctx)
{
	static const enum match_form_kind kinds[] = {
	    [FOLD_FORM_BARE] = MATCH_FORM_BARE,
	    [FOLD_FORM_EXACT] = MATCH_FORM_EXACT,
	    [FOLD_FORM_TELEX] = MATCH_FORM_TELEX,
	    [FOLD_FORM_VNI] = MATCH_FORM_VNI,
	    [FOLD_FORM_LOST] = MATCH_FORM_LOST,
	};
	const struct entering *e = ctx;

	_Static_assert(TC_NELEM(kinds) == FOLD_NFORMS, "a kind per form");
	table_add(&e->words->forms, form, e->word, kinds[kind]);
}

/* The word that is written like this, made when it is new. */
static uint32_t
words_get(
    struct match_words *w, const char *exact, const char *bare, bool *is_new)
{
	const struct match_form *f;

	f = table_find(&w->exact, exact, strlen(exact));
	*is_new = f == NULL;
	return f != NULL ? f->word : words_new_word(w, exact, bare);
}

uint32_t
match_words_enter(struct match_words *w, const char *word)
{
	struct entering e = {.words = w};
	struct fold f;
	bool is_new;

	if (fold_text(word, strlen(word), &f) != 0)
		abort(); /* it comes out of a fold */
	e.word = words_get(w, f.exact, f.text, &is_new);
	fold_clear(&f);
	if (is_new)
		fold_forms(word, words_on_form, &e);
	return e.word;
}

uint32_t
match_words_enter_joined(
    struct match_words *w, const char *exact, const char *bare)
{
	uint32_t word;
	bool is_new;

	word = words_get(w, exact, bare, &is_new);
	table_add(&w->forms, bare, word, MATCH_FORM_BARE);
	if (strcmp(exact, bare) != 0)
		table_add(&w->forms, exact, word, MATCH_FORM_EXACT);
	return word;
}

void
match_words_add_form(struct match_words *w, const char *key, uint32_t word,
    enum match_form_kind kind)
{
	table_add(&w->forms, key, word, kind);
}

const struct match_form *
match_words_find(const struct match_words *w, const char *key, size_t len)
{
	return table_find(&w->forms, key, len);
}

/* Are they one edit apart? Both are ASCII or UTF-8; a byte is a letter, which
 * is true of what is guessed: other letters are never one byte apart. */
static bool
is_one_edit(const char *a, size_t n, const char *b, size_t m)
{
	size_t head = 0, tail = 0;

	while (head < n && head < m && a[head] == b[head])
		head++;
	while (tail < n - head && tail < m - head &&
	       a[n - tail - 1] == b[m - tail - 1])
		tail++;
	n -= head + tail;
	m -= head + tail;
	if (n == 2 && m == 2)
		return a[head] == b[head + 1] && a[head + 1] == b[head];
	return n <= 1 && m <= 1;
}

struct guess {
	const char *key;
	size_t len;
	uint32_t *words;
	size_t n, max;
};

static void
guess_add(
    const struct match_words *w, struct guess *g, const struct match_form *f)
{
	size_t i;

	for (; f != NULL && g->n < g->max; f = f->next) {
		for (i = 0; i < g->n && g->words[i] != f->word; i++)
			continue;
		if (i == g->n && is_one_edit(g->key, g->len, w->bare[f->word],
				     strlen(w->bare[f->word])))
			g->words[g->n++] = f->word;
	}
}

size_t
match_words_guess(const struct match_words *w, const char *key, size_t len,
    uint32_t *words, size_t max)
{
	struct guess g = {key, len, words, 0, max};
	char shorter[GUESS_LETTERS_MAX + 2];
	size_t i;

	if (len + 1 < MATCH_GUESS_LETTERS || len > GUESS_LETTERS_MAX + 1)
		return 0;
	guess_add(w, &g, table_find(&w->deletes, key, len));
	for (i = 0; i < len; i++) {
		leave_out(shorter, key, len, i);
		guess_add(w, &g, table_find(&w->deletes, shorter, len - 1));
	}
	return g.n;
}
