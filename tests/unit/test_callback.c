/* SPDX-License-Identifier: GPL-2.0-or-later */
/* R6: the hours that were asked for, with the date that they mean in the
 * commune when she wrote. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "intake/callback.h"

#define ZONE 420
/* Tuesday, 10 March 2026, 00:00 in the commune. */
#define TUESDAY (INT64_C(1773100800) - ZONE * 60)
#define AT(hour, minute) (TUESDAY + (hour)*3600 + (minute)*60)

static const struct {
	const char *typed;
	int64_t at;
	const char *text;
} cases[] = {
    {"9", AT(8, 0), "T3 10/03 09:00-10:00"},
    {"9", AT(9, 59), "T3 10/03 09:00-10:00"},
    {"9", AT(10, 0), "T4 11/03 09:00-10:00"},
    {"19H", AT(23, 30), "T4 11/03 19:00-20:00"},
    {"T3 8-10", AT(7, 0), "T3 10/03 08:00-10:00"},
    {"T3 8-10", AT(12, 0), "T3 17/03 08:00-10:00"},
    {"T2", AT(12, 0), "T2 16/03"},
    {"T3", AT(23, 59), "T3 10/03"},
    {"t5 t7 14h", AT(1, 0), "T5 12/03, T7 14/03 14:00-15:00"},
    {"CN", AT(1, 0), "CN 15/03"},
    {"sang mai", AT(0, 5), "T4 11/03 06:00-11:00"},
    {"ngay mai", AT(23, 0), "T4 11/03"},
    {"toi nay", AT(9, 0), "T3 10/03 18:00-22:00"},
    {"chieu", AT(18, 30), "T4 11/03 13:00-18:00"},
    {"23h", AT(23, 15), "T3 10/03 23:00-24:00"},
    {"22h den 2h", AT(1, 0), "T3 10/03 22:00-02:00"},
    /* the night before New Year is another month and year */
    {"9", AT(0, 0) + INT64_C(86400) * 296 + 12 * 3600, "T6 01/01 09:00-10:00"},
};

static void
test_r6_date_of_a_call(void **state)
{
	char text[CALLBACK_TEXT_MAX];
	struct argument a;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		if (argument_parse(ARGUMENT_HOURS, cases[i].typed,
			strlen(cases[i].typed), NULL, &a) != 0)
			fail_msg("%s is no argument", cases[i].typed);
		callback_text(&a.hours, cases[i].at, ZONE, text);
		if (strcmp(text, cases[i].text) != 0)
			fail_msg("%s: %s", cases[i].typed, text);
	}
}

/* "ngày mai" is a weekday to those who may call her later. */
static void
test_r6_weekdays(void **state)
{
	static const struct {
		const char *typed;
		unsigned days;
	} wanted[] = {
	    {"9", 0},
	    {"T3 8-10", 1U << 1},
	    {"9h sang nay", 1U << 1},
	    {"9h sang mai", 1U << 2},
	    {"cn 9h", 1U << 6},
	};
	struct argument a;
	size_t i;

	(void)state;
	for (i = 0; i < TC_NELEM(wanted); i++) {
		assert_int_equal(argument_parse(ARGUMENT_HOURS, wanted[i].typed,
				     strlen(wanted[i].typed), NULL, &a),
		    0);
		assert_int_equal(callback_weekdays(&a.hours, AT(23, 0), ZONE),
		    wanted[i].days);
	}
}

/* The wish of a USSD screen is the same one. */
static void
test_r6_hour_of_a_menu(void **state)
{
	struct argument_hours h;
	struct argument a;
	char typed[8];
	int hour;

	(void)state;
	for (hour = 1; hour <= 23; hour++) {
		assert_int_equal(
		    str_printf(typed, sizeof(typed), "%d", hour), 0);
		assert_int_equal(argument_parse(ARGUMENT_HOURS, typed,
				     strlen(typed), NULL, &a),
		    0);
		h = callback_hour(hour);
		assert_memory_equal(&a.hours, &h, sizeof(h));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_r6_date_of_a_call),
	    cmocka_unit_test(test_r6_weekdays),
	    cmocka_unit_test(test_r6_hour_of_a_menu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
