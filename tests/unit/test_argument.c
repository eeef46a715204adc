/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The argument parser: hours, classes and hamlets, as they are typed, and what
 * is none of them. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "intake/argument.h"

struct argument_case {
	const char *text;
	const char *want; /* NULL: it is no argument */
};

static char thon_3[] = "Thôn 3", thuong_an[] = "Thượng An",
	    de_hlang[] = "Làng Đê Hlang";
static char *const hamlets[] = {thon_3, thuong_an, de_hlang, NULL};

/* Folded, as the pack has them. */
static char gdvh[] = "GDVH", gdvh_word[] = "gdvh", gia_dinh[] = "gia dinh",
	    luat[] = "PHAPLUAT", luat_word[] = "luat";
static char *gdvh_words[] = {gdvh_word, gia_dinh};
static char *luat_words[] = {luat_word};
static const struct argument_topic themes[] = {
    {gdvh, gia_dinh, gdvh_words, 2}, {luat, luat_word, luat_words, 1}};
static const struct argument_names names = {hamlets, themes, TC_NELEM(themes)};

static const struct argument_case hours_cases[] = {
    /* An hour. */
    {"9", "09:00-10:00"},
    {"0", "00:00-01:00"},
    {"23", "23:00-24:00"},
    {"24", "00:00-01:00"},
    {"25", NULL},
    {"99", NULL},
    {"9H", "09:00-10:00"},
    {"19h", "19:00-20:00"},
    {"19 h", "19:00-20:00"},
    {"7 gio", "07:00-08:00"},
    {"7 giờ", "07:00-08:00"},
    {"8g30", "08:30-09:30"},
    {"8h30", "08:30-09:30"},
    {"8:30", "08:30-09:30"},
    {"8.30", "08:30-09:30"},
    {"8h30p", "08:30-09:30"},
    {"8 gio 30 phut", "08:30-09:30"},
    {"8h ruoi", "08:30-09:30"},
    {"8h75", NULL},
    {"8:60", NULL},
    {"23h30", "23:30-00:30"},
    {"9.", "09:00-10:00"},
    {" 9 !", "09:00-10:00"},
    /* From and until. */
    {"8-10", "08:00-10:00"},
    {"8h-10h", "08:00-10:00"},
    {"8 - 10", "08:00-10:00"},
    {"8–10", "08:00-10:00"},
    {"8h30-10h15", "08:30-10:15"},
    {"8 den 10", "08:00-10:00"},
    {"từ 8 đến 10 giờ", "08:00-10:00"},
    {"8h toi 10h", "08:00-10:00"},
    {"8h tới 10h", "08:00-10:00"},
    {"22-2", "22:00-02:00"},
    {"8-8", NULL},
    {"8-", "08:00-09:00"},
    {"-8", "08:00-09:00"},
    {"8-10-12", NULL},
    {"8 10", NULL},
    {"truoc 9h", "00:00-09:00"},
    {"sau 20h", "20:00-24:00"},
    {"truoc", NULL},
    {"truoc sau 9", NULL},
    {"truoc 8-10", NULL},
    {"truoc sang", NULL},
    /* Parts of the day. */
    {"sang", "06:00-11:00"},
    {"sáng", "06:00-11:00"},
    {"trưa", "11:00-13:00"},
    {"CHIEU", "13:00-18:00"},
    {"toi", "18:00-22:00"},
    {"tối", "18:00-22:00"},
    {"tôi", NULL},
    {"dem", "19:00-24:00"},
    {"buoi sang", "06:00-11:00"},
    {"sang chieu", NULL},
    {"9h sang", "09:00-10:00"},
    {"3h chieu", "15:00-16:00"},
    {"2-4h chieu", "14:00-16:00"},
    {"15h chieu", "15:00-16:00"},
    {"9h toi", "21:00-22:00"},
    {"9h tối", "21:00-22:00"},
    {"toi 9h", "09:00-10:00"},
    {"tối 9h", "21:00-22:00"},
    {"tôi 9h", "09:00-10:00"},
    {"11h dem", "23:00-24:00"},
    {"12h dem", "00:00-01:00"},
    {"2h dem", "02:00-03:00"},
    {"12h trua", "12:00-13:00"},
    {"1h trua", "13:00-14:00"},
    {"15h sang", NULL},
    {"3h toi", NULL},
    {"9h dem", "21:00-22:00"},
    {"12h sang", NULL},
    /* Days. */
    {"T3", "T3"},
    {"t 3", "T3"},
    {"thu 3", "T3"},
    {"thứ ba", "T3"},
    {"thu bay", "T7"},
    {"CN", "CN"},
    {"chủ nhật", "CN"},
    {"T8", NULL},
    {"T1", NULL},
    {"thu", NULL},
    {"T3 T5", "T3 T5"},
    {"T3, T5", "T3 T5"},
    {"T3 8-10", "T3 08:00-10:00"},
    {"8-10 T3", "T3 08:00-10:00"},
    {"sang thu tu", "T4 06:00-11:00"},
    {"mai", "ngày mai"},
    {"ngay mai", "ngày mai"},
    {"sang mai", "ngày mai 06:00-11:00"},
    {"toi mai", "ngày mai 18:00-22:00"},
    {"hom nay", "hôm nay"},
    {"toi nay", "hôm nay 18:00-22:00"},
    {"ngay mot", "ngày kia"},
    {"ngay kia 9h", "ngày kia 09:00-10:00"},
    {"mai mot", NULL},
    /* With politeness. */
    {"lai 9h", "09:00-10:00"},
    {"cho em luc 9h nhe", "09:00-10:00"},
    {"vao khoang 7h toi", "19:00-20:00"},
    {"cho em", NULL},
    {"", NULL},
    {" ", NULL},
    {"...", NULL},
    /* Something else. */
    {"9 nguoi", NULL},
    {"ga", NULL},
    {"9h o nha van hoa", NULL},
    {"0900000001", NULL},
    {"9h 10h", NULL},
    {"\xff", NULL},
    {"9 \xff", NULL},
    {"9😀", "09:00-10:00"},
    {"ab😀cd", NULL},
    {"1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", NULL},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
    {"99999999999999999999", NULL},
};

