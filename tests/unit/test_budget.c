/* SPDX-License-Identifier: GPL-2.0-or-later */
/* R30: how often one number and all of them are answered, by hand-made minutes. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "intake/budget.h"

#define MIN_MS (60 * 1000)

static bool
take(struct budget *b, uint64_t number, uint64_t text, int64_t mono_ms)
{
	struct budget_ask ask = {
	    .number = number, .text = text, .mono_ms = mono_ms};

	(void)budget_hear(b, &ask);
	return budget_take(b, &ask) == BUDGET_GIVEN;
}

/* What one number writes, a letter a text, at which minute; '+' answered. */
static const struct {
	const char *name, *texts;
	int minutes[12];
	const char *answered;
} cases[] = {
    {"a few questions", "abc", {0, 1, 2}, "+++"},
    {"the same one, a machine", "aaaaa", {0, 0, 1, 1, 2}, "+++--"},
    {"the same one now and then", "aaaa", {0, 6, 12, 18}, "++++"},
    {"the same one again after a while", "aaaaa", {0, 0, 0, 0, 11}, "+++-+"},
    {"in turns", "ababab", {0, 0, 1, 1, 2, 2}, "++++++"},
    {"more than the hour allows", "abcdefgh", {0, 1, 2, 3, 4, 5, 6, 7},
	"++++++--"},
    {"the next hour", "abcdefgh", {0, 1, 2, 3, 4, 5, 59, 61}, "++++++-+"},
    {"a loop uses nothing up", "aaaaaabcd", {0, 0, 0, 0, 0, 0, 1, 2, 3},
	"+++---+++"},
};

static void
test_one_number(void **state)
{
	char got[16];
	size_t i, k;

	(void)state;
	for (i = 0; i < TC_NELEM(cases); i++) {
		struct budget *b = budget_new();

		for (k = 0; k < strlen(cases[i].texts); k++)
			got[k] = take(b, 7, (uint64_t)cases[i].texts[k],
				     cases[i].minutes[k] * (int64_t)MIN_MS + 1)
				     ? '+'
				     : '-';
		got[k] = '\0';
		if (strcmp(got, cases[i].answered) != 0)
			fail_msg("%s: %s", cases[i].name, got);
		budget_free(b);
	}
}

/* One who floods takes nobody else's replies away. */
static void
test_others_are_answered(void **state)
{
	struct budget_ask ask = {.text = 1, .mono_ms = 1, .is_emergency = true};
	struct budget *b = budget_new();
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		(void)take(b, 2, 1, 1);
	for (ask.number = 4; ask.number < 20000; ask.number += 2)
		assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	budget_free(b);
}

/* One reply is enough while there is a flood; what was spent before counts. */
static void
test_one_reply_in_a_flood(void **state)
{
	struct budget_ask ask = {
	    .number = 2, .text = 1, .mono_ms = 1, .is_flood = true};
	struct budget *b = budget_new();

	(void)state;
	assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	assert_int_equal(budget_take(b, &ask), BUDGET_NUMBER_SPENT);
	ask.is_flood = false; /* an emergency */
	assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	ask.number = 4;
	assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	ask.is_flood = true;
	assert_int_equal(budget_take(b, &ask), BUDGET_NUMBER_SPENT);
	budget_free(b);
}

/* A flood of many: emergencies are answered all the same, and everybody again
 * in the next hour. */
static void
test_flood_spares_emergencies(void **state)
{
	struct budget_ask ask = {.text = 1, .mono_ms = 1};
	struct budget *b = budget_new();
	int given = 0;

	(void)state;
	ask.is_emergency = true;
	for (ask.number = 20001; ask.number < 24001; ask.number += 2)
		assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	ask.is_emergency = false; /* those have used nothing up */
	for (ask.number = 2; ask.number < 20000; ask.number += 2)
		given += budget_take(b, &ask) == BUDGET_GIVEN;
	assert_int_equal(given, BUDGET_ALL_REPLIES);
	assert_int_equal(budget_take(b, &ask), BUDGET_ALL_SPENT);
	ask.is_emergency = true;
	for (ask.number = 1; ask.number < 4000; ask.number += 2)
		assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	ask.is_emergency = false;
	ask.number += 2;
	assert_int_equal(budget_take(b, &ask), BUDGET_ALL_SPENT);
	ask.mono_ms += BUDGET_WINDOW_S * INT64_C(1000) + 1;
	assert_int_equal(budget_take(b, &ask), BUDGET_GIVEN);
	budget_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_number),
	    cmocka_unit_test(test_others_are_answered),
	    cmocka_unit_test(test_one_reply_in_a_flood),
	    cmocka_unit_test(test_flood_spares_emergencies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
