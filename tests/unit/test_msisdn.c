/* SPDX-License-Identifier: GPL-2.0-or-later */
/* numbers-ok: these are the tables of the number plan */
/* Every prefix and conversion of the plan, every written form, and what is no
 * number at all. Digits behind a prefix are zeros, so that no number here can
 * be anybody's except by accident of the plan itself. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "msisdn.h"

struct parse_case {
	const char *in;
	enum msisdn_kind kind;
	const char *out;
};

static void
check(const struct parse_case *c)
{
	char out[MSISDN_MAX], again[MSISDN_MAX];
	enum msisdn_kind kind = msisdn_parse(c->in, out);

	if (kind != c->kind || strcmp(out, c->out) != 0)
		fail_msg("'%s': %s '%s', expected %s '%s'", c->in,
		    msisdn_kind_name(kind), out, msisdn_kind_name(c->kind),
		    c->out);
	if (kind != MSISDN_INVALID) {
		assert_int_equal(msisdn_parse(out, again), kind);
		assert_string_equal(again, out);
	}
}

static void
check_all(const struct parse_case *cases, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		check(&cases[i]);
}

/* Prefixes in service, without the 0. */
static const char *const mobile_prefixes[] = {
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "38",
    "39",
    "86",
    "96",
    "97",
    "98",
    "70",
    "76",
    "77",
    "78",
    "79",
    "89",
    "90",
    "93",
    "81",
    "82",
    "83",
    "84",
    "85",
    "88",
    "91",
    "94",
    "52",
    "56",
    "58",
    "92",
    "59",
    "99",
    "87",
    "55",
};

static void
test_mobile_prefixes(void **state)
{
	static const char *const forms[] = {"0%s0000001", "84%s0000001",
	    "+84%s0000001", "0084%s0000001", "+840%s0000001", "840%s0000001",
	    "00840%s0000001", "%s0000001", "+84 %s 000 00 01", "0%s.000.0001",
	    "(0%s) 000-0001", "(+84) %s0000001", "[0%s] 0000001",
	    " 0%s0000001 "};
	char in[64], out[64];
	size_t i, k;
	const char *at;

	(void)state;
	for (i = 0; i < TC_NELEM(mobile_prefixes); i++) {
		assert_int_equal(str_printf(out, sizeof(out), "+84%s0000001",
				     mobile_prefixes[i]),
		    0);
		for (k = 0; k < TC_NELEM(forms); k++) {
			at = strstr(forms[k], "%s");
			assert_int_equal(str_printf(in, sizeof(in), "%.*s%s%s",
					     (int)(at - forms[k]), forms[k],
					     mobile_prefixes[i], at + 2),
			    0);
			check(&(struct parse_case){in, MSISDN_MOBILE, out});
		}
	}
}

static void
test_old_prefixes(void **state)
{
	static const char *const table[][2] = {{"120", "70"}, {"121", "79"},
	    {"122", "77"}, {"126", "76"}, {"128", "78"}, {"123", "83"},
	    {"124", "84"}, {"125", "85"}, {"127", "81"}, {"129", "82"},
	    {"162", "32"}, {"163", "33"}, {"164", "34"}, {"165", "35"},
	    {"166", "36"}, {"167", "37"}, {"168", "38"}, {"169", "39"},
	    {"186", "56"}, {"188", "58"}, {"199", "59"}};
	static const char *const intros[] = {
	    "0", "84", "+84", "0084", "+840", "840"};
	char in[64], out[64];
	size_t i, k;

	(void)state;
	for (i = 0; i < TC_NELEM(table); i++) {
		assert_int_equal(
		    str_printf(out, sizeof(out), "+84%s0000001", table[i][1]),
		    0);
		for (k = 0; k < TC_NELEM(intros); k++) {
			assert_int_equal(
			    str_printf(in, sizeof(in), "%s%s0000001", intros[k],
				table[i][0]),
			    0);
			check(&(struct parse_case){in, MSISDN_MOBILE, out});
		}
	}
}