static const struct argument_case class_cases[] = {{"5", "5"}, {"5A", "5A"},
    {"5a", "5A"}, {"lop 5a", "5A"}, {"lớp 5 b", "5B"}, {"9a2", "9A2"},
    {"9/2", "9/2"}, {"lop 12", "12"}, {"cho con lop 3", "3"}, {"13", NULL},
    {"0", NULL}, {"9/", "9"}, {"5 ab", NULL}, {"5a nghi chua", NULL},
    {"lop", NULL}, {"5a2b", NULL}, {"9/99", NULL}, {"", NULL}, {"\xff", NULL}};

static const struct argument_case hamlet_cases[] = {{"thon 3", "Thôn 3"},
    {"Thôn 3", "Thôn 3"}, {"3", "Thôn 3"}, {"thuong an", "Thượng An"},
    {"thôn Thượng An", "Thượng An"}, {"THUONG AN.", "Thượng An"},
    {"de hlang", "Làng Đê Hlang"}, {"lang de hlang", "Làng Đê Hlang"},
    {"thon 4", NULL}, {"thon", NULL}, {"thuong", NULL}, {"thuong an nhe", NULL},
    {"", NULL}, {"\xff", NULL}};

static const struct argument_case number_cases[] = {{"2", "2"}, {" 2", "2"},
    {"so 2", "2"}, {"số 2", "2"}, {"2.", "2"}, {"12", "12"}, {"99", "99"},
    {"2 3", "2 3"}, {"2-3", "2 3"}, {"2.3", "2 3"}, {"2: 3", "2 3"},
    {"0", NULL}, {"100", NULL}, {"99999999999999", NULL}, {"2 0", NULL},
    {"1 2 3", NULL}, {"2 nhe", NULL}, {"hai", NULL}, {"2h", NULL}, {"", NULL},
    {"so", NULL}, {"-", NULL}, {"\xff", NULL}};

