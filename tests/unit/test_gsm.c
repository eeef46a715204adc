/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The GSM alphabet by its published figures, the exact limits of segments, and
 * what must not be cut apart. Texts are built from repeated pieces, so that
 * every case shows its arithmetic. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "buf.h"
#include "gsm.h"

#define NPIECES 4

struct cut_case {
	const char *what;
	struct {
		unsigned n;
		const char *s;
	} pieces[NPIECES];
	enum gsm_coding coding;
	unsigned units;
	unsigned nsegments;
	unsigned first, last; /* units of the first and last segment */
};

#define A1                                                                     \
	{                                                                      \
		1, "a"                                                         \
	}
#define EURO "\xe2\x82\xac"
#define A_HOOK "\xe1\xba\xa3"           /* U+1EA3 */
#define O_HORN_BREVE "\xc6\xa1\xcc\x86" /* Jrai: U+01A1 U+0306 */
#define SMILE "\xf0\x9f\x98\x80"
#define BREVE "\xcc\x86"
#define ZWJ_PAIR SMILE "\xe2\x80\x8d" SMILE

static const struct cut_case cut_cases[] = {
    {"empty", {{0, ""}}, GSM_CODING_7BIT, 0, 1, 0, 0},
    {"one", {A1}, GSM_CODING_7BIT, 1, 1, 1, 1},
    {"7-bit 160", {{160, "a"}}, GSM_CODING_7BIT, 160, 1, 160, 160},
    {"7-bit 161", {{161, "a"}}, GSM_CODING_7BIT, 161, 2, 153, 8},
    {"7-bit 306", {{306, "a"}}, GSM_CODING_7BIT, 306, 2, 153, 153},
    {"7-bit 307", {{307, "a"}}, GSM_CODING_7BIT, 307, 3, 153, 1},
    {"7-bit 459", {{459, "a"}}, GSM_CODING_7BIT, 459, 3, 153, 153},
    {"7-bit 460", {{460, "a"}}, GSM_CODING_7BIT, 460, 4, 153, 1},
    {"80 euro", {{80, EURO}}, GSM_CODING_7BIT, 160, 1, 160, 160},
    {"81 euro", {{81, EURO}}, GSM_CODING_7BIT, 162, 2, 152, 10},
    {"159 + euro", {{159, "a"}, {1, EURO}}, GSM_CODING_7BIT, 161, 2, 153, 8},
    {"extension on the cut", {{152, "a"}, {1, "["}, {10, "a"}}, GSM_CODING_7BIT,
	164, 2, 152, 12},
    {"extension before the cut", {{151, "a"}, {1, "["}, {10, "a"}},
	GSM_CODING_7BIT, 163, 2, 153, 10},
    {"extension behind the cut", {{153, "a"}, {1, "["}, {10, "a"}},
	GSM_CODING_7BIT, 165, 2, 153, 12},
    {"7-bit 255 segments", {{39015, "a"}}, GSM_CODING_7BIT, 39015, 255, 153,
	153},
    {"UCS-2 70", {{70, A_HOOK}}, GSM_CODING_UCS2, 70, 1, 70, 70},
    {"UCS-2 71", {{71, A_HOOK}}, GSM_CODING_UCS2, 71, 2, 67, 4},
    {"UCS-2 134", {{134, A_HOOK}}, GSM_CODING_UCS2, 134, 2, 67, 67},
    {"UCS-2 135", {{135, A_HOOK}}, GSM_CODING_UCS2, 135, 3, 67, 1},
    {"UCS-2 201", {{201, A_HOOK}}, GSM_CODING_UCS2, 201, 3, 67, 67},
    {"extension counts one in UCS-2", {{69, "["}, {1, A_HOOK}}, GSM_CODING_UCS2,
	70, 1, 70, 70},
    {"35 surrogate pairs", {{35, SMILE}}, GSM_CODING_UCS2, 70, 1, 70, 70},
    {"36 surrogate pairs", {{36, SMILE}}, GSM_CODING_UCS2, 72, 2, 66, 6},
    {"pair on the cut", {{66, A_HOOK}, {1, SMILE}, {10, "a"}}, GSM_CODING_UCS2,
	78, 2, 66, 12},
    {"pair before the cut", {{65, A_HOOK}, {1, SMILE}, {10, "a"}},
	GSM_CODING_UCS2, 77, 2, 67, 10},
    {"35 Jrai letters", {{35, O_HORN_BREVE}}, GSM_CODING_UCS2, 70, 1, 70, 70},
    {"36 Jrai letters", {{36, O_HORN_BREVE}}, GSM_CODING_UCS2, 72, 2, 66, 6},
    {"mark on the cut", {{66, "a"}, {1, O_HORN_BREVE}, {10, "a"}},
	GSM_CODING_UCS2, 78, 2, 66, 12},
    {"NFD letter with two marks on the cut",
	{{65, "a"}, {1, "e\xcc\x82\xcc\x81"}, {10, "a"}}, GSM_CODING_UCS2, 78,
	2, 65, 13},
    {"emoji joined by ZWJ", {{63, "a"}, {1, ZWJ_PAIR}, {10, "a"}},
	GSM_CODING_UCS2, 78, 2, 63, 15},
    {"mark at the very front", {{1, BREVE}, {70, "a"}}, GSM_CODING_UCS2, 71, 2,
	67, 4},
    {"one letter with 100 marks", {A1, {100, BREVE}}, GSM_CODING_UCS2, 101, 2,
	67, 34},
    {"a letter with 66 marks fills one", {{10, "a"}, {66, BREVE}, {1, "b"}},
	GSM_CODING_UCS2, 77, 3, 9, 1},
    {"UCS-2 255 segments", {{17085, A_HOOK}}, GSM_CODING_UCS2, 17085, 255, 67,
	67},
};

