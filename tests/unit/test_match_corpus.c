/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matcher against the corpus (tests/corpus/intents.txt) with the pack that
 * is shipped. Every line is read as it stands, decomposed (NFD), in capitals
 * and between spaces and full stops. Prints the confusion table.
 *
 * What must never be taken for something else: TC (OPTOUT), a cry for help and
 * everything sensitive. A line that is not understood goes to FALLBACK, where a
 * person reads it; few do.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "intake/match.h"

#define LINES_MIN 600
#define NAMES_MAX 64
#define RECALL_PERCENT 98

static const char *const never_wrong[] = {"OPTOUT", "HUSH", "CONFIRM", "SOS",
    "SUPPORT", "CALLBACK", "SAFE_ADDR", "DV_SELF", "DV_WITNESS", "TRAFFICK",
    "REINTEGRATE", "CHILD", "SEXUAL", "CHILD_MARRIAGE", "ERASE"};

struct line {
	int number;
	const char *intent;
	const char *text;
	const char *argument; /* "" for none */
	bool danger;
};

typedef void (*line_fn)(const struct line *line, void *ctx);

static struct content *content;
static char *corpus;
static size_t corpus_len;

static int
set_up(void **state)
{
	struct faults f;

	(void)state;
	faults_init(&f);
	content = content_load(TEST_ETC, &f);
	if (content == NULL)
		fail_msg("%s", f.list[0].what);
	faults_clear(&f);
	return file_read(TEST_CORPUS, 1 << 20, &corpus, &corpus_len);
}

static int
tear_down(void **state)
{
	(void)state;
	content_free(content);
	free(corpus);
	return 0;
}

/* Cut a line at its tabs. */
static void
parse_flags(char *text, struct line *line)
{
	char *tab;

	line->danger = false;
	line->argument = "";
	while ((tab = strrchr(text, '\t')) != NULL) {
		*tab = '\0';
		if (tab[1] == '!')
			line->danger = true;
		else if (tab[1] == '=')
			line->argument = tab + 2;
		else if (tab[1] != '\0')
			fail_msg(
			    "line %d: what is \"%s\"", line->number, tab + 1);
	}
	line->text = text;
}

static void
each_line(line_fn fn, void *ctx)
{
	char *copy = xstrndup(corpus, corpus_len), *at = copy, *next;
	char intent[64] = "";
	struct line line = {.intent = intent};

	for (; at != NULL && *at != '\0'; at = next) {
		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		line.number++;
		if (*at == '\0' || *at == '#')
			continue;
		if (*at == '[') {
			at[strlen(at) - 1] = '\0';
			assert_int_equal(
			    str_printf(intent, sizeof(intent), "%s", at + 1),
			    0);
			continue;
		}
		parse_flags(at, &line);
		fn(&line, ctx);
	}
	free(copy);
}

/* --- the table --- */

struct table {
	const char *names[NAMES_MAX];
	size_t n;
	unsigned count[NAMES_MAX][NAMES_MAX]; /* meant, read */
	unsigned lines;
};

static size_t
name_index(const struct table *t, const char *name)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (strcmp(t->names[i], name) == 0)
			return i;
	}
	fail_msg("there is no intent %s", name);
	return 0;
}

static void
count_line(const struct line *line, void *ctx)
{
	struct table *t = ctx;
	struct match m;
	size_t meant, got;

	match_text(content, line->text, strlen(line->text), &m);
	meant = name_index(t, line->intent);
	got = name_index(t, m.intent->name);
	t->count[meant][got]++;
	t->lines++;
	if (meant != got)
		print_message("# line %d '%s': meant %s, read as %s (%s)\n",
		    line->number, line->text, line->intent, m.intent->name,
		    match_rule_name(m.rule));
}

static unsigned
column_sum(const struct table *t, size_t got)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		sum += t->count[i][got];
	return sum;
}

static unsigned
row_sum(const struct table *t, size_t meant)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < t->n; i++)
		sum += t->count[meant][i];
	return sum;
}

