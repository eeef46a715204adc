/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runs of a text by which a trusted address is recognised. M19. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "buf.h"
#include "fold.h"
#include "wordrun.h"

static const struct {
	const char *text, *runs;
	const char *field; /* NULL: the same */
} texts[] = {
    {"", "", NULL},
    {"Nhà bà", "", NULL},
    {"Nhà bà Hoa", "nha ba hoa|", NULL},
    {"NHÀ  bà,\nHoa!", "nha ba hoa|", NULL},
    {"nha\xe2\x80\x8b ba hoa", "nha ba hoa|", NULL}, /* zero-width space */
    {"Siu H'Blin", "siu h blin|", NULL},
    {"Rơ Châm H'Lép", "ro cham h lep|ro cham h|cham h lep|", "ro cham h lep|"},
    {"số 9, đường Chi Lăng",
	"so 9 duong chi|9 duong chi lang|so 9 duong|9 duong chi|duong chi lang|",
	"so 9 duong chi|9 duong chi lang|"},
    /* numbers, however they are grouped, behind the words */
    {"0900000001", "#090000000|#900000001|", NULL},
    {"0900 000 001", "0900 000 001|#090000000|#900000001|", NULL},
    {"gọi 900000001 nhé", "goi 900000001 nhe|#900000001|", NULL},
    {"90000000", "", NULL},
    {"9000a00001", "", NULL},
};

static int
on_run(const char *run, size_t len, void *ctx)
{
	struct buf *b = ctx;

	assert_int_equal(buf_put(b, run, len), 0);
	return buf_put_char(b, '|');
}

static bool
has(const char *runs, const char *run)
{
	const char *at = strstr(runs, run);

	return at != NULL && (at == runs || at[-1] == '|');
}

static void
test_runs(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(texts); i++) {
		buf_init(&b, 4096);
		assert_int_equal(wordrun_each(texts[i].text, on_run, &b), 0);
		if (strcmp(buf_str(&b), texts[i].runs) != 0)
			fail_msg("%s: %s", texts[i].text, buf_str(&b));
		buf_reset(&b);
		assert_int_equal(wordrun_field(texts[i].text, on_run, &b), 0);
		assert_string_equal(buf_str(&b),
		    texts[i].field != NULL ? texts[i].field : texts[i].runs);
		buf_clear(&b);
	}
}

/* All ways to write a number share the window of its nine last digits. */
static void
test_number_is_found_in_every_writing(void **state)
{
	static const char *const ways[] = {"0900000001", "+84900000001",
	    "0084 900 000 001", "84.900.000.001", "(0900) 000-001",
	    "gọi 09 00 00 00 01 ngay", "900 000 001", "113 0900000001 114"};
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(ways); i++) {
		buf_init(&b, 4096);
		assert_int_equal(wordrun_each(ways[i], on_run, &b), 0);
		if (!has(buf_str(&b), "#900000001|"))
			fail_msg("%s: %s", ways[i], buf_str(&b));
		buf_clear(&b);
	}
}

static int
stop(const char *run, size_t len, void *ctx)
{
	(void)run;
	(void)len;
	++*(int *)ctx;
	return TC_EDENIED;
}

static void
test_ends_when_it_is_told(void **state)
{
	char text[FOLD_TEXT_MAX + 2];
	int n = 0;

	(void)state;
	assert_int_equal(wordrun_each("a b c d e", stop, &n), TC_EDENIED);
	assert_int_equal(n, 1);
	n = 0;
	assert_int_equal(wordrun_each("12345678901", stop, &n), TC_EDENIED);
	assert_int_equal(n, 1);
	assert_int_equal(wordrun_each("\xff", stop, &n), TC_EINVAL);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(wordrun_each(text, stop, &n), TC_EFULL);
}

static void
test_public_words(void **state)
{
	static const struct {
		const char *run;
		bool is_public;
	} rows[] = {
	    {"xa song an", true},
	    {"thon 3 xa", true},
	    {"nha thon 3", false},
	    {"thon 3 cay", false},
	    {"#900000001", false},
	};
	struct wordrun_public *p = wordrun_public_new();
	size_t i;

	(void)state;
	assert_int_equal(wordrun_public_add(p, "Xã Song An"), 0);
	assert_int_equal(wordrun_public_add(p, "thôn 3, xã"), 0);
	assert_int_equal(wordrun_public_add(p, "\xff"), TC_EINVAL);
	for (i = 0; i < TC_NELEM(rows); i++)
		if (wordrun_is_public(p, rows[i].run, strlen(rows[i].run)) !=
		    rows[i].is_public)
			fail_msg("%s", rows[i].run);
	wordrun_public_free(p);
	wordrun_public_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_runs),
	    cmocka_unit_test(test_number_is_found_in_every_writing),
	    cmocka_unit_test(test_ends_when_it_is_told),
	    cmocka_unit_test(test_public_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
