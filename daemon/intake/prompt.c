/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a text asks its readers to write (content.h): the matcher itself says
 * what would come of it. Called by the lint of campaigns; owns nothing.
 */
#include "config.h"
#include "intake/lint.h"

#include <stdlib.h>
#include <string.h>

#include "content.h"
#include "fold.h"
#include "match.h"

/* The next words of a folded text, at most n of them. */
static char *
words_first(const char *s, int n)
{
	const char *end = s;

	for (; n > 0 && *end != '\0'; n--) {
		end += *end == ' ';
		end += strcspn(end, " ");
	}
	return xstrndup(s, (size_t)(end - s));
}

/* Does the text go on with a keyword that would open a case? */
static bool
is_prompt(const struct content *c, const char *s)
{
	struct match m;
	char *words;
	int n;

	for (n = 3; n > 0; n--) {
		words = words_first(s, n);
		match_text(c, words, strlen(words), &m);
		free(words);
		if (m.rule != MATCH_NONE && content_opens_case(m.intent, false))
			return true;
	}
	return false;
}

bool
content_asks_to_write(const struct content *c, const char *text)
{
	static const char *const verbs[] = {"soan ", "nhan tin ", "nhan "};
	struct fold f;
	const char *s;
	bool found = false;
	size_t i;

	if (fold_text(text, strlen(text), &f) != 0)
		return false;
	for (i = 0; i < TC_NELEM(verbs); i++)
		for (s = f.text; !found && (s = strstr(s, verbs[i])) != NULL;) {
			s += strlen(verbs[i]);
			found = is_prompt(c, s);
		}
	fold_clear(&f);
	return found;
}