static const struct argument_case theme_cases[] = {{"GDVH", "GDVH"},
    {"gia đình", "GDVH"}, {"Gia Dinh!", "GDVH"}, {"luat", "PHAPLUAT"},
    {"luật", "PHAPLUAT"}, {"gia dinh toi", NULL}, {"gia", NULL}, {"", NULL},
    {"\xff", NULL}};

static void
check_cases(
    enum argument_kind kind, const struct argument_case *cases, size_t n)
{
	char buf[ARGUMENT_TEXT_MAX];
	struct argument a;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		rc = argument_parse(
		    kind, cases[i].text, strlen(cases[i].text), &names, &a);
		(void)argument_text(&a, buf, sizeof(buf));
		if (rc != (cases[i].want != NULL ? 0 : TC_EINVAL))
			fail_msg("'%s': %d '%s'", cases[i].text, rc, buf);
		assert_int_equal(a.kind, rc == 0 ? kind : ARGUMENT_NONE);
		if (rc == 0 && strcmp(buf, cases[i].want) != 0)
			fail_msg("'%s': '%s'", cases[i].text, buf);
	}
}

static void
test_hours(void **state)
{
	(void)state;
	check_cases(ARGUMENT_HOURS, hours_cases, TC_NELEM(hours_cases));
}

static void
test_class(void **state)
{
	(void)state;
	check_cases(ARGUMENT_CLASS, class_cases, TC_NELEM(class_cases));
}

static void
test_number(void **state)
{
	(void)state;
	check_cases(ARGUMENT_NUMBER, number_cases, TC_NELEM(number_cases));
}

static void
test_theme(void **state)
{
	(void)state;
	check_cases(ARGUMENT_THEME, theme_cases, TC_NELEM(theme_cases));
}

static void
test_hamlet(void **state)
{
	static char *const nowhere[] = {NULL};
	static const struct argument_names none = {nowhere, NULL, 0};
	struct argument a;

	(void)state;
	check_cases(ARGUMENT_HAMLET, hamlet_cases, TC_NELEM(hamlet_cases));
	assert_int_equal(
	    argument_parse(ARGUMENT_HAMLET, "thon 3", 6, &none, &a), TC_EINVAL);
	assert_int_equal(
	    argument_parse(ARGUMENT_NONE, "9", 1, &none, &a), TC_EINVAL);
}

/* The days and minutes themselves: others count with them. */
static void
test_fields(void **state)
{
	struct argument a;

	(void)state;
	assert_int_equal(
	    argument_parse(ARGUMENT_HOURS, "T2 CN 8h30", 10, &names, &a), 0);
	assert_int_equal(a.hours.days, 1U << 0 | 1U << 6);
	assert_int_equal(a.hours.in_days, -1);
	assert_int_equal(a.hours.from, 510);
	assert_int_equal(a.hours.until, 570);
	assert_int_equal(
	    argument_parse(ARGUMENT_HOURS, "mai", 3, &names, &a), 0);
	assert_int_equal(a.hours.in_days, 1);
	assert_int_equal(a.hours.from, -1);
	assert_int_equal(a.hours.until, -1);
	assert_int_equal(
	    argument_parse(ARGUMENT_HOURS, "19h", 3, &names, &a), 0);
	assert_int_equal(a.hours.days, 0);
	assert_string_equal(argument_kind_name(a.kind), "hours");
	/* Only what was given is read. */
	assert_int_equal(
	    argument_parse(ARGUMENT_HOURS, "19h", 1, &names, &a), 0);
	assert_int_equal(a.hours.from, 60);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hours),
	    cmocka_unit_test(test_class),
	    cmocka_unit_test(test_hamlet),
	    cmocka_unit_test(test_number),
	    cmocka_unit_test(test_theme),
	    cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
