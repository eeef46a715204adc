/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The forms of an accented word (fold_forms.h). Called for every new word of a
 * content pack. Owns nothing and cannot fail.
 *
 * A word is taken apart into letters: base, letter mark (â ă ơ đ) and at most
 * one tone. An input method that is off leaves a key for each mark: that of a
 * letter behind it, that of the tone anywhere from its vowel to the end of the
 * word. Those who are used to it write the letter keys at the end as well, and
 * one key for the two horns of "ươ".
 */
#include "config.h"

#include <string.h>

#include <utf8proc.h>

#include "fold.h"
#include "fold_forms.h"

#define LETTERS_MAX 16
#define FORM_MAX 128 /* bytes of a form: letters, keys and marks */
#define LOST_MAX 4   /* of more marked letters only all of them are lost */

enum letter_mark {
	MARK_NONE,
	MARK_CIRCUMFLEX, /* â ê ô */
	MARK_BREVE,      /* ă */
	MARK_HORN,       /* ơ ư */
	MARK_STROKE      /* đ */
};

static const int32_t mark_points[] = {[MARK_NONE] = 0,
    [MARK_CIRCUMFLEX] = 0x0302,
    [MARK_BREVE] = 0x0306,
    [MARK_HORN] = 0x031b,
    [MARK_STROKE] = 0};
/* acute, grave, hook, tilde, dot: the order of the keys below */
static const int32_t tone_points[] = {
    0, 0x0301, 0x0300, 0x0309, 0x0303, 0x0323};

struct method {
	enum fold_form kind;
	char tones[6];
	char marks[5]; /* by enum letter_mark; 0: the letter again */
};

static const struct method methods[] = {
    {FOLD_FORM_TELEX, " sfrxj", {0, 0, 'w', 'w', 0}},
    {FOLD_FORM_VNI, " 12345", {0, '6', '8', '7', '9'}},
};

struct letter {
	char base;
	enum letter_mark mark;
	unsigned tone; /* index into tone_points */
};

struct word {
	struct letter letters[LETTERS_MAX];
	size_t n;
	unsigned tone;
	size_t toned; /* the letter that bears it */
	bool has_marks;
	bool has_horns; /* "ươ" */
};

/* A way to write the keys of a word. */
struct typing {
	const struct method *method;
	bool one_horn; /* one key for "ươ" */
	bool late;     /* letter keys at the end; that of đ never */
	size_t tone;   /* the letter behind which the tone key comes; n: last */
};

struct out {
	char text[FORM_MAX];
	size_t used;
};

static void
out_put(struct out *o, char c)
{
	if (o->used + 1 < sizeof(o->text))
		o->text[o->used++] = c;
}

static void
out_put_point(struct out *o, int32_t cp)
{
	if (o->used + 4 < sizeof(o->text))
		o->used += (size_t)utf8proc_encode_char(
		    cp, (utf8proc_uint8_t *)o->text + o->used);
}

static unsigned
index_of(const int32_t *points, size_t n, int32_t cp)
{
	unsigned i;

	for (i = 1; i < n; i++) {
		if (points[i] == cp)
			return i;
	}
	return 0;
}

static bool
is_vowel(char c)
{
	return c != '\0' && strchr("aeiouy", c) != NULL;
}

/* Take in one code point; false when it is nothing that the input methods
 * know. */
static bool
word_add(struct word *w, int32_t cp)
{
	struct letter *last = w->n > 0 ? &w->letters[w->n - 1] : NULL;
	unsigned tone = index_of(tone_points, TC_NELEM(tone_points), cp);
	unsigned mark = index_of(mark_points, TC_NELEM(mark_points), cp);

	if (tone == 0 && mark == 0) {
		if (w->n == LETTERS_MAX || (cp >= 0x80 && cp != 0x0111))
			return false;
		last = &w->letters[w->n++];
		last->base = cp == 0x0111 ? 'd' : (char)cp;
		last->mark = cp == 0x0111 ? MARK_STROKE : MARK_NONE;
		return true;
	}
	if (last == NULL || !is_vowel(last->base))
		return false;
	if (tone != 0) {
		if (w->tone != 0)
			return false;
		last->tone = w->tone = tone;
		w->toned = w->n - 1;
		return true;
	}
	if (last->mark != MARK_NONE)
		return false;
	last->mark = (enum letter_mark)mark;
	return true;
}

static bool
word_take_apart(struct word *w, const char *s)
{
	int32_t cp[LETTERS_MAX * 3];
	utf8proc_ssize_t n, i;

	memset(w, 0, sizeof(*w));
	n = utf8proc_decompose((const utf8proc_uint8_t *)s,
	    (utf8proc_ssize_t)strlen(s), cp, TC_NELEM(cp), UTF8PROC_DECOMPOSE);
	if (n < 0 || n > (utf8proc_ssize_t)TC_NELEM(cp))
		return false;
	for (i = 0; i < n; i++) {
		if (!word_add(w, cp[i]))
			return false;
	}
	for (i = 0; i < (utf8proc_ssize_t)w->n; i++) {
		w->has_marks |= w->letters[i].mark > MARK_NONE &&
				w->letters[i].mark != MARK_STROKE;
		w->has_horns |= i > 0 && w->letters[i].mark == MARK_HORN &&
				w->letters[i - 1].mark == MARK_HORN;
	}
	return true;
}