static void
test_unconverted_prefixes(void **state)
{
	static const struct parse_case cases[] = {
	    {"01300000001", MSISDN_INVALID, ""},
	    {"01610000001", MSISDN_INVALID, ""},
	    {"01600000001", MSISDN_INVALID, ""},
	    {"01840000001", MSISDN_INVALID, ""},
	    {"01870000001", MSISDN_INVALID, ""},
	    {"01980000001", MSISDN_INVALID, ""},
	    {"0120000001", MSISDN_INVALID, ""},
	    {"012000000001", MSISDN_INVALID, ""},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static const char *const area_codes[] = {"203", "204", "205", "206", "207",
    "208", "209", "210", "211", "212", "213", "214", "215", "216", "218", "219",
    "220", "221", "222", "225", "226", "227", "228", "229", "232", "233", "234",
    "235", "236", "237", "238", "239", "251", "252", "254", "255", "256", "257",
    "258", "259", "260", "261", "262", "263", "269", "270", "271", "272", "273",
    "274", "275", "276", "277", "290", "291", "292", "293", "294", "296", "297",
    "299"};

static void
test_fixed(void **state)
{
	static const struct parse_case cases[] = {
	    {"02400000001", MSISDN_FIXED, "+842400000001"},
	    {"02800000001", MSISDN_FIXED, "+842800000001"},
	    {"+84 269 0000 001", MSISDN_FIXED, "+842690000001"},
	    {"842690000001", MSISDN_FIXED, "+842690000001"},
	    {"+8402690000001", MSISDN_FIXED, "+842690000001"},
	    {"08000001", MSISDN_FIXED, "+848000001"}, /* State network */
	    {"0590000001x", MSISDN_ALPHA, "0590000001x"},
	    {"02010000001", MSISDN_INVALID, ""}, /* no such area */
	    {"02170000001", MSISDN_INVALID, ""},
	    {"0269000001", MSISDN_INVALID, ""}, /* too short */
	    {"026900000001", MSISDN_INVALID, ""},
	};
	char in[64], out[64];
	size_t i;

	(void)state;
	check_all(cases, TC_NELEM(cases));
	for (i = 0; i < TC_NELEM(area_codes); i++) {
		assert_int_equal(
		    str_printf(in, sizeof(in), "0%s0000001", area_codes[i]), 0);
		assert_int_equal(
		    str_printf(out, sizeof(out), "+84%s0000001", area_codes[i]),
		    0);
		check(&(struct parse_case){in, MSISDN_FIXED, out});
	}
}

static void
test_services(void **state)
{
	static const struct parse_case cases[] = {
	    {"111", MSISDN_SHORT, "111"},
	    {"112", MSISDN_SHORT, "112"},
	    {"113", MSISDN_SHORT, "113"},
	    {"114", MSISDN_SHORT, "114"},
	    {"115", MSISDN_SHORT, "115"},
	    {"191", MSISDN_SHORT, "191"},
	    {"1022", MSISDN_SHORT, "1022"},
	    {"5656", MSISDN_SHORT, "5656"},
	    {"9090", MSISDN_SHORT, "9090"},
	    {"18001", MSISDN_SHORT, "18001"},
	    {"84900", MSISDN_SHORT, "84900"},
	    {"6000", MSISDN_PREMIUM, "6000"},
	    {"6700", MSISDN_PREMIUM, "6700"},
	    {"7000", MSISDN_PREMIUM, "7000"},
	    {"7700", MSISDN_PREMIUM, "7700"},
	    {"8000", MSISDN_PREMIUM, "8000"},
	    {"8400", MSISDN_PREMIUM, "8400"},
	    {"8799", MSISDN_PREMIUM, "8799"},
	    {"1900", MSISDN_PREMIUM, "1900"},
	    {"19000000", MSISDN_PREMIUM, "19000000"},
	    {"1900 000 000", MSISDN_PREMIUM, "1900000000"},
	    {"+84 1900 0000", MSISDN_PREMIUM, "19000000"},
	    {"1800", MSISDN_SERVICE, "1800"},
	    {"1800 0000", MSISDN_SERVICE, "18000000"},
	    {"1800000000", MSISDN_SERVICE, "1800000000"},
	    {"8418000000", MSISDN_SERVICE, "18000000"},
	    {"190000000", MSISDN_INVALID, ""},
	    {"12", MSISDN_INVALID, ""},
	    {"012", MSISDN_INVALID, ""},
	    {"+113", MSISDN_INVALID, ""},
	    {"123456", MSISDN_INVALID, ""},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_foreign(void **state)
{
	static const struct parse_case cases[] = {
	    {"+8550000001", MSISDN_FOREIGN, "+8550000001"},
	    {"008550000001", MSISDN_FOREIGN, "+8550000001"},
	    {"+86 000 0000 0001", MSISDN_FOREIGN, "+8600000000001"},
	    {"+1234567", MSISDN_FOREIGN, "+1234567"},
	    {"+123456", MSISDN_INVALID, ""},
	    {"+123456789012345", MSISDN_FOREIGN, "+123456789012345"},
	    {"+1234567890123456", MSISDN_INVALID, ""},
	    {"+0123456789", MSISDN_INVALID, ""},
	    {"0008550000001", MSISDN_INVALID, ""},
	    {"8550000001", MSISDN_INVALID, ""}, /* neither + nor 00 */
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_alpha(void **state)
{
	static const struct parse_case cases[] = {
	    {"Viettel", MSISDN_ALPHA, "Viettel"},
	    {"BO CONG AN", MSISDN_ALPHA, "BO CONG AN"},
	    {"  Song An ", MSISDN_ALPHA, "Song An"},
	    {"QC-123", MSISDN_ALPHA, "QC-123"},
	    {"0900000001a", MSISDN_ALPHA, "0900000001a"},
	    {"O900000001", MSISDN_ALPHA, "O900000001"},
	    {"tel:+84900000001", MSISDN_ALPHA, "tel:+84900000001"},
	    {"\xce\x94\xce\xa6", MSISDN_ALPHA, "\xce\x94\xce\xa6"},
	    {"Đăng ký", MSISDN_ALPHA, "Đăng ký"},
	    {"abcdefghijklmnopqrstuvwxyz", MSISDN_ALPHA, "abcdefghijklmnopqrs"},
	    {"abcdefghijklmnopqr tail", MSISDN_ALPHA, "abcdefghijklmnopqr"},
	    {"abcdefghijklmnopqr\xc3\xa9", MSISDN_ALPHA, "abcdefghijklmnopqr"},
	    {"1234567890123456789a", MSISDN_INVALID, ""}, /* cut: no letter */
	    {"line\nbreak", MSISDN_INVALID, ""},
	    {"bell\a", MSISDN_INVALID, ""},
	    {"del\x7f", MSISDN_INVALID, ""},
	    {"nel\xc2\x85", MSISDN_INVALID, ""},
	    {"bad\xff", MSISDN_INVALID, ""},
	    {"bad\xc3", MSISDN_INVALID, ""},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_invalid(void **state)
{
	static const struct parse_case cases[] = {
	    {"", MSISDN_INVALID, ""},
	    {" ", MSISDN_INVALID, ""},
	    {"+", MSISDN_INVALID, ""},
	    {"++84900000001", MSISDN_INVALID, ""},
	    {"84+900000001", MSISDN_INVALID, ""},
	    {"()", MSISDN_INVALID, ""},
	    {"0", MSISDN_INVALID, ""},
	    {"00", MSISDN_INVALID, ""},
	    {"0084", MSISDN_INVALID, ""},
	    {"+84", MSISDN_INVALID, ""},
	    {"+840", MSISDN_INVALID, ""},
	    {"090000001", MSISDN_INVALID, ""},
	    {"09000000001", MSISDN_INVALID, ""},
	    {"0600000001", MSISDN_INVALID, ""},
	    {"0800000001", MSISDN_INVALID, ""},
	    {"0400000001", MSISDN_INVALID, ""},
	    {"+84000900000001", MSISDN_INVALID, ""},
	    {"0900000001/0900000002", MSISDN_INVALID, ""},
	    {"0900000001,0900000002", MSISDN_INVALID, ""},
	    {"*101#", MSISDN_INVALID, ""},
	    {"\xef\xbc\x90\xef\xbc\x99", MSISDN_INVALID, ""}, /* wide digits */
	    {"090000000\xef\xbc\x91", MSISDN_INVALID, ""},
	    {"\xef\xbc\x8b"
	     "84900000001",
		MSISDN_INVALID, ""}, /* wide plus */
	    {"\xe2\x80\xae"
	     "0900000001",
		MSISDN_INVALID, ""}, /* U+202E */
	    {"0900000001\n", MSISDN_INVALID, ""},
	    {"99999999999999999999999999999999", MSISDN_INVALID, ""},
	};

	(void)state;
	check_all(cases, TC_NELEM(cases));
}

static void
test_separators(void **state)
{
	static const char *const cases[] = {"0900\xc2\xa0"
					    "000\xc2\xa0"
					    "001",
	    "0900\xe2\x80\x93"
	    "000001",
	    "\xe2\x80\xaa"
	    "0900000001\xe2\x80\xac",
	    "0900\t000001", "\xe2\x80\x8e+84900000001",
	    "0900\xe2\x80\x91"
	    "000\xe2\x80\x90"
	    "001",
	    "\xe2\x81\xa6"
	    "0900000001\xe2\x81\xa9",
	    "0900\xe2\x80\xaf"
	    "000001",
	    "0900000001\xe2\x80\x8b"};
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		check(&(struct parse_case){
		    cases[i], MSISDN_MOBILE, "+84900000001"});
}

static void
test_answer(void **state)
{
	static const bool expected[MSISDN_NKINDS] = {
	    [MSISDN_MOBILE] = true, [MSISDN_FOREIGN] = true};
	int kind;

	(void)state;
	for (kind = 0; kind < MSISDN_NKINDS; kind++) {
		assert_int_equal(
		    msisdn_can_answer((enum msisdn_kind)kind), expected[kind]);
		assert_string_not_equal(
		    msisdn_kind_name((enum msisdn_kind)kind), "?");
	}
	assert_string_equal(msisdn_kind_name(MSISDN_NKINDS), "?");
}

static void
test_mask(void **state)
{
	static const char *const cases[][2] = {{"+84900000001", "+84*****001"},
	    {"+842690000001", "+84*****001"},
	    {"+123456789012345", "+12*****345"}, {"113", "113"},
	    {"18001", "18001"}, {"", ""}};
	char out[MSISDN_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		assert_string_equal(msisdn_mask(cases[i][0], out), cases[i][1]);
}

/* Preference only: a prefix that nobody uses, a fixed line and a foreign number
 * have no operator. */
static void
test_operator(void **state)
{
	static const char *const cases[][2] = {{"+84320000001", "viettel"},
	    {"+84390000001", "viettel"}, {"+84860000001", "viettel"},
	    {"+84960000001", "viettel"}, {"+84980000001", "viettel"},
	    {"+84700000001", "mobifone"}, {"+84790000001", "mobifone"},
	    {"+84890000001", "mobifone"}, {"+84900000001", "mobifone"},
	    {"+84930000001", "mobifone"}, {"+84810000001", "vinaphone"},
	    {"+84850000001", "vinaphone"}, {"+84880000001", "vinaphone"},
	    {"+84910000001", "vinaphone"}, {"+84940000001", "vinaphone"},
	    {"+84520000001", "vietnamobile"}, {"+84560000001", "vietnamobile"},
	    {"+84580000001", "vietnamobile"}, {"+84920000001", "vietnamobile"},
	    {"+84590000001", "gmobile"}, {"+84990000001", "gmobile"},
	    {"+84870000001", "itel"}, {"+84550000001", "wintel"},
	    {"+84710000001", ""}, {"+842690000001", ""}, {"+849000000012", ""},
	    {"+8490000000", ""}, {"+85512000001", ""}, {"113", ""}, {"", ""}};
	char number[MSISDN_MAX], in[16];
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++)
		assert_string_equal(msisdn_operator(cases[i][0]), cases[i][1]);
	for (i = 0; i < TC_NELEM(mobile_prefixes); i++) {
		assert_int_equal(str_printf(in, sizeof(in), "0%s0000001",
				     mobile_prefixes[i]),
		    0);
		(void)msisdn_parse(in, number);
		assert_true(msisdn_is_operator(msisdn_operator(number)));
	}
	assert_false(msisdn_is_operator("Viettel"));
	assert_false(msisdn_is_operator(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mobile_prefixes),
	    cmocka_unit_test(test_old_prefixes),
	    cmocka_unit_test(test_unconverted_prefixes),
	    cmocka_unit_test(test_fixed),
	    cmocka_unit_test(test_services),
	    cmocka_unit_test(test_foreign),
	    cmocka_unit_test(test_alpha),
	    cmocka_unit_test(test_invalid),
	    cmocka_unit_test(test_separators),
	    cmocka_unit_test(test_answer),
	    cmocka_unit_test(test_mask),
	    cmocka_unit_test(test_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
