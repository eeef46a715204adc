/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Safe text, widths, times, and the progress bar.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/progress.h"
#include "ctl/text.h"

static const struct {
	const char *in, *line, *block;
} texts[] = {
    {"Giúp tôi", "Giúp tôi", "Giúp tôi"},
    {"a\tb\nc\r\nd", "a b c d", "a b\nc\nd"},
    {"a\rb", "a\\x0db", "a\\x0db"},
    {"\033[2J\007\177", "\\x1b[2J\\x07\\x7f", "\\x1b[2J\\x07\\x7f"},
    {"\xc2\x9b"
     "31m",
	"\\x9b31m", "\\x9b31m"},
    {"\xe2\x80\xae!", "\\u{202e}!", "\\u{202e}!"},
    {"\xe2\x80\xa8", "\\u{2028}", "\\u{2028}"},
    {"\xff\xc3", "\\xff\\xc3", "\\xff\\xc3"},
    {"\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80"},
    {"\xf3\xa0\x81\x81", "\\u{e0041}", "\\u{e0041}"},
    {"👨‍👩", "👨‍👩", "👨‍👩"},
    {"", "", ""},
};

static void
test_safe(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 1024);
	for (i = 0; i < TC_NELEM(texts); i++) {
		buf_reset(&b);
		text_safe(&b, texts[i].in, TEXT_LINE);
		assert_string_equal(buf_str(&b), texts[i].line);
		buf_reset(&b);
		text_safe(&b, texts[i].in, TEXT_BLOCK);
		assert_string_equal(buf_str(&b), texts[i].block);
	}
	buf_reset(&b);
	text_safe(&b, NULL, TEXT_LINE);
	assert_string_equal(buf_str(&b), "");
	buf_clear(&b);
}

static void
test_safe_json(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1024);
	text_safe_json(&b, "{\n \"ệ\": \"\177\xc2\x9b\xf3\xa0\x81\x81\"}");
	assert_string_equal(
	    buf_str(&b), "{\n \"ệ\": \"\\u007f\\u009b\\udb40\\udc41\"}");
	buf_clear(&b);
}

static void
test_width(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("Trạng thái"), 10);
	/* The same, decomposed: marks take no column. */
	assert_int_equal(text_width("Tra\xcc\xa3ng"), 5);
	assert_int_equal(text_width("漢字"), 4);
}

static const struct {
	int64_t t;
	bool utc;
	const char *want;
} times[] = {
    {1795469681, false, "24/11/2026 04:34:41"},
    {1795469681, true, "23/11/2026 21:34:41 UTC"},
    {0, false, "–"},
    {1, false, "01/01/1970 07:00:01"},
    {-1, false, "?"},
    {INT64_MAX, false, "?"},
    {INT64_MAX, true, "?"},
    {INT64_MIN, false, "?"},
};

static void
test_time(void **state)
{
	char out[TEXT_TIME_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(times); i++)
		assert_string_equal(
		    text_time(times[i].t, times[i].utc, out), times[i].want);
}

static const struct {
	int64_t done, total;
	const char *want;
} bars[] = {
    {0, 10, "░░░░"},
    {5, 10, "██░░"},
    {9, 10, "███░"},
    {10, 10, "████"},
    {11, 10, "████"},
    {-3, 10, "░░░░"},
    {3, 0, "░░░░"},
    {3, -1, "░░░░"},
    {INT64_MAX, INT64_MAX, "████"},
};

static void
test_bar(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 256);
	for (i = 0; i < TC_NELEM(bars); i++) {
		buf_reset(&b);
		progress_bar(&b, bars[i].done, bars[i].total, 4);
		assert_string_equal(buf_str(&b), bars[i].want);
	}
	buf_clear(&b);
}

static void
test_left(void **state)
{
	(void)state;
	/* 10 in 10 s: 90 are left, and a second for good measure. */
	assert_int_equal(progress_left(10, 100, 0, 10000), 91);
	/* What was done before does not count for the pace. */
	assert_int_equal(progress_left(60, 100, 50, 10000), 41);
	assert_int_equal(progress_left(10, 100, 0, 100), -1);
	assert_int_equal(progress_left(1, INT64_MAX, 0, INT64_MAX), -1);
	assert_int_equal(progress_left(50, 100, 50, 10000), -1);
	assert_int_equal(progress_left(100, 100, 0, 10000), -1);
}

static void
test_lines(void **state)
{
	struct progress p;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	assert_non_null(f);
	progress_begin(&p, f, "Gửi");
	/* No terminal, and five seconds have not gone by. */
	progress_show(&p, 1, 4, NULL);
	p.plain_ms = 0;
	progress_show(&p, 2, 4, "x");
	progress_end(&p);
	(void)fclose(f);
	assert_string_equal(text, "Gửi  50%  2/4  x\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_safe),
	    cmocka_unit_test(test_safe_json),
	    cmocka_unit_test(test_width),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_bar),
	    cmocka_unit_test(test_left),
	    cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
