/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs of a text (wordrun.h). Called by tincayctl for an address that is
 * registered, by the outbox for a text that wants to leave. Folded texts are
 * wiped: they may be an address. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "wordrun.h"

struct wordrun_public {
	char **words;
	size_t n;
};

/* The end of the n-th word from s on, NULL when there are fewer. */
static const char *
wordrun_end(const char *s, size_t n)
{
	for (; n > 0; n--) {
		if (*s == ' ')
			s++;
		if (*s == '\0')
			return NULL;
		s += strcspn(s, " ");
	}
	return s;
}

static int
wordrun_words(const char *folded, size_t n, wordrun_cb cb, void *ctx)
{
	const char *s, *end;
	int rc = 0;

	for (s = folded; rc >= 0; s++) {
		end = wordrun_end(s, n);
		if (end == NULL)
			break;
		rc = cb(s, (size_t)(end - s), ctx);
		s += strcspn(s, " ");
	}
	return rc < 0 ? rc : 0;
}

/* Every window of nine digits; what separates words does not end a number. */
static int
wordrun_numbers(const char *folded, wordrun_cb cb, void *ctx)
{
	char window[WORDRUN_DIGITS + 1] = "#";
	size_t n = 0;
	int rc = 0;

	for (; *folded != '\0' && rc >= 0; folded++) {
		if (*folded == ' ')
			continue;
		if (*folded < '0' || *folded > '9') {
			n = 0;
			continue;
		}
		if (n == WORDRUN_DIGITS)
			memmove(window + 1, window + 2, --n);
		window[++n] = *folded;
		if (n == WORDRUN_DIGITS)
			rc = cb(window, sizeof(window), ctx);
	}
	explicit_bzero(window, sizeof(window));
	return rc < 0 ? rc : 0;
}

static int
wordrun_make(const char *text, bool is_field, wordrun_cb cb, void *ctx)
{
	size_t len = strlen(text);
	struct fold f;
	int rc;

	if (len > FOLD_TEXT_MAX)
		return TC_EFULL;
	if ((rc = fold_text(text, len, &f)) != 0)
		return rc;
	rc = wordrun_words(f.text, WORDRUN_WORDS, cb, ctx);
	if (rc == 0 && (!is_field || f.ntokens == WORDRUN_SHORT))
		rc = wordrun_words(f.text, WORDRUN_SHORT, cb, ctx);
	if (rc == 0)
		rc = wordrun_numbers(f.text, cb, ctx);
	explicit_bzero(f.text, strlen(f.text));
	explicit_bzero(f.exact, strlen(f.exact));
	fold_clear(&f);
	return rc;
}

int
wordrun_each(const char *text, wordrun_cb cb, void *ctx)
{
	return wordrun_make(text, false, cb, ctx);
}

int
wordrun_field(const char *field, wordrun_cb cb, void *ctx)
{
	return wordrun_make(field, true, cb, ctx);
}

/* --- public words --- */

struct wordrun_public *
wordrun_public_new(void)
{
	return xcalloc(1, sizeof(struct wordrun_public));
}

void
wordrun_public_free(struct wordrun_public *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->n; i++)
		free(p->words[i]);
	free(p->words);
	free(p);
}

static bool
wordrun_has_word(const struct wordrun_public *p, const char *word, size_t len)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strlen(p->words[i]) == len &&
		    memcmp(p->words[i], word, len) == 0)
			return true;
	return false;
}

int
wordrun_public_add(struct wordrun_public *p, const char *phrase)
{
	struct fold f;
	const char *s;
	size_t len;
	int rc;

	if ((rc = fold_text(phrase, strlen(phrase), &f)) != 0)
		return rc;
	for (s = f.text; *s != '\0'; s += len + (s[len] == ' ')) {
		len = strcspn(s, " ");
		if (wordrun_has_word(p, s, len))
			continue;
		p->words = xreallocarray(p->words, p->n + 1, sizeof(*p->words));
		p->words[p->n++] = xstrndup(s, len);
	}
	fold_clear(&f);
	return 0;
}

bool
wordrun_is_public(const struct wordrun_public *p, const char *run, size_t len)
{
	const char *end = run + len;
	const char *space;
	size_t n;

	while (run < end) {
		space = memchr(run, ' ', (size_t)(end - run));
		n = space != NULL ? (size_t)(space - run) : (size_t)(end - run);
		if (!wordrun_has_word(p, run, n))
			return false;
		run += n + 1;
	}
	return true;
}