static void
build(struct buf *b, const struct cut_case *c)
{
	unsigned i, k;

	buf_init(b, 1 << 20);
	for (i = 0; i < NPIECES; i++)
		for (k = 0; k < c->pieces[i].n; k++)
			assert_int_equal(buf_put_str(b, c->pieces[i].s), 0);
}

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Segments follow each other without gap, start at characters, keep the limit
 * and together have the units of the whole. */
static void
check_cover(const char *text, size_t len, const struct gsm_text *t,
    const struct gsm_segment *s)
{
	unsigned limit = t->coding == GSM_CODING_7BIT ? 160 : 70, sum = 0, i;
	size_t at = 0;

	if (t->nsegments > 1)
		limit = t->coding == GSM_CODING_7BIT ? 153 : 67;
	for (i = 0; i < t->nsegments; i++) {
		assert_int_equal(s[i].start, at);
		assert_true(s[i].units <= limit);
		assert_true(at == len || !is_continuation(text[at]));
		at += s[i].len;
		sum += s[i].units;
	}
	assert_int_equal(at, len);
	assert_int_equal(sum, t->units);
}

static void
check_cut(const struct cut_case *c)
{
	struct gsm_segment s[GSM_SEGMENTS_MAX];
	struct gsm_text t, figures;
	struct buf b;
	int rc;

	build(&b, c);
	rc = gsm_segment(buf_str(&b), b.len, &t, s, TC_NELEM(s));
	if (rc != 0 || t.coding != c->coding || t.units != c->units ||
	    t.nsegments != c->nsegments || s[0].units != c->first ||
	    s[t.nsegments - 1].units != c->last)
		fail_msg("%s: rc=%d %s units=%u segments=%u first=%u last=%u",
		    c->what, rc, gsm_coding_name(t.coding), t.units,
		    t.nsegments, s[0].units, s[t.nsegments - 1].units);
	check_cover(buf_str(&b), b.len, &t, s);
	assert_int_equal(gsm_segment(buf_str(&b), b.len, &figures, NULL, 0), 0);
	assert_int_equal(figures.nsegments, t.nsegments);
	assert_int_equal(figures.units, t.units);
	/* One entry too few is refused, one that is enough is not. */
	assert_int_equal(
	    gsm_segment(buf_str(&b), b.len, &t, s, t.nsegments - 1), TC_EFULL);
	assert_int_equal(
	    gsm_segment(buf_str(&b), b.len, &t, s, figures.nsegments), 0);
	buf_clear(&b);
}

static void
test_cut(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cut_cases); i++)
		check_cut(&cut_cases[i]);
}

static void
test_too_long(void **state)
{
	static const struct cut_case cases[] = {
	    {.what = "256 of 7-bit", .pieces = {{39016, "a"}}},
	    {.what = "256 of UCS-2", .pieces = {{17086, A_HOOK}}},
	    {.what = "far too long", .pieces = {{500000, "a"}}},
	};
	struct gsm_text t;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		build(&b, &cases[i]);
		assert_int_equal(
		    gsm_segment(buf_str(&b), b.len, &t, NULL, 0), TC_EFULL);
		assert_int_equal(t.nsegments, 0);
		buf_clear(&b);
	}
}

