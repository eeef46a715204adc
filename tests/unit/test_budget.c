/* SPDX-License-Identifier: GPL-2.0-or-later */
/* R30: how often one number is answered, by hand-made minutes. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "intake/budget.h"

#define MIN_MS (60 * 1000)

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
			got[k] = budget_take(b, 7, (uint64_t)cases[i].texts[k],
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
	struct budget *b = budget_new();
	uint64_t n;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		(void)budget_take(b, 2, 1, 1);
	for (n = 4; n < 20000; n += 2)
		assert_true(budget_take(b, n, 1, 1));
	budget_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_number),
	    cmocka_unit_test(test_others_are_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
