/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matcher with the shipped pack. Whatever the text: an intent of the pack
 * comes out, the offset is inside the text at the beginning of a character,
 * what is behind it folds to the last words of the message, and neither
 * capitals nor full stops around it change the answer.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "fuzz.h"
#include "intake/match.h"

static const struct content *
pack(void)
{
	static struct content *content;
	struct faults f;

	if (content == NULL) {
		faults_init(&f);
		content = content_load(TEST_ETC, &f);
		faults_clear(&f);
		FUZZ_CHECK(content != NULL);
	}
	return content;
}

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return m <= n && memcmp(s + n - m, end, m) == 0;
}

static void
check_rest(const char *text, size_t len, const struct match *m)
{
	struct fold whole, rest;

	if (len > FOLD_TEXT_MAX || fold_text(text, len, &whole) != 0)
		return;
	FUZZ_CHECK(m->text_offset == len ||
		   ((unsigned char)text[m->text_offset] & 0xc0) != 0x80);
	FUZZ_CHECK(
	    fold_text(text + m->text_offset, len - m->text_offset, &rest) == 0);
	FUZZ_CHECK(ends_with(whole.text, rest.text));
	FUZZ_CHECK(!m->has_text || rest.ntokens > 0);
	fold_clear(&rest);
	fold_clear(&whole);
}

static void
check_same(const char *text, size_t len, const struct match *m)
{
	char copy[512];
	struct match n;
	size_t i;

	if (len + 2 > sizeof(copy))
		return;
	copy[0] = '.';
	for (i = 0; i < len; i++)
		copy[i + 1] = (char)toupper((unsigned char)text[i]);
	copy[len + 1] = '.';
	match_text(pack(), copy, len + 2, &n);
	FUZZ_CHECK(n.intent == m->intent && n.rule == m->rule);
	FUZZ_CHECK(n.has_text == m->has_text && n.danger == m->danger);
	FUZZ_CHECK(n.argument.kind == m->argument.kind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct match_report r;
	struct match m;

	match_text(pack(), text, size, &m);
	FUZZ_CHECK(content_intent_by_name(pack(), m.intent->name) == m.intent);
	FUZZ_CHECK(
	    (m.rule == MATCH_NONE) == (m.intent == content_fallback(pack())));
	FUZZ_CHECK(m.text_offset <= size);
	FUZZ_CHECK(m.has_text || m.text_offset == 0);
	FUZZ_CHECK((m.keyword == NULL) == (m.rule == MATCH_NONE));
	FUZZ_CHECK(m.argument.kind == ARGUMENT_NONE ||
		   (m.has_text && m.argument.kind == m.intent->argument));
	check_rest(text, size, &m);
	check_same(text, size, &m);
	match_explain(pack(), text, size, &r);
	FUZZ_CHECK(r.match.intent == m.intent);
	match_report_clear(&r);
	return 0;
}
