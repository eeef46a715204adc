/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stated ages (age.h). Called by the matcher for intents that a child may send,
 * with the folded text. Owns nothing, cannot fail: what it does not understand
 * is no age, and the text goes where its keyword says.
 *
 * Each word for "years old" is found, and from there the number before it is
 * read backwards; the word before the number says whose age it is.
 */
#include "config.h"

#include <string.h>

#include "age.h"

#define ADULT 18
#define WRITES_FROM 6 /* years; a younger one is written about */
#define WORDS_MAX 512
#define NO_AGE (-1)

struct word {
	const char *s;
	size_t len;
};

struct ages {
	struct word words[WORDS_MAX];
	size_t n;
	bool has_spouse;
};

/* "tuổi" as it is typed; a handset's "t" only behind a number: "14t". */
static const char *const year_words[] = {
    "tuoi", "tuooir", "tuoior", "tuoir", "tuo6i3", "tuoi63", "tui"};
static const char *const digits[] = {
    "khong", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin"};
/* Between the number and who it is said of. */
static const char *const fillers[] = {"moi", "duoc", "dc", "da", "nay", "co",
    "chi", "len", "gan", "sap", "chua", "du", "duoi", "hien", "la", "nam"};
static const char *const own_words[] = {
    "em", "e", "chau", "minh", "mk", "toi", "to", "con"};
/* Before one of those: somebody of hers. */
static const char *const whose_words[] = {
    "con", "dua", "be", "gai", "trai", "cua", "ban", "chau", "nuoi"};
static const char *const spouse_words[] = {"chong", "ck", "vo", "vk"};

static bool
word_is(const struct word *w, const char *s)
{
	return strlen(s) == w->len && memcmp(w->s, s, w->len) == 0;
}

static size_t
word_in(const struct word *w, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (word_is(w, list[i]))
			break;
	return i;
}

#define IS_IN(w, list) (word_in(w, list, TC_NELEM(list)) < TC_NELEM(list))

static void
ages_split(const char *s, struct ages *a)
{
	size_t len;

	a->n = 0;
	a->has_spouse = false;
	while (*s != '\0' && a->n < WORDS_MAX) {
		len = strcspn(s, " ");
		a->words[a->n] = (struct word){s, len};
		a->has_spouse =
		    a->has_spouse || IS_IN(&a->words[a->n], spouse_words);
		a->n++;
		s += len + (s[len] == ' ');
	}
}

/* The number that a word begins with; *len: how many digits, 0 for none. */
static int
word_number(const struct word *w, size_t *len)
{
	int n = 0;

	for (*len = 0; *len < w->len && w->s[*len] >= '0' && w->s[*len] <= '9';
	     (*len)++)
		if (n < 1000)
			n = n * 10 + (w->s[*len] - '0');
	return n;
}

/* "mười lăm", "tám", "hai mươi", that end before the word at `end`. *first: the
 * first word of it. */
static int
spelled(const struct ages *a, size_t end, size_t *first)
{
	size_t unit = TC_NELEM(digits), i = end;
	int age;

	if (i > 0)
		unit =
		    word_is(&a->words[i - 1], "lam") ? 5
		    : word_is(&a->words[i - 1], "tu")
			? 4
			: word_in(&a->words[i - 1], digits, TC_NELEM(digits));
	i -= unit < TC_NELEM(digits);
	age = unit < TC_NELEM(digits) ? (int)unit : NO_AGE;
	if (i > 0 && word_is(&a->words[i - 1], "muoi")) {
		i--;
		age = 10 + (age == NO_AGE ? 0 : age);
		if (i > 0 && IS_IN(&a->words[i - 1], digits))
			age = ADULT + 2; /* twenty and more */
	}
	*first = i;
	return age;
}

/* The age that ends with the word at i, and its first word; NO_AGE. */
static int
age_at(const struct ages *a, size_t i, size_t *first)
{
	const struct word *w = &a->words[i];
	struct word rest;
	size_t len;
	int age;

	*first = i;
	age = word_number(w, &len);
	rest = (struct word){w->s + len, w->len - len};
	if (len > 0)
		return word_is(&rest, "t") || IS_IN(&rest, year_words) ? age
								       : NO_AGE;
	if (i == 0 || !IS_IN(w, year_words))
		return NO_AGE;
	age = word_number(&a->words[i - 1], &len);
	if (len == 0 || len != a->words[i - 1].len)
		return spelled(a, i, first);
	*first = i - 1;
	return age;
}

/* "chưa đủ 18", "dưới 18": younger than that. */
static bool
is_below(const struct ages *a, size_t first)
{
	const struct word *w = &a->words[first];

	if (first > 0 && (word_is(w - 1, "duoi") || word_is(w - 1, "chua")))
		return true;
	return first > 1 && word_is(w - 1, "du") && word_is(w - 2, "chua");
}

/* Is it the writer's own? Who begins with an age tells his own. */
static bool
is_own(const struct ages *a, size_t first)
{
	const struct word *w;

	while (first > 0 && IS_IN(&a->words[first - 1], fillers))
		first--;
	if (first == 0)
		return true;
	w = &a->words[first - 1];
	if (!IS_IN(w, own_words))
		return false;
	if (first > 1 && IS_IN(w - 1, whose_words))
		return false;
	/* "cháu" and "con" may be her child. */
	return !(word_is(w, "chau") || word_is(w, "con")) ||
	       (!a->has_spouse && (first == 1 || word_is(w, "chau")));
}

bool
age_is_child(const char *folded, enum age_of whose)
{
	struct ages a;
	size_t i, first;
	int age;

	if (whose == AGE_NONE)
		return false;
	ages_split(folded, &a);
	for (i = 0; i < a.n; i++) {
		age = age_at(&a, i, &first);
		if (age == ADULT && is_below(&a, first))
			age--;
		if (age == NO_AGE || age >= ADULT)
			continue;
		if (whose == AGE_ANY ||
		    (age >= WRITES_FROM && is_own(&a, first)))
			return true;
	}
	return false;
}
