/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of word forms (match_words.h). Open addressing over chains of equal
 * keys. For the guess of a mistyped word each long word is entered once more
 * under itself with one letter left out, and what was typed is looked up so,
 * too: two words that are one edit apart meet there. Only the hash is kept of
 * these; whoever meets is compared.
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
#define BLOCK_TEXT 65536

/* Forms and keys are handed out as pointers: they lie in blocks that never
 * move. */
struct block {
	struct block *next;
	size_t used;
	struct match_form forms[BLOCK_FORMS];
};

struct text_block {
	struct text_block *next;
	size_t used, size;
	char text[];
};

struct slot {
	uint64_t hash;
	struct match_form *head; /* of a chain; NULL: free */
};

struct table {
	struct slot *slots;
	size_t nslots;
	size_t nkeys;
	struct block *blocks;
	struct text_block *texts;
};

/* A word under the hash of itself, and of itself without one letter. */
struct near_word {
	uint32_t hash;
	uint32_t word; /* plus 1; 0: free */
};

struct near_table {
	struct near_word *slots;
	size_t nslots;
	size_t n;
};

struct match_words {
	struct table forms;
	struct near_table near; /* of the words that may be guessed */
	struct table exact;     /* each word as the keywords write it */
	char **bare;            /* by word */
	size_t n;
};

/* --- a table --- */

static void
table_init(struct table *t)
{
	t->nslots = SLOTS_MIN;
	t->slots = xcalloc(t->nslots, sizeof(*t->slots));
}

static void
table_clear(struct table *t)
{
	struct block *b, *next;
	struct text_block *x, *after;

	for (b = t->blocks; b != NULL; b = next) {
		next = b->next;
		free(b);
	}
	for (x = t->texts; x != NULL; x = after) {
		after = x->next;
		free(x);
	}
	free(t->slots);
}

/* The slot of this key: its chain, or the free one where it belongs. */
static struct slot *
table_slot(const struct table *t, uint64_t hash, const char *key, size_t len)
{
	size_t i = hash & (t->nslots - 1);
	const struct slot *s;

	for (; (s = &t->slots[i])->head != NULL;
	     i = (i + 1) & (t->nslots - 1)) {
		if (s->hash == hash && s->head->len == len &&
		    memcmp(s->head->key, key, len) == 0)
			break;
	}
	return &t->slots[i];
}

static const struct match_form *
table_find(const struct table *t, const char *key, size_t len)
{
	return table_slot(t, fnv64(FNV64_INIT, key, len), key, len)->head;
}

/* At most half of the slots are used: a probe ends soon. */
static void
table_grow(struct table *t)
{
	struct slot *old = t->slots;
	size_t i, k, n = t->nslots;

	if (t->nkeys * 2 < t->nslots)
		return;
	t->nslots *= 4;
	t->slots = xcalloc(t->nslots, sizeof(*t->slots));
	for (i = 0; i < n; i++) {
		if (old[i].head == NULL)
			continue;
		k = old[i].hash & (t->nslots - 1);
		while (t->slots[k].head != NULL)
			k = (k + 1) & (t->nslots - 1);
		t->slots[k] = old[i];
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

static const char *
table_keep(struct table *t, const char *key, size_t len)
{
	struct text_block *x = t->texts;
	size_t size;
	char *kept;

	if (x == NULL || x->size - x->used < len) {
		size = len > BLOCK_TEXT ? len : BLOCK_TEXT;
		x = xmalloc(sizeof(*x) + size);
		*x = (struct text_block){.next = t->texts, .size = size};
		t->texts = x;
	}
	kept = x->text + x->used;
	memcpy(kept, key, len);
	x->used += len;
	return kept;
}

/* Each word once under a key, by its surest form, which comes first. */
static void
table_add(
    struct table *t, const char *key, uint32_t word, enum match_form_kind kind)
{
	size_t len = strlen(key);
	uint64_t hash = fnv64(FNV64_INIT, key, len);
	struct slot *slot = table_slot(t, hash, key, len);
	struct match_form *f;
	const struct match_form *old;

	for (old = slot->head; old != NULL; old = old->next) {
		if (old->word == word)
			return;
	}
	f = table_new_form(t);
	*f = (struct match_form){.key = table_keep(t, key, len),
	    .len = len,
	    .word = word,
	    .kind = kind,
	    .next = slot->head};
	t->nkeys += slot->head == NULL;
	*slot = (struct slot){hash, f};
	table_grow(t);
}

/* --- words --- */

struct match_words *
match_words_new(void)
{
	struct match_words *w;

	w = xcalloc(1, sizeof(*w));
	table_init(&w->forms);
	w->near.nslots = SLOTS_MIN;
	w->near.slots = xcalloc(SLOTS_MIN, sizeof(*w->near.slots));
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
	free(w->near.slots);
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
near_put(struct near_table *t, uint32_t hash, uint32_t word)
{
	size_t i = hash & (t->nslots - 1);

	while (t->slots[i].word != 0) {
		if (t->slots[i].hash == hash && t->slots[i].word == word)
			return;
		i = (i + 1) & (t->nslots - 1);
	}
	t->slots[i] = (struct near_word){hash, word};
	t->n++;
}

static void
near_add(struct near_table *t, uint32_t hash, uint32_t word)
{
	struct near_word *old = t->slots;
	size_t i, n = t->nslots;

	near_put(t, hash, word);
	if (t->n * 2 < t->nslots)
		return;
	t->nslots *= 4;
	t->slots = xcalloc(t->nslots, sizeof(*t->slots));
	t->n = 0;
	for (i = 0; i < n; i++) {
		if (old[i].word != 0)
			near_put(t, old[i].hash, old[i].word);
	}
	free(old);
}

static uint32_t
near_hash(const char *s, size_t len)
{
	return (uint32_t)(fnv64(FNV64_INIT, s, len) >> 16);
}

static void
words_add_near(struct match_words *w, const char *bare, uint32_t word)
{
	char shorter[GUESS_LETTERS_MAX + 1];
	size_t i, len = strlen(bare);

	if (!is_guessable(len) || strpbrk(bare, "0123456789") != NULL)
		return;
	near_add(&w->near, near_hash(bare, len), word + 1);
	for (i = 0; i < len; i++) {
		leave_out(shorter, bare, len, i);
		near_add(&w->near, near_hash(shorter, len - 1), word + 1);
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
	words_add_near(w, bare, word);
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

/* Those who meet under this hash and are really one edit apart. */
static void
guess_add(const struct match_words *w, struct guess *g, uint32_t hash)
{
	const struct near_table *t = &w->near;
	size_t i = hash & (t->nslots - 1), k;
	uint32_t word;

	for (; t->slots[i].word != 0 && g->n < g->max;
	     i = (i + 1) & (t->nslots - 1)) {
		if (t->slots[i].hash != hash)
			continue;
		word = t->slots[i].word - 1;
		for (k = 0; k < g->n && g->words[k] != word; k++)
			continue;
		if (k == g->n && is_one_edit(g->key, g->len, w->bare[word],
				     strlen(w->bare[word])))
			g->words[g->n++] = word;
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
	guess_add(w, &g, near_hash(key, len));
	for (i = 0; i < len; i++) {
		leave_out(shorter, key, len, i);
		guess_add(w, &g, near_hash(shorter, len - 1));
	}
	return g.n;
}