static char
mark_key(const struct method *m, const struct letter *l)
{
	return m->marks[l->mark] != 0 ? m->marks[l->mark] : l->base;
}

static bool
is_late(const struct typing *t, const struct letter *l)
{
	return t->late && l->mark != MARK_STROKE;
}

/* Is the key of this letter left to the next one? */
static bool
is_shared(const struct word *w, const struct typing *t, size_t i)
{
	return t->one_horn && w->letters[i].mark == MARK_HORN && i + 1 < w->n &&
	       w->letters[i + 1].mark == MARK_HORN;
}

static void
word_type(
    const struct word *w, const struct typing *t, fold_form_fn fn, void *ctx)
{
	const char tone_key = t->method->tones[w->tone];
	const struct letter *l;
	struct out o = {.used = 0};
	size_t i;

	for (i = 0; i < w->n; i++) {
		l = &w->letters[i];
		out_put(&o, l->base);
		if (l->mark != MARK_NONE && !is_late(t, l) &&
		    !is_shared(w, t, i))
			out_put(&o, mark_key(t->method, l));
		if (w->tone != 0 && t->tone == i)
			out_put(&o, tone_key);
	}
	for (i = 0; t->late && i < w->n; i++) {
		l = &w->letters[i];
		if (l->mark != MARK_NONE && is_late(t, l) &&
		    !is_shared(w, t, i))
			out_put(&o, mark_key(t->method, l));
	}
	if (w->tone != 0 && t->tone == w->n)
		out_put(&o, tone_key);
	o.text[o.used] = '\0';
	fn(o.text, t->method->kind, ctx);
}

/* With the tone key behind its vowel, and behind every letter that follows. */
static void
word_type_tones(
    const struct word *w, struct typing t, fold_form_fn fn, void *ctx)
{
	if (w->tone == 0) {
		word_type(w, &t, fn, ctx);
		return;
	}
	for (t.tone = w->toned; t.tone < w->n; t.tone++)
		word_type(w, &t, fn, ctx);
}

static void
word_type_all(const struct word *w, fold_form_fn fn, void *ctx)
{
	struct typing t = {0};
	size_t i;

	for (i = 0; i < TC_NELEM(methods); i++) {
		t = (struct typing){.method = &methods[i]};
		word_type_tones(w, t, fn, ctx);
		if (w->has_horns) {
			t.one_horn = true;
			word_type_tones(w, t, fn, ctx);
		}
		if (w->has_marks) {
			t.one_horn = t.late = true;
			t.tone = w->n - 1;
			word_type(w, &t, fn, ctx);
			t.tone = w->n;
			word_type(w, &t, fn, ctx);
		}
	}
}

/* With the tone on this vowel, in the normal form of fold.exact. */
static void
word_accent(const struct word *w, size_t toned, fold_form_fn fn, void *ctx)
{
	const struct letter *l;
	struct out o = {.used = 0};
	struct fold f;
	size_t i;

	for (i = 0; i < w->n; i++) {
		l = &w->letters[i];
		out_put_point(&o, l->mark == MARK_STROKE ? 0x0111 : l->base);
		if (mark_points[l->mark] != 0)
			out_put_point(&o, mark_points[l->mark]);
		if (w->tone != 0 && i == toned)
			out_put_point(&o, tone_points[w->tone]);
	}
	if (fold_text(o.text, o.used, &f) != 0)
		return;
	fn(f.exact, FOLD_FORM_EXACT, ctx);
	fold_clear(&f);
}

static void
word_lose(const struct word *w, unsigned lost, fold_form_fn fn, void *ctx)
{
	const struct letter *l;
	struct out o = {.used = 0};
	unsigned nth = 0;
	size_t i;

	for (i = 0; i < w->n; i++) {
		l = &w->letters[i];
		if (l->mark == MARK_NONE && l->tone == 0)
			out_put(&o, l->base);
		else
			out_put(&o, lost & (1U << nth++) ? '?' : l->base);
	}
	o.text[o.used] = '\0';
	fn(o.text, FOLD_FORM_LOST, ctx);
}

static void
word_lose_all(const struct word *w, fold_form_fn fn, void *ctx)
{
	unsigned marked = 0, lost;
	size_t i;

	for (i = 0; i < w->n; i++)
		marked +=
		    w->letters[i].mark != MARK_NONE || w->letters[i].tone != 0;
	lost = (1U << marked) - 1;
	if (marked > LOST_MAX) {
		word_lose(w, lost, fn, ctx);
		return;
	}
	for (; lost > 0; lost--)
		word_lose(w, lost, fn, ctx);
}

void
fold_forms(const char *word, fold_form_fn fn, void *ctx)
{
	struct word w;
	struct fold f;
	bool is_marked;
	size_t i;

	if (fold_text(word, strlen(word), &f) != 0)
		return;
	is_marked = strcmp(f.text, f.exact) != 0;
	fn(f.text, FOLD_FORM_BARE, ctx);
	if (is_marked)
		fn(f.exact, FOLD_FORM_EXACT, ctx);
	fold_clear(&f);
	if (!is_marked || !word_take_apart(&w, word))
		return;
	for (i = 0; w.tone != 0 && i < w.n; i++) {
		if (is_vowel(w.letters[i].base))
			word_accent(&w, i, fn, ctx);
	}
	word_type_all(&w, fn, ctx);
	word_lose_all(&w, fn, ctx);
}