static void
print_table(const struct table *t)
{
	unsigned row, column, right;
	size_t i, k;

	print_message("# %-14s %5s %5s %5s %7s %7s  not as meant\n", "intent",
	    "meant", "read", "right", "prec", "recall");
	for (i = 0; i < t->n; i++) {
		row = row_sum(t, i);
		column = column_sum(t, i);
		right = t->count[i][i];
		print_message("# %-14s %5u %5u %5u %6.1f%% %6.1f%% ",
		    t->names[i], row, column, right,
		    column > 0 ? 100.0 * right / column : 100.0,
		    row > 0 ? 100.0 * right / row : 100.0);
		for (k = 0; k < t->n; k++) {
			if (k != i && t->count[i][k] > 0)
				print_message(
				    " %s:%u", t->names[k], t->count[i][k]);
		}
		print_message("\n");
	}
}

static void
test_confusion(void **state)
{
	struct table *t = xcalloc(1, sizeof(*t));
	unsigned right = 0;
	size_t i, k;

	(void)state;
	assert_in_range(content_nintents(content), 26, NAMES_MAX);
	for (t->n = 0; t->n < content_nintents(content); t->n++)
		t->names[t->n] = content_intent(content, t->n)->name;
	each_line(count_line, t);
	print_table(t);
	assert_true(t->lines >= LINES_MIN);
	for (i = 0; i < t->n; i++) {
		right += t->count[i][i];
		assert_true(row_sum(t, i) > 0);
	}
	print_message("# %u lines, %u as meant\n", t->lines, right);
	for (k = 0; k < TC_NELEM(never_wrong); k++) {
		i = name_index(t, never_wrong[k]);
		if (column_sum(t, i) != t->count[i][i])
			fail_msg("%s was read where it was not meant",
			    never_wrong[k]);
	}
	assert_true(right * 100 >= t->lines * RECALL_PERCENT);
	free(t);
}

/* --- danger and arguments --- */

static void
check_line(const struct line *line, void *ctx)
{
	struct match_report r;

	(void)ctx;
	match_explain(content, line->text, strlen(line->text), &r);
	if (r.match.danger != line->danger)
		fail_msg("line %d '%s': danger %d", line->number, line->text,
		    r.match.danger);
	if (strcmp(r.argument, line->argument) != 0)
		fail_msg("line %d '%s': argument '%s'", line->number,
		    line->text, r.argument);
	match_report_clear(&r);
}

static void
test_details(void **state)
{
	(void)state;
	each_line(check_line, NULL);
}

/* --- the same text in another dress --- */

static void
check_same(const struct line *line, const char *text)
{
	struct match plain, other;

	match_text(content, line->text, strlen(line->text), &plain);
	match_text(content, text, strlen(text), &other);
	if (other.intent != plain.intent || other.rule != plain.rule ||
	    other.danger != plain.danger || other.has_text != plain.has_text ||
	    other.argument.kind != plain.argument.kind)
		fail_msg("line %d '%s': %s as '%s'", line->number, line->text,
		    other.intent->name, text);
}

static char *
to_upper(const char *s)
{
	char *out = xcalloc(1, 2 * strlen(s) + 1);
	utf8proc_int32_t cp;
	utf8proc_ssize_t n;
	size_t used = 0;

	for (; *s != '\0'; s += n) {
		n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &cp);
		assert_true(n > 0);
		used += (size_t)utf8proc_encode_char(
		    utf8proc_toupper(cp), (utf8proc_uint8_t *)out + used);
	}
	return out;
}

static void
check_dressed(const struct line *line, void *ctx)
{
	char *text;

	(void)ctx;
	text = (char *)utf8proc_NFD((const utf8proc_uint8_t *)line->text);
	check_same(line, text);
	free(text);
	text = to_upper(line->text);
	check_same(line, text);
	free(text);
	text = xasprintf("  . %s . \n", line->text);
	check_same(line, text);
	free(text);
	text = xasprintf("\xe2\x80\x8b%s\xe2\x80\x8b", line->text);
	check_same(line, text);
	free(text);
}

static void
test_dressed(void **state)
{
	(void)state;
	each_line(check_dressed, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_confusion),
	    cmocka_unit_test(test_details),
	    cmocka_unit_test(test_dressed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
