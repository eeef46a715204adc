/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Folding. It must be idempotent, make well-formed tokens and count them, give
 * the same for a text in NFC and in NFD, and read its own exact form; a Telex
 * or VNI form must be as it is typed, that is, fold to itself. The fold of a
 * message has the same words but for "?", and the forms of a word are words.
 */
#include "config.h"

#include <string.h>

#include <utf8proc.h>

#include "fold.h"
#include "fold_forms.h"
#include "fuzz.h"

static void
check_tokens(const char *s, size_t ntokens)
{
	size_t n = 0, i;

	for (i = 0; s[i] != '\0'; i++) {
		unsigned char c = (unsigned char)s[i];

		FUZZ_CHECK(c >= 0x80 || c == ' ' || c == '?' ||
			   (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
		FUZZ_CHECK(c != ' ' || (i > 0 && s[i - 1] != ' '));
		n += i == 0 || s[i - 1] == ' ';
	}
	FUZZ_CHECK(i == 0 || s[i - 1] != ' ');
	FUZZ_CHECK(n == ntokens);
	FUZZ_CHECK(utf8_is_valid(s, i));
}

/* Whether s, once folded, is what it was: as text, or in the exact form. */
static void
check_stable(const char *s, bool exact)
{
	struct fold f;

	if (strlen(s) > FOLD_TEXT_MAX)
		return;
	FUZZ_CHECK(fold_text(s, strlen(s), &f) == 0);
	FUZZ_CHECK(strcmp(exact ? f.exact : f.text, s) == 0);
	fold_clear(&f);
}

static void
check_forms(const char *s, const struct fold *f)
{
	utf8proc_uint8_t *forms[2];
	struct fold other;
	size_t i, len;

	forms[0] = utf8proc_NFC((const utf8proc_uint8_t *)s);
	forms[1] = utf8proc_NFD((const utf8proc_uint8_t *)s);
	for (i = 0; i < 2; i++) {
		FUZZ_CHECK(forms[i] != NULL);
		len = strlen((char *)forms[i]);
		if (len <= FOLD_TEXT_MAX) {
			FUZZ_CHECK(
			    fold_text((char *)forms[i], len, &other) == 0);
			FUZZ_CHECK(strcmp(other.text, f->text) == 0);
			FUZZ_CHECK(strcmp(other.exact, f->exact) == 0);
			fold_clear(&other);
		}
		free(forms[i]);
	}
}

static void
check_typed(const char *s, size_t ntokens)
{
	char *forms[2] = {fold_telex(s), fold_vni(s)};
	size_t i;

	for (i = 0; i < 2; i++) {
		FUZZ_CHECK(forms[i] != NULL);
		check_tokens(forms[i], ntokens);
		check_stable(forms[i], false);
		free(forms[i]);
	}
}

static void
on_form(const char *form, enum fold_form kind, void *ctx)
{
	size_t *n = ctx;

	check_tokens(form, form[0] != '\0');
	if (kind == FOLD_FORM_EXACT)
		check_stable(form, true);
	else if (kind != FOLD_FORM_LOST)
		check_stable(form, false);
	else
		FUZZ_CHECK(strchr(form, '?') != NULL);
	++*n;
}

/* The first word of an exact form. */
static void
check_word_forms(const char *exact)
{
	char *word = xstrndup(exact, strcspn(exact, " "));
	size_t n = 0;

	fold_forms(word, on_form, &n);
	FUZZ_CHECK(n > 0);
	free(word);
}

static void
check_message(const char *text, size_t size, const struct fold *plain)
{
	struct fold f, again;

	FUZZ_CHECK(fold_message(text, size, &f) == 0);
	check_tokens(f.text, plain->ntokens);
	check_tokens(f.exact, plain->ntokens);
	FUZZ_CHECK(fold_text(f.text, strlen(f.text), &again) == 0);
	if (size <= FOLD_TEXT_MAX / 2)
		FUZZ_CHECK(strcmp(again.text, plain->text) == 0);
	fold_clear(&again);
	fold_clear(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fold f;
	char *s;
	int rc = fold_text((const char *)data, size, &f);

	FUZZ_CHECK((rc == 0) == utf8_is_valid((const char *)data, size));
	if (rc != 0)
		return 0;
	check_tokens(f.text, f.ntokens);
	check_tokens(f.exact, f.ntokens);
	check_stable(f.text, false);
	check_stable(f.exact, true);
	check_message((const char *)data, size, &f);
	if (f.ntokens > 0)
		check_word_forms(f.exact);
	s = xstrndup((const char *)data, size);
	if (strlen(s) == size && size <= FOLD_TEXT_MAX) {
		check_forms(s, &f);
		check_typed(s, f.ntokens);
	}
	free(s);
	fold_clear(&f);
	return 0;
}