/* 3GPP 23.038, 6.2.1 (without ESC) and 6.2.1.1. */
static void
test_alphabet(void **state)
{
	static const char basic[] =
	    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
	    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
	static const char extension[] = "\f^{}\\[~]|€";
	struct gsm_text t;
	unsigned cp, ones = 0, twos = 0;

	(void)state;
	assert_int_equal(gsm_segment(basic, strlen(basic), &t, NULL, 0), 0);
	assert_int_equal(t.coding, GSM_CODING_7BIT);
	assert_int_equal(t.units, 127);
	assert_int_equal(
	    gsm_segment(extension, strlen(extension), &t, NULL, 0), 0);
	assert_int_equal(t.coding, GSM_CODING_7BIT);
	assert_int_equal(t.units, 20);
	for (cp = 0; cp <= 0x10ffff; cp++) {
		ones += gsm_septets(cp) == 1;
		twos += gsm_septets(cp) == 2;
	}
	assert_int_equal(ones, 127);
	assert_int_equal(twos, 10);
}

static void
test_not_in_alphabet(void **state)
{
	static const char *const cases[] = {"`", "\t", "\x1b", "ç", "á", "í",
	    "ó", "ú", "â", "ă", "ê", "ô", "ơ", "ư", "đ", "ý", "ƀ", "č", "ĕ",
	    "ĭ", "ŏ", "ŭ", "n\xcc\x83", "a\xcc\x80", "‘", "…", "–"};
	struct gsm_text t;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(
		    gsm_segment(cases[i], strlen(cases[i]), &t, NULL, 0), 0);
		assert_int_equal(t.coding, GSM_CODING_UCS2);
	}
	assert_int_equal(gsm_segment("ñÑ", 4, &t, NULL, 0), 0);
	assert_int_equal(t.coding, GSM_CODING_7BIT);
}

static void
test_invalid(void **state)
{
	static const struct {
		const char *s;
		size_t len;
	} cases[] = {{"\xff", 1}, {"a\xc3", 2}, {"\xc0\x80", 2},
	    {"\xed\xa0\x80", 3}, {"\xf4\x90\x80\x80", 4}, {"a\0b", 3},
	    {"\0", 1}, {"\xe1\xba", 2}};
	struct gsm_text t;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		assert_int_equal(
		    gsm_segment(cases[i].s, cases[i].len, &t, NULL, 0),
		    TC_EINVAL);
}

/* The two replies that matter most, with the figures of the catalogue. */
static void
test_catalogue(void **state)
{
	static const struct {
		const char *s;
		enum gsm_coding coding;
		unsigned units;
	} cases[] = {
	    {"Da nhan tin. Can gap goi 113, 115 hoac 111, mien phi.",
		GSM_CODING_7BIT, 53},
	    {"Đã nhận tin. Cần gấp gọi 113, 115 hoặc 111, miễn phí.",
		GSM_CODING_UCS2, 53},
	    {"Da nhan tin. Can bo se goi lai vao gio ban chon. Soan GOI va gio,"
	     " vi du: GOI 9. Khong can nua: soan THOI.",
		GSM_CODING_7BIT, 105},
	    {"Đã nhận tin. Soạn GOI và giờ, ví dụ: GOI 9. Không cần nữa: THOI.",
		GSM_CODING_UCS2, 64},
	};
	struct gsm_text t;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		assert_int_equal(
		    gsm_segment(cases[i].s, strlen(cases[i].s), &t, NULL, 0),
		    0);
		assert_int_equal(t.coding, cases[i].coding);
		assert_int_equal(t.units, cases[i].units);
		assert_int_equal(t.nsegments, 1);
	}
}

static void
test_udh(void **state)
{
	static const unsigned char expected[] = {5, 0, 3, 0xab, 4, 2};
	unsigned char out[GSM_UDH_CONCAT];

	(void)state;
	gsm_udh_concat(out, 0xab, 4, 2);
	assert_memory_equal(out, expected, sizeof(expected));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_alphabet),
	    cmocka_unit_test(test_not_in_alphabet),
	    cmocka_unit_test(test_invalid),
	    cmocka_unit_test(test_catalogue),
	    cmocka_unit_test(test_udh),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
